"""Releases read from real tags."""

from __future__ import annotations

import contextlib
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import pytest

from promptreg.errors import RefusedError, SelectorError
from promptreg.model.selector import parse_selector
from promptreg.model.version import Version, parse_version
from promptreg.releases.ledger import all_releases, find_release, released_versions, releases_of
from promptreg.releases.listed import listed_releases
from promptreg.releases.resolve import resolve
from promptreg.releases.tag import Release
from promptreg.releases.tag_digests import TagDigests

if TYPE_CHECKING:
    from tests.conftest import Site

NAME = "support/triage"


def versions(site: Site, name: str = NAME) -> list[str]:
    return [str(one.version) for one in releases_of(site.open(), name)]


def resolved(site: Site, text: str) -> str:
    found = resolve(site.workspace, parse_selector(text))
    return found.entry.templates.get("prompts/support/triage.j2", "")


def test_a_release_says_everything_about_itself(three: Site) -> None:
    first, second, third = releases_of(three.open(), NAME)
    assert [str(one.version) for one in (first, second, third)] == ["0.1.0", "0.2.0", "1.0.0-rc.1"]
    assert (first.previous, second.previous, third.previous) == (
        "",
        first.tag_object,
        second.tag_object,
    )
    assert (first.bump, second.bump, third.bump) == ("minor", "minor", "major")
    assert first.tagger_email == "ann@example.com"
    assert first.tag_object == three.text("rev-parse", f"refs/tags/{first.tag}")
    assert first.commit == three.text("rev-parse", f"refs/tags/{first.tag}^{{commit}}")
    assert three.text("cat-file", "-t", first.tag_object) == "tag"
    assert second.message == "- change"
    three.run("fsck", "--strict")


def test_order_is_by_version_whatever_the_clock_says(site: Site) -> None:
    site.release(version="0.9.0")
    site.clock[0] -= 10_000
    site.changed("two {{ who }}")
    site.release(version="0.10.0")
    assert versions(site) == ["0.9.0", "0.10.0"]
    assert str(find_release(site.open(), NAME, Version(0, 10, 0)).version) == "0.10.0"
    assert resolved(site, f"{NAME}@latest") == "two {{ who }}"


@pytest.mark.parametrize(
    ("selector", "text"),
    [
        (NAME, "four {{ who }}"),
        (f"{NAME}@0.1.0", "Hello {{ who }}"),
        (f"{NAME}@v0.2.0", "two {{ who }}"),
        (f"{NAME}@1.0.0-rc.1", "three {{ who }}"),
        (f"{NAME}@latest", "two {{ who }}"),
        (f"{NAME}@^0.1", "Hello {{ who }}"),
        (f"{NAME}@>=0.1,<1", "two {{ who }}"),
        (f"{NAME}@>=1.0.0-rc.0", "three {{ who }}"),
        (f"{NAME}@production", "two {{ who }}"),
        (f"{NAME}@git:HEAD", "four {{ who }}"),
        (f"{NAME}@git:HEAD~2", "three {{ who }}"),
        (f"{NAME}@git:refs/tags/{NAME}@v0.1.0", "Hello {{ who }}"),
        (f"prompts:/{NAME}/0.1.0", "Hello {{ who }}"),
        (f"prompts:/{NAME}@production", "two {{ who }}"),
    ],
)
def test_every_form_of_selector(three: Site, selector: str, text: str) -> None:
    three.promote(f"{NAME}@0.2.0")
    assert resolved(three, selector) == text


def test_only_an_environment_vouches_for_a_digest(three: Site) -> None:
    three.promote(f"{NAME}@0.2.0")
    here = three.workspace
    assert resolve(here, parse_selector(f"{NAME}@production")).confirmed
    assert not resolve(here, parse_selector(f"{NAME}@0.2.0")).confirmed


def test_the_working_tree_is_what_lies_there(three: Site) -> None:
    three.prompt(text="five {{ who }}")
    assert resolved(three, NAME) == "five {{ who }}"
    assert resolved(three, f"{NAME}@git:HEAD") == "four {{ who }}"


@pytest.mark.parametrize(
    ("selector", "words", "hint"),
    [
        (f"{NAME}@0.3.0", "no release 0.3.0", "0.1.0"),
        (f"{NAME}@^7", "no release that fits `^7`", "1.0.0-rc.1"),
        (f"{NAME}@producton", "no environment `producton`", "`production`"),
        (f"{NAME}@production", "doesn't run in `production`", "promptreg promote"),
        ("support/triag", "no prompt or agent `support/triag`", "`support/triage`"),
        ("support/triag@1.0.0", "has no releases", "promptreg release"),
    ],
)
def test_what_is_not_there_names_what_is_near(
    three: Site, selector: str, words: str, hint: str
) -> None:
    with pytest.raises(SelectorError) as caught:
        resolved(three, selector)
    assert words in caught.value.what
    assert hint in caught.value.hint


