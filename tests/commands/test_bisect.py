"""`bisect`: the commit that turned a prompt bad, over the commits that touched what it reaches."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from promptreg.commands.bisect import BisectRequest, bisect
from promptreg.commands.bisect_judge import Judge
from promptreg.commands.schema import schema
from promptreg.errors import PromptregError, SelectorError, UsageError
from promptreg.model.data import Json
from promptreg.releases.bisection import Bisection, Verdict
from promptreg.reporters.bisect import bisection_lines
from promptreg.reporters.lines import plain
from promptreg.reporters.values import result_text
from promptreg.store.program import Program

if TYPE_CHECKING:
    from tests.conftest import Site

NAME = "support/triage"
MANIFEST = "prompts/support/triage.prompt.yaml"
TONE = "partials/tone.j2"
HAPPY = "grep -q kind"


def judge(site: Site, command: str, told: list[str] | None = None) -> Judge:
    told = [] if told is None else told
    return Judge(Program(command, site.path, site.environ, 30.0), told.append)


def find(
    site: Site,
    command: str = HAPPY,
    good: str = "git:good",
    bad: str = "git:HEAD",
    name: str = NAME,
    inputs: dict[str, Json] | None = None,
) -> Bisection:
    request = BisectRequest(name, good, bad, {} if inputs is None else inputs)
    found = bisect(site.workspace, request, judge(site, command))
    document = json.loads(result_text("bisect", found))
    Draft202012Validator(json.loads(schema("output/bisect"))).validate(document)
    return found


def subject(found: Bisection) -> str:
    return found.first_bad.subject if found.first_bad else ""


@pytest.fixture
def kind(site: Site) -> Site:
    """A prompt with a partial, good at the tag `good`."""
    site.file(TONE, "Be kind.\n")
    site.prompt(text="Hello {{ who }} {% include 'tone.j2' %}")
    site.commit("Be kind")
    site.run("tag", "good")
    return site


def changes(site: Site, count: int, first_bad: int) -> None:
    """Commits that touch the prompt, with others between that don't."""
    for number in range(count):
        site.file(TONE, f"{'Be kind' if number < first_bad else 'Be curt'}. {number}\n")
        site.commit(f"Tone {number}")
        site.file("README.md", str(number))
        site.commit(f"Unrelated {number}")


@pytest.mark.parametrize("first_bad", range(9))
def test_it_finds_the_commit_in_few_steps(kind: Site, first_bad: int) -> None:
    changes(kind, 9, first_bad)
    found = find(kind)
    assert subject(found) == f"Tone {first_bad}"
    assert [one.subject for one in found.candidates] == [f"Tone {n}" for n in reversed(range(9))]
    assert len(found.judged) - 2 <= 4
    assert found.first_bad is not None
    assert [fact.kind for fact in found.first_bad.changes] == ["partial-changed"]


def test_nothing_is_checked_out_or_left_behind(kind: Site) -> None:
    changes(kind, 3, 1)
    before = kind.state()
    find(kind)
    assert kind.state() == before


def test_who_when_and_which_releases_hold_it(kind: Site) -> None:
    kind.release()
    kind.file(TONE, "Be curt.\n")
    kind.commit("Be curt\n\nCustomers asked for it.")
    kind.release()
    kind.changed("Hallo {{ who }} {% include 'tone.j2' %}")
    kind.release()
    found = find(kind, good="0.1.0", bad="latest")
    one = found.first_bad
    assert one is not None
    assert (one.subject, one.message) == ("Be curt", "Customers asked for it.")
    assert one.by == "Ann Example <ann@example.com>"
    assert [str(version) for version in one.releases] == ["0.2.0", "0.3.0"]
    text = plain(bisection_lines(found, was_run=True))
    assert "  in 0.2.0, 0.3.0\n" in text
    assert "partials/tone.j2: a template it reaches changed" in text


def test_an_environment_is_an_end(kind: Site) -> None:
    kind.release()
    kind.promote(f"{NAME}@0.1.0", env="staging")
    changes(kind, 2, 1)
    assert subject(find(kind, good="staging")) == "Tone 1"


def test_on_two_branches_the_bad_one_is_found(kind: Site) -> None:
    kind.run("switch", "--quiet", "-c", "side")
    kind.file(TONE, "Be kind, side.\n")
    kind.commit("Side, still kind")
    kind.file(TONE, "Be curt.\n")
    kind.commit("Side turns curt")
    kind.file(TONE, "Be curt and quick.\n")
    kind.commit("Side stays curt")
    kind.run("switch", "--quiet", "main")
    for number in range(3):
        kind.prompt(text=f"{number} {{{{ who }}}} {{% include 'tone.j2' %}}")
        kind.commit(f"Main {number}")
    kind.run("merge", "--quiet", "--no-ff", "-m", "Merge the side", "side")
    kind.changed("later {{ who }} {% include 'tone.j2' %}", message="After the merge")
    found = find(kind)
    assert subject(found) == "Side turns curt"


