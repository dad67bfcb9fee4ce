"""Adding files to a folder: never over what is there, and all of them or none."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from promptreg.errors import PromptregError, RefusedError
from promptreg.store.atomic import create_new_file, remove_file
from promptreg.store.paths import path_problem


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be written; `path` is POSIX text relative to the folder that is written to."""

    path: str
    text: str


def exists(base: Path, path: str) -> bool:
    """Whether a regular file lies at `path`.

    Raises RefusedError where something else does, where its folder can't be one, or where not every
    checkout could hold the path.
    """
    if problem := path_problem(path):
        raise RefusedError(f"the path can't be written: {problem}", where=path)
    for folder in _parents(path):
        mode = _mode(base / folder)
        if mode is not None and not stat.S_ISDIR(mode):
            raise RefusedError(
                f"`{folder}` is not a folder; nothing was written",
                where=str(base),
                hint=f"move it away; `{path}` belongs below it",
            )
    mode = _mode(base / path)
    if mode is not None and not stat.S_ISREG(mode):
        raise RefusedError(
            f"what lies at `{path}` is not a regular file; nothing was written",
            where=str(base),
            hint="move it away",
        )
    return mode is not None


@contextlib.contextmanager
def written(base: Path, files: Sequence[NewFile]) -> Iterator[None]:
    """Write the files; where one can't be, or the body fails, take all of them back.

    Raises RefusedError where one of them exists.
    """
    missing = _missing_folders(base, files)
    made: list[str] = []
    try:
        for file in files:
            create_new_file(base, file.path, file.text.encode())
            made.append(file.path)
        yield
    except BaseException:
        with contextlib.suppress(PromptregError):
            for path in made:
                remove_file(base, path)
        for folder in reversed(missing):
            with contextlib.suppress(OSError):
                (base / folder).rmdir()
        raise


def _missing_folders(base: Path, files: Iterable[NewFile]) -> list[str]:
    folders = dict.fromkeys(folder for file in files for folder in _parents(file.path))
    return [folder for folder in folders if not os.path.lexists(base / folder)]


def _parents(path: str) -> list[str]:
    return [str(folder) for folder in reversed(PurePosixPath(path).parents)][1:]


def _mode(path: Path) -> int | None:
    try:
        return path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise RefusedError(f"it can't be looked at: {error.strerror}", where=str(path)) from None
