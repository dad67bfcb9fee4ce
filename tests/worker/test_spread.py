"""Copies of a process that share its work."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from promptreg.model.data import Json
from promptreg.worker.spread import processes, spread


def _squares(share: Sequence[int]) -> Json:
    return [number * number for number in share]


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_every_item_is_in_one_share(count: int) -> None:
    items = list(range(20))
    found: list[Json] = [None] * len(items)
    for number, answer in enumerate(spread(items, _squares, count)):
        assert isinstance(answer, list)
        found[number::count] = answer

    assert found == [number * number for number in items]


def test_shares_are_done_elsewhere() -> None:
    answers = spread([1, 2, 3], lambda share: os.getpid(), 3)

    assert len(set(answers)) == 3
    assert answers[0] == os.getpid()


def test_a_long_answer_blocks_nobody() -> None:
    answers = spread([1, 2], lambda share: "x" * 1_000_000, 2)

    assert [len(str(one)) for one in answers] == [1_000_000] * 2


def test_what_a_copy_that_died_left_is_done_here() -> None:
    here = os.getpid()

    def task(share: Sequence[int]) -> Json:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return list(share)

    assert spread([1, 2, 3], task, 3) == [[1], [2], [3]]


def test_a_fault_is_told_and_no_copy_is_left() -> None:
    def task(share: Sequence[int]) -> Json:
        raise ValueError(f"no {share[0]}")

    with pytest.raises(ValueError, match="no 1"):
        spread([1, 2], task, 2)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_pipes_are_closed() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    spread([1, 2, 3], _squares, 3)

    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_with_threads_there_are_no_copies() -> None:
    waiting = threading.Event()
    thread = threading.Thread(target=waiting.wait)
    thread.start()
    try:
        assert processes() == 1
    finally:
        waiting.set()
        thread.join()
