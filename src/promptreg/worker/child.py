"""The worker's own process: shut in, then one answer per request until its parent goes away."""

from __future__ import annotations

import contextlib
import math
import os
import resource
import signal
import socket
from pathlib import Path
from typing import Any

from promptreg.worker import wire
from promptreg.worker.limits import Limits

_CHANNEL = 3


def serve(channel: socket.socket, limits: Limits) -> None:
    """Answer requests until the other end closes. Call only in a process made for it."""
    from promptreg.worker.jobs import JOBS, warm_up  # noqa: PLC0415 - the parent needs none of it

    try:
        warm_up()
        _shut_in(limits)
    except Exception as error:
        wire.send(channel, wire.encode({"bug": f"{type(error).__name__}: {error}"}))
        return
    wire.send(channel, wire.encode({"ready": True}))
    out_of_memory = wire.encode({"died": "memory"})
    while (request := wire.receive(channel)) is not None:
        _more_cpu(limits)
        try:
            answer: dict[str, Any] = {"answer": JOBS[request["job"]](request["data"])}
            reply = wire.encode(answer)
        except MemoryError:
            wire.send(channel, out_of_memory)
            return
        except RecursionError:
            reply = wire.encode({"died": "recursion"})
        except Exception as error:  # a bug of ours, to be shown by the parent
            reply = wire.encode({"bug": f"{type(error).__name__}: {error}"})
        wire.send(channel, reply)


def isolate(channel: socket.socket) -> socket.socket:
    """Give up all that was inherited: signals, environment, files. The channel that remains."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    os.environ.clear()
    null = os.open(os.devnull, os.O_RDWR)
    kept = os.dup(channel.detach())
    for standard in range(_CHANNEL):
        os.dup2(null, standard)
    os.dup2(kept, _CHANNEL)
    os.closerange(_CHANNEL + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    return socket.socket(fileno=_CHANNEL)


def _shut_in(limits: Limits) -> None:
    memory = _address_space()  # a file, so it is read before files are forbidden
    if memory:
        _lower(resource.RLIMIT_AS, memory + limits.memory_bytes)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_NOFILE, _CHANNEL + 1)
    _lower(resource.RLIMIT_NPROC, 0)


def _more_cpu(limits: Limits) -> None:
    """Allow this request its seconds on top of what was used; the kernel kills beyond them."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = math.ceil(usage.ru_utime + usage.ru_stime)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = used + limits.cpu_seconds
    if hard == resource.RLIM_INFINITY or soft < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _lower(kind: int, value: int) -> None:
    # A limit that the system doesn't know or has set lower is left as it is.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (value, value))


def _address_space() -> int:
    """Bytes of address space in use, 0 where the system doesn't say."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()
