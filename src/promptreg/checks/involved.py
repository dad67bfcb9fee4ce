"""Which findings have to do with some paths: those of the files, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from promptreg.checks.rule import Description
from promptreg.model.configuration import FILE
from promptreg.model.finding import Finding
from promptreg.registry.snapshot import Snapshot


def involves(
    finding: Finding, paths: Sequence[str], snapshot: Snapshot, known: Mapping[str, Description]
) -> bool:
    """Whether `finding` has to be told to someone who changed `paths` (files or folders).

    It has where it lies in one of them, or a related place does; where the entry that it is about
    consists of one of them, templates and partials included; where promptreg.yaml is among them;
    and where it is about something that isn't there, since a file that was deleted or renamed
    can't be passed.
    """
    if FILE in paths or "" in paths:
        return True
    description = known.get(finding.rule)
    if description is not None and description.tells_absence:
        return True
    return any(_covers(paths, one) for one in _files_of(finding, snapshot))


def _files_of(finding: Finding, snapshot: Snapshot) -> set[str]:
    files = {finding.at.path, *(place.path for place in finding.related)}
    if finding.entry:
        entries = [entry for name, entry in snapshot.entries.items() if name == finding.entry]
    else:
        entries = [
            entry for entry in snapshot.entries.values() if finding.at.path in entry.templates
        ]
    return files | {path for entry in entries for path in entry.paths}


def _covers(paths: Sequence[str], file: str) -> bool:
    return any(file == path or file.startswith(path + "/") for path in paths)
