"""Releases against what is remembered of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from promptreg.model.finding import Finding, Location, Severity
from promptreg.releases.anchors import Remembered
from promptreg.releases.tag import PREFIX, Release, of_version

_SHORT = 12
_FETCH = "`git fetch --tags` gets tags that are missing here only"


def memory_findings(
    remembered: Iterable[Remembered], known: Mapping[str, Sequence[Release]]
) -> Iterator[Finding]:
    """Where an anchor and a tag disagree; what is told of now isn't told of the past again."""
    told: set[tuple[str, str, str]] = set()
    for one in sorted(remembered, key=lambda one: bool(one.past)):
        pin = (one.name, str(one.version), one.digest)
        if one.past and pin in told:
            continue
        told.add(pin)
        releases = known.get(one.name, ())
        release = of_version(releases, one.version)
        if release is None:
            yield _unknown(one, releases)
        elif not release.problem:
            yield from _differing(one, release, releases)


def unremembered(
    remembered: Iterable[Remembered], known: Mapping[str, Sequence[Release]], named: Iterable[str]
) -> tuple[Release, ...]:
    """Sound releases that nothing but their own tag vouches for: no later release, no anchor.

    `named` are tag objects that lost tags name.
    """
    chained = {*named, *(one.previous for every in known.values() for one in every)}
    vouched = {(one.name, str(one.version), one.digest) for one in remembered}
    for releases in known.values():
        vouched |= {(pin.name, pin.version, pin.digest) for one in releases for pin in one.pins}
    found = []
    for releases in known.values():
        found += [
            one
            for one in releases
            if not one.problem
            and one.tag_object not in chained
            and (one.name, str(one.version), one.digest) not in vouched
        ]
    return tuple(found)


def _unknown(one: Remembered, releases: Sequence[Release]) -> Finding:
    rule = "unknown-past-release" if one.past else "unknown-release"
    message = f"{one.who} names `{one.name}` {one.version}, which has no tag"
    return _finding(rule, one, message, "version", _other_version(one, releases) or _FETCH)


def _differing(one: Remembered, release: Release, releases: Sequence[Release]) -> Iterator[Finding]:
    named = f"`{one.name}` {one.version}"
    if one.digest != release.digest:
        rule = "wrong-past-digest" if one.past else "wrong-digest"
        message = f"{one.who} remembers {named} as {one.digest}, its tag says {release.digest}"
        fix = _other_version(one, releases) or "compare the tag with another clone"
        yield _finding(rule, one, message, "digest", fix, release)
    elif one.tag and one.tag != release.tag_object:
        message = (
            f"{one.who} remembers {named} as tag object {one.tag[:_SHORT]}, "
            f"the ref leads to {release.tag_object[:_SHORT]}: the tag was made anew"
        )
        fix = f"where {one.tag[:_SHORT]} is the right one: `git update-ref {PREFIX}{release.tag} {one.tag}`"
        yield _finding("replaced-release", one, message, "tag", fix, release)
    elif one.commit and one.commit != release.commit:
        message = f"{one.who} says that {named} is of commit {one.commit[:_SHORT]}"
        fix = f"its tag says {release.commit}; `promptreg lock` writes it"
        yield _finding("wrong-lock", one, message, "commit", fix, release)


def _other_version(one: Remembered, releases: Sequence[Release]) -> str:
    same = next((each for each in releases if each.digest == one.digest), None)
    return f"{same.version} has this digest" if same else ""


def _finding(
    rule: str,
    one: Remembered,
    message: str,
    key: str,
    fix: str,
    release: Release | None = None,
) -> Finding:
    route = (*one.at.route, key) if one.at.route else ()
    return Finding(
        rule=rule,
        severity=Severity.ERROR,
        message=message,
        at=Location(one.at.path, route),
        entry=one.name,
        key=" ".join(filter(None, (str(one.version), one.past and one.digest))),
        fix=fix,
        related=(Location(PREFIX + release.tag, note="see"),) if release else (),
    )
