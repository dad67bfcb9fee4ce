"""Which findings have to do with some paths: those of the files, and what follows from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from promptreg.checks.rule import Description
from promptreg.model.configuration import FILE
from promptreg.model.finding import Finding
from promptreg.registry.snapshot import Snapshot


def involves(
    finding: Finding, paths: Collection[str], snapshot: Snapshot, known: Mapping[str, Description]
) -> bool:
    """Whether `finding` has to be told to someone who changed `paths`.

    It has where it lies in one of them, or a related place does; where the entry that it is about
    consists of one of them, templates and partials included; and where it is about something that
    isn't there, since a file that was deleted or renamed can't be passed.
    """
    description = known.get(finding.rule)
    if description is not None and description.tells_absence:
        return True
    return touches(_files_of(finding, snapshot), paths)


def touches(files: Iterable[str], paths: Collection[str]) -> bool:
    """Whether `paths`, files or folders, hold one of `files`.

    They always do with the root ("") or promptreg.yaml among them, by which everything is judged.
    A set of many paths costs no more than one of few.
    """
    if "" in paths or FILE in paths:
        return True
    return any(path in paths for file in files for path in with_folders(file))


def with_folders(file: str) -> Iterator[str]:
    """The file's path and those of the folders that it lies in, the root left out."""
    while file:
        yield file
        file = file.rpartition("/")[0]


def _files_of(finding: Finding, snapshot: Snapshot) -> set[str]:
    files = {finding.at.path, *(place.path for place in finding.related)}
    if finding.entry:
        entry = snapshot.entries.get(finding.entry)
        return files | set(entry.paths if entry else ())
    for one in snapshot.outlines():
        if finding.at.path in one.templates:
            files |= set(one.paths)
    return files
