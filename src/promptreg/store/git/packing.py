"""Packs of new objects: how many of them reach git at once (git's `gitformat-pack`)."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from promptreg.store.git.ids import hashed, object_id

_TAG = 4


def tag_ids(contents: Sequence[bytes], object_format: str) -> tuple[str, ...]:
    """The ids that tag objects of these contents have in a repository of that object format."""
    return tuple(object_id("tag", one, object_format) for one in contents)


def pack_of_tags(contents: Sequence[bytes], object_format: str) -> bytes:
    """A pack that holds the tag objects whole, for `index-pack`. It needs no other object."""
    objects = [b"PACK" + (2).to_bytes(4, "big") + len(contents).to_bytes(4, "big")]
    for content in contents:
        objects += [_head(len(content)), zlib.compress(content)]
    pack = b"".join(objects)
    return pack + hashed(pack, object_format)


def _head(size: int) -> bytes:
    """Kind and size of an object: four bits of the size first, then seven in each byte."""
    head = bytearray([_TAG << 4 | size & 0xF])
    size >>= 4
    while size:
        head[-1] |= 0x80
        head.append(size & 0x7F)
        size >>= 7
    return bytes(head)
