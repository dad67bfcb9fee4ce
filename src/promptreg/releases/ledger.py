"""The releases of a repository: its tags, read with few processes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from promptreg.errors import RefusedError, SelectorError
from promptreg.model.names import nearest
from promptreg.model.version import Version
from promptreg.releases.tag import (
    MAX_TAG_BYTES,
    PREFIX,
    Release,
    broken_release,
    parse_object,
    parse_tag_name,
)
from promptreg.store.git.config import clone_limits
from promptreg.store.git.objects import BROKEN, MISSING, ObjectReader
from promptreg.store.git.refs import ref_fields_and_broken
from promptreg.store.git.repository import Repository

MISSING_OBJECT = "missing-object"
"""The `rule` of a release whose tag object isn't there, or has other bytes than its id promises."""
_SHOWN = 3
_FEW = 50
"""So many patterns are looked up; for more all tags are listed."""


def releases_of(repo: Repository, name: str) -> tuple[Release, ...]:
    """The releases of one entry, lowest version first; broken ones carry their `problem`."""
    return _read(repo, f"{PREFIX}{name}@v*").get(name, ())


def all_releases(repo: Repository) -> Mapping[str, tuple[Release, ...]]:
    """The releases of every entry, by name."""
    return _read(repo, PREFIX.rstrip("/"))


def releases_of_each(repo: Repository, names: Collection[str]) -> dict[str, tuple[Release, ...]]:
    """The releases of some entries, by name, of those that have any; no other tag is read."""
    if not names:
        return {}
    rows, broken = ref_fields_and_broken(repo, _patterns(names), ("refname", "objectname"))
    return read_releases(
        repo,
        (row for row in rows if _is_of(row[0], names)),
        (ref for ref in broken if _is_of(ref, names)),
    )


def released_versions(repo: Repository) -> Mapping[str, tuple[Version, ...]]:
    """The released versions of every entry, lowest first, from the names of the tags alone."""
    found: defaultdict[str, list[Version]] = defaultdict(list)
    rows, broken = ref_fields_and_broken(repo, (PREFIX.rstrip("/"),), ("refname",))
    for ref in (*(ref for (ref,) in rows), *broken):
        named = parse_tag_name(ref.removeprefix(PREFIX))
        if named is not None:
            found[named[0]].append(named[1])
    return {name: tuple(sorted(versions, key=Version.rank)) for name, versions in found.items()}


def newest_tags(repo: Repository, names: Collection[str]) -> dict[str, tuple[Version, str]]:
    """The highest version of each entry that has one, and the object that its tag names.

    Read from the names of the tags alone, with one process; the object of a broken ref is "".
    """
    found: dict[str, tuple[Version, str]] = {}
    rows, broken = ref_fields_and_broken(repo, _patterns(names), ("refname", "objectname"))
    for ref, oid in (*rows, *((ref, "") for ref in broken)):
        named = parse_tag_name(ref.removeprefix(PREFIX))
        if named is None or named[0] not in names:
            continue
        name, version = named
        if name not in found or found[name][0].rank() < version.rank():
            found[name] = version, oid
    return found


class Ledger:
    """The releases of entries, each entry's read once: for whoever asks for many."""

    def __init__(
        self, repo: Repository, known: Mapping[str, tuple[Release, ...]] | None = None
    ) -> None:
        self.repo = repo
        self._found = dict(known or {})

    def releases_of(self, name: str) -> tuple[Release, ...]:
        """What `releases_of` tells, as of the first time that somebody asked."""
        if name not in self._found:
            self._found[name] = releases_of(self.repo, name)
        return self._found[name]


def find_release(
    repo: Repository, name: str, version: Version, ledger: Ledger | None = None
) -> Release:
    """The release `name@version`, to be served.

    Raises SelectorError where there is none, and RefusedError where its tag can't be trusted.
    """
    releases = (ledger or Ledger(repo)).releases_of(name)
    for release in releases:
        if release.version == version:
            return trusted(release)
    raise unknown_release(repo, name, str(version), releases)


def latest_release(releases: Sequence[Release]) -> Release | None:
    """The highest that is no pre-release, else the highest; they come lowest first."""
    final = [one for one in releases if not one.version.pre]
    return next(reversed(final or releases), None)


def trusted(release: Release) -> Release:
    """The release itself; RefusedError where its tag isn't one that can be served."""
    if release.problem:
        raise RefusedError(
            f"the release `{release.name}` {release.version} can't be trusted: {release.problem}",
            where=f"tag `{release.tag}`",
            hint="compare it with another clone: `git ls-remote --tags origin`",
        )
    return release


