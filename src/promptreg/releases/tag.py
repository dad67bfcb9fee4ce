"""Release tags: the grammar of GTO (`NAME@vX.Y.Z`) and what the tag object says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from promptreg.errors import PromptregError
from promptreg.model.names import name_problem
from promptreg.model.version import Bump, Version, try_version
from promptreg.store.signature_block import BEGINS, split_signature

PREFIX = "refs/tags/"
MAX_TAG_BYTES = 64 * 1024
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_OBJECT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_TRAILER = re.compile(r"(Promptreg-[A-Za-z]+): (.*)")
_IDENTITY = re.compile(r"(.*?) ?<([^<>]*)> (-?[0-9]{1,12}) ([+-][0-9]{4})")
_BUMPS = {bump.word: bump for bump in Bump if bump}
_SIGNATURES = tuple(begin.decode() for begin in BEGINS)
_HEADER = ("object", "type", "tag")
_SINGLE = ("Promptreg-Digest", "Promptreg-Bump", "Promptreg-Previous")


@dataclass(frozen=True, slots=True)
class Pin:
    """What an agent's release resolved one of its selectors to."""

    role: str
    name: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Release:
    """An immutable annotated tag `NAME@vX.Y.Z`, as far as the tag itself tells."""

    name: str
    version: Version
    commit: str
    digest: str
    bump: str
    previous: str
    """The tag object of the entry's previous release; empty for the first."""
    message: str
    pins: tuple[Pin, ...] = ()
    tag_object: str = ""
    tagger_name: str = ""
    tagger_email: str = ""
    time: int = 0
    """Seconds since 1970; told, never used to order releases."""
    problem: str = ""
    """Why it can't be trusted; such a release is listed and never served."""
    rule: str = ""
    """The id of the finding that `verify` makes of the problem."""

    @property
    def tag(self) -> str:
        """The tag's name, without `refs/tags/`."""
        return tag_name(self.name, self.version)

    @property
    def tagger(self) -> str:
        """Who made it, as `Name <address>`; empty where the tag names nobody."""
        if not (self.tagger_name or self.tagger_email):
            return ""
        return f"{self.tagger_name} <{self.tagger_email}>"


def tag_name(name: str, version: Version) -> str:
    """`support/triage@v1.4.0`."""
    return f"{name}@v{version}"


def of_version(releases: Iterable[Release], version: Version) -> Release | None:
    """The one of an entry's releases that is of a version."""
    return next((one for one in releases if one.version == version), None)


def parse_tag_name(tag: str) -> tuple[str, Version] | None:
    """The entry and version that a tag's name says; None where it is no release tag of ours."""
    name, separator, rest = tag.rpartition("@v")
    if not separator or name_problem(name):
        return None
    version = try_version(rest)
    return None if version is None else (name, version)


def format_message(release: Release, text: str) -> str:
    """The tag's message: a subject, the people's text, the trailers.

    Bytes that are no UTF-8 are replaced, and a line that git would take for the start of a
    signature is indented.
    """
    trailers = [f"Promptreg-Digest: {release.digest}", f"Promptreg-Bump: {release.bump}"]
    if release.previous:
        trailers.append(f"Promptreg-Previous: {release.previous}")
    trailers += [
        f"Promptreg-Pins: {pin.role} {pin.name}@v{pin.version} {pin.digest}" for pin in release.pins
    ]
    title = f"Release {release.name} {release.version}"
    paragraphs = [title, _harmless(text).strip("\n"), "\n".join(trailers)]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph) + "\n"


def _harmless(text: str) -> str:
    known = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\0", "")
    lines = known.replace("\r\n", "\n").strip().split("\n")
    return "\n".join(f" {one}" if one.startswith(_SIGNATURES) else one for one in lines)


def format_object(release: Release, text: str, tagger: str) -> bytes:
    """The tag object as `git mktag` takes it; `tagger` is git's `NAME <MAIL> SECONDS ZONE`."""
    head = f"object {release.commit}\ntype commit\ntag {release.tag}\ntagger {tagger}\n\n"
    return (head + format_message(release, text)).encode()


def parse_object(tag: str, tag_object: str, kind: str, content: bytes) -> Release | None:
    """The release behind the ref `refs/tags/TAG`, or None where the name is no release's.

    `kind` is the type of the object that the ref points to. Whatever is wrong with the object is
    the release's `problem`, so that one bad tag never stops the others.
    """
    named = parse_tag_name(tag)
    if named is None:
        return None
    bare = Release(*named, "", "", "", "", "", tag_object=tag_object)
    try:
        return _ordinary(bare, tag, kind, content) or _parse(bare, kind, content)
    except _BadTagError as problem:
        return replace(bare, problem=str(problem), rule=problem.rule)


def tag_said(content: bytes) -> str:
    """The name that a tag object gives itself, or "" where it gives none."""
    fields = dict(one.partition(b" ")[::2] for one in content.partition(b"\n\n")[0].split(b"\n"))
    return fields.get(b"tag", b"").decode("utf-8", "replace")


class _BadTagError(PromptregError):
    """The tag object isn't one that `release` wrote; `rule` is the finding that this is."""

    def __init__(self, what: str, *, rule: str = "unreadable-release") -> None:
        super().__init__(what)
        self.rule = rule


