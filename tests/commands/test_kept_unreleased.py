"""What `status` repeats of an earlier run is what it would find now."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from promptreg.commands.status import status
from promptreg.errors import PromptregError
from promptreg.releases.ledger import releases_of
from promptreg.reporters.lines import plain
from promptreg.reporters.status import status_lines
from promptreg.reporters.values import result_text
from promptreg.store.cache import FOLDER, Cache

if TYPE_CHECKING:
    from tests.conftest import Site

NAME, OTHER, AGENT = "support/triage", "support/reply", "bot"
_Told = tuple[str, str]
_Edit = Callable[["Site", str, int], object]
"""Does something to a registry, maybe to the entry of this name; the number is another one each time."""


@pytest.fixture
def shop(three: Site) -> Site:
    """Three entries with releases, one of them an agent, and something that runs."""
    three.prompt(OTHER, "Dear {{ who }}")
    three.agent(AGENT, first=f"{NAME}@latest", second=f"{OTHER}@production")
    three.commit()
    three.release(OTHER)
    three.promote(f"{NAME}@0.1.0", f"{OTHER}@0.1.0")
    three.release(AGENT)
    three.changed("Dearest {{ who }}", OTHER)
    return three


def _told(site: Site, *, cached: bool) -> _Told:
    try:
        found = status(site.workspace, cached=cached)
    except PromptregError as problem:
        return str(problem), problem.hint
    return plain(status_lines(found)), result_text("status", found)


def _place(site: Site) -> str:
    return sha256(f"unreleased of {site.workspace.prefix}".encode()).hexdigest()


def _kept(site: Site) -> dict[str, Any]:
    return Cache(site.open().common_dir).get(_place(site)) or {}


def _plant(site: Site, **values: object) -> None:
    Cache(site.open().common_dir).put(_place(site), {**_kept(site), **values})


def _object_file(site: Site, oid: str) -> Path:
    return site.path / ".git/objects" / oid[:2] / oid[2:]


def test_an_answer_is_repeated(shop: Site) -> None:
    """Or the tests below would show nothing."""
    cold = _told(shop, cached=False)
    assert not (shop.path / ".git" / FOLDER).exists()
    assert _told(shop, cached=True) == cold
    assert _told(shop, cached=True) == cold
    _plant(shop, notes=["From the cache."])
    assert "From the cache." in _told(shop, cached=True)[0]
    assert _told(shop, cached=False) == cold


@pytest.mark.parametrize(
    "values",
    [
        {"entries": None}, {"entries": [[]]}, {"entries": [["a"] * 7]}, {"notes": 1}, {"question": ""},
        {"entries": [[NAME, "prompt", "1.0.0", "minor", 9, "1.1.0", []]]},
        {"entries": [[NAME, "prompt", "one", "minor", 1, "1.1.0", []]]},
    ],
    ids=str,
)  # fmt: skip
def test_an_answer_of_something_else_says_nothing(shop: Site, values: dict[str, Any]) -> None:
    cold = _told(shop, cached=True)
    _plant(shop, **values)
    assert _told(shop, cached=True) == cold


def test_an_answer_without_a_part_says_nothing(shop: Site) -> None:
    cold = _told(shop, cached=True)
    for part in _kept(shop):
        kept = _kept(shop)
        del kept[part]
        Cache(shop.open().common_dir).put(_place(shop), kept)
        assert _told(shop, cached=True) == cold


def test_a_tag_object_that_got_lost_is_told(shop: Site) -> None:
    """The ref still names it, so that the question is the same."""
    before = _told(shop, cached=True)
    newest = releases_of(shop.open(), NAME)[-1]
    file = _object_file(shop, newest.tag_object)
    data = file.read_bytes()
    file.unlink()

    cold = _told(shop, cached=False)
    assert "is missing" in cold[0]
    assert _told(shop, cached=True) == cold
    assert _told(shop, cached=True) == cold
    file.write_bytes(data)
    assert _told(shop, cached=True) == before


def test_what_git_failed_at_is_not_repeated(shop: Site) -> None:
    """A release's files may come back, with a fetch or a disk."""
    shop.changed("newest {{ who }}")
    before = _told(shop, cached=False)
    release = releases_of(shop.open(), NAME)[1]
    blob = shop.text("rev-parse", f"{release.commit}:prompts/{NAME}.j2")
    file = _object_file(shop, blob)
    data = file.read_bytes()
    file.unlink()

    cold = _told(shop, cached=False)
    assert cold != before
    assert _told(shop, cached=True) == cold
    assert not _kept(shop)
    file.write_bytes(data)
    assert _told(shop, cached=True) == before


