"""The chain of an entry's releases: each tag names the tag object of the one before it.

A release is only made above all others, so the chain is the order of the versions. It shows what
was deleted, replaced or put in below a release that is still there; nothing names the newest.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from promptreg.model.finding import Finding
from promptreg.model.version import Version
from promptreg.releases.release_findings import release_finding
from promptreg.releases.tag import MAX_TAG_BYTES, Release, parse_object, tag_said
from promptreg.releases.versioning import bump_between
from promptreg.store.git.objects import BROKEN, MISSING, ObjectReader

_NONE = Version(0, 0, 0)
_SHORT, _SHOWN = 12, 5
_COMPARE = "compare the tag with another clone: `git ls-remote --tags origin`"


@dataclass(frozen=True, slots=True)
class Unlinked:
    """An object that a tag names as the one before it, and that no release's ref leads to."""

    kind: str
    """What it is; MISSING or BROKEN where it can't be read."""
    release: Release | None
    """What it says, where it is the tag of a release."""


def unlinked_objects(
    reader: ObjectReader, releases: Iterable[Sequence[Release]]
) -> Mapping[str, Unlinked]:
    """What the chains name beside releases of their own entry, by object id, down to their ends."""
    every = [one for versions in releases for one in versions]
    own = {(one.name, one.tag_object) for one in every if _is_itself(one)}
    found: dict[str, Unlinked] = {}
    holders = every
    while holders:
        named = {one.previous for one in holders if (one.name, one.previous) not in own}
        wanted = sorted(named - found.keys() - {""})
        reads = reader.read_many(wanted, limit=MAX_TAG_BYTES, go_on=True)
        for oid, read in zip(wanted, reads, strict=True):
            said = tag_said(read.data) if read.kind == "tag" and read.data else ""
            release = parse_object(said, oid, read.kind, read.data) if said and read.data else None
            found[oid] = Unlinked(read.kind, release)
        holders = [one for oid in wanted if (one := found[oid].release) is not None]
    return found


def chain_findings(
    releases: Sequence[Release], unlinked: Mapping[str, Unlinked]
) -> Iterator[Finding]:
    """What is wrong with the chain of one entry's releases, lowest version first."""
    chain = _Chain(releases, unlinked)
    for release in releases:
        if not release.problem:
            yield from chain.links(release)
            yield from chain.bump(release)


def _is_itself(release: Release) -> bool:
    """Whether its object is that of its version; one under another name stands for no release."""
    return bool(release.tag_object) and release.rule != "misnamed-release"


