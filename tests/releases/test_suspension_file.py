"""Freezing, and moving entries between `releases` and `suspended`, keeps every other byte."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.errors import RefusedError
from promptreg.model.environment import Pin, Suspension
from promptreg.model.version import parse_version
from promptreg.releases.environment_file import (
    with_frozen,
    with_pin,
    with_suspension,
    without_frozen,
)
from promptreg.releases.environment_text import new_environment_text, read_environment_text

HEAD = "apiVersion: promptreg/v1\nkind: Environment\nname: production\n"
DIGEST = "sha256:" + "a" * 64
OTHER = "sha256:" + "b" * 64


def pin(version: str = "1.0.0", digest: str = DIGEST) -> Pin:
    return Pin(parse_version(version), digest)


def entry(name: str, more: str = "", tail: str = "") -> str:
    return f'  {name}: {{version: 1.0.0, digest: "{DIGEST}"{more}}}{tail}\n'


def out(name: str, tail: str = "", why: str = "It leaks.") -> str:
    return entry(name, f', reason: "{why}"', tail)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("releases:\n" + entry("m"), "releases: {}\nsuspended:\n" + out("m")),
        ("releases:\n" + entry("m").rstrip("\n"), "releases: {}\nsuspended:\n" + out("m")),
        (
            "releases: # what runs\n" + entry("a") + entry("m", tail=" # kept") + "# end\n",
            "releases: # what runs\n"
            + entry("a")
            + "suspended:\n"
            + out("m", " # kept")
            + "# end\n",
        ),
        (
            "releases:\n" + entry("m") + entry("z") + "\nsuspended:\n" + out("a") + out("n"),
            "releases:\n" + entry("z") + "\nsuspended:\n" + out("a") + out("m") + out("n"),
        ),
        (
            f"releases:\n  m:\n    version: 1.0.0 # old\n    digest: {DIGEST}\n  # z\n"
            + entry("z"),
            "releases:\n  # z\n"
            + entry("z")
            + f"suspended:\n  m:\n    version: 1.0.0 # old\n    digest: {DIGEST}\n"
            + '    reason: "It leaks."\n',
        ),
        ("suspended: {}\nreleases:\n" + entry("m"), "suspended:\n" + out("m") + "releases: {}\n"),
    ],
)
def test_a_suspended_entry_moves_with_its_line(before: str, after: str) -> None:
    for crlf in (False, True):
        old, new = HEAD + before, HEAD + after
        if crlf:
            old, new = old.replace("\n", "\r\n"), new.replace("\n", "\r\n")
        text = with_suspension(old, "production", "m", "It leaks.")
        assert text == new
        back = with_pin(text, "production", "m", pin("2.0.0", OTHER))
        environment = read_environment_text("production", back.encode())
        assert environment.releases["m"] == pin("2.0.0", OTHER)
        assert "m" not in environment.suspended


@pytest.mark.parametrize(
    "body",
    [
        "releases: {m: {version: 1.0.0, digest: '" + DIGEST + "'}}\n",
        f"releases:\n  m: {{\n    version: 1.0.0,\n    digest: {DIGEST}}}\n  z: &z "
        f"{{version: 1.0.0, digest: {DIGEST}}}\n  y: *z\nsuspended: {{a: *z}}\n",
        '"releases":\n' + entry("m"),
        "releases:\n" + entry("m") + "suspended: {x: {version: 1.0.0, digest: "
        + f"{DIGEST}, reason: r}}}}\n",
    ],
)  # fmt: skip
def test_an_odd_shape_is_refused(body: str) -> None:
    with pytest.raises(RefusedError):
        with_suspension(HEAD + body, "production", "m", "It leaks.")


def test_a_name_that_runs_and_is_suspended_is_refused() -> None:
    text = HEAD + "releases:\n" + entry("m") + "suspended:\n" + out("m")
    with pytest.raises(RefusedError, match="both that `m` runs and that it is suspended"):
        read_environment_text("production", text.encode())


REASONS = st.sampled_from(
    ["It leaks.", "a: b # c", '} # "x"', "'", "ünï → 用", "{", "no", "1.0", "- x", "\\n", "@*&!"]
)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("body", ["releases: {}\n", "releases:\n" + entry("m") + "# end\n", ""])
@given(REASONS)
@settings(deadline=None, max_examples=20)
def test_freezing_and_unfreezing_leaves_the_same_bytes(
    newline: str, body: str, reason: str
) -> None:
    text = (HEAD + body if body else new_environment_text("production")).replace("\n", newline)
    frozen = with_frozen(text, "production", reason)
    assert read_environment_text("production", frozen.encode()).frozen == reason
    assert set(text.split("\n")) < set(frozen.split("\n"))
    assert without_frozen(frozen, "production") == text


def test_the_frozen_line_stands_below_the_name() -> None:
    text = HEAD.replace("production", "production # live") + "releases: {}"
    frozen = with_frozen(text, "production", "Black Friday")
    assert frozen == text.replace("live\n", 'live\nfrozen: {reason: "Black Friday"}\n')
    block = text.replace("live\n", "live\nfrozen:\n  # asked by sales\n  reason: x # y\n")
    assert without_frozen(block, "production") == text


NAMES = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,5}(/[a-z0-9]{1,3})?", fullmatch=True)


@settings(deadline=None, max_examples=80)
@given(
    st.dictionaries(NAMES, st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=5),
    REASONS,
    st.data(),
)
def test_what_is_suspended_comes_back_as_it_was(
    there: dict[str, tuple[bool, bool]], reason: str, data: st.DataObject
) -> None:
    text = HEAD + "releases: {}\n"
    for name in there:
        text = with_pin(text, "production", name, pin())
    for name, (comment, _) in there.items():
        if comment:
            lines = text.split("\n")
            at = next(i for i, one in enumerate(lines) if one.strip('" ').startswith(name))
            lines[at] += " # about it"
            text = "\n".join(lines)
    name = data.draw(st.sampled_from(sorted(there)))
    for other, (_, suspended) in there.items():
        if suspended and other != name:
            text = with_suspension(text, "production", other, "Another reason.")
    out_text = with_suspension(text, "production", name, reason)
    before = read_environment_text("production", text.encode())
    after = read_environment_text("production", out_text.encode())
    assert after.releases == {key: one for key, one in before.releases.items() if key != name}
    assert after.suspended == before.suspended | {name: Suspension(pin(), reason)}
    assert with_pin(out_text, "production", name, pin()) == text