def test_agents_that_git_failed_to_compare_are_compared_again(shop: Site) -> None:
    release = releases_of(shop.open(), AGENT)[-1]
    blob = shop.text("rev-parse", f"{release.commit}:agents/{AGENT}.agent.yaml")
    shop.agent(AGENT, first=f"{NAME}@0.1.0", second=f"{OTHER}@production")
    shop.commit()
    before = _told(shop, cached=False)
    file = _object_file(shop, blob)
    data = file.read_bytes()
    file.unlink()

    assert _told(shop, cached=True) == _told(shop, cached=False) != before
    file.write_bytes(data)
    assert _told(shop, cached=True) == before


def _edit_agent(site: Site, name: str, number: int) -> None:
    site.agent(AGENT, first=f"{name}@^0.{number % 2}", second=f"{OTHER}@production")


def _edit_manifest(old: str, new: str) -> _Edit:
    def edit(site: Site, name: str, number: int) -> None:
        del number
        place = site.path / f"prompts/{name}.prompt.yaml"
        place.write_text(place.read_text().replace(old, new))

    return edit


def _tag(site: Site, name: str) -> str:
    return site.text("tag", "--list", f"{name}@*").split("\n")[-1] or f"{name}@v0.9.0"


def _git(*words: str) -> _Edit:
    """`TAG` stands for the newest one."""

    def edit(site: Site, name: str, number: int) -> None:
        del number
        site.run(*(word.replace("TAG", _tag(site, name)) for word in words))

    return edit


FILES: dict[str, _Edit] = {
    "text": lambda site, name, number: site.prompt(name, f"{number} {{{{ who }}}}"),
    "prompt": lambda site, _, number: site.prompt(f"new{number}"),
    "agent": _edit_agent,
    "broken": _edit_manifest("risk: low", "risk: none of ours"),
    "mended": _edit_manifest("risk: none of ours", "risk: low"),
    "retired": _edit_manifest("active", "retired"),
}
"""Edits that are committed."""
EDITS: dict[str, _Edit] = {
    **FILES,
    "release": lambda site, name, _: site.apply(site.plan_release(name)),
    "promote": lambda site, name, _: site.promote(f"{name}@latest"),
    "roll back": lambda site, name, _: site.rollback(name),
    "live": lambda site, *_: site.configure("environments_branch: live\n"),
    "small": lambda site, *_: site.configure("limits: {environment_bytes: 40}\n"),
    "plain": lambda site, *_: site.configure(),
    "move live": _git("branch", "--force", "live", "HEAD~1"),
    "delete": _git("tag", "--delete", "TAG"),
    "forge": _git("tag", "--force", "-m", "Not what release writes.", "TAG", "HEAD"),
    "lightweight": _git("tag", "--force", "TAG", "HEAD"),
    "no tags": _git("config", "remote.origin.tagOpt", "--no-tags"),
    "back": _git("checkout", "--quiet", "--detach", "HEAD~1"),
    "empty ref": lambda site, name, _: site.write(f".git/refs/tags/{_tag(site, name)}", ""),
}


@pytest.mark.parametrize("seed", range(8))
def test_after_anything_warm_equals_cold(shop: Site, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a seed that makes the same edits again
    seen = set()
    for number in range(10):
        edit = rng.choice(tuple(EDITS))
        with contextlib.suppress(PromptregError, AssertionError):  # what can't be done is left out
            EDITS[edit](shop, rng.choice((NAME, OTHER)), number)
        if edit in FILES:
            shop.commit()
        cold = _told(shop, cached=False)
        assert _told(shop, cached=True) == cold, edit
        assert _told(shop, cached=True) == cold, edit
        seen.add(cold)
    assert len(seen) > 1
