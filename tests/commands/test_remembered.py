"""What is remembered is what would be found, after any edit."""

from __future__ import annotations

import json
import os
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from promptreg.checks.outcomes import Outcomes
from promptreg.checks.report import Report
from promptreg.commands.check import Checked, CheckRequest, check
from promptreg.commands.known_facts import known_facts
from promptreg.commands.known_prompts import known_prompts
from promptreg.commands.outcomes import keep_outcomes, known_outcomes
from promptreg.commands.status import status
from promptreg.commands.validate import Request, validate
from promptreg.model.finding import Finding, Place
from promptreg.registry.documents import parse_document
from promptreg.registry.facts import line_of
from promptreg.registry.load import load
from promptreg.registry.quiet import QuietPrompts
from promptreg.registry.workspace import Workspace
from promptreg.store.cache import FOLDER, Cache
from promptreg.store.kept_lines import Added, KeptLines
from promptreg.store.program_files import program_id
from promptreg.templates.analysis import Analysis

TODAY = date(2026, 1, 5)
PROMPT = """\
apiVersion: promptreg/v1
kind: Prompt
name: {name}
description: A text.
owner: team
lifecycle: {lifecycle}
risk: low
inputs: {{a: {{type: string, description: A.}}}}
messages: [{{role: user, template: {template}}}, {{role: user, content: "{{{{ {used} }}}}"}}]
tests: [{{name: one, inputs: {{a: x}}, expect: [{{contains: x}}]}}]
"""
AGENT = """\
apiVersion: promptreg/v1
kind: Agent
name: helper
description: Helps.
owner: {owner}
lifecycle: active
risk: low
prompts: {{main: "{selector}"}}
use_case: docs/case.md
"""
ENVIRONMENT = """\
apiVersion: promptreg/v1
kind: Environment
name: production
releases: {{{}: {{version: 1.0.0, digest: "sha256:{}"}}}}
"""
EXPERIMENT = """\
apiVersion: promptreg/v1
kind: Experiment
name: e
owner: team
prompt: one
variants: [{name: x, selector: "one@1.0.0", weight: 1}, {name: y, selector: "two@^1", weight: 1}]
"""
ASKED: tuple[dict[str, Any], ...] = (
    *({}, {}, {}, {"only_tracked": True}, {"revision": "HEAD"}, {"paths": ()}),
    {"paths": ("prompts/one.prompt.yaml",), "only_tracked": True},
    {"paths": ("prompts/two.prompt.yaml", "prompts/one.j2")},
    {"paths": ("partials",)},
    {"paths": ("agents", "prompts/three.prompt.yaml"), "revision": "HEAD"},
)
STAGES = ("active", "active", "deprecated", "retired")
TUNED = ("templates:", "roots:", "limits:", "profile:", "severity:")


def _files() -> dict[str, str]:
    manifest = {"name": "one", "lifecycle": "active", "template": "one.j2", "used": "a"}
    return {
        "prompts/one.prompt.yaml": PROMPT.format(**manifest),
        "prompts/one.j2": "{% include 'tone.j2' %}",
        "prompts/two.prompt.yaml": PROMPT.format(**{**manifest, "name": "two"}),
        "partials/tone.j2": "Be kind.",
        "agents/helper.agent.yaml": AGENT.format(owner="team", selector="one"),
        "docs/case.md": "A case.",
        ".gitignore": "*.tmp\n",
    }


@pytest.fixture
def workspace(desk: Any) -> Workspace:
    found: Workspace = desk.registry(_files())
    return found


def _cold(workspace: Workspace, **words: Any) -> Report:
    return validate(workspace, Request(TODAY, **words))


def _warm(workspace: Workspace, **words: Any) -> Report:
    return validate(workspace, Request(TODAY, **words), cached=True)


