"""Names of entries, environments, owners, inputs and locales: what is allowed, and what is near."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

MAX_NAME = 200
"""Characters of an entry's name: a ref's lock file must fit into 255 bytes."""

_NEAR = 0.6
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(?:/[a-z0-9][a-z0-9_-]*)*")
_ENVIRONMENT = re.compile(r"[a-z][a-z0-9-]{0,62}")
_VERSION_LIKE = re.compile(r"v[0-9]")
_DEVICE = re.compile(r"con|prn|aux|nul|com[1-9]|lpt[1-9]")


@lru_cache(maxsize=1024)  # lists of tags say each name again and again
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
    from difflib import SequenceMatcher  # noqa: PLC0415 - only for an error

    matcher = SequenceMatcher()
    matcher.set_seq2(word)
    best: list[tuple[float, str]] = []
    for bound, name in sorted(_likely(word, known), reverse=True):
        if len(best) == most and bound < best[-1][0]:
            break  # no later one can be nearer
        closer = _ratio(_common(word, name), len(word) + len(name))
        if closer < _NEAR or (len(best) == most and closer < best[-1][0]):
            continue
        matcher.set_seq1(name)
        if (ratio := matcher.ratio()) >= _NEAR:
            best = sorted([*best, (ratio, name)], reverse=True)[:most]
    return tuple(name for _, name in best)


def _likely(word: str, known: tuple[str, ...]) -> Iterator[tuple[float, str]]:
    """The known words that share enough letters with `word`, with the most their ratio can be."""
    letters, masks = _letters(known)
    own = 0
    for letter, count in Counter(word).items():
        if letter in letters:
            bits = letters[letter]
            own |= bits[min(count, len(bits)) - 1]
    length = len(word)
    for name, mask in zip(known, masks, strict=True):
        bound = _ratio((own & mask).bit_count(), length + len(name))
        if bound >= _NEAR:
            yield bound, name


@lru_cache(maxsize=32)  # all names of a registry, and few other sets are large
def _letters(known: tuple[str, ...]) -> tuple[dict[str, list[int]], tuple[int, ...]]:
    """Bits for one, two, three of each letter, and the bits of the letters of each word.

    Two words have as many letters in common as they have bits.
    """
    letters: dict[str, list[int]] = {}
    masks = []
    free = 1
    for name in known:
        mask = 0
        for letter, count in Counter(name).items():
            bits = letters.setdefault(letter, [])
            while len(bits) < count:
                bits.append(free | (bits[-1] if bits else 0))
                free <<= 1
            mask |= bits[count - 1]
        masks.append(mask)
    return letters, tuple(masks)


def _common(one: str, other: str) -> int:
    """How long the longest text is that both hold in this order, with gaps; by bits (Hyyrö 2004).

    What difflib matches in two words is such a text, but seldom the longest.
    """
    where: dict[str, int] = {}
    for index, letter in enumerate(one):
        where[letter] = where.get(letter, 0) | 1 << index
    row = full = (1 << len(one)) - 1
    for letter in other:
        matches = row & where.get(letter, 0)
        row = (row + matches | row - matches) & full
    return len(one) - row.bit_count()


def _ratio(matches: int, length: int) -> float:
    """As difflib reckons it, to the last digit."""
    return 2.0 * matches / length if length else 1.0


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean `a` or `b`?`, or nothing."""
    near = nearest(word, known)
    if not near:
        return ""
    return "did you mean " + " or ".join(f"`{name}`" for name in near) + "?"
