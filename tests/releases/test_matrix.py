"""Entries by environments: how far each has come, where environments drift apart."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptreg.model.version import Version, parse_version
from promptreg.releases.matrix import matrix
from promptreg.releases.running import Crossing, Drift, Running, Stage, Suspended

VERSIONS = ("1.0.0", "1.1.0-rc.1", "1.1.0", "1.2.0", "2.0.0-rc.1")


def stage(name: str, version: str = "", after: str = "", problem: str = "") -> Stage:
    one = Running("one", parse_version(version), "", "", "", "", "", None, "") if version else None
    return Stage(name, after, (one,) if one else (), problem)


def crossings(stages: Sequence[Stage], *, now: bool = True) -> dict[str, Crossing]:
    released = {"one": [parse_version(version) for version in VERSIONS]}
    (row,) = matrix(stages, released, None, now=now)
    return {one.environment: one for one in row.environments}


@pytest.mark.parametrize(
    ("staging", "production", "drift", "between"),
    [
        ("1.2.0", "1.2.0", Drift.LEVEL, 0),
        ("1.2.0", "1.1.0", Drift.BEHIND, 1),
        ("1.2.0", "1.0.0", Drift.BEHIND, 3),
        ("1.0.0", "1.1.0", Drift.AHEAD, 2),
        ("1.2.0", "", Drift.ABSENT, 0),
        ("", "1.2.0", Drift.ALONE, 0),
        ("1.2.0", "0.9.0", Drift.BEHIND, 4),
    ],
)
def test_an_environment_stands_to_the_one_before_it(
    staging: str, production: str, drift: Drift, between: int
) -> None:
    stages = [stage("staging", staging), stage("production", production, after="staging")]
    found = crossings(stages)["production"]
    assert (found.drift, found.releases) == (drift, between)


def test_the_first_one_stands_to_the_newest_final_release() -> None:
    assert crossings([stage("staging", "1.1.0")])["staging"].drift is Drift.BEHIND
    assert crossings([stage("staging", "1.2.0")])["staging"].drift is Drift.LEVEL
    assert crossings([stage("staging", "2.0.0-rc.1")])["staging"].drift is Drift.AHEAD


def test_of_the_past_only_the_environments_are_known() -> None:
    stages = [stage("staging", "1.1.0"), stage("production", "1.0.0", after="staging")]
    found = crossings(stages, now=False)
    assert found["staging"].drift is Drift.NONE
    assert found["production"].drift is Drift.BEHIND


def test_what_cannot_be_read_is_not_guessed() -> None:
    stages = [stage("staging", problem="broken"), stage("production", "1.0.0", after="staging")]
    found = crossings(stages)
    assert {one.drift for one in found.values()} == {Drift.UNKNOWN}


def test_a_suspended_entry_keeps_its_row() -> None:
    out = Suspended("one", parse_version("1.2.0"), "", "Wrong queue", "", "", "")
    (row,) = matrix([Stage("staging", "", (), suspended=(out,))], {}, None, now=True)
    assert [(one.version, one.drift) for one in row.environments] == [(None, Drift.SUSPENDED)]


@given(st.sampled_from(VERSIONS), st.sampled_from(VERSIONS))
def test_two_environments_mirror_each_other(left: str, right: str) -> None:
    here = crossings([stage("a", left), stage("b", right, after="a")])["b"]
    there = crossings([stage("a", right), stage("b", left, after="a")])["b"]
    opposite = {Drift.BEHIND: Drift.AHEAD, Drift.AHEAD: Drift.BEHIND, Drift.LEVEL: Drift.LEVEL}
    assert there.drift is opposite[here.drift]
    assert there.releases == here.releases
    assert isinstance(here.version, Version)