def _kept(workspace: Workspace) -> list[Path]:
    """The files of reports: those of passed tests have another name."""
    files = (workspace.git.common_dir / FOLDER).glob("*")
    return sorted(one for one in files if b'"report"' in one.read_bytes())


def test_the_second_report_equals_the_first(workspace: Workspace) -> None:
    cold = _cold(workspace)

    assert not _kept(workspace)
    assert _warm(workspace) == cold
    assert len(_kept(workspace)) == 1
    assert _warm(workspace) == cold


def test_what_is_kept_is_what_is_told(workspace: Workspace) -> None:
    """A report comes out of the cache, or the tests below would show nothing."""
    _warm(workspace)
    cache = Cache(workspace.git.common_dir)
    (name,) = (path.name for path in _kept(workspace))
    kept = cache.get(name)
    assert kept is not None
    kept["report"]["notes"] = ["from the cache"]
    cache.put(name, kept)

    assert _warm(workspace).notes == ("from the cache",)


def test_a_new_edit_in_the_same_moment_is_seen(workspace: Workspace) -> None:
    """The clock of a file system has a grain; same size, same times as far as it tells."""
    place = workspace.root / "prompts/one.prompt.yaml"
    text = place.read_text()
    for number in range(6):
        place.write_text(text.replace("owner: team", f"owner: tea{number}"))
        os.utime(place, ns=(1, 1))
        assert _warm(workspace) == _cold(workspace)


def _same_size_and_times(place: Path, bad: bytes) -> None:
    found = place.stat()
    place.write_bytes(bad)
    os.utime(place, ns=(found.st_atime_ns, found.st_mtime_ns))


def _moved_over(place: Path, bad: bytes) -> None:
    other = place.parent / "other.tmp"
    other.write_bytes(bad)
    shutil.copystat(place, other)
    other.rename(place)


def _another_folder(place: Path, bad: bytes) -> None:
    before = place.parent.rename(place.parents[1] / "before")
    shutil.copytree(before, place.parent)
    _same_size_and_times(place, bad)
    shutil.rmtree(before)


def _back_and_forth(place: Path, bad: bytes) -> None:
    text = place.read_bytes()
    _moved_over(place, text)
    _same_size_and_times(place, bad)


@pytest.mark.parametrize(
    "edit", [_same_size_and_times, _moved_over, _another_folder, _back_and_forth]
)
def test_files_that_lay_there_for_long_are_told_by_marks(
    workspace: Workspace, edit: Callable[[Path, bytes], None]
) -> None:
    time.sleep(2.1)  # nothing but the clock makes a mark a proof
    before = _warm(workspace)
    (kept,) = (Cache(workspace.git.common_dir).get(path.name) for path in _kept(workspace))
    assert kept is not None
    assert "" not in kept["marks"].split("\n")
    assert _warm(workspace) == before

    edit(workspace.root / "prompts/one.j2", b"{{ a|no_such_filter_x }}"[:23])
    assert _warm(workspace) == _cold(workspace) != before


def test_another_day_is_another_question(workspace: Workspace) -> None:
    _sunset(workspace, "2026-01-10")
    early = _warm(workspace)
    late = validate(workspace, Request(date(2026, 2, 1)), cached=True)

    assert late == validate(workspace, Request(date(2026, 2, 1)))
    assert late != early


def test_a_release_is_seen(desk: Any, workspace: Workspace) -> None:
    place = workspace.root / "agents/helper.agent.yaml"
    place.write_text(AGENT.format(owner="team", selector="one@^1.0"))
    assert _warm(workspace) == _cold(workspace)
    before = _warm(workspace)
    desk.commit()
    desk.release("one", "1.0.0")

    assert _warm(workspace) == _cold(workspace) != before


def test_a_revision_is_remembered_and_others_are_others(desk: Any, workspace: Workspace) -> None:
    first = _warm(workspace, revision="HEAD")
    (workspace.root / "prompts/one.j2").write_text("{{ missing }}")
    desk.commit()
    second = _warm(workspace, revision="HEAD")

    assert second == _cold(workspace, revision="HEAD") != first
    assert _warm(workspace, revision="HEAD~1") == first
    assert _warm(workspace, revision="HEAD") == second


