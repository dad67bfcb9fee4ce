"""Every row: the right exit code, bounded, and nothing read, written or run that shouldn't be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import pytest

if TYPE_CHECKING:
    from tests.abuse.conftest import Ended, Room, Row

    Wrong: TypeAlias = Callable[[Room, Row, str, Ended], list[str]]

_WRITES = ("release", "promote", "rollback", "new", "init")


def test_row(row: Row, room: Room, wrong: Wrong) -> None:
    room.build(row)
    found = {}
    for line in row.run:
        writes = line.startswith(_WRITES)
        before = room.state(objects=not writes)
        ended = room.run(line)
        reasons = wrong(room, row, line, ended)
        # A write that is refused may leave objects behind that nothing names.
        if (ended.code or not writes) and room.state(objects=not writes) != before:
            reasons.append("it changed the repository")
        if reasons:
            found[line] = (reasons, ended.output[-2000:])
    assert not found, "\n".join(f"{line}: {why}\n{said}" for line, (why, said) in found.items())


def test_there_are_rows_enough(rows: tuple[Row, ...]) -> None:
    assert len(rows) >= 50
    assert len({row.id for row in rows}) == len(rows)
    assert all(row.must and row.run for row in rows)


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("error: \x1b[31m", "raw character U+001B"),
        ("error: \u202ex", "raw character U+202E"),
        ("x\n ::error file=a::b", "workflow command"),
        ("x ##vso[task.setvariable]", "workflow command"),
        ("CANARY-SECRET", "shows a file outside"),
        ("Traceback (most recent call last):", "traceback"),
        ("bug: KeyError: 'a'", "traceback"),
        ("all good", "exit 1 without a finding"),
        ("error[unknown-kind] x", "no finding yaml-syntax"),
        ("", "not a word"),
    ],
)
def test_what_is_wrong_is_seen(
    rows: tuple[Row, ...], room: Room, wrong: Wrong, ended: Callable[..., Ended],
    output: str, reason: str,
) -> None:  # fmt: skip
    row = replace(rows[0], run={"validate": (1,)}, finds=("yaml-syntax",), says={})
    assert any(reason in one for one in wrong(room, row, "validate", ended(1, output)))
    good = ended(1, "error[yaml-syntax] x")
    assert wrong(room, row, "validate", good) == []
    assert wrong(room, row, "validate", ended(-11, "error[yaml-syntax] x")) != []
    room.pwned.touch()
    room.canary.write_text("changed")
    assert len(wrong(room, row, "validate", good)) == 2
