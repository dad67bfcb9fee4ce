"""What texts said in earlier runs."""

from __future__ import annotations

from contextlib import AbstractContextManager

from promptreg.commands.between_runs import between_runs
from promptreg.registry.facts import KeptFacts, line_of
from promptreg.registry.workspace import Workspace


def known_facts(workspace: Workspace, *, cached: bool) -> AbstractContextManager[KeptFacts]:
    """Facts of earlier runs; see `between_runs`."""
    return between_runs(workspace, "texts", KeptFacts, cached=cached, line_of=line_of)
