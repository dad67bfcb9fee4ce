"""Versions and ranges of releases: Semantic Versioning 2.0 without build metadata."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache, total_ordering

from promptreg.errors import SelectorError

_NUMBER = r"(0|[1-9][0-9]{0,8})"
_PRE = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_VERSION = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-({_PRE}))?")
_PART = re.compile(rf"(\^|~|>=|<=|>|<|=) *{_NUMBER}(?:\.{_NUMBER}(?:\.{_NUMBER}(?:-({_PRE}))?)?)?")
_MAX_TEXT = 100
_MAX_PARTS = 8


class Bump(IntEnum):
    """Which number of a version a change moves; higher includes lower."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def word(self) -> str:
        """The lower-case word used in options, trailers and JSON."""
        return self.name.lower()


@total_ordering
@dataclass(frozen=True, slots=True)
class Version:
    """`major.minor.patch[-pre]`, ordered as semver.org 2.0 §11 says."""

    major: int
    minor: int
    patch: int
    pre: tuple[int | str, ...] = ()

    def __str__(self) -> str:
        pre = "-" + ".".join(str(part) for part in self.pre) if self.pre else ""
        return f"{self.major}.{self.minor}.{self.patch}{pre}"

    def __lt__(self, other: Version) -> bool:
        return self.rank() < other.rank()

    def rank(self) -> tuple[tuple[int, int, int], bool, tuple[tuple[bool, int, str], ...]]:
        """What versions are ordered by: the key to sort many with."""
        if not self.pre:
            return self.numbers, True, ()
        # Numbers sort below words, and a pre-release below its release.
        pre = tuple(
            (False, part, "") if isinstance(part, int) else (True, 0, part) for part in self.pre
        )
        return self.numbers, False, pre

    @property
    def numbers(self) -> tuple[int, int, int]:
        """Major, minor and patch."""
        return self.major, self.minor, self.patch

    def bumped(self, bump: Bump) -> Version:
        """The next version; before 1.0.0 a major bump moves the minor number.

        A pre-release is followed by the release it precedes.
        """
        if self.pre:
            return Version(*self.numbers)
        if bump == Bump.MAJOR and self.major:
            return Version(self.major + 1, 0, 0)
        if bump >= Bump.MINOR:
            return Version(self.major, self.minor + 1, 0)
        return Version(self.major, self.minor, self.patch + 1)


def parse_version(text: str) -> Version:
    """Read `1.4.0`, `v1.4.0` or `1.5.0-rc.1`.

    Raises SelectorError where the text is no version: three numbers of at most nine ASCII digits.
    """
    version = try_version(text.removeprefix("v"))
    if version is None:
        raise SelectorError(
            f"`{text[:_MAX_TEXT]}` is no version",
            hint="a version has three numbers: `1.4.0`; a range starts with `^`, `~`, `>` or `<`",
        )
    return version


@lru_cache(maxsize=1024)  # thousands of tags have one of a few hundred versions
def try_version(text: str) -> Version | None:
    """The version that `text` is, without a leading `v`, or None."""
    match = _VERSION.fullmatch(text) if len(text) <= _MAX_TEXT else None
    if match is None:
        return None
    pre = _pre(match[4])
    return None if pre is None else Version(int(match[1]), int(match[2]), int(match[3]), pre)


def _pre(text: str | None) -> tuple[int | str, ...] | None:
    parts: list[int | str] = []
    for part in text.split(".") if text else ():
        if not part.isdigit():
            parts.append(part)
        elif len(part) > 9 or (len(part) > 1 and part[0] == "0"):
            return None
        else:
            parts.append(int(part))
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class Range:
    """`^1.2`, `~1.2`, `>=1,<3`: half-open intervals that must all hold."""

    text: str
    bounds: tuple[tuple[str, Version], ...]
    """Comparisons (`>=`, `>`, `<=`, `<`, `=`) with a whole version."""

    def __str__(self) -> str:
        return self.text

    def matches(self, version: Version) -> bool:
        """Whether `version` satisfies every part.

        A pre-release matches only where a bound names a pre-release of the same three numbers.
        """
        if version.pre and not any(
            bound.pre and bound.numbers == version.numbers for _, bound in self.bounds
        ):
            return False
        return all(_holds(version, operator, bound) for operator, bound in self.bounds)


def parse_range(text: str) -> Range:
    """Read a range: up to eight parts joined by commas. Raises SelectorError."""
    # One part too many keeps its commas and so is none.
    parts = text.split(",", _MAX_PARTS - 1) if len(text) <= _MAX_TEXT * _MAX_PARTS else []
    bounds: list[tuple[str, Version]] = []
    for part in parts:
        match = _PART.fullmatch(part.strip(" "))
        if match is None or (pre := _pre(match[5])) is None:
            bounds.clear()
            break
        numbers = [int(number) for number in match.groups()[1:4] if number is not None]
        bounds += _bounds(match[1], numbers, pre)
    if not bounds:
        raise SelectorError(
            f"`{text[:_MAX_TEXT]}` is no range", hint="ranges look like `^1.2`, `~1.2` or `>=1,<3`"
        )
    return Range(text, tuple(bounds))


def _bounds(
    operator: str, numbers: list[int], pre: tuple[int | str, ...]
) -> list[tuple[str, Version]]:
    low = _padded(numbers, pre)
    if operator == "^":
        # The leftmost number that isn't zero stays: ^0.2 is below 0.3, ^0.0.3 below 0.0.4.
        fixed = next((i for i, number in enumerate(numbers) if number), len(numbers) - 1)
        return [(">=", low), ("<", _above(numbers, fixed))]
    if operator == "~":
        return [(">=", low), ("<", _above(numbers, min(1, len(numbers) - 1)))]
    if operator in {">", "<=", "="} and len(numbers) < 3:
        above = _above(numbers, len(numbers) - 1)
        return {
            ">": [(">=", above)],
            "<=": [("<", above)],
            "=": [(">=", low), ("<", above)],
        }[operator]
    return [(operator, low)]


def latest(versions: Sequence[Version]) -> Version | None:
    """The highest that is no pre-release, else the highest; they come lowest first."""
    final = [one for one in versions if not one.pre]
    return next(reversed(final or versions), None)


def _above(numbers: list[int], index: int) -> Version:
    return _padded([*numbers[:index], numbers[index] + 1])


def _padded(numbers: list[int], pre: tuple[int | str, ...] = ()) -> Version:
    major, minor, patch = [*numbers, 0, 0][:3]
    return Version(major, minor, patch, pre)


def _holds(version: Version, operator: str, bound: Version) -> bool:
    return {
        ">=": version >= bound,
        ">": version > bound,
        "<=": version <= bound,
        "<": version < bound,
        "=": version == bound,
    }[operator]
