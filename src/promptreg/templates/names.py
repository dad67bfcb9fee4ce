"""Names of templates: which are allowed, and which file a name means."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

ENDINGS = (".j2", ".jinja", ".jinja2", ".md", ".txt")
"""How the name of a file ends that may be a template."""

MAX_PATH = 240

_REFUSED_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f\\:*?\"<>|]")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\..*)?", re.IGNORECASE)


@lru_cache(maxsize=8192)  # the same partials are mentioned everywhere
def name_problem(name: str) -> str:
    """Why `name` can't name a template file; empty where it can.

    Names are relative POSIX paths that mean one file on every system. They never leave the
    registry, so `..` is no part of them.
    """
    if not name:
        return "a template's name can't be empty"
    if len(name) > MAX_PATH:
        return f"a template's path has at most {MAX_PATH} characters"
    whole = _whole_problem(name)
    if whole:
        return whole
    problem = next((why for part in name.split("/") if (why := _segment_problem(part))), "")
    if not problem and not name.endswith(ENDINGS):
        return f"a template's name ends in one of {', '.join(ENDINGS)}"
    return problem


def resolve_name(
    name: str, folder: str, roots: tuple[str, ...], exists: Callable[[str], bool]
) -> str | None:
    """The path that `name` means: below `folder`, else below the first root that has it.

    None where nothing has it. `folder` and `roots` are relative to the registry's root; `""` and
    `.` are the root itself.
    """
    return next(filter(exists, _paths(name, folder, roots)), None)


@lru_cache(maxsize=8192)
def folder_of(path: str) -> str:
    """The folder that names in the file at `path` are relative to."""
    return posixpath.dirname(path)


@lru_cache(maxsize=8192)  # about 300 bytes each
def _paths(name: str, folder: str, roots: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(posixpath.normpath(posixpath.join(base, name)) for base in (folder, *roots))


def _whole_problem(name: str) -> str:
    if _REFUSED_CHARACTER.search(name):
        return "a template's path has no control characters and none of `\\ : * ? \" < > |`"
    if name.startswith(("/", "~", "-")):
        return "a template's path is relative and starts with neither `/`, `~` nor `-`"
    if unicodedata.normalize("NFKC", name) != name:
        return "a template's path has no look-alike or compatibility characters"
    return ""


def _segment_problem(segment: str) -> str:
    if segment in ("", ".", ".."):
        return "a template's path has no empty, `.` or `..` segments"
    if segment.lower() == ".git":
        return "a template's path doesn't reach into `.git`"
    if segment.endswith((".", " ")) or segment.startswith(" "):
        return "a template's path has no segment with outer spaces or a final dot"
    if _DEVICE.fullmatch(segment):
        return f"`{segment}` is a device name on Windows"
    return ""
