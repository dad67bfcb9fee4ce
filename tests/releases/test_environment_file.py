"""Editing an environment file keeps every byte that isn't meant."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.errors import RefusedError
from promptreg.model.environment import Pin
from promptreg.model.version import parse_version
from promptreg.releases.environment_file import with_pin
from promptreg.releases.environment_text import new_environment_text, read_environment_text

HEAD = "apiVersion: promptreg/v1\nkind: Environment\nname: production\n"


def digest(character: str) -> str:
    return "sha256:" + character * 64


def pin(version: str = "1.0.0", character: str = "a") -> Pin:
    return Pin(parse_version(version), digest(character))


def entry(name: str, version: str = "1.0.0", character: str = "a") -> str:
    return f'  {name}: {{version: {version}, digest: "{digest(character)}"}}\n'


def edited(body: str, name: str = "m", version: str = "2.0.0", character: str = "b") -> str:
    text = with_pin(HEAD + body, "production", name, pin(version, character))
    assert text.startswith(HEAD)
    return text.removeprefix(HEAD)


NEW = entry("m", "2.0.0", "b")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("releases: {}\n", "releases:\n" + NEW),
        ("releases: {}", "releases:\n" + NEW),
        ("releases: { } # none yet\n", "releases: # none yet\n" + NEW),
        ("releases: {}\nx-a: 1\n", "releases:\n" + NEW + "x-a: 1\n"),
        ("releases:\n" + entry("a"), "releases:\n" + entry("a") + NEW),
        ("releases:\n" + entry("z"), "releases:\n" + NEW + entry("z")),
        ("releases:\n" + entry("a") + entry("z"), "releases:\n" + entry("a") + NEW + entry("z")),
        (
            "releases: # sorted\n  # first\n" + entry("a") + "  # last\n" + entry("z"),
            "releases: # sorted\n  # first\n" + entry("a") + NEW + "  # last\n" + entry("z"),
        ),
        ("releases:\n" + entry("m") + entry("z"), "releases:\n" + NEW + entry("z")),
        (
            "releases:\n" + entry("a") + "\n# about x-a\nx-a: 1\n",
            "releases:\n" + entry("a") + NEW + "\n# about x-a\nx-a: 1\n",
        ),
        (
            "releases:\n" + entry("a") + "# about x-a\nx-a: 1\n",
            "releases:\n" + entry("a") + NEW + "# about x-a\nx-a: 1\n",
        ),
        (
            "releases:\n" + entry("m").replace("\n", "  # pinned: version: 9\n"),
            "releases:\n" + NEW.replace("\n", "  # pinned: version: 9\n"),
        ),
        (
            "releases:\n  m:\n    # why\n    version: 1.0.0  # old\n"
            f"    digest: '{digest('a')}'\n  # z\n" + entry("z"),
            "releases:\n  m:\n    # why\n    version: 2.0.0  # old\n"
            f"    digest: '{digest('b')}'\n  # z\n" + entry("z"),
        ),
        (
            f"releases:\n    'm': {{digest: {digest('a')},\n      version: '1.0.0'}}\n",
            f"releases:\n    'm': {{digest: {digest('b')},\n      version: '2.0.0'}}\n",
        ),
        (
            f'releases:\n  m: {{\n    "version": "1.0.0",\n    "digest": "{digest("a")}"\n  }}\n',
            f'releases:\n  m: {{\n    "version": "2.0.0",\n    "digest": "{digest("b")}"\n  }}\n',
        ),
        (
            "releases:\n    a:\n        version: 1.0.0\n        digest: " + digest("a") + "\n",
            "releases:\n    a:\n        version: 1.0.0\n        digest: "
            + digest("a")
            + "\n  "
            + NEW,
        ),
    ],
)
def test_one_entry_moves_and_nothing_else(before: str, after: str) -> None:
    assert edited(before) == after


def test_line_ends_stay() -> None:
    text = (HEAD + "releases:\n" + entry("a") + entry("z")).replace("\n", "\r\n")
    after = with_pin(text, "production", "m", pin("2.0.0", "b"))
    expected = HEAD + "releases:\n" + entry("a") + NEW + entry("z")
    assert after == expected.replace("\n", "\r\n")


def test_mixed_line_ends_stay_mixed() -> None:
    text = HEAD + "releases:\n" + entry("a").replace("\n", "\r\n") + entry("z")
    after = with_pin(text, "production", "m", pin("2.0.0", "b"))
    assert after.replace(NEW, "") == text


def test_an_empty_file_with_crlf() -> None:
    text = (HEAD + "releases: {}\n").replace("\n", "\r\n")
    after = with_pin(text, "production", "m", pin("2.0.0", "b"))
    assert after == (HEAD + "releases:\n" + NEW).replace("\n", "\r\n")


@pytest.mark.parametrize(
    "body",
    [
        'releases: {a: {version: 1.0.0, digest: "' + digest("a") + '"}}\n',
        "releases:\n  {}\n",
        "releases : {}\n",
        '"releases": {}\n',
        "releases: {\n}\n",
        f"releases:\n  a: &x {{version: 1.0.0, digest: {digest('a')}}}\n  m: *x\n",
        f"releases:\n  m: &x {{version: 1.0.0, digest: {digest('a')}}}\n  z: *x\n",
        f"releases:\n  m:\n    ? version\n    : 1.0.0\n    digest: {digest('a')}\n",
    ],
)
def test_an_odd_shape_is_refused(body: str) -> None:
    with pytest.raises(RefusedError) as caught:
        edited(body)
    assert "one entry can't be changed safely" in caught.value.what


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no document"),
        (HEAD, "`releases` is missing"),
        (HEAD + "releases:\n", ""),
        (HEAD.replace("production", "staging") + "releases: {}\n", "says that it is `staging`"),
        (HEAD + "releases: {}\nreleases: {}\n", ""),
        (HEAD + "releases: {a: {version: 1, digest: x}}\n", ""),
    ],
)
def test_a_broken_file_is_refused(text: str, words: str) -> None:
    with pytest.raises(RefusedError) as caught:
        with_pin(text, "production", "m", pin())
    assert words in caught.value.what
    assert caught.value.where == "environments/production.yaml"


@pytest.mark.parametrize(
    "name", ["0", "2024", "1e5", "0x1f", "true", "null", "0o7", "9" * 30, "1e999"]
)
def test_a_name_that_yaml_takes_for_something_else(name: str) -> None:
    after = edited("releases: {}\n", name)
    assert list(read_environment_text("production", (HEAD + after).encode()).releases) == [name]


def test_the_first_promotion_starts_a_file() -> None:
    text = with_pin(new_environment_text("production"), "production", "m", pin("2.0.0", "b"))
    assert text == HEAD + "releases:\n" + NEW


NAMES = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,5}(/[a-z0-9]{1,3})?", fullmatch=True)
PINS = st.builds(
    pin,
    st.sampled_from(["0.1.0", "1.0.0", "2.10.3-rc.1", "999999999.0.0"]),
    st.sampled_from("0123456789abcdef"),
)
STYLES = ("flow", "block", "single", "crlf")


def _written(name: str, one: Pin, style: str) -> str:
    if not name[0].isalpha() or name in {"true", "false", "null"}:
        name = f'"{name}"'
        style = "flow" if style == "single" else style
    if style == "block":
        return f"  {name}:\n    version: {one.version}  # set\n    digest: '{one.digest}'\n"
    if style == "single":
        return f"  '{name}': {{ digest: '{one.digest}', version: '{one.version}' }}\n"
    line = f'  {name}: {{version: {one.version}, digest: "{one.digest}"}} # kept\n'
    return line.replace("\n", "\r\n") if style == "crlf" else line


@settings(deadline=None, max_examples=100)
@given(
    st.dictionaries(NAMES, st.tuples(PINS, st.sampled_from(STYLES)), max_size=5),
    NAMES,
    PINS,
    st.sampled_from(["", "# a comment\n", "\n", "x-note: {releases: 1}\n"]),
)
def test_what_was_there_stays(
    there: dict[str, tuple[Pin, str]], name: str, wanted: Pin, tail: str
) -> None:
    body = "".join(_written(key, *value) for key, value in there.items())
    text = HEAD + ("releases:\n" + body if there else "releases: {}\n") + tail
    before = read_environment_text("production", text.encode())
    after = with_pin(text, "production", name, wanted)
    assert read_environment_text("production", after.encode()).releases == {
        **before.releases,
        name: wanted,
    }
    kept = [line for line in text.split("\n") if line != "releases: {}"]
    if name in there:
        own = _written(name, *there[name]).split("\n")
        kept = [line for line in kept if line not in own]
    remaining = iter(after.split("\n"))
    assert all(line in remaining for line in kept)
    assert with_pin(after, "production", name, wanted) == after
