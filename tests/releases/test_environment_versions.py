"""Versions of an environment's file read one after the other mean what each means alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.errors import RefusedError, SelectorError
from promptreg.model.environment import Environment
from promptreg.releases.environment_text import new_environment_text, read_environment_text
from promptreg.releases.environment_versions import EnvironmentVersions

HEAD = "apiVersion: promptreg/v1\nkind: Environment\nname: production\nreleases:\n"
DIGEST = "sha256:" + "a" * 64
NAMES = (
    *("a", "a-b", "support/triage", "support/2nd", "n", "no", "yes", "on", "y", "e5", "x_", "b--"),
    *(
        "null",
        "true",
        "false",
        "nulls",
        "null/a",
        "con",
        "a/con",
        "con/a",
        "com1",
        "com12",
        "aux-1",
    ),
    *("1", "1e5", "0x1", "1-a", "A", "a//b", "a/", "-a", "a b", "ä", '"a"', "'a'", "a.b", "~", ""),
    *("n" * 200, "n" * 201, "? a", "- a", "latest", "inf", "nan"),
)
VERSIONS = (
    *("1.2.3", "0.0.0", "10.20.30", "999999999.0.0", "1000000000.0.0", "1.2.3-rc.1", "1.2.3-rc"),
    *("1.2.3-rc.01", "1.2.3-1", "1.2.3-null", "1.2", "1.2.3.4", "01.2.3", "v1.2.3", "1.2.3+b", ""),
    *("1.0.0 ", "1.2.3-rc.1000000000", '"1.2.3"'),
)
DIGESTS = (DIGEST, "sha256:" + "0123456789abcdef" * 4, DIGEST[:-1], DIGEST + "a", DIGEST.upper())
SHAPES = (
    '  {name}: {{version: {version}, digest: "{digest}"}}',
    '  {name}: {{version: {version}, digest: "{digest}"}}',
    '  {name}: {{version: {version}, digest: "{digest}"}}',
    "  {name}: {{version: {version}, digest: {digest}}}",
    '  {name}: {{digest: "{digest}", version: {version}}}',
    '   {name}: {{version: {version}, digest: "{digest}"}}',
    '{name}: {{version: {version}, digest: "{digest}"}}',
    '  {name}: {{version: {version}, digest: "{digest}"}} # note',
    '  {name}: {{version: {version}, digest: "{digest}"}}\r',
    '  {name}:\n    version: {version}\n    digest: "{digest}"',
    "  # {name}",
    "",
)
LINES = st.builds(
    lambda shape, name, version, digest: shape.format(name=name, version=version, digest=digest),
    *map(st.sampled_from, (SHAPES, NAMES, VERSIONS, DIGESTS)),
) | st.builds(
    lambda name: SHAPES[0].format(name=name, version="1.2.3", digest=DIGEST), st.sampled_from(NAMES)
)
HEADS = (
    *(HEAD, HEAD, HEAD, HEAD, HEAD, HEAD.replace("production", "staging"), HEAD[1:]),
    HEAD.replace("releases", "frozen: {reason: why}\nreleases"),
    HEAD.replace("kind: Environment\n", "kind: Prompt\n"),
)
TAILS = (
    "\n",
    "\n",
    "\n",
    "",
    "\n\n",
    "\nsuspended: {}\n",
    "\n...\n",
    "\n---\n",
    "\nx: 1\n",
    "\n\x85",
)
FILES = st.builds(
    lambda head, lines, tail: (head + "\n".join(lines) + tail).encode(),
    st.sampled_from(HEADS),
    st.lists(LINES, max_size=4),
    st.sampled_from(TAILS),
)


def alone(name: str, content: bytes) -> Environment | str | None:
    try:
        return read_environment_text(name, content)
    except RefusedError:
        return None
    except SelectorError as error:  # a version that only the schema takes for one
        return str(error)


def among(versions: EnvironmentVersions, content: bytes) -> Environment | str | None:
    try:
        return versions.read(content)
    except SelectorError as error:
        return str(error)


@given(st.lists(FILES, max_size=4))
@settings(deadline=None, max_examples=300)
def test_any_versions_are_read_as_each_alone(contents: list[bytes]) -> None:
    versions = EnvironmentVersions("production")
    for content in [*contents, *contents]:
        assert among(versions, content) == alone("production", content)


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_read_as_alone(name: str) -> None:
    content = (HEAD + SHAPES[0].format(name=name, version="1.2.3", digest=DIGEST) + "\n").encode()
    assert among(EnvironmentVersions("production"), content) == alone("production", content)


@pytest.mark.parametrize("version", VERSIONS)
def test_any_version_is_read_as_alone(version: str) -> None:
    content = (HEAD + SHAPES[0].format(name="a", version=version, digest=DIGEST) + "\n").encode()
    assert among(EnvironmentVersions("production"), content) == alone("production", content)


@pytest.mark.parametrize("name", ["production", "null", "true", "latest", "v1", "v", "a" * 64, "1"])
def test_any_environment_is_read_as_alone(name: str) -> None:
    line = SHAPES[0].format(name="a", version="1.2.3", digest=DIGEST)
    for text in (new_environment_text(name), HEAD.replace("production", name) + line + "\n"):
        content = text.encode()
        assert among(EnvironmentVersions(name), content) == alone(name, content)


def test_a_line_that_is_known_does_not_hide_a_name_that_comes_twice() -> None:
    line = SHAPES[0].format(name="a", version="1.2.3", digest=DIGEST) + "\n"
    other = line.replace("1.2.3", "1.2.4")
    versions = EnvironmentVersions("production")
    assert versions.read((HEAD + line).encode()) is not None
    assert versions.read((HEAD + other).encode()) is not None
    for twice in (line + line, line + other):
        assert versions.read((HEAD + twice).encode()) is None
    assert versions.read(None) is None
