"""One piece of work on several processors: forked copies of this process, each with its share."""

from __future__ import annotations

import gc
import json
import os
import signal
import threading
from collections.abc import Callable, Sequence
from typing import TypeAlias, TypeVar

from promptreg.model.data import Json

Item = TypeVar("Item")
Task: TypeAlias = Callable[[Sequence[Item]], Json]
"""From a share to plain data. It may run in a copy of this process, so what it changes is lost."""

MOST = 4


def processes() -> int:
    """How many processes pay here, at most MOST; 1 where this one can't be copied."""
    if not hasattr(os, "fork") or threading.active_count() > 1:
        return 1
    known = hasattr(os, "sched_getaffinity")
    return min(MOST, len(os.sched_getaffinity(0)) if known else os.cpu_count() or 1)


def spread(items: Sequence[Item], task: Task[Item], count: int) -> list[Json]:
    """What `task` makes of each of `count` shares; the share n is `items[n::count]`.

    The first is done here. A copy that dies, or says nothing, has its share done here too: then
    whatever is wrong with it shows as it would without copies.
    """
    shares = [items[number::count] for number in range(count)]
    copies: list[tuple[int, int]] = []
    try:
        for share in shares[1:]:
            copies.append(_copy(share, task))  # noqa: PERF401 - one that fails leaves the others
        answers = [task(shares[0])]
        for (_, pipe), share in zip(copies, shares[1:], strict=True):
            answer = _received(pipe)
            answers.append(task(share) if answer is None else answer[0])
    finally:
        for pid, pipe in copies:
            _end(pid, pipe)
    return answers


def _copy(share: Sequence[Item], task: Task[Item]) -> tuple[int, int]:
    """The copy's id, and the end of the pipe that its answer comes from."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid:
        os.close(theirs)
        return pid, ours
    status = 1
    try:
        gc.freeze()  # what was inherited is never collected: that would copy all of it
        # An interrupt is the first process's affair: it ends its copies.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        os.close(ours)
        with os.fdopen(theirs, "wb") as stream:
            stream.write(json.dumps([task(share)]).encode("ascii"))
        status = 0
    finally:
        # Never return into the first process's code, and never flush what it has buffered.
        os._exit(status)


def _received(pipe: int) -> list[Json] | None:
    with os.fdopen(os.dup(pipe), "rb") as stream:
        data = stream.read()
    try:
        answer = json.loads(data)
    except ValueError:
        return None
    return answer if isinstance(answer, list) and len(answer) == 1 else None


def _end(pid: int, pipe: int) -> None:
    os.close(pipe)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
