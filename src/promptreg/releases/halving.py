"""Finding the first bad commit among those that matter, with few questions.

Commits form a graph, not a line. A bad commit makes its ancestors the suspects, a good one clears
its ancestors; the next to be judged is the one that halves the suspects best, as `git bisect` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Course:
    """Suspects in topological order, newest first. Sets of them are the bits of a number."""

    commits: tuple[str, ...]
    ancestors: tuple[int, ...]
    """For each: itself and those of the others that it descends from."""

    @property
    def all(self) -> int:
        """Every one of them."""
        return (1 << len(self.commits)) - 1

    def among(self, suspects: int) -> tuple[str, ...]:
        """The commits of a set, newest first."""
        return tuple(oid for index, oid in enumerate(self.commits) if suspects >> index & 1)


def course_of(
    parents: Mapping[str, tuple[str, ...]], cleared: frozenset[str], touching: Sequence[str]
) -> Course:
    """The course through those of `touching` that aren't `cleared`.

    `parents` is a history with children before their parents.
    """
    chosen = set(touching) - cleared
    commits = tuple(oid for oid in parents if oid in chosen)
    places = {oid: index for index, oid in enumerate(commits)}
    reached: dict[str, int] = {}
    for oid in reversed(tuple(parents)):
        if oid not in cleared:
            found = 1 << places[oid] if oid in places else 0
            for parent in parents[oid]:
                found |= reached.get(parent, 0)
            reached[oid] = found
    return Course(commits, tuple(reached[oid] for oid in commits))


def next_to_judge(course: Course, suspects: int, skipped: int) -> int | None:
    """The index of the commit that halves the suspects best; None where none would tell anything.

    The newest suspect is known to be bad where all others come before it.
    """
    best, most = None, 0
    for index in range(len(course.commits)):
        here = course.ancestors[index] & suspects
        if (suspects & ~skipped) >> index & 1 and here != suspects:
            count = here.bit_count()
            worth = min(count, suspects.bit_count() - count)
            if best is None or worth > most:
                best, most = index, worth
    return best


def narrowed(course: Course, suspects: int, index: int, *, is_bad: bool) -> int:
    """The suspects that are left when the commit at `index` was judged."""
    ancestors = course.ancestors[index]
    return suspects & ancestors if is_bad else suspects & ~ancestors


def steps_for(suspects: int) -> int:
    """About how many more commits have to be judged."""
    return max(suspects.bit_count() - 1, 0).bit_length()
