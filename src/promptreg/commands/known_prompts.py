"""What earlier runs know of prompts that needn't be judged again."""

from __future__ import annotations

from contextlib import AbstractContextManager

from promptreg.commands.between_runs import between_runs
from promptreg.registry.quiet import QuietPrompts
from promptreg.registry.quiet_note import line_of
from promptreg.registry.workspace import Workspace


def known_prompts(workspace: Workspace, *, cached: bool) -> AbstractContextManager[QuietPrompts]:
    """Notes of earlier runs; see `between_runs`."""
    return between_runs(workspace, "prompts", QuietPrompts, cached=cached, line_of=line_of)
