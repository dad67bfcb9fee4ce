"""Write every generated file anew, or with `--check` exit with 1 where one is stale."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))

from scripts import change_page, cli_page, format_page, hooks, rule_pages, template_page  # noqa: E402 - found through the line above

Generator: TypeAlias = Callable[[], dict[str, str]]

GENERATORS: tuple[Generator, ...] = (
    hooks.files,
    rule_pages.files,
    change_page.files,
    cli_page.files,
    format_page.files,
    template_page.files,
)
"""Each gives the files that it owns: text by path, relative to the top of the repository."""
OWNED = ("docs/rules/*.md",)
"""Files that only generators write; one that none of them gives is removed."""


def main() -> int:
    """Run the generators; the exit code."""
    wanted = {path: text for generator in GENERATORS for path, text in generator().items()}
    stale = sorted(path for path, text in wanted.items() if _read(path) != text)
    spare = sorted(
        str(found.relative_to(TOP))
        for pattern in OWNED
        for found in TOP.glob(pattern)
        if str(found.relative_to(TOP)) not in wanted
    )
    if "--check" in sys.argv[1:]:
        for path in (*stale, *spare):
            print(f"{path} is stale: run `make docs`")
        return 1 if stale or spare else 0
    for path in stale:
        (TOP / path).parent.mkdir(parents=True, exist_ok=True)
        (TOP / path).write_text(wanted[path], encoding="utf-8")
        print(f"wrote {path}")
    for path in spare:
        (TOP / path).unlink()
        print(f"removed {path}")
    return 0


def _read(path: str) -> str | None:
    place = TOP / path
    return place.read_text(encoding="utf-8") if place.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
