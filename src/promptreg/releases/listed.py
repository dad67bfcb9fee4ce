"""The releases of all entries: their tags are listed at once, and read when asked what they say."""

from __future__ import annotations

import weakref
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from itertools import chain
from operator import itemgetter
from typing import Any, TypeAlias

from promptreg.model.names import name_problem
from promptreg.model.version import Version, try_version
from promptreg.releases.ledger import (
    MISSING_OBJECT,
    latest_release,
    read_tags,
    unreadable_ref,
)
from promptreg.releases.tag import PREFIX, Release
from promptreg.store.git.objects import ObjectReader
from promptreg.store.git.refs import ref_fields_and_broken
from promptreg.store.git.repository import Repository

_Row: TypeAlias = tuple[Any, Version, str]
"""The rank that a version is sorted by, the version, and the tag's object."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The releases of every entry by its name, lowest version first, as far as tags' names tell."""

    by_name: Mapping[str, tuple[Release, ...]]
    """Made when an entry's are asked for."""
    versions: Mapping[str, Sequence[Version]]
    objects: tuple[str, ...]
    """The tag objects of each entry's newest releases (see `newest`); "" where a ref is broken."""
    tags: Tags
    id: str
    """Names the tags and what they point to: equal ids, equal lists."""

    def newest(self, names: Iterable[str]) -> Iterator[Release]:
        """What these entries are compared with: their newest releases, pre-releases or not."""
        for name in names:
            releases = self.by_name.get(name)
            if releases:
                yield releases[-1]
                if releases[-1].version.pre:
                    yield latest_release(releases) or releases[-1]

    def read(self, wanted: Iterable[Release]) -> None:
        """Read the tags of these releases at once, as far as nobody has asked about them yet."""
        self.tags.read(wanted)


class Tags:
    """Reads tags, as they were when they were listed; its git process ends with this object."""

    def __init__(self, repo: Repository) -> None:
        self.are_missing = False
        """Whether an object that was asked for wasn't there, or its bytes were others."""
        self._reader = ObjectReader(repo)
        weakref.finalize(self, self._reader.close)

    def read(self, wanted: Iterable[Release]) -> None:
        """Read these releases, as far as nobody has asked about them yet."""
        new = {id(one): one for one in wanted if isinstance(one, _ListedRelease)}
        unread = [one for one in new.values() if not one.is_read]
        rows = [(one.tag, one.tag_object) for one in unread]
        for release, found in zip(unread, read_tags(self._reader, rows), strict=True):
            release.fill(found)
            self.are_missing |= found.rule == MISSING_OBJECT


def listed_releases(repo: Repository) -> Listed:
    """What `all_releases` tells, of this moment.

    Entries, versions and tag objects come from the names of the tags and what they point to; a
    release's tag is read when something else is asked of it.
    """
    refs, broken = ref_fields_and_broken(repo, (PREFIX.rstrip("/"),), ("refname", "objectname"))
    lost = defaultdict(list)
    for release in filter(None, map(unreadable_ref, broken)):
        lost[release.name].append(release)
    rows = _rows(refs, lost)
    tags = Tags(repo)
    said = "\0".join((*chain.from_iterable(refs), "", *broken))
    return Listed(
        _Releases(rows, lost, tags),
        {name: [version for _, version, _ in own] for name, own in rows.items()},
        tuple(chain.from_iterable(map(_newest_objects, rows.values()))),
        tags,
        sha256(said.encode("utf-8", "surrogateescape")).hexdigest(),
    )


def _rows(
    refs: Iterable[tuple[str, ...]], lost: Mapping[str, Iterable[Release]]
) -> dict[str, list[_Row]]:
    """What is released, lowest version first, by name; `lost` are those whose refs are broken."""
    versions = _Versions()
    found: defaultdict[str, list[_Row]] = defaultdict(list)
    for ref, oid in refs:
        name, at, text = ref.rpartition("@v")
        version, rank = versions[text]
        if version is not None and at:
            found[name].append((rank, version, oid))
    for name, releases in lost.items():
        found[PREFIX + name] += [(one.version.rank(), one.version, "") for one in releases]
    named = ((ref[len(PREFIX) :], own) for ref, own in found.items() if ref.startswith(PREFIX))
    return {name: sorted(own, key=itemgetter(0)) for name, own in named if not name_problem(name)}


def _newest_objects(rows: list[_Row]) -> Iterator[str]:
    _, version, oid = rows[-1]
    yield oid
    if version.pre:
        yield next((oid for _, version, oid in reversed(rows) if not version.pre), oid)


class _Releases(Mapping[str, tuple[Release, ...]]):
    """The releases of rows, each entry's made once."""

    def __init__(
        self, rows: Mapping[str, list[_Row]], lost: Mapping[str, Iterable[Release]], tags: Tags
    ) -> None:
        self._rows = rows
        self._lost = lost
        self._tags = tags
        self._made: dict[str, tuple[Release, ...]] = {}

    def __getitem__(self, name: str) -> tuple[Release, ...]:
        if name not in self._made:
            rows = self._rows[name]
            lost = {one.version: one for one in self._lost.get(name, ())}
            self._made[name] = tuple(
                (lost and lost.get(version)) or _ListedRelease.of(name, version, oid, self._tags)
                for _, version, oid in rows
            )
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


class _Versions(dict[str, tuple[Version | None, Any]]):
    """Versions and their ranks by text: thousands of releases share a few hundred."""

    def __missing__(self, text: str) -> tuple[Version | None, Any]:
        version = try_version(text)
        self[text] = version, None if version is None else version.rank()
        return self[text]


class _ListedRelease(Release):
    """A release whose fields but these three are unset until one of them is asked for.

    Python calls `__getattr__` for a slot that is unset.
    """

    __slots__ = ("_tags",)

    @classmethod
    def of(cls, name: str, version: Version, tag_object: str, tags: Tags) -> _ListedRelease:
        """What the list of the tags says of it."""
        made = object.__new__(cls)
        _set(made, "name", name)
        _set(made, "version", version)
        _set(made, "tag_object", tag_object)
        _set(made, "_tags", tags)
        return made

    @property
    def is_read(self) -> bool:
        """Whether its tag was read."""
        return self._tags is None

    def fill(self, read: Release) -> None:
        """Take over what its tag says."""
        for field in _FIELDS:
            _set(self, field, getattr(read, field))
        _set(self, "_tags", None)

    def __getattr__(self, field: str) -> Any:
        if field not in _FIELDS:
            raise AttributeError(f"a release has no `{field}`")
        self._tags.read((self,))
        return getattr(self, field)


_FIELDS = frozenset(field.name for field in fields(Release))
_set = object.__setattr__