def test_a_merge_that_mixes_two_good_sides_badly(kind: Site) -> None:
    kind.file("partials/other.j2", "and brief")
    kind.commit("Unused yet")
    kind.run("switch", "--quiet", "-c", "side")
    kind.file(TONE, "Be kind {% include 'other.j2' %}\n")
    kind.commit("Side uses other")
    kind.run("switch", "--quiet", "main")
    kind.file("partials/other.j2", "rude")
    kind.commit("Main changes other")
    kind.run("merge", "--quiet", "--no-ff", "-m", "Merge the side", "side")
    found = find(kind, command='! grep -q "kind rude"')
    assert subject(found) == "Merge the side"


def test_skipped_commits_are_walked_around_or_told(kind: Site) -> None:
    changes(kind, 6, 3)
    skip = 'grep -q "curt. 4" "$1" && exit 125; grep -q kind'
    script = f"sh -c '{skip} \"$1\"' sh"
    assert subject(find(kind, script)) == "Tone 3"
    script = script.replace("curt. 4", "[dt]. [23]")
    found = find(kind, script)
    assert found.first_bad is None
    assert [one.subject for one in found.suspects] == ["Tone 4", "Tone 3", "Tone 2"]
    assert {one.verdict for one in found.judged} == set(Verdict)
    assert "one is among these" in plain(bisection_lines(found, was_run=True))


def test_what_can_not_be_rendered_is_skipped_with_the_reason(kind: Site) -> None:
    changes(kind, 1, 9)
    whole = (kind.path / MANIFEST).read_text()
    kind.file(MANIFEST, "name: [")
    kind.commit("Break the manifest")
    kind.file(MANIFEST, whole + "labels: {a: b}\n")
    kind.commit("Mend the manifest")
    kind.file(TONE, "{{ unknown }} kind")
    kind.commit("Use what isn't there")
    kind.file(TONE, "Be curt\n")
    kind.commit("Be curt")
    found = find(kind)
    reasons = {one.subject: one.reason for one in found.judged if one.verdict is Verdict.SKIP}
    assert "can't be rendered" in reasons["Use what isn't there"]
    assert [one.subject for one in found.suspects] == ["Be curt", "Use what isn't there"]


def test_renames_are_followed(kind: Site) -> None:
    changes(kind, 1, 9)
    kind.run("mv", MANIFEST, "prompts/support/sorting.prompt.yaml")
    kind.run("mv", "prompts/support/triage.j2", "prompts/support/sorting.j2")
    moved = "prompts/support/sorting.prompt.yaml"
    text = (kind.path / moved).read_text().replace("triage", "sorting")
    kind.file(moved, text)
    kind.commit("Rename it")
    kind.file(TONE, "Be curt.\n")
    kind.commit("Be curt")
    found = find(kind, name="support/sorting")
    assert subject(found) == "Be curt"
    assert [one.subject for one in found.candidates] == ["Be curt", "Rename it", "Tone 0"]


def test_a_release_under_the_old_name_is_an_end(kind: Site) -> None:
    kind.release()
    text = (kind.path / MANIFEST).read_text()
    kind.file(MANIFEST, text.replace(f"name: {NAME}", f"name: sorting\nrenamed_from: {NAME}"))
    kind.commit("Rename it")
    kind.file(TONE, "Be curt.\n")
    kind.commit("Be curt")
    found = find(kind, name="sorting", good=f"{NAME}@0.1.0")
    assert subject(found) == "Be curt"


def test_a_partial_that_only_counted_for_a_while(kind: Site) -> None:
    kind.file("partials/guest.j2", "a kind guest")
    kind.commit("Write the guest")
    kind.file(TONE, "{% include 'guest.j2' %}")
    kind.commit("Let the guest in")
    kind.file("partials/guest.j2", "a rude guest")
    kind.commit("The guest turns rude")
    kind.file(TONE, "Nothing")
    kind.commit("Send the guest away")
    found = find(kind)
    assert subject(found) == "The guest turns rude"
    assert "partials/guest.j2" in found.paths


def test_template_roots_count_where_they_changed(kind: Site) -> None:
    kind.file("others/tone.j2", "Be curt.\n")
    kind.commit("Other texts")
    kind.configure("templates: [others, partials, .]\n")
    kind.commit("Look there first")
    found = find(kind)
    assert subject(found) == "Look there first"


def test_the_inputs_of_tests_are_taken_and_told_apart(kind: Site) -> None:
    tests = "tests:\n" + "".join(
        f"  - {{name: {who}, inputs: {{who: {who}}}, expect: [{{contains: kind}}]}}\n"
        for who in ("ann", "bob")
    )
    kind.file(MANIFEST, (kind.path / MANIFEST).read_text() + tests)
    kind.commit("Add tests")
    kind.run("tag", "-f", "good")
    changes(kind, 2, 1)
    told: list[str] = []
    seen = (
        'cat "$PROMPTREG_RENDERED" "$PROMPTREG_RENDERED_JSON"; echo "$PROMPTREG_COMMIT '
        '$PROMPTREG_NAME"; grep -q kind "$PROMPTREG_RENDERED"'
    )
    request = BisectRequest(NAME, "git:good", "git:HEAD")
    found = bisect(kind.workspace, request, judge(kind, seen, told))
    assert subject(found) == "Tone 1"
    text = "\n".join(told)
    assert "=== test ann ===\n--- user ---\nHello ann Be kind." in text
    assert '"test": "bob"' in text
    assert f"{kind.text('rev-parse', 'good')} {NAME}" in text


