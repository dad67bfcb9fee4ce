"""The killable process: it answers, it is stopped, it leaves nothing behind."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from promptreg.model.data import Json
from promptreg.model.prompt import Message, Part, Source
from promptreg.templates.request import RenderRequest, answer_from_json, request_to_json
from promptreg.worker.jobs import JOBS
from promptreg.worker.limits import LimitExceeded, Limits
from promptreg.worker.process import Worker

SLOW_COMPARISON = (
    "{% set ns = namespace(s=['x'], t=['x']) %}{% for i in range(40) %}"
    "{% set ns.s = [ns.s, ns.s] %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ [ns.s, ns.t]|sort }}"
)
MEMORY_HOG = (
    "{% set ns = namespace(s=[]) %}{% for i in range(9999) %}"
    "{% set ns.s = [ns.s, 'x' * 900000 ~ i] %}{% endfor %}"
)


def asking(text: str, **inputs: Json) -> dict[str, Json]:
    turn = Message("user", (Part("text", Source(("m",), inline=text)),), ("m",))
    return request_to_json(RenderRequest((turn,), inputs=inputs))


def render(worker: Worker, text: str, **inputs: Json) -> Any:
    answer = answer_from_json(worker.ask("render", asking(text, **inputs)))
    return answer.failure.kind if answer.failure else answer.messages[0].text


@pytest.fixture
def worker() -> Iterator[Worker]:
    with Worker() as one:
        yield one


def test_one_process_answers_many_requests(worker: Worker) -> None:
    assert [render(worker, "hi {{ n }}", n=n) for n in range(50)] == [f"hi {n}" for n in range(50)]
    assert len(children()) == 1


def test_both_jobs(worker: Worker) -> None:
    schema = {"type": "string", "pattern": "^(a+)+$"}
    assert worker.ask("judge", {"schema": schema, "value": "aaa"}) == {"violations": []}
    bad = worker.ask("judge", {"schema": schema, "value": "a" * 60 + "!"})["violations"]
    assert [set(one) for one in bad] == [{"route", "message", "hint", "key"}]


def test_a_large_request_and_answer_pass(worker: Worker) -> None:
    large = "ä" * 400_000
    assert render(worker, "{{ a }}", a=large) == large


def test_what_the_meter_stops_is_an_answer(worker: Worker) -> None:
    assert render(worker, "{{ 'x' * 10**9 }}") == "limit"
    assert render(worker, "{{ n") == "syntax"
    assert render(worker, "{{ n }}") == "undefined"


@pytest.mark.parametrize("others", [0, 1], ids=["forked", "spawned"])
def test_too_much_cpu_kills_it_and_the_next_request_is_served(others: int) -> None:
    with Worker(Limits(cpu_seconds=1, wall_seconds=20)) as worker, threads(others):
        assert render(worker, "{{ 1 }}") == "1"
        before = children()
        with pytest.raises(LimitExceeded, match="CPU"):
            render(worker, SLOW_COMPARISON)
        assert children() == set()
        assert render(worker, "{{ 2 }}") == "2"
        assert children() != before


def test_cpu_time_is_per_request() -> None:
    busy = "{% for i in range(9999) %}{{ [i] * 99 }}{% endfor %}"
    with Worker(Limits(cpu_seconds=1)) as worker:
        start = time.monotonic()
        while time.monotonic() - start < 3:
            assert render(worker, busy) == "limit"


def test_too_much_wall_time_kills_it() -> None:
    with Worker(Limits(cpu_seconds=20, wall_seconds=1)) as worker:
        with pytest.raises(LimitExceeded, match="longer than 1 s"):
            render(worker, SLOW_COMPARISON)
        assert render(worker, "{{ 2 }}") == "2"


def test_too_much_memory_is_a_limit(worker: Worker) -> None:
    assert render(worker, MEMORY_HOG) == "limit"
    assert render(worker, "{{ 2 }}") == "2"


@pytest.mark.parametrize("others", [0, 1], ids=["forked", "spawned"])
def test_it_has_no_files_and_no_environment(others: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "token")
    with Worker() as worker, threads(others):
        assert render(worker, "{{ 1 }}") == "1"
        (pid,) = children()
        process = Path("/proc") / str(pid)
        opened = {str(one.readlink()) for one in (process / "fd").iterdir()}
        assert {one.partition(":")[0] for one in opened} == {"/dev/null", "socket"}
        bounds = (process / "limits").read_text()
        figures = {line[:25].strip(): line[25:].split()[0] for line in bounds.splitlines()[1:]}
        assert figures["Max open files"] == "4"
        assert figures["Max file size"] == figures["Max core file size"] == "0"
        assert figures["Max address space"] != "unlimited"


def _look_around(data: dict[str, Any]) -> dict[str, Any]:
    """A job that tries what a template that got out of the sandbox would try."""

    def attempt(action: Callable[[], object]) -> str:
        try:
            action()
        except OSError as error:
            return errno.errorcode[error.errno or 0]
        return "done"

    return {
        "environment": dict(os.environ),
        "read": attempt(lambda: Path("/etc/passwd").read_bytes()),
        "write": attempt(lambda: Path(data["folder"], "made").write_text("x")),
        "connect": attempt(lambda: socket.create_connection(("127.0.0.1", data["port"]), 1)),
        "start": attempt(lambda: subprocess.run(["true"], check=False)),
    }


def test_a_job_finds_no_secret_no_file_no_network_and_no_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "token")
    monkeypatch.setitem(JOBS, "look around", _look_around)  # the fork inherits the table
    with socket.create_server(("127.0.0.1", 0)) as server, Worker() as worker:
        port = server.getsockname()[1]
        found = worker.ask("look around", {"folder": str(tmp_path), "port": port})
    assert found.pop("environment") == {}
    assert set(found.values()) == {"EMFILE"}
    assert list(tmp_path.iterdir()) == []


def test_a_spawned_worker_was_never_given_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "token")
    with Worker() as worker, threads(1):
        assert render(worker, "{{ 1 }}") == "1"
        (pid,) = children()
        assert b"SECRET" not in (Path("/proc") / str(pid) / "environ").read_bytes()


def test_modules_in_the_current_folder_are_never_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("jinja2", "resource", "json", "promptreg", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("open('ran', 'w')")
    monkeypatch.chdir(tmp_path)
    with Worker() as worker, threads(1):
        assert render(worker, "{{ 1 }}") == "1"
    assert not (tmp_path / "ran").exists()


def test_a_kill_from_outside_is_no_answer(worker: Worker) -> None:
    assert render(worker, "{{ 1 }}") == "1"
    (pid,) = children()
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(LimitExceeded):
        render(worker, "{{ 1 }}")
    assert render(worker, "{{ 1 }}") == "1"


def test_it_ends_with_its_parent() -> None:
    reader, writer = os.pipe()
    middle = os.fork()
    if middle == 0:
        try:
            worker = Worker()
            render(worker, "{{ 1 }}")
            os.write(writer, str(children().pop()).encode())
        finally:
            os._exit(0)
    os.waitpid(middle, 0)
    pid = int(os.read(reader, 20))
    os.close(reader)
    os.close(writer)
    assert eventually_gone(pid)


def test_closing_leaves_no_process() -> None:
    with Worker() as worker:
        render(worker, "{{ 1 }}")
        assert len(children()) == 1
    assert children() == set()
    worker.close()


def test_an_unknown_job_is_a_bug_of_ours(worker: Worker) -> None:
    with pytest.raises(RuntimeError, match="KeyError"):
        worker.ask("shell", {})


def children() -> set[int]:
    """Processes of this one that run or wait to be reaped."""
    found = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text()
    return {int(pid) for pid in found.split()}


def eventually_gone(pid: int) -> bool:
    for _ in range(100):
        status = Path(f"/proc/{pid}/stat")
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


class threads:  # noqa: N801 - used like a function
    """So many idle threads, which make forking unsafe."""

    def __init__(self, count: int) -> None:
        self._end = threading.Event()
        self._all = [threading.Thread(target=self._end.wait, daemon=True) for _ in range(count)]

    def __enter__(self) -> None:
        for one in self._all:
            one.start()

    def __exit__(self, *_: object) -> None:
        self._end.set()
        for one in self._all:
            one.join()
