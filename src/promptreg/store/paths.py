"""Which paths every checkout can hold: on Linux, macOS and Windows alike."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST_PATH = 1024

_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"}
)
_NOT_ON_WINDOWS = frozenset('<>:"|?*')
_ORDINARY_PART = (
    r"(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|/|\Z))"
    r"[a-z0-9_-][a-z0-9_-]{0,99}(?:\.[a-z0-9_-]{1,30}){0,4}"
)
_ORDINARY = re.compile(rf"{_ORDINARY_PART}(?:/{_ORDINARY_PART})*")
"""Most paths; nothing below can be wrong with them."""


@lru_cache(maxsize=65536)  # several look at each path, on both sides of a comparison
def path_problem(path: str) -> str:
    """Why `path` is no portable POSIX path below a root, or ""."""
    if len(path) <= LONGEST_PATH and _ORDINARY.fullmatch(path):
        return ""
    return _problem(path)


def _problem(path: str) -> str:
    checks = (
        (not path, "it is empty"),
        (len(path) > LONGEST_PATH, f"it is longer than {LONGEST_PATH} characters"),
        (path[:1] in {"/", "~"}, "it is not relative"),
        ("\\" in path, "it has a backslash"),
        (any(_is_control(char) for char in path), "it has a control character"),
        (any("\ud800" <= char <= "\udfff" for char in path), "it is not UTF-8"),
        (not unicodedata.is_normalized("NFC", path), "it is not in Unicode's normal form C"),
    )
    found = next((problem for wrong, problem in checks if wrong), "")
    return found or next(filter(None, map(_part_problem, path.split("/"))), "")


def _part_problem(part: str) -> str:
    folded = part.casefold()
    stem = folded.split(".", 1)[0].rstrip(" ")
    checks = (
        (not part, "it has an empty part"),
        (part in {".", ".."}, f"it has the part `{part}`"),
        (_is_git(folded), "it leads into git's own folder"),
        (stem in _DEVICES, f"`{part}` is a device on Windows"),
        (part.endswith((".", " ")), f"`{part}` ends with a dot or a space"),
        (bool(_NOT_ON_WINDOWS & set(part)), f"`{part}` can't be a name on Windows"),
        (len(part.encode("utf-8")) > 255, "a part is longer than 255 bytes"),
    )
    return next((problem for wrong, problem in checks if wrong), "")


def _is_git(folded: str) -> bool:
    """`.git` as file systems see it: HFS+ drops ignorable characters, NTFS has short names."""
    kept = "".join(char for char in folded if unicodedata.category(char) != "Cf")
    return kept.rstrip(". ") == ".git" or kept.startswith(("git~1", ".git:"))


def _is_control(char: str) -> bool:
    return unicodedata.category(char) == "Cc" or char in "\u2028\u2029"
