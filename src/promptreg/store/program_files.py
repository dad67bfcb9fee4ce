"""Which promptreg this is, to the last file: another one may judge otherwise."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from promptreg import __version__
from promptreg.store.schema_files import schema_folder

_PARTS = ("jinja2", "markupsafe", "yaml", "jsonschema_rs", "jsonschema", "bpe_openai")
"""What verdicts are made with, where it is installed."""


def program_id() -> str:
    """Names promptreg's files, Python and the packages that verdicts are made with."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for said in (__version__, sys.version, sys.platform, *_packages()):
        digest.update(said.encode("utf-8", "surrogateescape") + b"\0")
    for folder in (package, schema_folder()):
        digest.update("\n".join(sorted(_below(os.fspath(folder)))).encode("utf-8", "replace"))
    return digest.hexdigest()


def _packages() -> Iterator[str]:
    for name in _PARTS:
        found = find_spec(name)
        yield f"{name} {_told(found.origin) if found and found.origin else ''}"


def _below(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _below(entry.path)
            elif entry.name.endswith((".py", ".json")):
                yield _told(entry.path)


def _told(path: str) -> str:
    one = os.stat(path)  # noqa: PTH116 - a Path for each file takes longer than asking
    return f"{path} {one.st_mtime_ns} {one.st_size} {one.st_ino}"
