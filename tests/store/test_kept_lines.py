"""Kept lines: what was added is there, what nobody used goes, what is damaged isn't there."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.store.cache import FOLDER, Cache
from promptreg.store.kept_lines import Added, KeptLines

VERSION = "one"


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path)


def _name(number: int) -> str:
    return f"{number:064x}"


def _lines(cache: Cache, version: str = VERSION, topic: str = "t") -> KeptLines:
    return KeptLines(cache, topic, version)


def _run(cache: Cache, wanted: set[int], size: int = 10) -> set[int]:
    """A run that wants some lines and adds what wasn't there; what was there."""
    lines = _lines(cache)
    there = lines.read()
    names = {_name(one) for one in wanted}
    for name in names & there.keys():
        assert there[name] == name[-4:].encode() * size
    new = names - there.keys()
    lines.add(Added(names - new, new, lambda name: name[-4:].encode() * size))
    return {int(name, 16) for name in there}


def _sizes(cache: Cache) -> list[int]:
    return sorted(one.stat().st_size for one in (cache.git_folder / FOLDER).iterdir())


@given(st.lists(st.sets(st.integers(0, 900)), max_size=8))
@settings(deadline=None, max_examples=60)
def test_what_a_run_added_the_next_one_has(
    tmp_path_factory: pytest.TempPathFactory, runs: list[set[int]]
) -> None:
    cache = Cache(tmp_path_factory.mktemp("cache"))
    before: set[int] = set()
    for wanted in runs:
        there = _run(cache, wanted)
        assert before <= there
        before = wanted


def test_a_run_that_adds_little_writes_little(cache: Cache) -> None:
    _run(cache, set(range(5000)), size=200)
    large = _sizes(cache)[-1]
    before = {one.name: one.stat().st_ino for one in (cache.git_folder / FOLDER).iterdir()}
    _run(cache, set(range(5001)), size=200)
    after = {one.name: one.stat().st_ino for one in (cache.git_folder / FOLDER).iterdir()}

    assert _sizes(cache)[-1] == large
    assert _sizes(cache)[0] < 500
    assert before.items() <= after.items()


def test_what_nobody_uses_goes(cache: Cache) -> None:
    for start in range(0, 40_000, 4000):
        _run(cache, set(range(start, start + 4000)))

    assert len(_lines(cache).read()) <= 12_000


def test_another_version_and_another_topic_have_their_own(cache: Cache) -> None:
    _run(cache, {1, 2})

    assert len(_lines(cache).read()) == 2
    assert not _lines(cache, version="two").read()
    assert not _lines(cache, topic="u").read()


@pytest.mark.parametrize(
    "body",
    [
        b"", b"one\n", b"one", b"one\nabc", b"one\n" + zlib.compress(b"x" * 100)[:-1],
        b"one\n" + zlib.compress(b"\n\n"),
    ],
)  # fmt: skip
def test_a_body_of_something_else_holds_nothing(cache: Cache, body: bytes) -> None:
    _run(cache, {1})
    for one in (cache.git_folder / FOLDER).iterdir():
        cache.put_bytes(one.name, body)

    assert not _lines(cache).read()
    assert _run(cache, {1}) == set()
    assert _run(cache, {1}) == {1}


def test_what_unpacks_to_too_much_is_left_alone(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run(cache, set(range(100)))
    assert len(_lines(cache).read()) == 100
    monkeypatch.setattr("promptreg.store.kept_lines.MOST_BYTES", 5000)

    assert not _lines(cache).read()


def test_no_more_is_written_than_is_read_again(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("promptreg.store.kept_lines.MOST_BYTES", 5000)
    _run(cache, set(range(100)))

    assert 0 < len(_lines(cache).read()) < 100


def test_two_at_once_lose_lines_at_most(cache: Cache) -> None:
    _run(cache, set(range(1000)))
    first, second = _lines(cache), _lines(cache)
    first.read()
    second.read()
    first.add(Added(set(), {_name(2001)}, lambda _: b"first"))
    second.add(Added(set(), {_name(2002)}, lambda _: b"second"))

    there = _lines(cache).read()
    assert there.keys() >= {_name(one) for one in range(1000)}
    assert there[_name(2002)] == b"second"


def test_a_topic_may_name_a_folder_that_is_no_utf8(cache: Cache) -> None:
    lines = _lines(cache, topic="texts of w\udcff/")
    lines.read()
    lines.add(Added(set(), {_name(1)}, lambda _: b"x"))
    assert _lines(cache, topic="texts of w\udcff/").read() == {_name(1): b"x"}
