"""The JSON of every command, against the schema that it names."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from promptreg.cli.table import COMMANDS
from promptreg.store.schema_files import output_kinds, output_schema_text

if TYPE_CHECKING:
    from tests.cli.conftest import Session

EXAMPLES = Path(__file__).parents[2] / "examples"
START = "git init -q && git add -A && git commit -qm Start"
LINES = {
    "init": "promptreg init new --format json",
    "new": "promptreg new prompt legal/nda --owner legal-team --format json",
    "deprecate": "promptreg deprecate support/triage --sunset 9999-12-31 --format json",
    "retire": "promptreg new prompt legal/nda --owner legal-team > /dev/null && git add -A && "
    "git commit -qm New && promptreg retire legal/nda --format json",
    "activate": "promptreg deprecate support/triage > /dev/null && "
    "promptreg activate support/triage --format json",
    "transfer": "promptreg transfer support/triage --to legal-team --no-commit --format json",
    "validate": "promptreg validate --format json",
    "check": "git switch -qc pr && git commit -q --allow-empty -m x && promptreg check --base main --format json",
    "cache": "promptreg cache info --format json",
    "test": "promptreg test support/triage --format json",
    "list": "promptreg list --format json",
    "show": "promptreg show support/triage --format json",
    "render": "promptreg render support/triage --inputs inputs/support-triage.json --format json",
    "diff": "promptreg diff --base HEAD --format json",
    "log": "promptreg log support/triage --format json",
    "blame": "promptreg blame support/triage --format json",
    "approve": "git config user.email governance-lead@example.com && "
    "promptreg approve support/triage --note Fine --format json",
    "approvals": "git config user.email governance-lead@example.com && "
    "promptreg approve support/triage > /dev/null && "
    "promptreg approvals support/triage --format json",
    "governance": "promptreg governance export --format json",
    "release": "promptreg release support/triage --format json",
    "promote": "promptreg release support/triage > /dev/null && "
    "promptreg promote support/triage@latest -e staging --format json",
    "rollback": "for text in one two; do echo $text >> prompts/support/triage/system.j2; "
    "git commit -qam $text; promptreg release support/triage; "
    "promptreg promote support/triage@latest -e staging; done > /dev/null; "
    "promptreg rollback support/triage -e staging --format json",
    "suspend": "promptreg release support/triage > /dev/null && "
    "promptreg promote support/triage@latest -e staging > /dev/null && "
    "promptreg suspend support/triage -e staging --reason 'It leaks' --format json",
    "freeze": "promptreg freeze staging --reason 'Black Friday' --format json",
    "unfreeze": "promptreg freeze staging --reason 'Black Friday' > /dev/null && "
    "promptreg unfreeze staging --format json",
    "status": "promptreg status --format json",
    "verify": "promptreg release support/triage > /dev/null && promptreg verify --format json",
    "audit": "promptreg release support/triage > /dev/null && promptreg audit --format json",
    "lock": "promptreg release support/triage > /dev/null && "
    "promptreg lock support/triage@latest --format json",
}
ELSEWHERE = {
    "schema": "it prints JSON Schemas and nothing else",
    "merge-environment": "git calls it; its result is a file",
}


ANSWERS = {
    **LINES,
    "log --changelog": "promptreg release support/triage > /dev/null && "
    "promptreg log --changelog --format json",
}
"""Those of commands that have more than one answer, too."""


@pytest.mark.parametrize("verb", sorted(ANSWERS))
def test_the_json_of_a_command_fits_its_schema(session: Session, verb: str) -> None:
    shutil.copytree(EXAMPLES, session.repo, dirs_exist_ok=True)
    assert session.run(START).code == 0
    said = session.run(ANSWERS[verb])
    assert said.code == 0, said.output
    document = json.loads(said.output)
    name = document["schema"].split("/")[1]
    assert name in output_kinds()
    Draft202012Validator(json.loads(output_schema_text(name))).validate(document)


def test_every_command_is_tried_here() -> None:
    tried = LINES.keys() | ELSEWHERE.keys()
    known = {command.name for command in COMMANDS}
    assert known - tried <= {"bisect", "doctor", "impact"}, "tried beside their code"
    assert tried <= known
