"""Which findings are new: counted, in their file, and along with what moved."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.checks.brought import Moves, brought
from promptreg.model.finding import Finding, Location, Place, Severity

OLD = Finding(
    "r", Severity.WARNING, "m", Location("a.j2", (), Place(3, 1)), entry="triage", key="k"
)


def at(line: int, *, path: str = "a.j2", message: str = "m") -> Finding:
    return replace(OLD, message=message, at=Location(path, (), Place(line, 1)))


def test_a_second_instance_is_new() -> None:
    assert brought([at(3), at(9)], [at(3)]) == (at(9),)
    assert brought([at(1), at(9)], [at(3)]) in {(at(1),), (at(9),)}


def test_lines_and_words_may_move() -> None:
    assert brought([at(4)], [at(3)]) == ()
    assert brought([at(3, message="other words")], [at(3)]) == ()


def test_the_most_alike_are_paired() -> None:
    same, other = at(1, message="same"), at(2, message="other")
    assert brought([other, same], [replace(same, at=Location("a.j2"))]) == (other,)


def test_in_another_file_it_is_new() -> None:
    assert brought([at(3, path="b.j2")], [at(3)]) == (at(3, path="b.j2"),)


def test_what_moved_or_was_renamed_is_old() -> None:
    moves = Moves(entries={"triage": "sort"}, paths={"a.j2": "b.j2"})
    head = replace(at(3, path="b.j2"), entry="sort")
    assert brought([head], [OLD], moves) == ()
    assert brought([head], [OLD]) == (head,)


def test_what_weighs_more_is_new() -> None:
    worse = replace(OLD, severity=Severity.ERROR)
    assert brought([worse], [OLD]) == (worse,)
    assert brought([OLD], [worse]) == ()


FINDINGS = st.lists(
    st.builds(
        Finding,
        rule=st.sampled_from(["r", "s"]),
        severity=st.sampled_from(Severity),
        message=st.sampled_from(["m", "n"]),
        at=st.builds(
            Location,
            path=st.sampled_from(["a", "b"]),
            place=st.builds(Place, st.integers(1, 3), st.just(1)),
        ),
        key=st.sampled_from(["", "k"]),
    ),
    max_size=8,
)


@settings(deadline=None)
@given(FINDINGS)
def test_nothing_is_new_against_itself(found: list[Finding]) -> None:
    assert brought(found, found) == ()
    assert brought(found, []) == tuple(found)


@settings(deadline=None)
@given(FINDINGS, FINDINGS)
def test_an_old_finding_excuses_at_most_one(head: list[Finding], base: list[Finding]) -> None:
    new = brought(head, base)
    assert len(head) - len(new) <= len(base)
    for finding in head:
        mine = [one for one in head if one.fingerprint == finding.fingerprint]
        old = [one for one in base if one.fingerprint == finding.fingerprint]
        told = [one for one in new if one.fingerprint == finding.fingerprint]
        assert len(told) >= len(mine) - len(old)
        worst = max(mine, key=lambda one: one.severity)
        if all(one.severity < worst.severity for one in old):
            assert worst in told


@settings(deadline=None)
@given(FINDINGS, FINDINGS, FINDINGS)
def test_more_in_the_base_never_makes_more_new(
    head: list[Finding], base: list[Finding], more: list[Finding]
) -> None:
    assert len(brought(head, [*base, *more])) <= len(brought(head, base))
