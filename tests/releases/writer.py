"""A process that writes as it is told, in children that die or fail at a given point.

It reads a list of jobs a line, runs each in a child of its own, all at once, and answers with a list
of results. Points are counted by Python's audit events, which come before what they tell: a file
that is opened to be written, renamed or removed, a folder that is made, a git that writes.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from promptreg.commands.promote import (
    PromoteRequest,
    RollbackRequest,
    plan_promotion,
    plan_rollback,
)
from promptreg.commands.release import ReleaseRequest, plan_release
from promptreg.errors import PromptregError
from promptreg.model.version import Bump, parse_version
from promptreg.registry.workspace import open_workspace
from promptreg.releases.apply import Asked, Writers, carry_through
from promptreg.releases.releasing import Wanted
from promptreg.store.git.commits import Signature

_MOVES = frozenset({"os.rename", "os.mkdir", "os.link", "os.symlink", "os.truncate"})
_REMOVALS = frozenset({"os.remove", "os.rmdir"})
_GIT_WRITES = frozenset(
    {
        b"hash-object", b"mktag", b"index-pack", b"read-tree", b"update-index", b"write-tree", b"commit-tree",
        b"update-ref", b"fetch", b"push", "push",
    }
)  # fmt: skip


class Fault:
    """What befalls a child: nothing, `kill`, `ENOSPC` from a point on, or `EIO` at it."""

    def __init__(self, kind: str, at: int) -> None:
        self.kind, self.at, self.points = kind, at, 0

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """The audit hook."""
        removal = event in _REMOVALS
        if not (removal or event in _MOVES or _is_write(event, arguments)):
            return
        self.points += 1
        if not self.at or self.points < self.at:
            return
        if self.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.kind == "ENOSPC" and not removal:
            raise OSError(errno.ENOSPC, "No space left on device")
        if self.kind == "EIO" and self.points == self.at:
            raise OSError(errno.EIO, "Input/output error")


def _is_write(event: str, arguments: tuple[Any, ...]) -> bool:
    if event == "open":
        flags = arguments[2] or 0
        return arguments[0] != os.devnull and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    return event == "subprocess.Popen" and not _GIT_WRITES.isdisjoint(arguments[1])


def _asked(root: Path, environ: dict[str, str], write: dict[str, Any], seconds: int) -> Asked:
    verb, request = write["verb"], json.dumps(write, sort_keys=True)
    moment = datetime.fromtimestamp(seconds, UTC)

    def plan() -> Any:
        here = open_workspace(root, environ)
        if verb == "release":
            bump = Bump[write["bump"].upper()] if write.get("bump") else None
            release = ReleaseRequest(
                (name,) if (name := write["name"]) else (), not name, wanted=Wanted(bump=bump)
            )
            return plan_release(here, release, moment.date())
        if verb == "promote":
            promote = PromoteRequest(tuple(write["selectors"]), write["env"], "Because")
            return plan_promotion(here, promote, moment)
        to = parse_version(write["to"]) if write.get("to") else None
        back = RollbackRequest(
            write["name"], write.get("env", ""), to, commit=write.get("commit", True)
        )
        return plan_rollback(here, back, moment)

    return Asked(plan, request, bool(write.get("push")))


def _child(job: dict[str, Any]) -> dict[str, Any]:
    root, environ, fault = Path(job["path"]), job["environ"], Fault(job["fault"], job["at"])
    who = Signature("Ann Example", "ann@example.com", job["seconds"], "+0100")
    sys.addaudithook(fault)
    said = []
    for write in job["writes"]:
        try:
            asked = _asked(root, environ, write, job["seconds"])
            outcome = carry_through(open_workspace(root, environ), asked, Writers(who, who))
        except (PromptregError, OSError) as problem:
            said.append(["refused", str(problem), str(getattr(problem, "hint", ""))])
        else:
            said.append(["done", outcome.plan.title, ""])
    return {"points": fault.points, "said": said}


def _start(job: dict[str, Any]) -> tuple[int, int]:
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, reader
    code = 1
    try:
        answer = json.dumps(_child(job)).encode()
        os.write(writer, answer)
        code = 0
    finally:
        os._exit(code)
    raise AssertionError  # not reached


def _end(pid: int, reader: int) -> dict[str, Any]:
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(pid, 0)
    answer: dict[str, Any] = json.loads(said) if said else {"points": 0, "said": []}
    return {**answer, "killed": os.WIFSIGNALED(status), "code": status >> 8}


def main() -> None:
    """Serve until there are no more jobs."""
    time.tzset()
    for line in sys.stdin:
        started = [_start(job) for job in json.loads(line)]
        answers = [_end(*one) for one in started]
        sys.stdout.write(json.dumps(answers) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
