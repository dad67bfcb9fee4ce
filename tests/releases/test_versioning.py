"""Which version a release gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptreg.errors import RefusedError
from promptreg.model.version import Bump, Version, parse_version
from promptreg.releases.tag import Release
from promptreg.releases.versioning import next_version

CHANGES = {
    "breaking": Bump.MAJOR,
    "behaviour": Bump.MINOR,
    "docs": Bump.PATCH,
    "none": Bump.NONE,
}


def releases(text: str) -> list[Release]:
    versions = sorted(parse_version(one) for one in text.split())
    return [Release("a", version, "", "", "", "", "") for version in versions]


def chosen(there: str, changes: str, version: str = "", bump: Bump | None = None) -> str:
    asked = parse_version(version) if version else None
    found = next_version("a", releases(there), CHANGES[changes], version=asked, bump=bump)
    return f"{found.version} {found.bump.word}"


@pytest.mark.parametrize(
    ("there", "changes", "expected"),
    [
        ("", "none", "0.1.0 minor"),
        ("0.1.0", "breaking", "0.2.0 minor"),
        ("0.1.0", "behaviour", "0.2.0 minor"),
        ("0.1.0", "docs", "0.1.1 patch"),
        ("1.2.3", "breaking", "2.0.0 major"),
        ("1.2.3", "behaviour", "1.3.0 minor"),
        ("1.2.3", "docs", "1.2.4 patch"),
        ("1.2.3 1.10.0 1.9.0", "docs", "1.10.1 patch"),
        ("1.0.0-rc.1", "docs", "1.0.0 patch"),
        ("1.0.0 1.1.0-rc.1", "behaviour", "1.1.0 minor"),
        ("1.0.0 1.1.0-rc.1", "docs", "1.1.0 minor"),
        ("1.0.0 1.1.0-rc.1", "breaking", "2.0.0 major"),
        ("1.0.0 2.0.0-rc.1", "behaviour", "2.0.0 major"),
    ],
)
def test_the_changes_decide(there: str, changes: str, expected: str) -> None:
    assert chosen(there, changes) == expected


@pytest.mark.parametrize(
    ("there", "changes", "version", "expected"),
    [
        ("", "none", "1.0.0", "1.0.0 major"),
        ("", "none", "0.0.1", "0.0.1 patch"),
        ("", "none", "1.0.0-rc.1", "1.0.0-rc.1 major"),
        ("0.4.0", "docs", "1.0.0", "1.0.0 major"),
        ("1.2.3", "docs", "1.3.0", "1.3.0 minor"),
        ("1.2.3", "behaviour", "1.3.0-rc.1", "1.3.0-rc.1 minor"),
        ("1.2.3 1.3.0-rc.1", "behaviour", "1.3.0-rc.2", "1.3.0-rc.2 minor"),
        ("1.2.3 1.3.0-rc.1", "behaviour", "1.3.0", "1.3.0 minor"),
        ("1.2.3", "breaking", "7.0.0", "7.0.0 major"),
    ],
)
def test_a_version_that_is_asked_for(there: str, changes: str, version: str, expected: str) -> None:
    assert chosen(there, changes, version) == expected


@pytest.mark.parametrize(
    ("there", "changes", "version", "what", "least"),
    [
        ("1.2.3", "docs", "1.2.3", "is released already", "1.2.4"),
        ("1.2.3", "docs", "1.2.2", "is below 1.2.3", "1.2.4"),
        ("1.2.3", "docs", "1.2.3-rc.1", "is below 1.2.3", "1.2.4"),
        ("1.2.3", "behaviour", "1.2.4", "is too low", "1.3.0"),
        ("1.2.3", "behaviour", "1.2.4-rc.1", "is too low", "1.3.0"),
        ("1.2.3", "breaking", "1.3.0", "is too low", "2.0.0"),
        ("0.2.3", "breaking", "0.2.4", "is too low", "0.3.0"),
        ("1.0.0 2.0.0-rc.1", "behaviour", "1.1.0", "is below 2.0.0-rc.1", "2.0.0"),
        ("1.0.0 1.1.0-rc.2", "behaviour", "1.1.0-rc.1", "is below 1.1.0-rc.2", "1.1.0"),
    ],
)
def test_a_version_that_is_refused(
    there: str, changes: str, version: str, what: str, least: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        chosen(there, changes, version)
    assert what in caught.value.what
    assert least in caught.value.hint


def test_a_bump_raises_and_never_lowers() -> None:
    assert chosen("1.2.3", "docs", bump=Bump.MAJOR) == "2.0.0 major"
    assert chosen("1.2.3", "docs", bump=Bump.PATCH) == "1.2.4 patch"
    assert chosen("0.2.3", "breaking", bump=Bump.MINOR) == "0.3.0 minor"
    with pytest.raises(RefusedError, match="too low"):
        chosen("1.2.3", "breaking", bump=Bump.MINOR)
    with pytest.raises(RefusedError, match="too low"):
        chosen("0.2.3", "breaking", bump=Bump.PATCH)


VERSIONS = st.builds(
    Version, *[st.integers(0, 3)] * 3, st.sampled_from([(), (), ("rc", 1), ("rc", 2)])
)


@given(
    st.lists(VERSIONS, min_size=1, max_size=5, unique=True),
    st.sampled_from(list(CHANGES.values())),
    st.one_of(st.none(), st.sampled_from([Bump.PATCH, Bump.MINOR, Bump.MAJOR])),
)
def test_what_is_chosen_is_higher_than_all_and_final(
    there: list[Version], changes: Bump, bump: Bump | None
) -> None:
    known = releases(" ".join(map(str, there)))
    try:
        found = next_version("a", known, changes, version=None, bump=bump)
    except RefusedError:
        assert bump is not None
        return
    assert found.version > max(there)
    assert not found.version.pre
