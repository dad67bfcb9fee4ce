"""What one request to the worker may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """CPU and wall time are for each request, memory is on top of the worker's own."""

    cpu_seconds: int = 2
    wall_seconds: float = 5.0
    memory_bytes: int = 256 * 1024 * 1024


class LimitExceeded(Exception):  # noqa: N818 - a verdict about the content, which becomes a finding
    """The worker was stopped, or died, over one request. `reason` completes "it ..."."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
