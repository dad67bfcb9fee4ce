"""The parent's side: start the worker when it is first needed, ask it, stop it when it fails."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from types import TracebackType
from typing import Any

from promptreg.worker import wire
from promptreg.worker.child import isolate, serve
from promptreg.worker.limits import LimitExceeded, Limits

_START_SECONDS = 30.0
_COLLECT = (700, 10, 1000)
"""As Python does it, but for full collections: what is dropped in here counts as memory in use."""


class Worker:
    """A killable process for untrusted templates and schemas. Use it in a `with` statement.

    It starts with the first request and serves many. After a death the next request starts a new
    one. Not to be shared between threads.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = Limits() if limits is None else limits
        self._channel: socket.socket | None = None
        self._pid = 0
        self.gave_up = 0
        """Requests that cost too much: on another day, or machine, they might not."""

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def ask(self, job: str, data: dict[str, Any]) -> dict[str, Any]:
        """The answer of a job (see `jobs.JOBS`), plain data both ways.

        Raises LimitExceeded where the request cost too much, RuntimeError for a bug in a job.
        """
        try:
            return self._ask(job, data)
        except LimitExceeded:
            self.gave_up += 1
            raise

    def _ask(self, job: str, data: dict[str, Any]) -> dict[str, Any]:
        if self._channel is None:
            self._start()
        channel = self._channel
        assert channel is not None  # noqa: S101 - for the type checker
        deadline = time.monotonic() + self._limits.wall_seconds
        try:
            wire.send(channel, wire.encode({"job": job, "data": data}), deadline)
            reply = wire.receive(channel, deadline)
        except TimeoutError:
            self._stop(kill=True)
            raise LimitExceeded(f"took longer than {self._limits.wall_seconds:g} s") from None
        except OSError:
            reply = None
        except BaseException:  # an interrupt leaves half an answer in the channel
            self._stop(kill=True)
            raise
        return self._judged(reply)

    def close(self) -> None:
        """End the process. Nothing is left behind, no zombie either."""
        if self._channel is not None:
            self._stop(kill=True)

    def _judged(self, reply: dict[str, Any] | None) -> dict[str, Any]:
        if reply is None:
            raise LimitExceeded(self._cause_of_death(self._stop(kill=False)))
        if "answer" in reply:
            answer: dict[str, Any] = reply["answer"]
            return answer
        if reply.get("died") == "memory":
            self._stop(kill=True)
            raise LimitExceeded("needed too much memory")
        if "died" in reply:
            raise LimitExceeded("was nested too deeply")
        raise RuntimeError(f"the worker failed: {reply.get('bug')}")

    def _cause_of_death(self, status: int) -> str:
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        if number in (signal.SIGXCPU, signal.SIGKILL):
            return f"used more than {self._limits.cpu_seconds} s of CPU time, or too much memory"
        if number:
            return f"made the worker die of {signal.Signals(number).name}"
        return "ended the worker"

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                if hasattr(os, "fork") and threading.active_count() == 1:
                    self._pid = self._fork(ours, theirs)
                else:
                    self._pid = self._spawn(theirs)
        except BaseException:  # no process could be made
            ours.close()
            raise
        self._channel = ours
        hello = wire.receive(ours, time.monotonic() + _START_SECONDS)
        if hello is None or "ready" not in hello:
            self._stop(kill=True)
            raise RuntimeError(f"the worker can't start: {(hello or {}).get('bug', 'no word')}")

    def _fork(self, ours: socket.socket, theirs: socket.socket) -> int:
        pid = os.fork()
        if pid:
            return pid
        status = 1
        try:
            gc.freeze()  # what was inherited is never collected: that would copy all of it
            gc.set_threshold(*_COLLECT)
            ours.close()
            serve(isolate(theirs), self._limits)
            status = 0
        finally:
            # Never return into the parent's code, and never flush what it has buffered.
            os._exit(status)

    def _spawn(self, theirs: socket.socket) -> int:
        limits = self._limits
        figures = (limits.cpu_seconds, limits.wall_seconds, limits.memory_bytes)
        process = subprocess.Popen(
            [sys.executable, "-I", "-m", "promptreg.worker", *map(str, figures)],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={},
        )
        process.returncode = 0  # we reap it ourselves
        return process.pid

    def _stop(self, *, kill: bool) -> int:
        """Close the channel and reap the process; its wait status."""
        channel, pid = self._channel, self._pid
        self._channel, self._pid = None, 0
        if channel is not None:
            channel.close()
        if kill:
            os.kill(pid, signal.SIGKILL)
        return os.waitpid(pid, 0)[1]
