"""What rules see: values, and nothing that reads or writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn, TypeAlias, TypeVar

from promptreg.checks.judging import Judge
from promptreg.model.agent import Agent
from promptreg.model.entry import Entry
from promptreg.model.prompt import Prompt
from promptreg.model.version import Version
from promptreg.registry.snapshot import Document, Snapshot

_T = TypeVar("_T")
_REFUSED = "a rule that sees one entry at a time asked for something else"

Released: TypeAlias = Mapping[str, Mapping[Version, str]]
"""The digests of all releases, by entry and version."""


@dataclass(frozen=True, slots=True)
class Context:
    """A registry at one point, and the facts about the world that rules may need."""

    snapshot: Snapshot
    today: date
    judge: Judge
    released: Released | None = None
    """None where the release tags aren't known; rules about them then say nothing."""

    def prompts(self) -> Iterator[tuple[Entry, Prompt]]:
        """Every prompt that isn't known to be quiet (see Snapshot), by name."""
        for entry in self.snapshot.loud_entries():
            if isinstance(entry.manifest, Prompt):
                yield entry, entry.manifest

    def agents(self) -> Iterator[tuple[Entry, Agent]]:
        """Every agent, by name."""
        for entry in self.snapshot.loud_entries():
            if isinstance(entry.manifest, Agent):
                yield entry, entry.manifest

    def documents(self, kind: str) -> Iterator[Document]:
        """Every document of a kind that fits its schema, by path; of prompts see `prompts`."""
        return (one for one in self.snapshot.loud_documents() if one.kind == kind)

    def alone(self) -> Iterator[Context]:
        """A context for each entry that isn't quiet, which tells nothing about anything else.

        Whatever else a rule asks for there makes it fail: what is found in an entry then hangs on
        that entry alone.
        """
        whole = self.snapshot
        hidden: Any = _Hidden()
        for entry in whole.loud_entries():
            name = entry.name
            snapshot = Snapshot(
                label=hidden,
                configuration=hidden,
                entries=_Only(name, entry),
                environments=hidden,
                documents=hidden,
                closures=_Only(name, whole.closures[name]),
                unresolved=_Only(name, whole.unresolved[name]),
                unreached=hidden,
                texts=hidden,
                files=hidden,
                expected_names=hidden,
                duplicates=hidden,
            )
            yield Context(snapshot, hidden, self.judge, hidden)


class _Only(Mapping[str, _T]):
    """What there is of one name; it doesn't tell whether there are others."""

    def __init__(self, name: str, value: _T) -> None:
        self._name = name
        self._value = value

    def __getitem__(self, name: str) -> _T:
        if name != self._name:
            raise TypeError(_REFUSED)
        return self._value

    def __iter__(self) -> Iterator[str]:
        yield self._name

    def __len__(self) -> int:
        raise TypeError(_REFUSED)


class _Hidden:
    """Stands where a rule may not look. The interpreter refuses the other ways by itself."""

    def __getattr__(self, name: str) -> NoReturn:
        self._refuse()

    def __bool__(self) -> NoReturn:  # noqa: PLE0304 - it answers nothing
        self._refuse()

    def __eq__(self, other: object) -> NoReturn:
        self._refuse()

    __hash__ = None  # type: ignore[assignment]  # as of every class that says what is equal

    def _refuse(self) -> NoReturn:
        raise TypeError(_REFUSED)
