"""Every format of `check`, over a change that has something of everything."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from tests.conftest import TODAY

from promptreg.checks.change_rule import Impact
from promptreg.checks.hits import Hit
from promptreg.checks.judgement import Judgement
from promptreg.checks.report import Report
from promptreg.checks.verdicts import judge
from promptreg.commands.check import Checked, CheckRequest, check
from promptreg.commands.schema import schema
from promptreg.model.change import KINDS, Direction
from promptreg.model.finding import Finding, Location, Severity
from promptreg.model.version import Bump
from promptreg.releases.comparison import EntryComparison, Fact, Status
from promptreg.reporters.check import check_json, check_lines
from promptreg.reporters.check_blocks import comment_blocks
from promptreg.reporters.formats import FORMATS, render
from promptreg.reporters.lines import plain
from promptreg.reporters.markdown import MOST
from promptreg.reporters.options import ReportOptions
from promptreg.reporters.values import json_text
from promptreg.rules.builtin import descriptions
from promptreg.rules.changes.builtin import CHANGE_RULES

if TYPE_CHECKING:
    from tests.conftest import Site

Judge = Callable[[str], Any]

NAME = "support/triage"
DECLARATION = """\
apiVersion: promptreg/v1
kind: Change
name: declared
bump: major
owner: team
reason: The law | asks for `it`.
"""


@pytest.fixture
def found(site: Site) -> Checked:
    """Broken callers of an agent, a declared break, a rename, a removal, broken and other files."""
    for name in ("declared", "gone", "broken", "kept"):
        site.prompt(name)
    site.agent("bot", triage=NAME)
    site.file("partials/lost.j2", "a")
    site.commit()
    site.release()
    site.promote(f"{NAME}@0.1.0", env="staging")
    site.run("switch", "--quiet", "-c", "topic")
    for name in (NAME, "declared"):
        place = site.path / f"prompts/{name}.prompt.yaml"
        place.write_text(place.read_text().replace("who:", "whom:"))
    site.file("changes/declared.change.yaml", DECLARATION)
    (site.path / "prompts/gone.prompt.yaml").unlink()
    (site.path / "prompts/broken.prompt.yaml").write_text("name: [")
    kept = site.path / "prompts/kept.prompt.yaml"
    kept.write_text("# a comment\n" + kept.read_text())
    site.file("partials/lost.j2", "b")
    site.file("promptreg.yaml", (site.path / "promptreg.yaml").read_text() + "profile: strict\n")
    site.commit()
    return check(site.workspace, CheckRequest("main", TODAY, rendered=True))


def parts(found: Checked) -> tuple[Any, ...]:
    return found.report, found.judgements, found.comparison, found.inactive


def options(found: Checked, fail_on: Severity = Severity.ERROR) -> ReportOptions:
    blocks = comment_blocks(found.judgements, MOST)
    return ReportOptions(fail_on, "", "", descriptions(), blocks)


def test_json_fits_its_schema(found: Checked) -> None:
    document = json.loads(json_text(check_json(*parts(found), fail_on=Severity.ERROR)))
    validator = Draft202012Validator(json.loads(schema("output/check")))
    validator.validate(document)
    assert document["ok"] is False
    assert {one["status"] for one in document["entries"]} == {
        "changed", "removed", "broken", "unchanged-content"
    }  # fmt: skip
    assert document["inactive"] == ["profile: recommended -> strict"]
    with pytest.raises(ValidationError):
        validator.validate({**document, "surprise": 1})


def test_the_words_of_its_schema_are_those_of_the_model() -> None:
    definitions = json.loads(schema("output/check"))["$defs"]
    change, entry = (definitions[name]["properties"] for name in ("change", "entry"))
    assert set(change["impact"]["enum"]) == set(Impact)
    assert set(change["direction"]["enum"]) == set(Direction)
    assert set(entry["status"]["enum"]) == set(Status)
    assert entry["bump"]["enum"] == [bump.word for bump in Bump]


def test_sarif_says_who_is_hit_and_why(found: Checked, valid_sarif: Judge) -> None:
    (run,) = valid_sarif(render("sarif", found.report, options(found)))["runs"]
    results = {
        one["locations"][0]["logicalLocations"][0]["name"]: one
        for one in run["results"]
        if one["ruleId"] == "input-removed"
    }
    assert results[NAME]["level"] == "error"
    assert results["declared"]["level"] == "warning"
    notes = {
        name: [one["message"]["text"] for one in result["relatedLocations"]]
        for name, result in results.items()
    }
    assert notes == {NAME: ["`bot` uses it"], "declared": ["declared: The law | asks for `it`."]}
    rules = {one["id"]: one for one in run["tool"]["driver"]["rules"]}
    assert rules["input-removed"]["help"]["text"].startswith("Why: ")
    prints = [one["partialFingerprints"]["promptreg/v1"] for one in run["results"]]
    assert len(set(prints)) == len(prints)


def test_junit_and_gitlab_fit_their_schemas(
    found: Checked, valid_junit: Judge, valid_gitlab: Judge
) -> None:
    valid_junit(render("junit", found.report, options(found)))
    issues = valid_gitlab(render("gitlab", found.report, options(found)))
    assert "input-removed" in {one["check_name"] for one in issues}


def test_markdown_has_a_block_for_each_entry(found: Checked, inert_markdown: Judge) -> None:
    text = render("markdown", found.report, options(found))
    inert_markdown(text)
    for one in found.judgements:
        assert f"<summary><code>{one.name}</code>:" in text
    assert "needs a major release" in text
    assert "The law" in text


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_ends_with_a_line_feed(found: Checked, name: str) -> None:
    assert render(name, found.report, options(found)).endswith("\n")


def test_what_makes_the_run_fail_is_told(found: Checked) -> None:
    quiet = plain(check_lines(*parts(found), fail_on=Severity.ERROR))
    loud = plain(check_lines(*parts(found), fail_on=Severity.INFO))
    info = [one for one in found.report.findings if one.severity is Severity.INFO]
    assert info
    assert not [one for one in info if f"info[{one.rule}]" in quiet]
    assert not [one for one in info if f"info[{one.rule}]" not in loud]


def many(count: int) -> tuple[Judgement, ...]:
    """Entries whose texts are long, and whose names and reasons would like to act."""
    before = "old words | <b>bold</b> @everyone ``` " * 400
    fact = Fact(
        "text-changed", "messages", Direction.BEHAVIOUR, ("messages", 0), "", "user", "",
        before, before.replace("old", "new") + "\n```\n" * 200,
    )  # fmt: skip
    removed = Fact(
        "input-removed", "inputs", Direction.INPUT, ("inputs", "x"), "", "", "", {"type": "x"}, None
    )
    changes = (removed, fact)
    return tuple(
        Judgement(
            EntryComparison(
                f"entry-{n}", "prompt", Status.CHANGED, f"prompts/e{n}.prompt.yaml", "", "", changes
            ),
            judge(changes, CHANGE_RULES),
            (Hit("bot", ("production",)),),
            None,
        )
        for n in range(count)
    )


@pytest.mark.parametrize("count", [1, 3000])
def test_markdown_is_never_too_long_for_a_comment(count: int, inert_markdown: Judge) -> None:
    judgements = many(count)
    findings = tuple(
        Finding(
            "input-removed", Severity.ERROR, "m" * 500, Location(one.comparison.path),
            entry=one.name, fix="f" * 300,
        )
        for one in judgements
    )  # fmt: skip
    notes = tuple(f"inactive until it is merged: {n}" * 20 for n in range(200))
    report = replace(Report("t", findings, count, 0), notes=notes)
    blocks = comment_blocks(judgements, MOST)
    text = render("markdown", report, ReportOptions(descriptions=descriptions(), extra=blocks))
    assert len(text) < 65_536
    assert len(text.encode()) < 65_536
    inert_markdown(text)
    assert f"{count} error" in text


def test_every_direction_is_told() -> None:
    assert {rule.direction for rule in CHANGE_RULES} == {kind.direction for kind in KINDS.values()}
