"""What release tags promise: their names are listed once, their objects read when asked about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from promptreg.model.version import Version
from promptreg.releases.ledger import read_releases
from promptreg.releases.tag import PREFIX, parse_tag_name
from promptreg.store.git.refs import ref_fields_and_broken
from promptreg.store.git.repository import Repository

_Tags = dict[Version, tuple[str, str]]
"""By version: the ref, and the object that it names, which is empty for a broken ref."""


class TagDigests(Mapping[str, Mapping[Version, str]]):
    """The digests of all releases by entry and version; empty where a tag can't be trusted.

    All refs are those of the moment in which it was made.
    """

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        rows, broken = ref_fields_and_broken(repo, (PREFIX.rstrip("/"),), ("refname", "objectname"))
        self._refs: dict[str, list[tuple[str, str]]] = {}
        for ref, oid in (*rows, *((ref, "") for ref in broken)):
            name = ref.rpartition("@v")[0].removeprefix(PREFIX)
            self._refs.setdefault(name, []).append((ref, oid))
        self._tags: dict[str, _Tags] = {}
        self._digests: dict[str, str] = {}

    def __getitem__(self, name: str) -> Mapping[Version, str]:
        tags = self._tags_of(name)
        if not tags:
            raise KeyError(name)
        return _Digests(self, tags)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self._tags_of(name))

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._refs if self._tags_of(name))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return any(True for _ in self)

    def read(self, wanted: Iterable[tuple[str, Version]]) -> None:
        """Read these releases with one process, as far as they are there."""
        found = (self._tags_of(name).get(version) for name, version in wanted)
        self._read({tag for tag in found if tag is not None})

    def digest(self, tag: tuple[str, str]) -> str:
        """The digest that the tag promises."""
        if tag[0] not in self._digests:
            self._read({tag})
        return self._digests[tag[0]]

    def _read(self, tags: set[tuple[str, str]]) -> None:
        new = sorted(tag for tag in tags if tag[0] not in self._digests)
        rows = [tag for tag in new if tag[1]]
        found = read_releases(self._repo, rows, (ref for ref, oid in new if not oid))
        for releases in found.values():
            self._digests |= {PREFIX + one.tag: one.digest for one in releases}

    def _tags_of(self, name: str) -> _Tags:
        if name not in self._tags:
            parsed = (
                (parse_tag_name(ref.removeprefix(PREFIX)), (ref, oid))
                for ref, oid in self._refs.get(name, ())
            )
            tags = [(named[1], tag) for named, tag in parsed if named is not None]
            self._tags[name] = dict(sorted(tags, key=lambda one: one[0].rank()))
        return self._tags[name]


class _Digests(Mapping[Version, str]):
    """Those of one entry, lowest version first."""

    def __init__(self, of: TagDigests, tags: _Tags) -> None:
        self._of = of
        self._tags = tags

    def __getitem__(self, version: Version) -> str:
        return self._of.digest(self._tags[version])

    def __contains__(self, version: object) -> bool:
        return version in self._tags

    def __iter__(self) -> Iterator[Version]:
        return iter(self._tags)

    def __len__(self) -> int:
        return len(self._tags)