def _ordinary(bare: Release, tag: str, kind: str, content: bytes) -> Release | None:
    """What `_parse` reads from an object as nearly all are, in a third of the time; else None."""
    if kind != "tag" or len(content) > MAX_TAG_BYTES or b"\n-----BEGIN " in content:
        return None
    said = content.decode("utf-8", "replace")
    head = _ordinary_head().match(said)
    if head is None or head[2] != tag:
        return None
    body, _, last = said[head.end() :].rstrip("\n").rpartition("\n\n")
    trailers = _ordinary_trailers().fullmatch(last)
    if trailers is None:
        return None
    digest, bump, previous, pins = trailers.groups("")
    return Release(
        bare.name,
        bare.version,
        head[1],
        digest,
        bump,
        previous,
        body.partition("\n\n")[2],
        tuple(map(_pin, pins.split("\nPromptreg-Pins: ")[1:])),
        bare.tag_object,
        head[3],
        head[4],
        int(head[5]),
    )


@cache  # on use: most commands read no tag
def _ordinary_head() -> re.Pattern[str]:
    identity = r"([^\n]*?) ?<([^<>\n]*)> (-?[0-9]{1,12}) [+-][0-9]{4}"
    return re.compile(
        rf"object ({_OBJECT.pattern})\ntype commit\ntag ([^\n]*)\ntagger {identity}\n\n"
    )


@cache
def _ordinary_trailers() -> re.Pattern[str]:
    return re.compile(
        rf"Promptreg-Digest: ({_DIGEST.pattern})\nPromptreg-Bump: ({'|'.join(_BUMPS)})"
        rf"(?:\nPromptreg-Previous: ({_OBJECT.pattern}))?((?:\nPromptreg-Pins: [^\n]*)*)"
    )


def _parse(bare: Release, kind: str, content: bytes) -> Release:
    if kind != "tag":
        what = f"it is a lightweight tag of a {kind}, not an annotated one"
        raise _BadTagError(what, rule="lightweight-release")
    if len(content) > MAX_TAG_BYTES:
        raise _BadTagError("its tag object is larger than 64 KB")
    payload = split_signature(content)[0]  # a signature is no part of what was said
    header, _, message = payload.decode("utf-8", "replace").partition("\n\n")
    fields = _fields(header)
    if fields.get("type") != "commit":
        what = f"it tags a {fields.get('type', 'nothing')[:20]}, not a commit"
        raise _BadTagError(what, rule="release-not-of-commit")
    if fields.get("tag") != bare.tag:
        what = f"its tag object says `{fields.get('tag', '')[:200]}`"
        raise _BadTagError(what, rule="misnamed-release")
    body, trailers = _split_trailers(message)
    singles = _singles(trailers)
    identity = _IDENTITY.fullmatch(fields.get("tagger", ""))
    return Release(
        name=bare.name,
        version=bare.version,
        commit=_matching(_OBJECT, fields.get("object", ""), "object"),
        digest=_matching(_DIGEST, singles.get("Promptreg-Digest", ""), "Promptreg-Digest"),
        bump=_bump(singles.get("Promptreg-Bump", "")),
        previous=_previous(singles),
        message=body,
        pins=tuple(_pin(value) for key, value in trailers if key == "Promptreg-Pins"),
        tag_object=bare.tag_object,
        tagger_name=identity[1] if identity else "",
        tagger_email=identity[2] if identity else "",
        time=int(identity[3]) if identity else 0,
    )


def _fields(header: str) -> dict[str, str]:
    """The lines of the header; git reads the first of two alike, others may read the last."""
    pairs = [line.partition(" ")[::2] for line in header.split("\n")]
    keys = [key for key, _ in pairs]
    if tuple(keys[:3]) != _HEADER or any(keys.count(key) > 1 for key in (*_HEADER, "tagger")):
        raise _BadTagError("its header isn't one that git writes")
    return dict(pairs)


def _split_trailers(message: str) -> tuple[str, list[tuple[str, str]]]:
    body, _, last = message.rstrip("\n").rpartition("\n\n")
    matches = [_TRAILER.fullmatch(line) for line in last.split("\n")]
    trailers = [(match[1], match[2]) for match in matches if match is not None]
    if len(trailers) != len(matches):
        raise _BadTagError("its message doesn't end with the trailers of a release")
    _, _, text = body.partition("\n\n")
    return text, trailers


def _singles(trailers: list[tuple[str, str]]) -> dict[str, str]:
    counts = Counter(key for key, _ in trailers)
    for key in _SINGLE:
        if counts[key] > 1:
            raise _BadTagError(f"it has {counts[key]} `{key}` trailers")
    return dict(trailers)


def _matching(pattern: re.Pattern[str], value: str, what: str) -> str:
    if not pattern.fullmatch(value):
        raise _BadTagError(f"its `{what}` is {f'`{value[:80]}`' if value else 'missing'}")
    return value


def _bump(word: str) -> str:
    if word not in _BUMPS:
        raise _BadTagError(f"its `Promptreg-Bump` is {f'`{word[:80]}`' if word else 'missing'}")
    return word


def _previous(singles: dict[str, str]) -> str:
    if "Promptreg-Previous" not in singles:
        return ""
    return _matching(_OBJECT, singles["Promptreg-Previous"], "Promptreg-Previous")


def _pin(value: str) -> Pin:
    role, _, rest = value.partition(" ")
    tag, _, digest = rest.partition(" ")
    named = parse_tag_name(tag)
    if named is None or not _DIGEST.fullmatch(digest):
        raise _BadTagError("one of its `Promptreg-Pins` can't be read")
    return Pin(role, named[0], str(named[1]), digest)


def broken_release(tag: str, tag_object: str, problem: str, rule: str = "") -> Release | None:
    """The release of a tag that can't even be read; None where the name is no release's."""
    named = parse_tag_name(tag)
    if named is None:
        return None
    return Release(*named, "", "", "", "", "", tag_object=tag_object, problem=problem, rule=rule)
