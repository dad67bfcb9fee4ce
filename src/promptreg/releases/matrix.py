"""Entries by environments: how far each has come, and where environments drift apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from promptreg.model.version import Version, latest
from promptreg.releases.running import Crossing, Drift, Row, Stage
from promptreg.releases.unreleased import Unreleased


@dataclass(frozen=True, slots=True)
class _Column:
    """A stage and what it stands to."""

    stage: Stage
    running: Mapping[str, Version]
    suspended: frozenset[str]
    before: _Column | None
    """That of the stage that it comes `after:`; None, too, where there is none such."""


def matrix(
    stages: Sequence[Stage],
    released: Mapping[str, Sequence[Version]],
    pending: Unreleased | None,
    *,
    now: bool,
) -> tuple[Row, ...]:
    """A row for each entry that runs somewhere, was changed, or was released and runs nowhere.

    `released` are the versions of entries, lowest first. Without `now` the stages are of the past,
    of which only they themselves are known.
    """
    columns = _columns(stages)
    following = {one.name: one.next for one in pending.entries} if pending else {}
    names = set(following).union(pending.runs_nowhere if pending else ())
    for column in columns:
        names |= column.running.keys() | column.suspended
    rows = []
    for name in sorted(names):
        versions = released.get(name, ())
        newest = latest(versions) if now else None
        crossings = [_crossing(column, name, versions, newest) for column in columns]
        rows.append(Row(name, following.get(name), newest, tuple(crossings)))
    return tuple(rows)


def _columns(stages: Sequence[Stage]) -> tuple[_Column, ...]:
    alone = {
        stage.name: _Column(
            stage,
            {one.name: one.version for one in stage.running},
            frozenset(one.name for one in stage.suspended),
            None,
        )
        for stage in stages
    }
    return tuple(replace(one, before=alone.get(one.stage.after)) for one in alone.values())


def _crossing(
    column: _Column, name: str, versions: Sequence[Version], newest: Version | None
) -> Crossing:
    stage, before = column.stage, column.before
    version = column.running.get(name)
    if stage.problem or (before and before.stage.problem):
        return Crossing(stage.name, version, Drift.UNKNOWN, 0)
    if name in column.suspended:
        return Crossing(stage.name, None, Drift.SUSPENDED, 0)
    if before is None and (stage.after or newest is None):
        return Crossing(stage.name, version, Drift.NONE, 0)
    reference = before.running.get(name) if before else newest
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
