"""Whatever happens to the cache, no answer is another one and nothing fails."""

from __future__ import annotations

import errno
import io
import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from promptreg.checks.report import Report
from promptreg.commands.list_entries import Wanted, list_entries
from promptreg.commands.validate import Request, validate
from promptreg.registry.workspace import Workspace
from promptreg.reporters.entry_list import Listing
from promptreg.store.cache import FOLDER

if TYPE_CHECKING:
    from tests.commands.conftest import Desk

TODAY = date(2026, 1, 5)
PROMPT = (
    "apiVersion: promptreg/v1\nkind: Prompt\nname: {}\nowner: team\nlifecycle: draft\nrisk: low\n"
    "description: A text.\nmessages: [{{role: user, template: {}}}]\n"
)
FILES = {
    "prompts/one.prompt.yaml": PROMPT.format("one", "one.j2"),
    "prompts/one.j2": "Be kind.",
    "prompts/two.prompt.yaml": PROMPT.format("two", "two.j2"),
    "prompts/two.j2": "{{ nobody_declares_this }}",
}
CALLS = ("open", "mkdir", "replace", "unlink", "utime", "listdir", "stat")
_Answer = tuple[Report, Listing]


@pytest.fixture
def workspace(desk: Desk) -> Workspace:
    return desk.registry(FILES)


def _answer(workspace: Workspace, *, cached: bool) -> _Answer:
    return (
        validate(workspace, Request(TODAY), cached=cached),
        list_entries(workspace, Wanted(), cached=cached),
    )


def _edit(workspace: Workspace, number: int) -> None:
    """So that the next run finds the report of the last one wanting, and has news to keep."""
    text = f"Be kind {number}. {'{{ missing }}' if number % 2 else ''}"
    (workspace.root / "prompts/one.j2").write_text(text)


@contextmanager
def _failing(at: int, fail: Callable[[], None]) -> Iterator[list[str]]:
    """Call `fail` in the place of the cache's system call number `at`; the calls so far."""
    calls: list[str] = []

    def count(name: str) -> None:
        calls.append(name)
        if len(calls) == at:
            fail()

    real = {name: getattr(os, name) for name in (*CALLS, "fdopen")}
    try:
        for name in CALLS:
            setattr(os, name, _counted(name, real[name], count))
        os.fdopen = _counted_writes(real["fdopen"], count)
        yield calls
    finally:
        for name, function in real.items():
            setattr(os, name, function)


def _counted(
    name: str, function: Callable[..., Any], count: Callable[[str], None]
) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        if _is_caches(args, kwargs):
            count(name)
        return function(*args, **kwargs)

    return call


def _counted_writes(fdopen: Callable[..., Any], count: Callable[[str], None]) -> Callable[..., Any]:
    """Files whose writes are counted when half of the bytes are there."""

    class Raw(io.FileIO):
        def write(self, data: Any, /) -> int:
            half = super().write(bytes(data)[: len(data) // 2])
            count("write")
            return half + super().write(bytes(data)[half:])

    def call(file: int, mode: str = "r", **more: Any) -> Any:
        return io.BufferedWriter(Raw(file, mode)) if mode == "wb" else fdopen(file, mode, **more)

    return call


def _is_caches(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Calls by a name below a folder's descriptor, or on that: no other call is made like this."""
    first = args[0] if args else None
    within = "dir_fd" in kwargs or "src_dir_fd" in kwargs
    named = isinstance(first, str) and (
        first in {"promptreg", "cache"} or first.endswith(".tmp") or len(first) == 64
    )
    return (within and named) or isinstance(first, int)


def _raising(number: int) -> Callable[[], None]:
    def fail() -> None:
        raise OSError(number, os.strerror(number))

    return fail


def _calls(workspace: Workspace) -> int:
    with _failing(0, lambda: None) as calls:
        _answer(workspace, cached=True)
    assert {"open", "mkdir", "write", "replace", "unlink", "listdir", "stat"} <= set(calls)
    return len(calls)


def test_a_call_that_fails_changes_no_answer(workspace: Workspace) -> None:
    count = _calls(workspace)
    for at in range(1, count + 1):
        _edit(workspace, at)
        cold = _answer(workspace, cached=False)
        with _failing(at, _raising(errno.ENOSPC if at % 2 else errno.EIO)):
            assert _answer(workspace, cached=True) == cold, at
        assert _answer(workspace, cached=True) == cold, at


def test_a_run_that_is_killed_leaves_nothing_wrong(workspace: Workspace) -> None:
    count = _calls(workspace)
    for at in range(1, count + 1):
        _edit(workspace, at)
        child = os.fork()
        if not child:
            with _failing(at, lambda: os.kill(os.getpid(), signal.SIGKILL)):
                _answer(workspace, cached=True)
            os._exit(7)  # it was not killed
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) in {-signal.SIGKILL, 7}
        assert _answer(workspace, cached=True) == _answer(workspace, cached=False), at


def test_damaged_files_change_no_answer(workspace: Workspace) -> None:
    rng = random.Random(1)  # noqa: S311 - a seed that does the same damage again
    for number in range(40):
        _edit(workspace, number)
        cold = _answer(workspace, cached=False)
        assert _answer(workspace, cached=True) == cold
        for place in _files(workspace):
            _damage(place, rng)
        assert _answer(workspace, cached=True) == cold, number


def test_runs_at_the_same_time_don_t_mislead_each_other(workspace: Workspace) -> None:
    children = []
    for child in range(3):
        pid = os.fork()
        if not pid:
            os._exit(_many_runs(workspace, child))
        children.append(pid)

    assert [os.waitstatus_to_exitcode(os.waitpid(one, 0)[1]) for one in children] == [0, 0, 0]
    assert _answer(workspace, cached=True) == _answer(workspace, cached=False)


def _many_runs(workspace: Workspace, child: int) -> int:
    """Runs for different days, so that each has news; 0 where all answers were right."""
    for number in range(8):
        request = Request(date(2026, 2 + child, 1 + number))
        cold = validate(workspace, request)
        if any(validate(workspace, request, cached=True) != cold for _ in range(2)):
            return 1
    return 0


def _files(workspace: Workspace) -> list[Path]:
    found = sorted((workspace.git.common_dir / FOLDER).iterdir())
    assert len(found) >= 2
    return found


def _damage(place: Path, rng: random.Random) -> None:
    if place.is_dir():  # nothing removes what isn't ours
        place.rmdir()
        return
    content = bytearray(place.read_bytes())
    how = rng.choice(("flip", "cut", "empty", "twice", "keep", "gone", "folder"))
    how = how if content else "gone"
    if how == "flip":
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    elif how == "cut":
        del content[rng.randrange(len(content)) :]
    elif how == "empty":
        content.clear()
    elif how == "twice":
        content *= 2
    if how in {"gone", "folder"}:
        place.unlink()
        if how == "folder":
            place.mkdir()
    elif how != "keep":
        place.write_bytes(content)
