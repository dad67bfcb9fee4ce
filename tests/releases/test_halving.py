"""Finding the first bad commit in any history, with few questions."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.releases.halving import course_of, narrowed, next_to_judge, steps_for

Graph = dict[str, tuple[str, ...]]


@st.composite
def histories(draw: st.DrawFn) -> Graph:
    """A history from one root to one tip: every commit but the tip has a child."""
    count = draw(st.integers(2, 24))
    parents: list[tuple[str, ...]] = [()]
    for index in range(1, count):
        chosen = draw(st.sets(st.integers(0, index - 1), min_size=1, max_size=3))
        parents.append(tuple(str(one) for one in sorted(chosen)))
    used = {one for several in parents for one in several}
    loose = [str(index) for index in range(count) if str(index) not in used]
    if len(loose) > 1:
        parents.append(tuple(loose))
    return {str(index): parents[index] for index in reversed(range(len(parents)))}


def ancestors(parents: Graph, oid: str) -> set[str]:
    found, waiting = set(), [oid]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += parents[one]
    return found


@given(histories(), st.data())
@settings(deadline=None, max_examples=300)
def test_whichever_commit_is_bad_is_found(parents: Graph, data: st.DataObject) -> None:
    tip = next(iter(parents))
    touching = [oid for oid in parents if oid != "0"]
    culprit = data.draw(st.sampled_from(touching))
    skips = data.draw(st.sets(st.sampled_from(touching)))
    course = course_of(parents, frozenset({"0"}), touching)
    assert course.commits == tuple(touching)
    suspects, skipped, asked = course.all, 0, 0
    while (index := next_to_judge(course, suspects, skipped)) is not None:
        oid = course.commits[index]
        asked += 1
        assert asked <= len(touching)
        if oid in skips:
            skipped |= 1 << index
            continue
        is_bad = culprit in ancestors(parents, oid)
        suspects = narrowed(course, suspects, index, is_bad=is_bad)
        assert culprit in course.among(suspects)
    left = course.among(suspects)
    assert culprit in left
    # Whatever is left beside it could only have been told apart by a commit that was skipped.
    if not skips:
        assert left == (culprit,)
    assert tip == course.commits[0]


@given(st.integers(1, 200), st.data())
@settings(deadline=None, max_examples=100)
def test_a_line_is_halved(count: int, data: st.DataObject) -> None:
    parents = {str(n): (str(n - 1),) if n else () for n in reversed(range(count + 1))}
    culprit = data.draw(st.integers(1, count))
    course = course_of(parents, frozenset({"0"}), [str(n) for n in range(1, count + 1)])
    suspects, asked = course.all, 0
    while (index := next_to_judge(course, suspects, 0)) is not None:
        asked += 1
        is_bad = int(course.commits[index]) >= culprit
        suspects = narrowed(course, suspects, index, is_bad=is_bad)
    assert course.among(suspects) == (str(culprit),)
    assert asked <= steps_for(course.all)


def test_only_commits_that_touch_count() -> None:
    parents = {"d": ("c",), "c": ("b",), "b": ("a",), "a": ()}
    course = course_of(parents, frozenset({"a"}), ["d", "b", "a"])
    assert course.commits == ("d", "b")
    assert course.ancestors == (0b11, 0b10)
