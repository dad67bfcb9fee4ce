"""Entries by environments: how far each has come, and where environments drift apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from promptreg.model.version import Version, latest
from promptreg.releases.running import Crossing, Drift, Row, Running, Stage
from promptreg.releases.tag import Release
from promptreg.releases.unreleased import Unreleased


def matrix(
    stages: Sequence[Stage],
    released: Mapping[str, Sequence[Release]],
    pending: Unreleased | None,
    *,
    now: bool,
) -> tuple[Row, ...]:
    """A row for each entry that runs somewhere, was changed, or was released and runs nowhere.

    Without `now` the stages are of the past, of which only they themselves are known.
    """
    running = {stage.name: {one.name: one for one in stage.running} for stage in stages}
    following = {one.name: one.next for one in pending.entries} if pending else {}
    names = {name for found in running.values() for name in found} | following.keys()
    names |= {one.name for stage in stages for one in stage.suspended}
    names |= set(pending.runs_nowhere) if pending else set()
    rows = []
    for name in sorted(names):
        versions = [one.version for one in released.get(name, ())]
        newest = latest(versions) if now else None
        crossings = tuple(
            _crossing(stage, stages, running, (name, versions, newest)) for stage in stages
        )
        rows.append(Row(name, following.get(name), newest, crossings))
    return tuple(rows)


def _crossing(
    stage: Stage,
    stages: Sequence[Stage],
    running: Mapping[str, Mapping[str, Running]],
    entry: tuple[str, Sequence[Version], Version | None],
) -> Crossing:
    name, versions, newest = entry
    here = running[stage.name].get(name)
    version = here.version if here else None
    before = next((one for one in stages if one.name == stage.after), None)
    if stage.problem or (before and before.problem):
        return Crossing(stage.name, version, Drift.UNKNOWN, 0)
    if any(one.name == name for one in stage.suspended):
        return Crossing(stage.name, None, Drift.SUSPENDED, 0)
    if stage.after and before is None:
        return Crossing(stage.name, version, Drift.NONE, 0)
    reference = newest
    if before is not None:
        there = running[before.name].get(name)
        reference = there.version if there else None
    elif newest is None:
        return Crossing(stage.name, version, Drift.NONE, 0)
    drift, between = _drift(version, reference, versions)
    return Crossing(stage.name, version, drift, between)


def _drift(
    here: Version | None, there: Version | None, versions: Iterable[Version]
) -> tuple[Drift, int]:
    if here is None:
        return (Drift.NONE if there is None else Drift.ABSENT), 0
    if there is None:
        return Drift.ALONE, 0
    low, high = sorted((here.rank(), there.rank()))
    if low == high:
        return Drift.LEVEL, 0
    # A release without its tag is counted as one.
    between = sum(low < one.rank() <= high for one in versions) or 1
    return (Drift.BEHIND if here.rank() == low else Drift.AHEAD), between
