"""What each commit of a branch changed in the files that an audit follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, TypeAlias, cast

from promptreg.model.configuration import DEFAULT_ROOTS, FILE, Limits
from promptreg.model.data import Json
from promptreg.ops.audit.facts import (
    EnvironmentReader,
    Facts,
    Slot,
    approval_facts,
    configuration_facts,
    manifest_facts,
    policy_facts,
)
from promptreg.registry.discover import classify
from promptreg.registry.documents import parse_document
from promptreg.store.git.file_changes import FileChange
from promptreg.store.git.listing import REGULAR_MODES
from promptreg.store.git.objects import ObjectReader

REGISTRY, SIGNERS, ENVIRONMENT = "Registry", "Signers", "Environment"
_FOLLOWED = frozenset({"Prompt", "Agent", "Policy", ENVIRONMENT, "Approval"})
_LIMIT = Limits().environment_bytes


@dataclass(frozen=True, slots=True)
class Change:
    """A slot that a commit gave another value; None is `nothing`."""

    slot: Slot
    before: Any
    after: Any
    path: str


@dataclass(frozen=True, slots=True)
class Step:
    """A commit of a branch: what it changed, and what it says of who may decide from there on."""

    commit: str
    changes: tuple[Change, ...]
    documents: tuple[tuple[str, str, Any], ...] = ()
    """(`Registry`, path, document), (`Signers`, path, bytes or None), (`Approval`, path, facts)."""


Touched: TypeAlias = tuple[str, str, FileChange]
"""Kind, path below the registry's root, and what happened to the file."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which files count: by the roots and signers' files that promptreg.yaml ever named."""

    prefix: str
    roots: tuple[str, ...]
    signers: frozenset[str]

    def kind(self, path: str) -> str:
        """What the file at `path`, below the registry's root, is; empty where it doesn't count."""
        if path == FILE:
            return REGISTRY
        if path in self.signers:
            return SIGNERS
        found = classify(path, self.roots)
        return found.kind if found is not None and found.kind in _FOLLOWED else ""

    def touched(self, changes: Iterable[FileChange]) -> tuple[Touched, ...]:
        """Those of a commit's changes that count."""
        found = []
        for one in changes:
            path = one.path.removeprefix(self.prefix)
            kind = self.kind(path)
            if kind:
                found.append((kind, path, one))
        return tuple(found)


def scope_of(reader: ObjectReader, prefix: str, changes: Iterable[Sequence[FileChange]]) -> Scope:
    """The scope, from every version of promptreg.yaml among `changes`."""
    path = prefix + FILE
    oids = dict.fromkeys(
        one.oid for each in changes for one in each if one.path == path and one.oid
    )
    roots, signers = dict.fromkeys(DEFAULT_ROOTS), set()
    for read in reader.read_many(oids, limit=_LIMIT):
        document = parse_document(FILE, read.data or b"", REGISTRY).data or {}
        roots |= dict.fromkeys(cast("list[str]", document.get("roots", ())))
        signers.add(str(document.get("allowed_signers", "")))
    return Scope(prefix, tuple(roots), frozenset(signers - {""}))


class Files:
    """Turns versions of files into facts, and differences of facts into changes."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._environments = EnvironmentReader()
        self._good: dict[str, Facts] = {}

    def steps(
        self, reader: ObjectReader, commits: Sequence[str], touched: Mapping[str, Sequence[Touched]]
    ) -> Iterator[Step]:
        """What each of `commits`, in their order, changed; each builds on the ones before.

        A version that can't be read changes nothing but says so. Raises GitError where git lacks
        one, as in a partial clone.
        """
        every = [one for commit in commits for one in touched.get(commit, ())]
        oids = [one.oid for _, _, one in every if one.mode in REGULAR_MODES]
        contents = (read.data for read in reader.read_many(oids, limit=_LIMIT))
        for commit in commits:
            if commit in touched:
                yield self._step(commit, touched[commit], contents)

    def _step(
        self, commit: str, touched: Iterable[Touched], contents: Iterator[bytes | None]
    ) -> Step:
        versions: list[_Versions] = []
        documents, unreadable = [], []
        for kind, path, change in touched:
            content = next(contents) if change.mode in REGULAR_MODES else None
            facts, document = self.read(kind, path, content) if change.mode else ({}, None)
            old = self._good.get(path, {})
            if facts is None:
                unreadable.append(Change(("unreadable", path), None, "", path))
                continue
            versions.append((path, old, facts))
            self._good[path] = facts
            if kind in {REGISTRY, SIGNERS, "Approval"}:
                documents.append((kind, path, document))
        changes = (*_differences(versions), *unreadable)
        return Step(commit, changes, tuple(documents))

    def differences(self, reader: ObjectReader, touched: Iterable[Touched]) -> tuple[Change, ...]:
        """What a commit by itself changed."""
        versions: list[_Versions] = []
        for kind, path, change in touched:
            wanted = [oid for oid in (change.old, change.oid) if oid.strip("0")]
            read = {one.oid: one for one in reader.read_many(wanted, limit=_LIMIT)}
            old, new = (
                (self.read(kind, path, read[oid].data)[0] or {}) if oid in read else {}
                for oid in (change.old, change.oid)
            )
            versions.append((path, old, new))
        return _differences(versions)

    def read(self, kind: str, path: str, content: bytes | None) -> tuple[Facts | None, Any]:
        """The facts of a version (None where it can't be read), and its document."""
        if content is None or (kind != ENVIRONMENT and len(content) > Limits().manifest_bytes):
            return None, None
        if kind == SIGNERS:
            return {("signers", path): content}, content
        if kind == REGISTRY:
            document: dict[str, Json] | None = parse_document(path, content, REGISTRY).data
            return None if document is None else configuration_facts(document), document
        facts = self._facts(kind, path, content)
        return facts, facts

    def _facts(self, kind: str, path: str, content: bytes) -> Facts | None:
        if kind == ENVIRONMENT:
            return self._environments.facts(self._name(path), content)
        if kind == "Approval":
            return approval_facts(path, content)
        if kind == "Policy":
            return policy_facts(path, self._name(path), content)
        return manifest_facts(path, content)

    def _name(self, path: str) -> str:
        found = classify(path, self._scope.roots)
        return found.name if found else path


_Versions: TypeAlias = tuple[str, Facts, Facts]
"""A path, and what the file there said before and after."""


def _differences(versions: Iterable[_Versions]) -> tuple[Change, ...]:
    """What changed, file by file; what left one file and came into another was moved.

    Two files may say they are the same entry. Neither of them hides what the other one says.
    """
    found: list[Change] = []
    gone: defaultdict[Slot, list[tuple[str, Any]]] = defaultdict(list)
    come: defaultdict[Slot, list[tuple[str, Any]]] = defaultdict(list)
    for path, before, after in versions:
        for slot in () if before == after else before.keys() | after.keys():
            if slot in before and slot in after:
                if before[slot] != after[slot]:
                    found.append(Change(slot, before[slot], after[slot], path))
            elif slot in before:
                gone[slot].append((path, before[slot]))
            else:
                come[slot].append((path, after[slot]))
    for slot in gone.keys() | come.keys():
        for (left, old), (entered, new) in zip_longest(
            gone[slot], come[slot], fillvalue=("", None)
        ):
            if old != new:
                found.append(Change(slot, old, new, entered or left))
    return tuple(sorted(found, key=lambda one: (one.slot, one.path)))
