"""Names of entries, environments, owners, inputs and locales: what is allowed, and what is near."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import lru_cache

MAX_NAME = 200
"""Characters of an entry's name: a ref's lock file must fit into 255 bytes."""

_NEAR = 0.6
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(?:/[a-z0-9][a-z0-9_-]*)*")
_ENVIRONMENT = re.compile(r"[a-z][a-z0-9-]{0,62}")
_VERSION_LIKE = re.compile(r"v[0-9]")
_DEVICE = re.compile(r"con|prn|aux|nul|com[1-9]|lpt[1-9]")


def name_problem(name: str) -> str:
    """Why `name` can't name a prompt or an agent; empty where it can."""
    if not name:
        return "a name can't be empty"
    if len(name) > MAX_NAME:
        return f"a name has at most {MAX_NAME} characters"
    if not _NAME.fullmatch(name):
        return "a name is lower-case a-z, 0-9, `-` and `_` in segments joined by `/`"
    for segment in name.split("/"):
        if _DEVICE.fullmatch(segment):
            return f"`{segment}` is a device name on Windows"
    return ""


def is_environment_name(name: str) -> bool:
    """Whether `name` can name an environment: no version-like word, and not `latest`."""
    return bool(_ENVIRONMENT.fullmatch(name) and name != "latest" and not _VERSION_LIKE.match(name))


def nearest(word: str, known: Iterable[str], *, most: int = 3) -> tuple[str, ...]:
    """The known words nearest to a mistyped one, best first; empty where none is near."""
    return _nearest(word[:MAX_NAME], tuple(sorted(known)), most)


@lru_cache(maxsize=4096)  # several rules say it of one name, and both sides of a comparison
def _nearest(word: str, known: tuple[str, ...], most: int) -> tuple[str, ...]:
    """As `difflib.get_close_matches`, which measures every candidate to the end."""
    matcher = difflib.SequenceMatcher()
    matcher.set_seq2(word)
    likely = []
    for name in known:
        matcher.set_seq1(name)
        if matcher.real_quick_ratio() >= _NEAR and (bound := matcher.quick_ratio()) >= _NEAR:
            likely.append((bound, name))
    best: list[tuple[float, str]] = []
    for bound, name in sorted(likely, reverse=True):
        if len(best) == most and bound < best[-1][0]:
            break  # no later one can be nearer
        matcher.set_seq1(name)
        if (ratio := matcher.ratio()) >= _NEAR:
            best = sorted([*best, (ratio, name)], reverse=True)[:most]
    return tuple(name for _, name in best)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean `a` or `b`?`, or nothing."""
    near = nearest(word, known)
    if not near:
        return ""
    return "did you mean " + " or ".join(f"`{name}`" for name in near) + "?"
