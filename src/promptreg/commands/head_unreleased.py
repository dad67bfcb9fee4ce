"""What a commit holds that isn't released: what `status` tells where no earlier run found it."""

from __future__ import annotations

from promptreg.commands.kept_unreleased import Found, Question
from promptreg.commands.known_costs import known_costs
from promptreg.commands.known_digests import known_digests
from promptreg.commands.known_facts import known_facts
from promptreg.commands.unreleased import Known, unreleased
from promptreg.registry.load import load
from promptreg.registry.workspace import Workspace


def head_unreleased(workspace: Workspace, question: Question, *, cached: bool) -> Found:
    """The answer to `question`; `cached` uses what earlier runs know of texts and costs.

    Where an object can't be read that is told, and another run may find it mended.
    """
    with (
        known_facts(workspace, cached=cached) as facts,
        known_digests(workspace, cached=cached) as digests,
        known_costs(workspace, digests, cached=cached) as costs,
    ):
        loaded = load(workspace.revision(question.commit), facts=facts)
        listed = question.listed
        listed.read(listed.newest(loaded.snapshot.entries))
        answer = unreleased(
            workspace,
            question.commit,
            loaded,
            listed.by_name,
            question.running,
            Known(facts, costs),
        )
    return Found(answer, not (costs.is_unsure or listed.tags.are_missing))
