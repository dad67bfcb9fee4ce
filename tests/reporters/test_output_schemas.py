"""Real results of the commands that trace and write, against the schemas of their JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator, ValidationError

from promptreg.commands.blame import blame
from promptreg.commands.diff import diff_registry
from promptreg.commands.log import log
from promptreg.commands.schema import schema
from promptreg.commands.status import status
from promptreg.model.change import KINDS, Direction
from promptreg.model.schema_changes import Effect
from promptreg.releases.comparison import Status
from promptreg.releases.plan import Outcome
from promptreg.reporters.outcome import outcome_json
from promptreg.reporters.values import json_text, result_text

if TYPE_CHECKING:
    from tests.conftest import Site


def fits(verb: str, text: str) -> dict[str, object]:
    """The document behind `text`, which must fit the schema of the verb."""
    document: dict[str, object] = json.loads(text)
    Draft202012Validator(json.loads(schema(f"output/{verb}"))).validate(document)
    return document


def test_log_of_commits_releases_and_moves(site: Site) -> None:
    site.release()
    site.promote("support/triage@0.1.0", env="staging")
    site.changed("Good day {{ who }}")
    site.release()
    site.promote("support/triage@0.2.0", env="staging", reason="kinder")
    found = log(site.workspace, "support/triage")
    assert {event.kind for event in found.events} == {"commit", "release", "move"}
    fits("log", result_text("log", found))


def test_status_now_and_at_a_moment(site: Site) -> None:
    site.release()
    site.promote("support/triage@0.1.0", env="staging")
    fits("status", result_text("status", status(site.workspace)))
    moment = datetime(2030, 1, 1, tzinfo=UTC)
    fits("status", result_text("status", status(site.workspace, at=moment)))


def test_blame_of_released_and_unreleased_lines(site: Site) -> None:
    site.release()
    site.changed("Hello {{ who }}\nGood day")
    found = blame(site.workspace, "support/triage")
    assert {line.version for one in found.files for line in one.lines} > {None}
    fits("blame", result_text("blame", found))


def test_outcomes_of_release_promotion_and_rollback(site: Site) -> None:
    plan = site.plan_release()
    fits("outcome", json_text(outcome_json(Outcome(plan, applied=False), "release")))
    fits("outcome", json_text(outcome_json(site.apply(plan), "release")))
    promoted = site.promote("support/triage@0.1.0", env="staging")
    fits("outcome", json_text(outcome_json(promoted, "promote")))
    site.changed("Good day {{ who }}")
    site.release()
    site.promote("support/triage@0.2.0", env="staging")
    fits("outcome", json_text(outcome_json(site.rollback(env="staging"), "rollback")))


def test_diff_of_a_registry(site: Site) -> None:
    site.prompt(text="Good day {{ who }}")
    site.prompt("support/new")
    fits("diff", result_text("diff", diff_registry(site.workspace, "HEAD", rendered=True)))


def test_the_words_of_diff_are_those_of_the_model() -> None:
    definitions = json.loads(schema("output/diff"))["$defs"]
    change = definitions["change"]["properties"]
    assert set(change["group"]["enum"]) == {kind.group for kind in KINDS.values()}
    assert set(change["direction"]["enum"]) == set(Direction)
    assert set(change["effect"]["enum"]) == {"", *Effect}
    assert set(definitions["entry"]["properties"]["status"]["enum"]) == set(Status)


@pytest.mark.parametrize("verb", ["blame", "diff", "log", "outcome", "status"])
def test_nothing_else_is_allowed(verb: str) -> None:
    with pytest.raises(ValidationError):
        fits(verb, json.dumps({"schema": f"promptreg/{verb}/v1", "surprise": 1}))