def test_latest_of_pre_releases_only_is_none(site: Site) -> None:
    site.release(version="1.0.0-rc.1")
    with pytest.raises(SelectorError, match="no pre-release"):
        resolved(site, f"{NAME}@latest")


def break_tag(site: Site, how: str) -> None:
    """Break the tag 0.2.0 in a way that someone could."""
    tag = f"{NAME}@v0.2.0"
    ref = site.path / ".git/refs/tags" / tag
    if how == "moved":
        site.run("tag", "-f", "-a", "-m", "moved", tag, "HEAD~1")
    elif how == "lightweight":
        site.run("tag", "-f", tag, "HEAD")
    elif how == "blob":
        site.run("update-ref", f"refs/tags/{tag}", site.text("rev-parse", "HEAD:promptreg.yaml"))
    elif how == "another tag's object":
        site.run(
            "update-ref", f"refs/tags/{tag}", site.text("rev-parse", f"refs/tags/{NAME}@v0.1.0")
        )
    elif how == "nested":
        site.run("tag", "-f", "-a", "-m", "x", tag, f"refs/tags/{NAME}@v0.1.0")
    elif how == "large":
        site.run("tag", "-f", "-a", "-F", "-", tag, stdin=b"x\n" * 100_000)
    elif how == "empty ref":
        ref.write_text("")
    elif how == "garbage ref":
        ref.write_text("not an id\n")
    elif how == "missing object":
        ref.write_text("1" * 40 + "\n")


BREAKS = (
    "moved",
    "lightweight",
    "blob",
    "another tag's object",
    "nested",
    "large",
    "empty ref",
    "garbage ref",
    "missing object",
)


@pytest.mark.parametrize("how", BREAKS)
def test_one_bad_tag_is_about_one_release(three: Site, how: str) -> None:
    three.prompt("other")
    three.commit()
    three.release("other")
    break_tag(three, how)
    repo = three.open()
    found = {str(one.version): one.problem for one in releases_of(repo, NAME)}
    assert found["0.2.0"]
    assert (found["0.1.0"], found["1.0.0-rc.1"]) == ("", "")
    assert [one.problem for one in all_releases(repo)["other"]] == [""]
    assert parse_version("0.2.0") in released_versions(repo)[NAME]
    for selector in (f"{NAME}@0.2.0", f"{NAME}@latest", f"{NAME}@^0.2"):
        with pytest.raises(RefusedError, match="can't be trusted"):
            resolved(three, selector)
    assert resolved(three, f"{NAME}@0.1.0") == "Hello {{ who }}"
    with pytest.raises(RefusedError):
        three.promote(f"{NAME}@0.2.0")
    three.promote("other@0.1.0")
    assert three.runs() == {"other": "0.1.0"}


def _all_digests(site: Site) -> dict[str, dict[Version, str]]:
    found = all_releases(site.open())
    return {name: {one.version: one.digest for one in all_} for name, all_ in found.items()}


@pytest.mark.parametrize("how", ["", "moved", "lightweight", "garbage ref", "missing object"])
def test_digests_that_are_read_when_asked_for_are_those_of_all_releases(
    three: Site, how: str
) -> None:
    three.prompt("other")
    three.commit()
    three.release("other")
    for name in ("v1.0.0", "Not@v1.0.0", "other@v01.0.0", "other@v1.0.0+b", "other"):
        three.run("update-ref", f"refs/tags/{name}", "HEAD")
    break_tag(three, how)
    expected = _all_digests(three)

    found = TagDigests(three.open())
    wanted = [(NAME, version) for version in expected[NAME]]
    found.read([*wanted[:2], ("nobody", wanted[0][1]), ("other", parse_version("9.9.9"))])
    assert {name: dict(found[name]) for name in found} == expected
    assert [list(found[name]) for name in found] == [list(expected[name]) for name in found]
    assert len(found) == len(expected)
    assert "Not" not in found
    assert found.get("Not", {}) == {}
    assert parse_version("9.9.9") not in found["other"]
    assert bool(found) is True


ODD = (
    "v1.0.0", "Not@v1.0.0", "other@v01.0.0", "other@v1.0.0+b", "other", "@v1.0.0", "a@v1.0.0@v1.0.0",
    "con@v1.0.0", "other@v2.0.0-01", "other@v1.0", "other/@v1.0.0", "other@v10.0.0", "other@v9.0.0",
    "other@v9.0.0-rc.1", "other@v9.0.0-rc.10", "other@v9.0.0-rc.9", "fran\xe7ais@v1.0.0",
)  # fmt: skip


def _said(release: Release) -> tuple[object, ...]:
    return tuple(getattr(release, field.name) for field in fields(Release))