def test_an_ignored_configuration_is_still_read(desk: Any, workspace: Workspace) -> None:
    desk.git("rm", "--quiet", "--cached", "promptreg.yaml")
    (workspace.root / ".git/info/exclude").write_text("promptreg.yaml\n")
    before = _warm(workspace)
    place = workspace.root / "promptreg.yaml"
    place.write_text(place.read_text().replace("team:", "others:"))

    assert _warm(workspace) == _cold(workspace) != before


def test_flags_in_the_index_hide_nothing(desk: Any, workspace: Workspace) -> None:
    desk.git("update-index", "--assume-unchanged", "prompts/one.j2")
    desk.git("config", "core.checkStat", "minimal")
    before = _warm(workspace)
    (workspace.root / "prompts/one.j2").write_text("{{ missing }}")

    assert _warm(workspace) == _cold(workspace) != before


def test_another_line_end_is_another_text(desk: Any, workspace: Workspace) -> None:
    desk.git("config", "core.autocrlf", "true")
    before = _warm(workspace)
    (workspace.root / "prompts/one.j2").write_bytes(b"{{ a }}\r{{ a }}\n")

    assert _warm(workspace) == _cold(workspace) != before


def test_a_folder_that_became_a_link_is_seen(workspace: Workspace, tmp_path: Path) -> None:
    before = _warm(workspace)
    (workspace.root / ".git/info/exclude").write_text("prompts\n")
    shutil.move(workspace.root / "prompts", tmp_path / "moved")
    (workspace.root / "prompts").symlink_to(tmp_path / "moved")

    assert _warm(workspace) == _cold(workspace) != before


def test_rights_are_looked_at(workspace: Workspace) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    before = _warm(workspace)
    (workspace.root / "prompts/one.j2").chmod(0)

    assert _warm(workspace) == _cold(workspace) != before


def test_a_linked_worktree_has_its_own_answer(desk: Any, workspace: Workspace) -> None:
    before = _warm(workspace)
    desk.git("worktree", "add", "--quiet", "other")
    other = desk.open("other")
    (other.root / "prompts/one.j2").write_text("{{ missing }}")

    assert _warm(other) == _cold(other) != before
    (workspace.root / ".git/info/exclude").write_text("other\n")
    assert _warm(workspace) == before


@pytest.mark.parametrize("key", ["key", "report", "files", "marks", "folders", "read", "contents"])
@pytest.mark.parametrize("value", [None, 1, "x", [], {}, [[]]])
def test_a_whole_file_with_odd_values_is_thrown_away(
    workspace: Workspace, key: str, value: object
) -> None:
    cold = _warm(workspace)
    cache = Cache(workspace.git.common_dir)
    (name,) = (path.name for path in _kept(workspace))
    kept = cache.get(name)
    assert kept is not None
    cache.put(name, {**kept, key: value})

    assert _warm(workspace) == cold


def test_texts_that_were_read_before_are_known(workspace: Workspace) -> None:
    """What is kept of texts is used when another file changes, or the edits below show nothing."""
    _warm(workspace)
    with known_facts(workspace, cached=True) as facts:
        analysis = facts.analysis("{{ a }}")
        assert facts.used
    lines = KeptLines(Cache(workspace.git.common_dir), "texts of ", program_id())
    lines.read()
    planted = line_of(replace(analysis, variables=(("planted", Place(1, 1)),)))
    lines.add(Added(set(), facts.used, lambda _: planted))
    place = workspace.root / "prompts/one.prompt.yaml"
    place.write_text(place.read_text().replace("A text.", "Another text, to be judged again."))

    assert {one.key for one in _warm(workspace).findings} == {"planted", "a"}
    assert _cold(workspace).findings == ()


