"""What the worker can still do once it is shut in: for `doctor`, which believes only what it saw."""

from __future__ import annotations

import os
import resource
import socket
from collections.abc import Callable
from typing import Any

_MUCH = 4 << 30
"""Bytes of memory that no request may have."""


def probe_job(data: dict[str, Any]) -> dict[str, Any]:
    """`{}` in, `{possible: [...]}` out: each thing that should have failed, completing "it can"."""
    del data
    return {"possible": [words for words, attempt in _ATTEMPTS if attempt()]}


def _reads_environment() -> bool:
    return bool(os.environ)


def _opens_files() -> bool:
    try:
        os.close(os.open("/", os.O_RDONLY))
    except OSError:
        return False
    return True


def _opens_connections() -> bool:
    try:
        socket.socket().close()
    except OSError:
        return False
    return True


def _takes_memory() -> bool:
    try:
        bytearray(_MUCH)
    except MemoryError:
        return False
    return True


def _computes_for_ever() -> bool:
    return resource.getrlimit(resource.RLIMIT_CPU)[0] == resource.RLIM_INFINITY


_ATTEMPTS: tuple[tuple[str, Callable[[], bool]], ...] = (
    ("read the environment", _reads_environment),
    ("open files", _opens_files),
    ("open connections", _opens_connections),
    ("take all memory", _takes_memory),
    ("compute for ever", _computes_for_ever),
)