@pytest.mark.parametrize("how", ["", *BREAKS])
@pytest.mark.parametrize("ahead", [0, 1, 99])
def test_releases_that_are_read_when_asked_about_are_those_that_were_read_at_once(
    three: Site, how: str, ahead: int
) -> None:
    """However many of their tags were read ahead; and of one field as of all."""
    three.prompt("other")
    three.commit()
    three.release("other")
    for name in ODD:
        with contextlib.suppress(AssertionError):  # git itself refuses some
            three.run("update-ref", f"refs/tags/{name}", "HEAD")
    break_tag(three, how)
    expected = all_releases(three.open())

    listed = listed_releases(three.open())
    found = listed.by_name
    assert found.keys() == expected.keys()
    every = [one for name in expected for one in found[name]]
    listed.read(every[:ahead] * 2)
    assert [str(one.version) for one in every] == [
        str(one.version) for name in expected for one in expected[name]
    ]
    for name in expected:
        for one, other in zip(reversed(found[name]), reversed(expected[name]), strict=True):
            assert one.problem == other.problem
    listed.read(every)
    for name, releases in expected.items():
        assert [_said(one) for one in found[name]] == [_said(one) for one in releases]
        assert [one.tag for one in found[name]] == [one.tag for one in releases]


def test_a_listed_release_is_that_of_the_list(three: Site) -> None:
    """A tag that is moved later is read as it was."""
    expected = [_said(one) for one in releases_of(three.open(), NAME)]
    found = listed_releases(three.open()).by_name[NAME]
    break_tag(three, "moved")
    assert [_said(one) for one in found] == expected
    assert replace(found[0], bump="patch").bump == "patch"
    assert not hasattr(found[0], "colour")


def test_tags_that_are_no_releases_are_none(site: Site) -> None:
    site.run("update-ref", "refs/tags/v1.0.0", "HEAD")
    assert not TagDigests(site.open())


def _retagged(site: Site, old: bytes, new: bytes) -> None:
    tag = f"{NAME}@v0.2.0"
    content = site.run("cat-file", "tag", f"refs/tags/{tag}").replace(old, new)
    oid = site.run("mktag", stdin=content).decode().strip()
    site.run("update-ref", f"refs/tags/{tag}", oid)


def test_a_release_whose_files_are_others_is_refused(three: Site) -> None:
    commit = three.text("rev-parse", f"refs/tags/{NAME}@v0.2.0^{{commit}}")
    _retagged(three, commit.encode(), three.text("rev-parse", "HEAD").encode())
    for verb in (
        lambda: resolved(three, f"{NAME}@0.2.0"),
        lambda: three.promote(f"{NAME}@0.2.0"),
    ):
        with pytest.raises(RefusedError) as caught:
            verb()
        assert "isn't what its tag promises" in caught.value.what
        assert "sha256:" in caught.value.hint


def test_a_tag_that_was_replaced_is_seen_where_an_environment_remembers(three: Site) -> None:
    three.promote(f"{NAME}@0.2.0")
    first, _, third = releases_of(three.open(), NAME)
    _retagged(three, first.commit.encode(), first.commit.encode())
    old = releases_of(three.open(), NAME)[1]
    _retagged(three, old.commit.encode(), third.commit.encode())
    _retagged(three, old.digest.encode(), third.digest.encode())
    assert resolved(three, f"{NAME}@0.2.0") == "three {{ who }}"
    with pytest.raises(RefusedError, match="disagree"):
        resolved(three, f"{NAME}@production")
    with pytest.raises(RefusedError, match="disagree"):
        three.promote(f"{NAME}@production", env="staging")


def test_an_environment_whose_release_has_no_tag_asks_for_a_fetch(three: Site) -> None:
    three.promote(f"{NAME}@0.2.0")
    three.run("tag", "-d", f"{NAME}@v0.2.0")
    with pytest.raises(SelectorError) as caught:
        resolved(three, f"{NAME}@production")
    assert "`production` runs" in caught.value.what
    assert "git fetch --tags origin" in caught.value.hint


def clone(site: Site, *flags: str) -> Site:
    """Another clone of the repository."""
    from dataclasses import replace

    path = site.path.parent / "clone"
    site.run("clone", "--quiet", *flags, site.path.as_uri(), str(path))
    return replace(site, path=path)


@pytest.mark.parametrize(
    ("flags", "fetch"),
    [
        (("--depth=1", "--no-tags"), "git fetch --unshallow --tags"),
        (("--no-tags",), "git fetch --tags origin"),
    ],
)
def test_a_clone_without_tags_is_no_registry_without_releases(
    three: Site, flags: tuple[str, ...], fetch: str
) -> None:
    there = clone(three, *flags)
    assert resolved(there, NAME) == "four {{ who }}"
    for selector in (f"{NAME}@0.1.0", f"{NAME}@latest"):
        with pytest.raises(SelectorError) as caught:
            resolved(there, selector)
        assert fetch in caught.value.hint
    with pytest.raises(RefusedError) as refused:
        there.plan_release()
    assert fetch in refused.value.hint
    there.run(*fetch.split(" ")[1:])
    assert resolved(there, f"{NAME}@latest") == "two {{ who }}"