def unknown_release(
    repo: Repository, name: str, wanted: str, releases: tuple[Release, ...]
) -> SelectorError:
    """The error for a release that isn't there; it names the nearest ones."""
    where = f"tags `{name}@v*` of this repository"
    limits = clone_limits(repo)
    if limits.shallow or limits.partial or limits.no_tags:
        how = "shallow" if limits.shallow else "partial" if limits.partial else "without tags"
        return SelectorError(
            f"`{name}` has no release {wanted} here, and this clone is {how}",
            where=where,
            hint=f"fetch the tags: `{FETCH if limits.shallow else FETCH_TAGS}`",
        )
    if not releases:
        hint = f"`promptreg release {name}` makes the first; `git fetch --tags` gets others'"
        return SelectorError(f"`{name}` has no releases", where=where, hint=hint)
    versions = [str(release.version) for release in releases]
    near = nearest(wanted, versions, most=_SHOWN) or tuple(versions[-_SHOWN:])
    return SelectorError(
        f"`{name}` has no release {wanted}",
        where=where,
        hint=f"there is {', '.join(near)}; `promptreg log {name}` lists all",
    )


def require_history(repo: Repository) -> None:
    """Refuse to answer from a history that is cut off: what is missing would be guessed."""
    if repo.shallow:
        raise RefusedError(
            "this clone is shallow, so its history is cut off",
            where=str(repo.top_level),
            hint=f"fetch the history and the tags: `{FETCH}`",
        )


FETCH = "git fetch --unshallow --tags"
"""What mends a shallow clone."""
FETCH_TAGS = "git fetch --tags origin"


def read_releases(
    repo: Repository, rows: Iterable[tuple[str, ...]], broken: Iterable[str]
) -> dict[str, tuple[Release, ...]]:
    """The releases among refs (name and object id) and broken refs (name), by entry."""
    found: defaultdict[str, list[Release]] = defaultdict(list)
    for release in (*_releases(repo, rows), *filter(None, map(unreadable_ref, broken))):
        found[release.name].append(release)
    return {
        name: tuple(sorted(releases, key=lambda release: release.version.rank()))
        for name, releases in found.items()
    }


def read_tags(reader: ObjectReader, tags: Sequence[tuple[str, str]]) -> Iterator[Release]:
    """The release behind each tag (its name and the object that it names), in their order.

    Every tag must have the name of a release. Take all of them, or close the reader.
    """
    objects = reader.read_many((oid for _, oid in tags), limit=MAX_TAG_BYTES, go_on=True)
    for (tag, oid), read in zip(tags, objects, strict=True):
        if read.kind in {MISSING, BROKEN}:
            what = f"its tag object {oid[:12]} is {read.kind}"
            release = broken_release(tag, oid, what, MISSING_OBJECT)
        elif read.data is None:
            what = "its tag object is larger than 64 KB"
            release = broken_release(tag, oid, what, "unreadable-release")
        else:
            release = parse_object(tag, oid, read.kind, read.data)
        if release is not None:
            yield release


def unreadable_ref(ref: str) -> Release | None:
    """The release of a ref that git can't read; None where it is of no release."""
    if not ref.startswith(PREFIX):
        return None
    return broken_release(ref.removeprefix(PREFIX), "", "git can't read its ref", "unreadable-ref")


def _patterns(names: Collection[str]) -> tuple[str, ...]:
    few = len(names) <= _FEW
    return tuple(f"{PREFIX}{name}@v*" for name in names) if few else (PREFIX.rstrip("/"),)


def _is_of(ref: str, names: Collection[str]) -> bool:
    named = parse_tag_name(ref.removeprefix(PREFIX))
    return named is not None and named[0] in names


def _read(repo: Repository, pattern: str) -> dict[str, tuple[Release, ...]]:
    return read_releases(repo, *ref_fields_and_broken(repo, (pattern,), ("refname", "objectname")))


def _releases(repo: Repository, rows: Iterable[tuple[str, ...]]) -> Iterator[Release]:
    tags = [(ref.removeprefix(PREFIX), oid) for ref, oid in rows if ref.startswith(PREFIX)]
    wanted = [(tag, oid) for tag, oid in tags if parse_tag_name(tag) is not None]
    with ObjectReader(repo) as reader:
        yield from read_tags(reader, wanted)
