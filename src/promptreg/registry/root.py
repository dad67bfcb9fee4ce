"""Where a registry begins."""

from __future__ import annotations

from pathlib import Path

from promptreg.errors import RegistryError
from promptreg.model.configuration import FILE


def find_root(start: Path, *, top: Path | None) -> Path:
    """The nearest folder at or above `start` that holds `promptreg.yaml`.

    The search ends at `top`, the top of the git repository; without git only `start` counts.
    Raises RegistryError.
    """
    folder = start
    while True:
        if (folder / FILE).exists() or (folder / FILE).is_symlink():
            return folder
        if folder in {top, folder.parent} or top is None:
            break
        folder = folder.parent
    raise RegistryError(
        f"there is no `{FILE}` here or above",
        where=str(start),
        hint="`promptreg init` makes a registry here; `-C DIR` names one elsewhere",
    )
