"""`merge-environment`: what git calls to merge an environment's file."""

from __future__ import annotations

from pathlib import Path

from promptreg.errors import InputError
from promptreg.model.configuration import Limits
from promptreg.releases.environment_merge import Merged, merge_environment
from promptreg.store.atomic import write_file
from promptreg.store.files import FileProblem, read_file


def merge_files(base: Path, ours: Path, theirs: Path) -> Merged:
    """Merge three files by entry and write the result over `ours`, as git expects it.

    Raises InputError where one of them can't be read.
    """
    merged = merge_environment(*(_read(one) for one in (base, ours, theirs)))
    write_file(ours.absolute().parent, ours.name, merged.content)
    return merged


def _read(path: Path) -> bytes:
    try:
        return read_file(path.absolute().parent, path.name, limit=Limits().environment_bytes)
    except FileProblem as problem:
        raise InputError(
            f"the file can't be read: {problem.message}",
            where=str(path),
            hint="git calls this command; `promptreg init --merge-driver` tells it how",
        ) from None
