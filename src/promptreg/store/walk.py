"""All files below a folder, for a registry without git."""

from __future__ import annotations

import os
from pathlib import Path

from promptreg.errors import RegistryError


def walk_files(root: Path) -> tuple[str, ...]:
    """The files below `root`, sorted, without what lies in `.git` folders.

    Links are listed and not followed; a folder that can't be listed is a RegistryError, since what
    it holds would go unseen.
    """
    found: list[str] = []
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        for name, is_folder in _entries(root, folder):
            if name == ".git":
                continue
            (waiting if is_folder else found).append(f"{folder}/{name}" if folder else name)
    return tuple(sorted(found))


def _entries(root: Path, folder: str) -> list[tuple[str, bool]]:
    place = os.path.join(os.fsencode(root), folder.encode("utf-8", "surrogateescape"))  # noqa: PTH118 - Path can't hold bytes
    try:
        with os.scandir(place) as entries:
            return [
                (
                    entry.name.decode("utf-8", "surrogateescape"),
                    entry.is_dir(follow_symlinks=False),
                )
                for entry in entries
            ]
    except OSError as error:
        raise RegistryError(
            f"a folder can't be listed: {error.strerror}", where=folder or str(root)
        ) from None