def test_without_tests_inputs_are_asked_for(kind: Site) -> None:
    changes(kind, 1, 0)
    with pytest.raises(UsageError, match="has no tests") as caught:
        bisect(kind.workspace, BisectRequest(NAME, "git:good", "git:HEAD"), judge(kind, HAPPY))
    assert "--inputs" in caught.value.hint


def test_an_input_that_was_not_known_then_is_left_out(kind: Site) -> None:
    kind.file(
        MANIFEST,
        (kind.path / MANIFEST).read_text().replace("inputs:", "inputs:\n  tier: {type: string}"),
    )
    kind.file("prompts/support/triage.j2", "{{ who }} {{ tier }} {% include 'tone.j2' %}")
    kind.commit("Ask for the tier")
    kind.file(TONE, "Be curt.\n")
    kind.commit("Be curt")
    assert subject(find(kind, inputs={"tier": "pro"})) == "Be curt"


def test_ends_that_are_not_so_are_refused(kind: Site) -> None:
    changes(kind, 2, 1)
    with pytest.raises(PromptregError, match=r"`--good git:good` .* isn't good: .*exit code 3"):
        find(kind, "exit 3;")
    with pytest.raises(PromptregError, match=r"`--bad git:HEAD` .* isn't bad"):
        find(kind, "true")
    with pytest.raises(PromptregError, match="can't be judged: the command said so"):
        find(kind, "exit 125;")
    with pytest.raises(PromptregError, match="isn't good") as caught:
        find(kind, "no-such-command")
    assert "can't run" in caught.value.hint


@pytest.mark.parametrize(
    ("command", "said"), [("kill -9 $$;", "signal 9"), ("exit 128;", "exit code 128")]
)
def test_a_signal_stops_everything(kind: Site, command: str, said: str) -> None:
    changes(kind, 1, 0)
    with pytest.raises(PromptregError, match=f"was stopped at .*: {said}"):
        find(kind, command)


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ("git:HEAD", "git:HEAD", "the same commit"),
        ("git:HEAD", "git:good", "comes before good"),
        ("git:side", "git:HEAD", "isn't in the history of bad"),
    ],
)
def test_ends_in_a_wrong_order_are_refused(kind: Site, good: str, bad: str, said: str) -> None:
    kind.run("branch", "side")
    changes(kind, 1, 0)
    kind.run("switch", "--quiet", "side")
    kind.file(TONE, "Side\n")
    kind.commit("Side")
    kind.run("switch", "--quiet", "main")
    with pytest.raises(UsageError, match=said):
        find(kind, good=good, bad=bad)


def test_nothing_between_touched_it(kind: Site) -> None:
    kind.file("README.md", "x")
    kind.commit("Unrelated")
    with pytest.raises(UsageError, match="no commit between"):
        find(kind)


def test_unknown_names_agents_and_the_working_tree(kind: Site) -> None:
    kind.agent("bot", triage=NAME)
    changes(kind, 1, 0)
    with pytest.raises(SelectorError, match="there is no prompt or agent"):
        find(kind, name="support/triag")
    with pytest.raises(SelectorError, match="has no release"):
        find(kind, good="0.9.0")
    with pytest.raises(SelectorError):
        find(kind, good="")
    with pytest.raises(UsageError, match="is an agent"):
        find(kind, name="bot", good="git:HEAD~1", bad="git:HEAD")


def test_a_dry_run_lists_the_commits_and_runs_nothing(kind: Site) -> None:
    changes(kind, 9, 4)
    request = BisectRequest(NAME, "git:good", "git:HEAD")
    found = bisect(kind.workspace, request, None)
    assert (len(found.candidates), found.steps, found.judged, found.first_bad) == (9, 4, (), None)
    text = plain(bisection_lines(found, was_run=False))
    assert "9 commits between" in text
    assert "about 4 of them would be judged" in text


def test_the_text_can_not_act(kind: Site) -> None:
    kind.file(TONE, "Be \x1b[31mcurt\n")
    kind.commit("Be \x1b[31mcurt")
    kind.file(TONE, "Be curt\n")
    kind.commit("Be \x1b[32mcurt\n\n\x1b[33m")
    assert "\x1b" not in plain(bisection_lines(find(kind), was_run=True))


def test_its_facts_are_described_as_those_of_diff() -> None:
    mine, diffs = (json.loads(schema(f"output/{verb}"))["$defs"] for verb in ("bisect", "diff"))
    for part in ("change", "difference", "route", "version"):
        assert mine[part] == diffs[part]
