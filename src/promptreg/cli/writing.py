"""What commands that write share: who writes, the dry run, and the report of what was done."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer

from promptreg.cli.clock import now
from promptreg.cli.output import show, write
from promptreg.registry.workspace import Workspace
from promptreg.releases.apply import Asked, Writers, carry_through
from promptreg.releases.plan import CommitFiles, CreateTag, Outcome, Plan
from promptreg.reporters.outcome import outcome_json, outcome_lines
from promptreg.reporters.values import json_text
from promptreg.store.git.commits import Signature
from promptreg.store.git.identity import identities
from promptreg.store.trees import RevisionTree, Tree, WorkTree

DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the plan and change nothing.")]
Push = Annotated[
    bool, typer.Option("--push", help="Push what was made, all or nothing and never by force.")
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Say why; it is recorded.")]
NeededReason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Say why; it is recorded and shown.")
]
NoCommit = Annotated[
    bool,
    typer.Option("--no-commit", help="Change the file and leave the commit to a pull request."),
]

_LIMIT = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Manner:
    """The verb of a command that writes, and how it is to be done and told."""

    verb: str
    dry_run: bool
    push: bool
    format_: str


def carry_out(workspace: Workspace, plan: Callable[[], Plan], request: object, how: Manner) -> int:
    """Plan and apply, or only print the plan, and report; the exit code.

    `plan` is called again where another's write came between. By `request`, the values that were
    asked for, a command that broke off is known again.
    """
    if how.dry_run:
        outcome = Outcome(plan(), applied=False)
    else:
        asked = Asked(plan, f"{how.verb} {request!r}", how.push)
        outcome = carry_through(workspace, asked, _writers(workspace))
    if how.format_ == "json":
        write(json_text(outcome_json(outcome, how.verb)))
    else:
        show(outcome_lines(outcome, _before(workspace, outcome.plan) if how.dry_run else {}))
    return 0


def _writers(workspace: Workspace) -> Writers:
    who = identities(workspace.git)
    return Writers(
        _dated(who.author.at(now()), "GIT_AUTHOR_DATE"),
        _dated(who.committer.at(now()), "GIT_COMMITTER_DATE"),
    )


def _dated(signature: Signature, variable: str) -> Signature:
    """The signature with the date that git's own variable asks for, in its raw or ISO form."""
    said = os.environ.get(variable, "")
    seconds, _, zone = said.removeprefix("@").partition(" ")
    if seconds.isdigit() and zone:
        return Signature(signature.name, signature.email, int(seconds), zone)
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return signature
    moment = moment if moment.tzinfo else moment.astimezone()
    return Signature(
        signature.name, signature.email, int(moment.timestamp()), moment.strftime("%z")[:5]
    )


def _before(workspace: Workspace, plan: Plan) -> dict[str, str]:
    """The text of each file that a step edits, where it edits it: a branch, or the disk."""
    texts = {}
    for step in plan.steps:
        if isinstance(step, CreateTag):
            continue
        tree: Tree = (
            RevisionTree(workspace.git, step.parent)
            if isinstance(step, CommitFiles)
            else WorkTree(workspace.git.top_level)
        )
        for path, content in tree.read_many([edit.path for edit in step.edits], limit=_LIMIT):
            if isinstance(content, bytes):
                texts[path] = content.decode("utf-8", "replace")
    return texts