def test_texts_are_known_in_another_revision(desk: Any, workspace: Workspace) -> None:
    _warm(workspace)
    desk.commit()
    with known_facts(workspace, cached=True) as facts:
        tree = workspace.revision(desk.git("rev-parse", "HEAD"))
        assert load(tree, facts=facts) == load(tree)
        assert facts.used
        assert not facts.news


def test_tests_that_passed_are_not_run_again(workspace: Workspace) -> None:
    cold = _warm(workspace)
    tested = known_outcomes(workspace.git)
    (workspace.root / "docs/new.md").write_text("Another file, so that all is judged again.")

    assert len(tested.latest()) == 2
    assert _warm(workspace) == cold
    assert known_outcomes(workspace.git).latest() == tested.latest()


def test_tests_that_failed_are_not_run_again(workspace: Workspace) -> None:
    place = workspace.root / "prompts/one.prompt.yaml"
    place.write_text(place.read_text().replace("contains: x", "contains: y"))
    cold = _warm(workspace)
    outcomes = known_outcomes(workspace.git).latest()
    (workspace.root / "docs/new.md").write_text("Another file, so that all is judged again.")
    again = _warm(workspace)
    (key, (finding,)) = next(one for one in outcomes.items() if one[1])
    _keep_outcome(workspace, key, replace(finding, message="from the cache"))
    configuration = workspace.root / "promptreg.yaml"
    configuration.write_text(configuration.read_text() + "description: Other settings.\n")

    assert [one.rule for one in cold.findings] == ["test-failed"]
    assert again == cold
    assert [one.message for one in _warm(workspace).findings] == ["from the cache"]


def _keep_outcome(workspace: Workspace, key: str, finding: Finding) -> None:
    outcomes = Outcomes()
    outcomes.add(key, (finding,))
    keep_outcomes(workspace.git, outcomes)


def test_prompts_that_nothing_was_wrong_with_are_not_judged_again(workspace: Workspace) -> None:
    """A note that says so of a broken prompt is believed, or the edits below show nothing."""
    _warm(workspace)
    with known_prompts(workspace, cached=True) as prompts:
        quiet = load(workspace.working_tree(), quiet=prompts).snapshot.quiet
    assert set(quiet) == {"one", "two"}
    (workspace.root / "prompts/one.j2").write_text("{{ missing }}")
    assert "undeclared-input" in {one.rule for one in _warm(workspace).findings}
    with known_prompts(workspace, cached=True) as prompts:
        assert not load(workspace.working_tree(), quiet=prompts).snapshot.quiet
        prompts.add({"prompts/one.prompt.yaml": None, "prompts/two.prompt.yaml": None})
    (workspace.root / "docs/new.md").write_text("Another file, so that all is judged again.")

    assert _warm(workspace).findings == ()


TOLD: tuple[Any, ...] = (1, [], [[], [1]], [[1], []], [[[]], []])
_SAYS = ["one", ["active", "", "", ""], [], [], {}, [0, True, None]]


@pytest.mark.parametrize(
    "said",
    [
        *({}, [], None, "", 1, [[], [1], []], _SAYS[:5], [*_SAYS, 1]),
        *([1, *_SAYS[1:]], ["one", [], *_SAYS[2:]], ["one", ["no", "", "", ""], *_SAYS[2:]]),
        *([*_SAYS[:2], [1], *_SAYS[3:]], [*_SAYS[:3], [1], *_SAYS[4:]]),
        *([*_SAYS[:4], [], _SAYS[5]], [*_SAYS[:4], {"a": 1}, _SAYS[5]]),
        *([*_SAYS[:5], []], [*_SAYS[:5], ["0", True, None]], [*_SAYS[:5], 0]),
        *([*_SAYS[:5], [0, True, told]] for told in TOLD),
    ],
)
def test_notes_of_something_else_say_nothing(workspace: Workspace, said: Any) -> None:
    cold = _warm(workspace)
    lines = KeptLines(Cache(workspace.git.common_dir), "prompts of ", program_id())
    names = set(lines.read())
    assert len(names) == 2
    lines.add(Added(set(), names, lambda _: json.dumps(said).encode()))
    (workspace.root / "docs/new.md").write_text("Another file, so that all is judged again.")

    assert _warm(workspace) == cold


