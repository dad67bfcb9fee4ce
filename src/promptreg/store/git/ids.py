"""What git calls objects: the hash of their kind, size and bytes."""

from __future__ import annotations

import hashlib

_HASHES = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
_FORMATS = {40: "sha1", 64: "sha256"}


def object_id(kind: str, data: bytes, object_format: str) -> str:
    """The id of an object in a repository of that object format, whatever filters say."""
    return hashed(b"%b %d\0%b" % (kind.encode("ascii"), len(data), data), object_format).hex()


def format_of(oid: str) -> str:
    """The object format that an id of this length belongs to."""
    return _FORMATS[len(oid)]


def hashed(data: bytes, object_format: str) -> bytes:
    """The checksum that a repository of that object format uses."""
    return _HASHES[object_format](data, usedforsecurity=False).digest()
