"""Files that an entry names without being made of them: runbooks, use cases, snapshots."""

from __future__ import annotations

from promptreg.model.agent import Agent
from promptreg.model.prompt import Prompt
from promptreg.templates.names import folder_of


def files_named(path: str, manifest: Prompt | Agent) -> tuple[str, ...]:
    """The paths of such files of the entry whose manifest lies at `path`."""
    if isinstance(manifest, Agent):
        return tuple(one.text for one in manifest.files)
    folder = folder_of(path)
    prefix = folder + "/" if folder else ""
    return tuple(
        prefix + str(one.value)
        for test in manifest.tests
        for one in test.expect
        if one.kind == "snapshot"
    )