def test_a_template_that_nothing_reaches_may_include_one_of_a_quiet_prompt(
    workspace: Workspace,
) -> None:
    _warm(workspace)
    (workspace.root / "prompts/spare.j2").write_text("{% include 'tone.j2' %}")

    assert _warm(workspace) == _cold(workspace)
    assert _warm(workspace).findings == ()


def test_what_a_twin_hid_is_brought_by_the_change_that_takes_it_away(
    desk: Any, workspace: Workspace
) -> None:
    manifest, twin = (workspace.root / f"prompts/{name}.prompt.yaml" for name in ("one", "twin"))
    manifest.write_text(manifest.read_text().replace("{{ a }}", "{{ b }}"))
    desk.commit()
    start = CheckRequest(desk.git("rev-parse", "HEAD~1"), TODAY)
    assert check(workspace, start, cached=True).report.findings
    twin.write_text(manifest.read_text())
    desk.commit()
    twin.unlink()
    desk.commit()
    request = CheckRequest(desk.git("rev-parse", "HEAD~1"), TODAY)

    found = check(workspace, request, cached=True)
    assert "undeclared-input" in {one.rule for one in found.report.findings}
    assert found == check(workspace, request) == _whole_check(workspace, request)


def test_what_is_wrong_with_a_prompt_alone_is_told_again(workspace: Workspace) -> None:
    """A finding that is planted is told, or the laws below show nothing."""
    place = workspace.root / "prompts/two.prompt.yaml"
    place.write_text(place.read_text().replace("{a: x}", "{a: 1}"))
    cold = _warm(workspace)
    lines = KeptLines(Cache(workspace.git.common_dir), "prompts of ", program_id())
    ((name, line),) = (one for one in lines.read().items() if json.loads(one[1])[0] == "two")
    planted = line.replace(cold.findings[0].message.encode(), b"from the cache")
    lines.add(Added(set(), {name}, lambda _: planted))
    (workspace.root / "docs/new.md").write_text("Another file, so that all is judged again.")

    assert planted != line
    assert [one.message for one in _warm(workspace).findings] == ["from the cache"]
    assert _cold(workspace) == cold


def test_findings_about_what_nobody_asks_are_counted_where_they_are_known(
    workspace: Workspace,
) -> None:
    """A count that is planted is told, or the laws below show nothing."""
    place = workspace.root / "prompts/two.prompt.yaml"
    place.write_text(place.read_text().replace("{a: x}", "{a: 1}"))
    asked: dict[str, Any] = {"paths": ("prompts/one.prompt.yaml",)}
    cold = _warm(workspace, **asked)
    lines = KeptLines(Cache(workspace.git.common_dir), "prompts of ", program_id())
    kept = lines.read()
    (name,) = (name for name, line in kept.items() if json.loads(line)[0] == "two")
    told = json.loads(kept[name])
    lines.add(Added(set(), {name}, lambda _: json.dumps([*told[:-1], [7, True, None]]).encode()))

    assert cold == _cold(workspace, **asked)
    assert (cold.elsewhere, _warm(workspace, **asked).elsewhere) == (1, 7)
    assert _warm(workspace) == _cold(workspace)


