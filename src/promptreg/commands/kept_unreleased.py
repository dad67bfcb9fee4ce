"""What isn't released yet, as an earlier `status` found it, while all that it hangs on is the same.

Only the answer to the last question is kept, in the repository's cache.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, dataclass
from hashlib import sha256
from typing import Any

from promptreg.errors import SelectorError
from promptreg.model.configuration import Configuration
from promptreg.model.version import Bump, Version, parse_version
from promptreg.registry.workspace import Workspace
from promptreg.releases.listed import Listed
from promptreg.releases.unreleased import Unreleased, UnreleasedEntry
from promptreg.store.cache import Cache
from promptreg.store.git.config import clone_limits
from promptreg.store.git.objects import missing_objects
from promptreg.store.program_files import program_id

_BUMPS = tuple(Bump)
_NAMES = ("never_released", "runs_nowhere", "notes")


@dataclass(frozen=True, slots=True)
class Question:
    """All that the answer hangs on, but for promptreg itself and what the clone leaves out."""

    commit: str
    """What is compared with its releases."""
    configuration: Configuration
    """That of the working tree, which says where environments are read."""
    line: str
    """The commit that says what runs where."""
    listed: Listed
    running: Mapping[tuple[str, str], Version]
    """By environment and entry."""


@dataclass(frozen=True, slots=True)
class Found:
    """An answer that was found now, and whether another run is sure to find the same."""

    answer: Unreleased
    is_repeatable: bool


def kept_unreleased(
    workspace: Workspace,
    question: Question,
    again: Callable[[], Question],
    find: Callable[[], Found],
) -> Unreleased:
    """The answer that is kept, or what `find` finds, which is kept then.

    `again` asks the same as of now: what has changed since may be a part of what was found.
    """
    cache = Cache(workspace.git.common_dir)
    topic = f"unreleased of {workspace.prefix}"
    place = sha256(topic.encode("utf-8", "surrogateescape")).hexdigest()
    asked = _id(workspace, question)
    kept = cache.get(place)
    known = None
    if kept is not None and kept.get("question") == asked and not _is_lost(workspace, question):
        known = _read(kept)
    if known is not None:
        return known
    found = find()
    if found.is_repeatable and _id(workspace, again()) == asked:
        cache.put(place, {"question": asked, **_written(found.answer)})
    return found.answer


def _id(workspace: Workspace, question: Question) -> str:
    """Names a question: equal ids, equal answers."""
    running = sorted((*place, str(version)) for place, version in question.running.items())
    words = (
        program_id(), workspace.prefix, question.commit, repr(question.configuration), question.line,
        question.listed.id, astuple(clone_limits(workspace.git)), running,
    )  # fmt: skip
    return sha256(json.dumps(words).encode("ascii")).hexdigest()


def _is_lost(workspace: Workspace, question: Question) -> bool:
    """Whether the tag of a newest release isn't there any more, which has to be told."""
    return bool(missing_objects(workspace.git, filter(None, question.listed.objects)))


def _written(answer: Unreleased) -> dict[str, Any]:
    entries = [
        (one.name, one.kind, str(one.since), one.bump, one.required, str(one.next), one.reasons)
        for one in answer.entries
    ]
    return {
        "commit": answer.commit, "entries": entries,
        **{name: getattr(answer, name) for name in _NAMES},
    }  # fmt: skip


def _read(kept: Mapping[str, Any]) -> Unreleased | None:
    """None for what we don't write."""
    try:
        versions = _versions(text for one in kept["entries"] for text in (one[2], one[5]))
        entries = (
            UnreleasedEntry(
                name, kind, versions[since], bump, _BUMPS[required], versions[following],
                tuple(reasons),
            )
            for name, kind, since, bump, required, following, reasons in kept["entries"]
        )  # fmt: skip
        names = {name: tuple(kept[name]) for name in _NAMES}
        return Unreleased(commit=kept["commit"], entries=tuple(entries), **names)
    except (LookupError, TypeError, ValueError, SelectorError):
        return None


def _versions(texts: Iterable[str]) -> dict[str, Version]:
    """A few hundred texts are the versions of thousands of releases."""
    return {text: parse_version(text) for text in set(texts)}
