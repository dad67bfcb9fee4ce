"""What this clone knows about releases, for those who only judge by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from hashlib import sha256

from promptreg.model.version import Version
from promptreg.releases.ledger import FETCH, FETCH_TAGS
from promptreg.releases.tag import PREFIX
from promptreg.releases.tag_digests import TagDigests
from promptreg.store.git.config import clone_limits
from promptreg.store.git.refs import refs_id
from promptreg.store.git.repository import Repository


@dataclass(frozen=True, slots=True)
class KnownReleases:
    """`digests` by entry and version; None where they can't be known, and `note` says why."""

    digests: Mapping[str, Mapping[Version, str]] | None = None
    note: str = ""


def releases_id(repository: Repository) -> str:
    """Names all that `known_releases` comes from: equal ids, equal answers."""
    limits = clone_limits(repository)
    said = f"{refs_id(repository, PREFIX.rstrip('/'))} {astuple(limits)}"
    return sha256(said.encode("ascii")).hexdigest()


def known_releases(repository: Repository | None) -> KnownReleases:
    """The release tags. None at all in a clone that leaves things out count as unknown."""
    if repository is None:
        return KnownReleases(note="without a git repository no release is known or checked")
    digests = TagDigests(repository)
    if not digests:
        limits = clone_limits(repository)
        if limits.shallow or limits.partial or limits.no_tags:
            how = FETCH if limits.shallow else FETCH_TAGS
            note = f"this clone has no release tags: releases weren't checked; `{how}` gets them"
            return KnownReleases(note=note)
    return KnownReleases(digests)


def read_pinned(known: KnownReleases, pins: Iterable[tuple[str, Version]]) -> None:
    """Read these tags at once; others are read when somebody asks what one of them promises."""
    if isinstance(known.digests, TagDigests):
        known.digests.read(pins)
