"""Release tags: the grammar, the object, and every way in which one is broken."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.model.version import Version, parse_version
from promptreg.releases import tag as tags
from promptreg.releases.tag import (
    Pin,
    Release,
    broken_release,
    format_object,
    parse_object,
    parse_tag_name,
    tag_name,
)

# What GTO's documentation and source give as the form of `NAME@vX.Y.Z`; its names have no `_` and
# end in a letter or digit.
_SEMVER = (
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
)
GTO = re.compile(rf"(?P<name>[a-z0-9]([a-z0-9-/]*[a-z0-9])?)@(?P<version>v{_SEMVER})")

COMMIT, PREVIOUS, DIGEST = "c" * 40, "d" * 40, "sha256:" + "e" * 64
TAGGER = "Ann Example <ann@example.com> 1700000000 +0100"
NAMES = st.from_regex(r"[d-k][a-z0-9_-]{0,6}(/[d-k][a-z0-9_-]{0,6}){0,2}", fullmatch=True)
NUMBERS = st.integers(0, 999_999_999)
VERSIONS = st.builds(
    Version, NUMBERS, NUMBERS, NUMBERS, st.sampled_from([(), ("rc", 1), ("a-b",), (0,)])
)
DIGESTS = st.text(alphabet="0123456789abcdef", min_size=64, max_size=64).map("sha256:".__add__)
PINS = st.builds(Pin, NAMES, NAMES, VERSIONS.map(str), DIGESTS)


def release(**changes: object) -> Release:
    values: dict[str, object] = {
        "name": "support/triage",
        "version": Version(1, 4, 0),
        "commit": COMMIT,
        "digest": DIGEST,
        "bump": "minor",
        "previous": PREVIOUS,
        "message": "",
        **changes,
    }
    return Release(**values)  # type: ignore[arg-type] # made of keywords


@given(NAMES, VERSIONS)
def test_a_tag_name_survives_format_and_parse(name: str, version: Version) -> None:
    assert parse_tag_name(tag_name(name, version)) == (name, version)


@given(NAMES.filter(lambda name: "_" not in name and not name.endswith("-")), VERSIONS)
def test_gto_reads_our_tags(name: str, version: Version) -> None:
    match = GTO.fullmatch(tag_name(name, version))
    assert match is not None
    assert (match["name"], match["version"]) == (name, f"v{version}")


@pytest.mark.parametrize(
    "tag",
    [
        "v1.0.0",
        "a",
        "a@1.0.0",
        "a@v1",
        "a@v1.0",
        "a@v01.0.0",
        "a@v1.0.0+b",
        "@v1.0.0",
        "A@v1.0.0",
        "a@v1.0.0@v1.0.0",
        "a#production#1",
        "-x@v1.0.0",
        "a@v1.0.0\n",
        "a@v\uff11.0.0",
    ],
)
def test_a_tag_of_someone_else(tag: str) -> None:
    assert parse_tag_name(tag) is None
    assert parse_object(tag, "f" * 40, "tag", b"") is None


@settings(deadline=None, max_examples=100)
@given(
    NAMES, VERSIONS, DIGESTS, st.sampled_from(["", PREVIOUS, "d" * 64]), st.lists(PINS, max_size=3)
)
def test_an_object_survives_format_and_parse(
    name: str, version: Version, digest: str, previous: str, pins: list[Pin]
) -> None:
    made = release(name=name, version=version, digest=digest, previous=previous, pins=tuple(pins))
    content = format_object(made, "What is new\n\nand more", TAGGER)
    found = parse_object(made.tag, "f" * 40, "tag", content)
    assert found == release(
        name=name,
        version=version,
        digest=digest,
        previous=previous,
        pins=tuple(pins),
        message="What is new\n\nand more",
        tag_object="f" * 40,
        tagger_name="Ann Example",
        tagger_email="ann@example.com",
        time=1_700_000_000,
    )


@settings(deadline=None, max_examples=300)
@given(
    st.text(
        alphabet=st.one_of(
            st.sampled_from("\n\r :-\x00\udcff"),
            st.characters(codec="utf-8"),
        ),
        max_size=40,
    )
)
def test_no_message_makes_a_tag_that_is_read_otherwise(text: str) -> None:
    made = release(message="")
    found = parse_object(made.tag, "", "tag", format_object(made, text, TAGGER))
    assert found is not None
    assert found.problem == ""
    assert (found.digest, found.bump, found.previous) == (DIGEST, "minor", PREVIOUS)


_EDITS = (
    "\n", "\n\n", " ", "tag x\n", "tagger a <b> 1 +0000\n", "Promptreg-Bump: patch\n", "Promptreg-", ": ",
    "Promptreg-Pins: a b@v1.0.0 sha256:" + "0" * 64 + "\n", "Promptreg-Previous: " + "0" * 64 + "\n",
    "\n-----BEGIN SSH SIGNATURE-----\n", "-----BEGIN ", "<", ">", "0", "f", "\r", "\0", "\x85", "\u2028", "commit",
    "gpgsig x\n", "Promptreg-Digest: ", "major", "-", "\udcff", "\u0660",
)  # fmt: skip


@settings(deadline=None, max_examples=400)
@given(
    st.lists(PINS, max_size=2),
    st.sampled_from(["", PREVIOUS, "d" * 64]),
    st.sampled_from([TAGGER, "<> 0 +0000", "a<b@c> -12 -0100", "x", "A <a> b <c@d> 5 +0000"]),
    st.text(alphabet="a\n :\r<", max_size=12),
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 4), st.sampled_from(("", *_EDITS))), max_size=3
    ),
)
def test_the_quick_reading_is_the_thorough_one(
    pins: list[Pin], previous: str, tagger: str, text: str, edits: list[tuple[float, int, str]]
) -> None:
    """Of what `release` writes, and of that with pieces taken out and put in anywhere."""
    made = release(pins=tuple(pins), previous=previous)
    content = format_object(made, text, tagger)
    for place, length, new in edits:
        at = int(place * len(content))
        content = content[:at] + new.encode("utf-8", "surrogateescape") + content[at + length :]
    for kind in ("tag", "commit"):
        quick = parse_object(made.tag, "f" * 40, kind, content)
        assert quick == _thorough(made.tag, kind, content)


def _thorough(tag: str, kind: str, content: bytes) -> Release | None:
    bare = broken_release(tag, "f" * 40, "")
    assert bare is not None
    try:
        return tags._parse(bare, kind, content)
    except tags._BadTagError as problem:
        return replace(bare, problem=str(problem), rule=problem.rule)


def test_what_release_writes_is_read_quickly() -> None:
    """Or the test above would show nothing."""
    made = release(pins=(Pin("a", "b", "1.0.0", DIGEST),))
    bare = broken_release(made.tag, "", "")
    assert bare is not None
    assert tags._ordinary(bare, made.tag, "tag", format_object(made, "New.", TAGGER)) is not None


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN SSH SIGNATURE-----\nx",
        "new\n-----BEGIN PGP SIGNATURE-----\n\nold",
        "-----BEGIN PGP MESSAGE-----",
        "-----BEGIN SIGNED MESSAGE-----\nx",
        f"Promptreg-Digest: sha256:{'0' * 64}",
        f"x\n\nPromptreg-Digest: sha256:{'0' * 64}\nPromptreg-Bump: major",
        "a latin-1 byte: \udce9",
        "a\r\nb",
        "\0",
    ],
)
def test_a_message_can_not_speak_for_the_trailers(text: str) -> None:
    found = parse_object("support/triage@v1.4.0", "", "tag", format_object(release(), text, TAGGER))
    assert found is not None
    assert (found.problem, found.digest, found.bump) == ("", DIGEST, "minor")


@pytest.mark.parametrize(
    "signature",
    [
        "-----BEGIN SSH SIGNATURE-----\nU1NI\n-----END SSH SIGNATURE-----\n",
        "-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----\n",
        "-----BEGIN SIGNED MESSAGE-----\nMII\n-----END SIGNED MESSAGE-----\n",
    ],
)
def test_a_signature_is_no_part_of_what_is_said(signature: str) -> None:
    content = format_object(release(), "new", TAGGER) + signature.encode()
    found = parse_object("support/triage@v1.4.0", "", "tag", content)
    assert found is not None
    assert (found.problem, found.message) == ("", "new")


@pytest.mark.parametrize("begin", ["", "-----BEGIN PGP FOO-----\n", "-----BEGIN SSH -----\n"])
def test_what_follows_a_signature_says_nothing(begin: str) -> None:
    signature = "-----BEGIN SSH SIGNATURE-----\nU1NI\n-----END SSH SIGNATURE-----\n"
    other = release(digest=f"sha256:{'0' * 64}")
    later = format_object(other, "bent", TAGGER).partition(b"\n\n")[2] + begin.encode()
    content = format_object(release(), "new", TAGGER) + signature.encode() + b"\n" + later
    found = parse_object("support/triage@v1.4.0", "", "tag", content)
    assert found is not None
    assert (found.problem, found.message, found.digest) == ("", "new", DIGEST)


def _object(**changes: str) -> bytes:
    lines = {
        "object": f"object {COMMIT}\n",
        "type": "type commit\n",
        "tag": "tag support/triage@v1.4.0\n",
        "tagger": f"tagger {TAGGER}\n",
        "subject": "\nRelease support/triage 1.4.0\n\n",
        "digest": f"Promptreg-Digest: {DIGEST}\n",
        "bump": "Promptreg-Bump: minor\n",
        "previous": f"Promptreg-Previous: {PREVIOUS}\n",
        **changes,
    }
    return "".join(lines.values()).encode("utf-8", "surrogateescape")


def _problem(content: bytes, kind: str = "tag") -> str:
    found = parse_object("support/triage@v1.4.0", "f" * 40, kind, content)
    assert found is not None
    assert (found.name, found.version, found.tag_object) == (
        "support/triage",
        parse_version("1.4.0"),
        "f" * 40,
    )
    if found.problem:
        assert (found.commit, found.digest) == ("", "")
    return found.problem


def test_the_whole_one_has_no_problem() -> None:
    assert _problem(_object()) == ""
    assert _problem(_object(previous="")) == ""
    assert _problem(_object(more="Promptreg-Later: x\n")) == ""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"type": "type tree\n"}, "tags a tree"),
        ({"type": ""}, "header"),
        ({"object": ""}, "header"),
        ({"object": f"object {COMMIT}\nobject {PREVIOUS}\n"}, "header"),
        ({"tag": "tag support/triage@v1.4.0\ntag x\n"}, "header"),
        ({"object": "object abc\n"}, "`object`"),
        ({"tag": "tag support/triage@v1.5.0\n"}, "its tag object says"),
        ({"tag": "tag other@v1.4.0\n"}, "its tag object says"),
        ({"digest": ""}, "`Promptreg-Digest` is missing"),
        ({"digest": "Promptreg-Digest: sha256:abc\n"}, "Promptreg-Digest"),
        ({"digest": f"Promptreg-Digest: {DIGEST}\n" * 2}, "2 `Promptreg-Digest` trailers"),
        ({"bump": ""}, "`Promptreg-Bump` is missing"),
        ({"bump": "Promptreg-Bump: none\n"}, "Promptreg-Bump"),
        ({"bump": "Promptreg-Bump: huge\n"}, "Promptreg-Bump"),
        ({"previous": "Promptreg-Previous: \n"}, "Promptreg-Previous"),
        ({"previous": "Promptreg-Previous: HEAD\n"}, "Promptreg-Previous"),
        ({"more": "and more\n"}, "trailers"),
        ({"more": "Promptreg-Pins: a b\n"}, "Promptreg-Pins"),
        ({"more": f"Promptreg-Pins: a b@1.0.0 {DIGEST}\n"}, "Promptreg-Pins"),
        ({"digest": "\udcff\n"}, "trailers"),
    ],
)
def test_a_broken_one_says_why(changes: dict[str, str], words: str) -> None:
    assert words in _problem(_object(**changes))


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (b"", "commit", "lightweight"),
        (b"", "blob", "lightweight"),
        (b"", "tag", "header"),
        (b"\xff\0\n\n", "tag", "header"),
        (_object() + b"x" * 70_000, "tag", "64 KB"),
    ],
)
def test_an_object_that_is_none(content: bytes, kind: str, words: str) -> None:
    assert words in _problem(content, kind)


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=200))
def test_any_bytes_have_a_problem_or_none(content: bytes) -> None:
    assert isinstance(_problem(content), str)