class _Chain:
    """One entry's releases, by what they are named by; a break is told once."""

    def __init__(self, releases: Sequence[Release], unlinked: Mapping[str, Unlinked]) -> None:
        self._releases = releases
        self._unlinked = unlinked
        self._by_object = {one.tag_object: one for one in releases if _is_itself(one)}
        self._by_version = {one.version: one for one in releases}
        self._told: set[str] = set()

    def links(self, release: Release) -> Iterator[Finding]:
        """What is wrong between a release and the one that is there below it."""
        holder = release
        while not holder.problem:
            below, oid = self._below(holder), holder.previous
            named = self._by_object.get(oid)
            if named is not None and named is below:
                return
            if not oid:
                if below is not None:
                    what = f"{holder.version} doesn't name the release before it, {below.version}"
                    yield _broken(release, what, holder)
                return
            if named is not None:
                yield self._misled(holder, named)
                return
            if oid in self._told:
                return
            self._told.add(oid)
            one = self._unlinked[oid]
            problem = self._no_release_before(holder, oid, one)
            if problem or one.release is None:
                yield _broken(release, f"{holder.version} {problem}", holder)
                return
            yield from self._gone(holder, one.release)
            holder = one.release

    def bump(self, release: Release) -> Iterator[Finding]:
        """Whether the release says rightly which number moved, as far as the chain leads."""
        base = self._stable_below(release)
        if base is None:
            return
        moved = bump_between(base, release.version).word
        if release.bump != moved:
            step = (
                f"{base} to {release.version}" if base != _NONE else f"nothing to {release.version}"
            )
            message = f"it says that it is a {release.bump} release, and {step} is a {moved} one"
            yield release_finding("wrong-bump", release, message, fix=_COMPARE)

    def _stable_below(self, release: Release) -> Version | None:
        """The highest stable version below, else the one right below; None where it isn't known."""
        oid, right_below = release.previous, _NONE
        while oid:
            lost = self._unlinked.get(oid)
            one = self._by_object.get(oid) or (lost.release if lost else None)
            if one is None or one.problem or not one.version < release.version:
                return None
            if not one.version.pre:
                return one.version
            right_below = one.version if right_below == _NONE else right_below
            oid = one.previous
        return right_below

    def _below(self, holder: Release) -> Release | None:
        """The highest release that is there below a version."""
        index = bisect_left(self._releases, holder.version, key=lambda one: one.version)
        return self._releases[index - 1] if index else None

    def _misled(self, holder: Release, named: Release) -> Finding:
        """A release that names one of its entry, but not the one below it."""
        if not named.version < holder.version:
            what = f"{holder.version} names {named.version} as the release before it"
            return _broken(holder, what, holder)
        between = [one for one in self._releases if named.version < one.version < holder.version]
        versions = ", ".join(str(one.version) for one in between[:_SHOWN])
        more = f" and {len(between) - _SHOWN} more" if len(between) > _SHOWN else ""
        return release_finding(
            "forked-chain",
            holder,
            f"{holder.version} names {named.version} as the release before it; "
            f"no release names {versions}{more}",
            key=str(named.version),
            fix="two clones released at once, or a tag was put in by hand: "
            f"`git cat-file tag 'refs/tags/{between[0].tag}'` says by whom",
            other=between[0].tag,
        )

    def _no_release_before(self, holder: Release, oid: str, one: Unlinked) -> str:
        """Why what a tag names can't be the release before it, or ""."""
        short, named = oid[:_SHORT], one.release
        if one.kind in {MISSING, BROKEN}:
            below = self._below(holder)
            gone = f"a release below {holder.version} was deleted"
            if below is not None:
                gone = (
                    f"a release between {below.version} and {holder.version} was deleted, "
                    f"or {below.version} was replaced"
                )
            return f"names the tag object {short} as the one before it, which is {one.kind}: {gone}"
        if one.kind != "tag":
            return f"names a {one.kind}, {short}, as the release before it"
        if named is None:
            return f"names {short} as the release before it, a tag of something else"
        if named.name != holder.name:
            return f"names `{named.name}` {named.version} as the release before it"
        if not named.version < holder.version:
            return f"names a tag of {named.version} as the release before it"
        return ""

    def _gone(self, holder: Release, lost: Release) -> Iterator[Finding]:
        """A release that the chain remembers and no ref leads to."""
        back = f"`git update-ref refs/tags/{lost.tag} {lost.tag_object}`"
        now = self._by_version.get(lost.version)
        if now is None:
            message = (
                f"it was deleted: {holder.version} names its tag object {lost.tag_object[:_SHORT]}"
            )
            fix = f"{back} puts it back, after you have seen why it went"
            yield release_finding("deleted-release", lost, message, fix=fix, other=holder.tag)
        elif now.tag_object:
            message = (
                f"it was replaced: {holder.version} names tag object {lost.tag_object[:_SHORT]}, "
                f"and the ref leads to {now.tag_object[:_SHORT]}"
            )
            yield release_finding(
                "replaced-release", now, message, fix=f"{back} puts it back", other=holder.tag
            )


def _broken(release: Release, message: str, holder: Release) -> Finding:
    return release_finding("broken-chain", release, message, key=str(holder.version), fix=_COMPARE)