@pytest.mark.parametrize("of", ["prompts/one.prompt.yaml", "partials/tone.j2", "prompts/one.txt"])
def test_all_that_a_test_sees_names_its_pass(workspace: Workspace, of: str) -> None:
    manifest, snapshot = (
        workspace.root / "prompts/one.prompt.yaml",
        workspace.root / "prompts/one.txt",
    )
    text = manifest.read_text().replace("{contains: x}", "{snapshot: one.txt}")
    manifest.write_text(text)
    snapshot.write_text("Be kind.\nx\n")
    assert _warm(workspace).findings == ()
    place = workspace.root / of
    place.write_text(place.read_text().replace("Be kind", "Be glad").replace("a: x", "a: y"))

    assert _warm(workspace) == _cold(workspace)
    assert {one.rule for one in _warm(workspace).findings} == {"test-failed"}


def test_what_the_worker_gave_up_on_is_not_kept(workspace: Workspace) -> None:
    place = workspace.root / "prompts/one.prompt.yaml"
    slow = "pattern: '(a*)*b', type: string"
    text = place.read_text().replace("a: {type: string", f"a: {{{slow}")
    place.write_text(text.replace("a: x", "a: " + "a" * 40))

    assert _warm(workspace) == _warm(workspace)


def test_a_file_that_is_read_only_stops_nothing(workspace: Workspace) -> None:
    folder = workspace.git.common_dir / "promptreg"
    folder.write_text("no folder")

    assert _warm(workspace) == _cold(workspace)
    assert folder.read_text() == "no folder"


