"""`impact`: everything that a change would reach, and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from promptreg.commands.impact import impact
from promptreg.commands.schema import schema
from promptreg.errors import SelectorError, UsageError
from promptreg.model.data import Json
from promptreg.releases.impact import Impact, Reach
from promptreg.releases.reaching import MOST_LEVELS
from promptreg.reporters.impact import impact_lines
from promptreg.reporters.lines import plain
from promptreg.reporters.values import result_text

if TYPE_CHECKING:
    from tests.conftest import Site

TONE = "partials/tone.j2"


def tree(reach: Reach) -> Json:
    """The tree as names and reasons."""
    return {f"{one.name}: {'; '.join(one.reasons)}": tree(one) for one in reach.reaches}


def fits(found: Impact) -> Impact:
    document = json.loads(result_text("impact", found))
    Draft202012Validator(json.loads(schema("output/impact"))).validate(document)
    return found


@pytest.fixture
def house(site: Site) -> Site:
    """A partial within a partial, a prompt, two agents that know each other, an experiment."""
    site.file(TONE, "Be kind.\n")
    site.file("partials/base.j2", "{% include 'tone.j2' %}\n")
    site.prompt(text="{% extends 'base.j2' %}")
    site.file("prompts/support/other.j2", "Nothing shared {{ who }}")
    site.prompt("support/other", "Nothing shared {{ who }}")
    site.agent("bot", triage="support/triage@^0.1", again="support/triage@0.1.0")
    site.agent("front", other="support/other")
    text = (site.path / "agents/front.agent.yaml").read_text()
    site.file("agents/front.agent.yaml", text + "hand_offs: [{to: bot, when: unsure}]\n")
    site.file(
        "experiments/tone.experiment.yaml",
        "apiVersion: promptreg/v1\nkind: Experiment\nname: tone\ndescription: Two tones.\n"
        "owner: other\nprompt: support/triage\nvariants:\n"
        '  - {name: a, selector: "support/triage@0.1.0", weight: 1}\n'
        '  - {name: b, selector: "support/triage", weight: 1}\n',
    )
    site.commit()
    site.release()
    site.promote("support/triage@0.1.0")
    return site


def test_a_partial_reaches_what_includes_it_and_all_above(house: Site) -> None:
    found = fits(impact(house.workspace, TONE))
    assert (found.subject.kind, found.subject.path) == ("template", TONE)
    assert tree(found.subject) == {
        "partials/base.j2: includes it": {
            "prompts/support/triage.j2: extends it": {
                "support/triage: uses it in messages[0]": {
                    "production: runs 0.1.0": {},
                    "bot: uses it as role `again` (support/triage@0.1.0, pinned); "
                    "uses it as role `triage` (support/triage@^0.1)": {
                        "front: hands off to it": {}
                    },
                    "tone: splits its traffic; "
                    "has it as a variant (support/triage@0.1.0, pinned); has it as a variant": {},
                }
            }
        }
    }
    assert found.counts == {
        "template": 2,
        "prompt": 1,
        "agent": 2,
        "experiment": 1,
        "environment": 1,
    }
    assert [(one.name, one.contact, one.of) for one in found.owners] == [
        ("other", "other@example.com", ("tone",)),
        ("team", "team@example.com", ("bot", "front", "support/triage")),
    ]


def test_who_hands_off_is_not_followed_but_told_where_it_runs(house: Site) -> None:
    house.release("support/other")
    house.agent("last", x="support/other")
    text = (house.path / "agents/last.agent.yaml").read_text()
    house.file("agents/last.agent.yaml", text + "hand_offs: [{to: front, when: unsure}]\n")
    house.commit()
    house.release("front")
    house.promote("front@0.1.0", env="staging")
    found = fits(impact(house.workspace, "bot"))
    assert tree(found.subject) == {"front: hands off to it": {"staging: runs 0.1.0": {}}}


def test_what_is_replaced_by_an_entry(house: Site) -> None:
    text = (house.path / "prompts/support/other.prompt.yaml").read_text()
    house.file("prompts/support/other.prompt.yaml", text + "replaced_by: support/triage\n")
    found = impact(house.workspace, "support/triage")
    assert "support/other: is replaced by it" in json.dumps(tree(found.subject))


def test_the_path_of_a_manifest_is_its_entry(house: Site) -> None:
    by_path = impact(house.workspace, "prompts/support/triage.prompt.yaml")
    assert by_path == impact(house.workspace, "support/triage")


def test_inline_text_and_snapshots_count(site: Site) -> None:
    site.file(TONE, "Be kind.\n")
    site.file(
        "prompts/inline.prompt.yaml",
        "apiVersion: promptreg/v1\nkind: Prompt\nname: inline\nowner: team\nlifecycle: draft\n"
        "risk: low\nmessages:\n  - {role: user, content: \"{% include 'tone.j2' %}\"}\n"
        "tests:\n  - {name: all, expect: [{snapshot: all.txt}]}\n",
    )
    site.file("prompts/all.txt", "Be kind.\n")
    found = impact(site.workspace, TONE)
    assert tree(found.subject) == {"inline: includes it in messages[0]": {}}
    found = fits(impact(site.workspace, "prompts/all.txt"))
    assert tree(found.subject) == {"inline: compares test `all` with it": {}}


def test_what_meets_again_is_followed_once(site: Site) -> None:
    site.file(TONE, "Be kind.\n")
    site.file("partials/a.j2", "{% include 'tone.j2' %}")
    site.file("partials/b.j2", "{% include 'tone.j2' %}")
    site.prompt(text="{% include 'a.j2' %}{% include 'b.j2' %}")
    found = impact(site.workspace, TONE)
    below = {one.name: one.reaches[0] for one in found.subject.reaches}
    assert [below[name].again for name in sorted(below)] == [False, True]
    assert below["partials/b.j2"].reaches == ()
    assert "(shown elsewhere)" in plain(impact_lines(found))


def test_rings_and_long_chains_end(site: Site) -> None:
    site.file("partials/ring.j2", "{% include 'ring.j2' %}{% include 'back.j2' %}")
    site.file("partials/back.j2", "{% include 'ring.j2' %}")
    found = impact(site.workspace, "partials/ring.j2")
    assert found.counts == {"template": 2}
    for number in range(1200):
        site.file(f"partials/n{number}.j2", f"{{% include 'n{number - 1}.j2' %}}")
    found = fits(impact(site.workspace, "partials/n0.j2"))
    assert found.counts == {"template": MOST_LEVELS}
    assert "deeper than" in found.notes[0]


def test_nothing_reaches_it(site: Site) -> None:
    site.file(TONE, "Be kind.\n")
    found = fits(impact(site.workspace, TONE))
    assert (found.subject.reaches, dict(found.counts), found.owners) == ((), {}, ())
    assert "nothing in this registry reaches it" in plain(impact_lines(found))
    assert "nothing in this registry uses it" in plain(
        impact_lines(impact(site.workspace, "support/triage"))
    )


@pytest.mark.parametrize(
    ("path", "said"),
    [("promptreg.yaml", "configures the whole registry"), ("environments/staging.yaml", "own")],
)
def test_the_registrys_own_files_say_so(site: Site, path: str, said: str) -> None:
    site.release()
    site.promote("support/triage@0.1.0", env="staging")
    assert said in impact(site.workspace, path).notes[0]


def test_broken_manifests_are_told(site: Site) -> None:
    site.file("agents/bad.agent.yaml", "name: [")
    found = impact(site.workspace, "support/triage")
    assert "agents/bad.agent.yaml" in found.notes[0]
    with pytest.raises(SelectorError, match="can't be loaded"):
        impact(site.workspace, "agents/bad.agent.yaml")


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("support/triag", "support/triage"),
        ("prompts/support/triage.j", "prompts/support/triage.j2"),
        ("zzz", "promptreg list"),
        ("", "promptreg list"),
        ("support/triage\x1b[0m", "support/triage"),
    ],
)
def test_the_unknown_names_the_nearest(site: Site, asked: str, near: str) -> None:
    with pytest.raises(SelectorError, match="no file or entry") as caught:
        impact(site.workspace, asked)
    assert near in caught.value.hint


def test_a_version_is_refused(site: Site) -> None:
    with pytest.raises(UsageError, match="names a version"):
        impact(site.workspace, "support/triage@1.0.0")


def test_a_change_reaches_exactly_the_entries_whose_files_it_is(house: Site) -> None:
    from promptreg.registry.load import load

    snapshot = load(house.workspace.working_tree()).snapshot
    for path in {path for entry in snapshot.entries.values() for path in entry.templates}:
        reached: set[str] = set()
        waiting = [impact(house.workspace, path).subject]
        while waiting:
            one = waiting.pop()
            waiting += [inner for inner in one.reaches if inner.kind in {"template", "prompt"}]
            reached |= {one.name} if one.kind == "prompt" else set()
        used = {entry.name for entry in snapshot.entries.values() if path in entry.templates}
        assert reached == used


def test_the_text_can_not_act(site: Site) -> None:
    site.file("partials/\x1b[31m.j2", "x")
    text = plain(impact_lines(impact(site.workspace, "partials/\x1b[31m.j2")))
    assert "\x1b" not in text
