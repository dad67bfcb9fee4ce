"""Versions and ranges against semver.org, the `semver` package, and node-semver's tables."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pytest
import semver
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.errors import SelectorError
from promptreg.model.version import Bump, Version, parse_range, parse_version, try_version
from promptreg.store.schema import judge

NUMBERS = st.one_of(st.integers(0, 12), st.integers(0, 999_999_999))
WORDS = st.from_regex(r"[0-9]*[A-Za-z-][0-9A-Za-z-]{0,4}", fullmatch=True)
VERSIONS = st.builds(
    Version,
    NUMBERS,
    NUMBERS,
    NUMBERS,
    st.one_of(st.just(()), st.lists(st.one_of(NUMBERS, WORDS), max_size=3).map(tuple)),
)


SCHEMAS = Path(__file__).parents[2] / "schemas"
PARTS = ("0", "1", "01", "999999999", "1000000000", "a", "01a", "1000000000-", "", "1\n", "\u0663")
TEXTS = [
    *(f"{part}.{other}.1" for part, other in product(PARTS, PARTS)),
    *(f"1.1.1-{part}.{other}" for part, other in product(PARTS, PARTS)),
    *(f"1.1.{part}" for part in PARTS),
    *(f"1.1.1-{part}" for part in PARTS),
]


@pytest.mark.parametrize("kind", ["approval", "environment", "lock"])
def test_what_fits_a_schema_is_a_version_and_nothing_else(kind: str) -> None:
    schema = json.loads((SCHEMAS / f"{kind}.schema.json").read_bytes())
    judged = {text: judge(schema["$defs"]["version"], text) == () for text in TEXTS}
    assert judged == {text: try_version(text) is not None for text in TEXTS}


@given(VERSIONS)
def test_a_version_survives_format_and_parse(version: Version) -> None:
    assert parse_version(str(version)) == version
    assert parse_version(f"v{version}") == version


@given(VERSIONS, VERSIONS)
def test_the_order_is_that_of_semver(one: Version, two: Version) -> None:
    oracle = semver.Version.parse(str(one)).compare(str(two))
    assert (one > two) - (one < two) == oracle
    assert (one == two) == (oracle == 0)
    assert (one <= two, one >= two) == (oracle <= 0, oracle >= 0)


@given(VERSIONS, st.sampled_from([Bump.PATCH, Bump.MINOR, Bump.MAJOR]))
def test_a_bump_goes_up(version: Version, bump: Bump) -> None:
    assert version.bumped(bump) > version


@pytest.mark.parametrize(
    ("before", "bump", "after"),
    [
        ("1.2.3", Bump.PATCH, "1.2.4"),
        ("1.2.3", Bump.MINOR, "1.3.0"),
        ("1.2.3", Bump.MAJOR, "2.0.0"),
        ("0.2.3", Bump.MAJOR, "0.3.0"),
        ("0.2.3", Bump.MINOR, "0.3.0"),
        ("0.2.3", Bump.PATCH, "0.2.4"),
        ("1.3.0-rc.1", Bump.PATCH, "1.3.0"),
        ("1.3.0-rc.1", Bump.MAJOR, "1.3.0"),
    ],
)
def test_a_bump(before: str, bump: Bump, after: str) -> None:
    assert str(parse_version(before).bumped(bump)) == after


REFUSED = [
    "",
    "v",
    "1",
    "v1",
    "1.2",
    "*",
    "1.*",
    "1.2.x",
    "1.2.3.4",
    "01.2.3",
    "1.02.3",
    "1.2.3-",
    "1.2.3-01",
    "1.2.3-a..b",
    "1.2.3-a.",
    "1.2.3+build",
    "1.2.3-rc.1+build",
    "1.2.3-\u00e4",
    "-1.2.3",
    "+1.2.3",
    " 1.2.3",
    "1.2.3 ",
    "1.2.3\n",
    "vv1.2.3",
    "V1.2.3",
    "1.2.3-9999999999",
    "1.2.9999999999",
    "1" * 5000 + ".0.0",
    "1.0." + "1" * 5000,
    "1.0.0-" + "1" * 5000,
    "1.0.0-" + "a" * 5000,
    "\uff11.\uff12.\uff13",
    "\u0661.0.0",
    "1.0.\u00b2",
    "1.0.0-\uff11",
    "--help",
]


@pytest.mark.parametrize("text", REFUSED)
def test_no_version(text: str) -> None:
    with pytest.raises(SelectorError) as caught:
        parse_version(text)
    assert len(caught.value.what) < 300
    assert try_version(text) is None


# From the README of node-semver: caret, tilde, comparators, X-ranges, pre-release tags.
MATCHES = [
    ("^1.2.3", "1.2.3 1.2.4 1.9.0", "1.2.2 2.0.0 0.9.9 2.0.0-rc.1 1.3.0-rc.1"),
    ("^0.2.3", "0.2.3 0.2.9", "0.2.2 0.3.0 1.0.0"),
    ("^0.0.3", "0.0.3", "0.0.2 0.0.4 0.1.0"),
    ("^1.2.3-beta.2", "1.2.3-beta.2 1.2.3-beta.4 1.2.3 1.9.9", "1.2.3-beta.1 1.2.4-beta.2 2.0.0"),
    ("^0.0.3-beta", "0.0.3-beta 0.0.3-pr.2 0.0.3", "0.0.3-alpha 0.0.4 0.0.4-beta"),
    ("^1.2", "1.2.0 1.9.0", "1.1.9 2.0.0 1.2.0-rc.1"),
    ("^0.0", "0.0.0 0.0.9", "0.1.0"),
    ("^0.1", "0.1.0 0.1.9", "0.0.9 0.2.0"),
    ("^1", "1.0.0 1.9.9", "0.9.9 2.0.0"),
    ("^0", "0.0.0 0.9.9", "1.0.0"),
    ("~1.2.3", "1.2.3 1.2.9", "1.2.2 1.3.0"),
    ("~1.2", "1.2.0 1.2.9", "1.1.9 1.3.0"),
    ("~1", "1.0.0 1.9.9", "0.9.9 2.0.0"),
    ("~0.2.3", "0.2.3 0.2.9", "0.2.2 0.3.0"),
    ("~0", "0.0.0 0.9.9", "1.0.0"),
    ("~1.2.3-beta.2", "1.2.3-beta.2 1.2.3-beta.4 1.2.3", "1.2.4-beta.2 1.3.0"),
    (">=1.2.7", "1.2.7 1.2.8 2.5.3", "1.2.6 1.1.0 2.5.3-rc.1"),
    (">=1.2.7,<1.3.0", "1.2.7 1.2.99", "1.2.6 1.3.0 1.1.0 1.3.0-rc.1"),
    (">= 1 , < 3", "1.0.0 2.9.9", "0.9.9 3.0.0 3.0.0-rc.1"),
    (">1", "2.0.0", "1.0.0 1.9.9"),
    (">1.2", "1.3.0", "1.2.9"),
    (">1.2.3", "1.2.4", "1.2.3"),
    (">1.2.3-alpha.3", "1.2.3-alpha.7 3.4.5 1.2.3", "3.4.5-alpha.9 1.2.3-alpha.3"),
    ("<=1", "1.9.9 0.1.0", "2.0.0"),
    ("<=1.2", "1.2.9", "1.3.0"),
    ("<=1.2.3", "1.2.3", "1.2.4"),
    ("<1", "0.9.9", "1.0.0 1.0.0-rc.1"),
    ("<1.2", "1.1.9", "1.2.0"),
    ("<1.2.3", "1.2.2", "1.2.3 1.2.3-rc.1"),
    ("<1.2.3-rc.2", "1.2.2 1.2.3-rc.1", "1.2.3-rc.2 1.2.3"),
    ("=1", "1.0.0 1.9.9", "2.0.0 0.9.0"),
    ("=1.2", "1.2.0 1.2.9", "1.3.0"),
    ("=1.2.3", "1.2.3", "1.2.4 1.2.3-rc.1"),
    ("=1.2.3-rc.1", "1.2.3-rc.1", "1.2.3 1.2.3-rc.2"),
    (">=2.0.0-alpha,<2.0.0", "2.0.0-alpha 2.0.0-rc.1", "2.0.0 1.9.9"),
]


@pytest.mark.parametrize(("text", "inside", "outside"), MATCHES)
def test_a_range(text: str, inside: str, outside: str) -> None:
    wanted = parse_range(text)
    matched = {one: wanted.matches(parse_version(one)) for one in (inside + " " + outside).split()}
    assert matched == dict.fromkeys(inside.split(), True) | dict.fromkeys(outside.split(), False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "^",
        "*",
        "^*",
        "^1.x",
        "1.2.3",
        "^v1",
        "^01",
        "^1.2-rc",
        "^1.2.3+b",
        ">=1 <3",
        ">=1||<3",
        ">=1,",
        ",>=1",
        "^\uff11",
        "^1.2.3-01",
        ">=\n1",
        ">=1\n",
        "\t>=1",
        ">=1,\u2003<3",
        "^" + "1" * 5000,
        ",".join([">=1"] * 9),
        ">=1," * 100_000,
        ">=" + " " * 100_000 + "1",
    ],
)
def test_no_range(text: str) -> None:
    with pytest.raises(SelectorError):
        parse_range(text)


def test_eight_parts_are_a_range() -> None:
    assert parse_range(",".join([">=1"] * 8)).matches(Version(1, 0, 0))


@settings(max_examples=200)
@given(VERSIONS, st.sampled_from(["^", "~", ">=", "<=", "="]))
def test_a_version_is_within_its_own_range(version: Version, operator: str) -> None:
    assert parse_range(f"{operator}{version}").matches(version)


@given(VERSIONS, VERSIONS)
def test_a_caret_never_leaves_the_leftmost_number(low: Version, other: Version) -> None:
    if parse_range(f"^{low}").matches(other):
        assert other >= low
        assert other.major == low.major
