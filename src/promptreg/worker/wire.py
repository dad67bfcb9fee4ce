"""The worker's protocol: each message is four bytes of length and that many bytes of JSON."""

from __future__ import annotations

import json
import socket
import time
from typing import Any

_HEAD = 4
_MAX_MESSAGE = 256 * 1024 * 1024


def encode(message: dict[str, Any]) -> bytes:
    """A message as bytes. Text that isn't UTF-8 survives as escapes."""
    body = json.dumps(message, separators=(",", ":")).encode("ascii")
    return len(body).to_bytes(_HEAD, "big") + body


def send(channel: socket.socket, message: bytes, deadline: float | None = None) -> None:
    """Send encoded bytes. TimeoutError past `deadline` (monotonic), OSError if the peer is gone."""
    _patience(channel, deadline)
    channel.sendall(message)


def receive(channel: socket.socket, deadline: float | None = None) -> dict[str, Any] | None:
    """The next message, or None when the peer has closed its end."""
    head = _exactly(channel, _HEAD, deadline)
    if head is None:
        return None
    size = int.from_bytes(head, "big")
    body = None if size > _MAX_MESSAGE else _exactly(channel, size, deadline)
    if body is None:
        return None
    message: dict[str, Any] = json.loads(body)
    return message


def _exactly(channel: socket.socket, size: int, deadline: float | None) -> bytes | None:
    received = bytearray()
    while len(received) < size:
        _patience(channel, deadline)
        chunk = channel.recv(min(size - len(received), 1 << 20))
        if not chunk:
            return None
        received += chunk
    return bytes(received)


def _patience(channel: socket.socket, deadline: float | None) -> None:
    if deadline is None:
        channel.settimeout(None)
        return
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    channel.settimeout(left)
