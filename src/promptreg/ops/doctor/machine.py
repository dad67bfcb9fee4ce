"""What promptreg needs of the machine: a worker that is really shut in, and fast libraries."""

from __future__ import annotations

import importlib.util
import platform
from collections.abc import Iterator
from typing import cast

from promptreg.checks.tokens import MISSING, is_exact
from promptreg.reporters.doctor import Item, Level
from promptreg.worker.limits import LimitExceeded
from promptreg.worker.process import Worker


def machine_items(encoding: str) -> Iterator[Item]:
    """Everything about the machine; `encoding` is the one of standard output."""
    yield Item("python", Level.OK, f"Python {platform.python_version()}")
    yield _worker()
    yield _patterns()
    yield _yaml()
    yield _tokens()
    yield _locale(encoding)


def _worker() -> Item:
    fix = "run promptreg on a system where a process can limit itself, such as Linux"
    try:
        with Worker() as worker:
            possible = cast("list[str]", worker.ask("probe", {})["possible"])
    except (OSError, RuntimeError, LimitExceeded) as error:
        message = f"the worker for untrusted templates can't be used: {error}"
        return Item("worker", Level.ERROR, message, fix)
    if possible:
        message = f"the worker for untrusted templates is not shut in: it can {', '.join(possible)}"
        return Item("worker", Level.WARNING, message, fix)
    return Item("worker", Level.OK, "the worker for untrusted templates starts and is shut in")


def _patterns() -> Item:
    if importlib.util.find_spec("jsonschema_rs"):
        return Item("linear-patterns", Level.OK, "patterns of schemas run in linear time")
    message = (
        "jsonschema-rs is missing: patterns of schemas run in Python, and the worker ends slow ones"
    )
    return Item("linear-patterns", Level.WARNING, message, "pip install jsonschema-rs")


def _yaml() -> Item:
    import yaml  # noqa: PLC0415 - heavy

    if hasattr(yaml, "CSafeLoader"):
        return Item("libyaml", Level.OK, "YAML is read by libyaml")
    message = "PyYAML was built without libyaml: manifests are read some ten times slower"
    return Item("libyaml", Level.INFO, message, "install a wheel of PyYAML for this platform")


def _tokens() -> Item:
    if is_exact():
        return Item("tokens", Level.OK, "tokens are counted exactly")
    return Item("tokens", Level.INFO, MISSING, "pip install bpe-openai")


def _locale(encoding: str) -> Item:
    if encoding.lower().replace("-", "") == "utf8":
        return Item("locale", Level.OK, "the locale is UTF-8")
    message = (
        f"the locale's encoding is {encoding or 'unknown'}; promptreg writes UTF-8 all the same"
    )
    return Item("locale", Level.INFO, message, "set `LC_ALL=C.UTF-8`")