EDITS = (
    "text", "break", "mend", "owner", "lifecycle", "rename", "remove", "add", "shadow",
    "link", "touch", "ignored", "stage", "commit", "mode", "encoding", "duplicate", "settings",
    "chain", "deeper", "configuration", "tag", "environment", "sunset", "experiment", "move",
    "replaced", "renamed", "snapshot", "compared", "wrong", "third", "use",
)  # fmt: skip
CONFIGURATIONS = (
    "", "templates: [prompts]\n", "templates: [elsewhere, partials]\n", "roots: [prompts]\n",
    "limits: {template_bytes: 20}\n", "limits: {manifest_bytes: 300}\n", "profile: strict\n",
    "severity: {undeclared-input: off, unused-input: error}\n",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_after_any_edits_warm_equals_cold(desk: Any, workspace: Workspace, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a seed that makes the same edits again
    seen = set()
    for _ in range(12):
        edit = rng.choice(EDITS)
        _edit(desk, workspace, edit, rng)
        words: dict[str, Any] = rng.choice(ASKED)
        cold = _cold(workspace, **words)
        assert _warm(workspace, **words) == cold, edit
        assert _warm(workspace, **words) == cold, edit
        seen.add(cold.findings)
    assert len(seen) > 1


@pytest.mark.parametrize("seed", range(8))
def test_after_any_commits_a_check_that_remembers_equals_one_that_does_not(
    desk: Any, workspace: Workspace, seed: int
) -> None:
    rng = random.Random(seed)  # noqa: S311 - a seed that makes the same edits again
    commits = [desk.git("rev-parse", "HEAD")]
    seen = set()
    for _ in range(6):
        for edit in rng.choices(EDITS, k=2):
            _edit(desk, workspace, edit, rng)
        commits.append(desk.commit())
        if rng.random() < 0.5:
            _warm(workspace)
        request = CheckRequest(rng.choice(commits), TODAY, everything=rng.random() < 0.2)
        cold = _whole_check(workspace, request)
        assert check(workspace, request) == cold
        assert check(workspace, request, cached=True) == cold
        assert check(workspace, request, cached=True) == cold
        assert status(workspace, cached=True) == status(workspace)
        seen.add(cold.report.findings)
    assert len(seen) > 1


def _whole_check(workspace: Workspace, request: CheckRequest) -> Checked:
    """What `check` finds that leaves nothing aside."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(QuietPrompts, "add", lambda _self, _found: None)
        return check(workspace, request)


def test_what_a_change_brings_is_judged_whatever_the_cache_says(
    desk: Any, workspace: Workspace
) -> None:
    request = CheckRequest(desk.git("rev-parse", "HEAD"), TODAY)
    (workspace.root / "prompts/one.j2").write_text("{{ a|exec }}")
    desk.commit()
    cold = check(workspace, request, cached=True)
    with known_facts(workspace, cached=False) as facts:
        facts.analysis("{{ a }}")
    (of_sound,) = facts.news
    name = sha256(b"template\0{{ a|exec }}").hexdigest()
    assert of_sound == sha256(b"template\0{{ a }}").hexdigest()
    _plant(workspace, name, line_of(Analysis()))

    assert {one.rule for one in cold.report.findings} >= {"template-not-allowed"}
    assert check(workspace, request, cached=True) == cold
    assert "template-not-allowed" not in {one.rule for one in _warm(workspace).findings}


def _plant(workspace: Workspace, name: str, line: bytes) -> None:
    lines = KeptLines(Cache(workspace.git.common_dir), "texts of ", program_id())
    lines.read()
    lines.add(Added(set(), {name}, lambda _: line))
    assert lines.read()[name] == line


def test_a_document_that_is_new_is_read_whatever_the_cache_says(
    desk: Any, workspace: Workspace
) -> None:
    request = CheckRequest(desk.git("rev-parse", "HEAD"), TODAY)
    place = workspace.root / "prompts/one.prompt.yaml"
    before = line_of(parse_document("p", place.read_bytes(), "Prompt"))
    place.write_text(PROMPT.format(name="one", lifecycle="active", template="one.j2", used="b"))
    desk.commit()
    cold = check(workspace, request, cached=True)
    with known_facts(workspace, cached=False) as facts:
        facts.parsed("p", place.read_bytes(), "Prompt")
    (name,) = facts.news
    _plant(workspace, name, before)

    assert cold.report.findings
    assert check(workspace, request, cached=True) == cold


def _edit(desk: Any, workspace: Workspace, edit: str, rng: random.Random) -> None:
    root = workspace.root
    manifest, template = root / "prompts/one.prompt.yaml", root / "prompts/one.j2"
    writes = _writes(root, rng)
    if edit in writes:
        place, text = writes[edit]
        place.parent.mkdir(exist_ok=True)
        if not place.is_symlink():
            place.write_text(text)
    elif edit == "configuration":
        _configure(root / "promptreg.yaml", rng.choice(CONFIGURATIONS))
    elif edit in {"tag", "stage", "commit"}:
        _use_git(desk, edit, rng)
    elif edit == "remove":
        rng.choice((template, root / "partials/tone.j2", root / "docs/case.md")).unlink(True)
    elif edit == "link":
        template.unlink(missing_ok=True)
        template.symlink_to("../docs/case.md")
    elif edit == "encoding":
        template.unlink(missing_ok=True)
        template.write_bytes(rng.choice((b"\xff", "\u200b".encode(), b"\xef\xbb\xbfx")))
    elif edit == "touch" and template.exists():
        os.utime(template)
    elif manifest.exists():
        _move_or_mode(manifest, edit, rng)


def _move_or_mode(manifest: Path, edit: str, rng: random.Random) -> None:
    if edit == "mode":
        manifest.chmod(rng.choice((0o644, 0o755)))
    elif edit == "move":
        (manifest.parent / "deep").mkdir(exist_ok=True)
        manifest.rename(manifest.parent / "deep/one.prompt.yaml")


def _use_git(desk: Any, edit: str, rng: random.Random) -> None:
    if edit == "stage":
        desk.git("add", "--all")
    elif edit == "commit":
        desk.commit()
    else:
        tag = f"{rng.choice(('one', 'two'))}@v1.0.0"
        desk.git("tag", "--force", "-m", "Not what release writes.", tag, "HEAD")


def _configure(place: Path, text: str) -> None:
    kept = [one for one in place.read_text().split("\n") if not one.startswith(TUNED)]
    place.write_text("\n".join([*filter(None, kept), text]))


def _writes(root: Path, rng: random.Random) -> dict[str, tuple[Path, str]]:
    manifest, template = root / "prompts/one.prompt.yaml", root / "prompts/one.j2"
    fields = {"name": "one", "lifecycle": "active", "template": "one.j2", "used": "a"}
    second = PROMPT.format(**{**fields, "name": "two", "lifecycle": rng.choice(STAGES)})
    return {
        "text": (template, rng.choice(("Hello {{ a }}", "{% include 'tone.j2' %}", "x"))),
        "break": (template, rng.choice(("{{ missing }}", "{% if %}", "{{ a|exec }}"))),
        "mend": (manifest, PROMPT.format(**fields)),
        "owner": (root / "agents/helper.agent.yaml",
                  AGENT.format(owner=rng.choice(("team", "ghost")), selector="one")),
        "lifecycle": (manifest, PROMPT.format(**{**fields, "lifecycle": "deprecated"})),
        "rename": (manifest, PROMPT.format(**{**fields, "name": "other"})),
        "add": (root / f"prompts/new{rng.randrange(3)}.prompt.yaml", PROMPT.format(**fields)),
        "shadow": (root / "prompts/tone.j2", rng.choice(("Nearer.", "{{ b }}"))),
        "ignored": (root / "prompts/x.tmp", str(rng.random())),
        "settings": (root / ".gitignore", rng.choice(("*.tmp\n", "*.tmp\ntone.j2\n"))),
        "duplicate": (root / "prompts/two.prompt.yaml", PROMPT.format(**fields)),
        "chain": (root / "partials/tone.j2",
                  rng.choice(("{% include 'deeper.j2' ignore missing %}", "{{ a }}", "Be kind."))),
        "deeper": (root / rng.choice(("partials", "prompts", "elsewhere")) / "deeper.j2",
                   rng.choice(("{{ b }}", "{% include 'tone.j2' %}", "deep", "\u200b"))),
        "environment": (root / "environments/production.yaml", ENVIRONMENT.format(
            rng.choice(("one", "two", "nobody")), rng.choice("ab") * 64)),
        "sunset": (manifest, PROMPT.format(**fields).replace(
            "risk:", f"sunset: {rng.choice(('2020-01-01', '2030-01-01'))}\nrisk:")),
        "experiment": (root / "experiments/e.experiment.yaml", EXPERIMENT),
        "replaced": (root / "prompts/two.prompt.yaml", second.replace(
            "risk:", f"replaced_by: {rng.choice(('one', 'two', 'helper', 'nobody'))}\nrisk:")),
        "renamed": (root / "prompts/two.prompt.yaml", second.replace(
            "risk:", f"renamed_from: {rng.choice(('one', 'other', 'nobody'))}\nrisk:")),
        "snapshot": (root / "prompts/two.prompt.yaml", second.replace(
            "contains: x", "snapshot: two.txt")),
        "compared": (root / "prompts/two.txt", rng.choice(("Be kind.\nx\n", "x", "Nearer.\nx\n"))),
        "wrong": (root / "prompts/two.prompt.yaml", second.replace(
            *rng.choice((("contains: x", "contains: y"), ("inputs: {a: x}", "inputs: {a: 1}"),
                         ("description: A.", "default: 1"), ("{{ a }}", "{{ b }}"))))),
        "third": (root / "prompts/three.prompt.yaml", PROMPT.format(
            **{**fields, "name": "three", "used": rng.choice("ab")})),
        "use": (root / "agents/helper.agent.yaml", AGENT.format(owner="team", selector=rng.choice(
            ("two", "three", "two@^1", "helper", "other")))),
    }  # fmt: skip


def _sunset(workspace: Workspace, day: str) -> None:
    place = workspace.root / "prompts/one.prompt.yaml"
    text = place.read_text().replace("lifecycle: active", f"lifecycle: deprecated\nsunset: {day}")
    place.write_text(text)
