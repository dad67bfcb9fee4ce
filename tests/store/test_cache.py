"""The cache: whole or not there, small, private, and never in the way."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from promptreg.store.cache import FOLDER, MOST_BYTES, MOST_FILES, Cache

NAME = "a" * 64
VALUE: dict[str, Any] = {"text": "ä\udcff\0", "list": [1, None, {"deep": True}]}


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path)


def _file(cache: Cache, name: str = NAME) -> Path:
    return cache.git_folder / FOLDER / name


def test_what_was_put_is_there(cache: Cache) -> None:
    cache.put(NAME, VALUE)

    assert cache.get(NAME) == VALUE
    assert cache.get("b" * 64) is None


def test_reading_makes_nothing(cache: Cache) -> None:
    assert cache.get(NAME) is None
    assert cache.info().files == 0
    assert cache.clear().files == 0
    assert list(cache.git_folder.iterdir()) == []


def test_only_the_owner_can_look(cache: Cache) -> None:
    before = os.umask(0)
    try:
        cache.put(NAME, VALUE)
    finally:
        os.umask(before)

    assert stat.S_IMODE(_file(cache).stat().st_mode) == 0o600
    assert stat.S_IMODE(_file(cache).parent.stat().st_mode) == 0o700


def test_every_damage_is_seen(cache: Cache) -> None:
    cache.put(NAME, VALUE)
    whole = _file(cache).read_bytes()
    for position in range(len(whole)):
        damaged = bytearray(whole)
        damaged[position] ^= 1 << position % 8
        _file(cache).write_bytes(damaged)
        assert cache.get(NAME) is None, position
    for length in range(len(whole)):
        _file(cache).write_bytes(whole[:length])
        assert cache.get(NAME) is None, length
    _file(cache).write_bytes(whole + b"x")
    assert cache.get(NAME) is None


@pytest.mark.parametrize("body", [b"[]", b"null", b"{", b"[" * 100_000, b"\xff"])
def test_a_whole_file_of_something_else_is_none(cache: Cache, body: bytes) -> None:
    _forge(cache, body)
    assert cache.get(NAME) is None

    _forge(cache, b"{}")
    assert cache.get(NAME) == {}


def test_a_copy_counts_as_not_there(cache: Cache) -> None:
    cache.put(NAME, VALUE)
    there = _file(cache)
    copy = there.with_name("copy")
    shutil.copy2(there, copy)
    copy.replace(there)
    assert cache.get(NAME) is None

    cache.put(NAME, VALUE)
    assert cache.get(NAME) == VALUE


def _forge(cache: Cache, body: bytes) -> None:
    """Another content under the head that it needs."""
    cache.put(NAME, VALUE)
    place = _file(cache)
    head = place.read_bytes().split(b"\n")[0] + b"\n"
    digest = hashlib.sha256(f"{place.stat().st_ino}\n".encode() + body).digest()
    place.write_bytes(head + digest + body)


def test_a_huge_file_is_not_read(cache: Cache) -> None:
    cache.put(NAME, VALUE)
    os.truncate(_file(cache), MOST_BYTES + 1)

    assert cache.get(NAME) is None


def test_a_huge_value_is_not_kept(cache: Cache) -> None:
    cache.put(NAME, {"text": "x" * (MOST_BYTES // 4)})

    assert cache.info().files == 0


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_what_others_may_write_is_not_trusted(cache: Cache, mode: int) -> None:
    cache.put(NAME, VALUE)
    _file(cache).chmod(mode)

    assert cache.get(NAME) is None


@pytest.mark.parametrize("part", ["promptreg", "promptreg/cache"])
def test_a_folder_that_others_may_write_to_is_not_used(cache: Cache, part: str) -> None:
    cache.put(NAME, VALUE)
    (cache.git_folder / part).chmod(0o777)

    assert cache.get(NAME) is None
    assert cache.clock() is None


def test_links_are_not_followed(cache: Cache, tmp_path: Path) -> None:
    cache.put(NAME, VALUE)
    real = _file(cache).rename(tmp_path / "elsewhere")
    _file(cache).symlink_to(real)
    assert cache.get(NAME) is None

    cache.put(NAME, {"new": 1})
    assert cache.get(NAME) == {"new": 1}
    assert b"new" not in real.read_bytes()


def test_a_link_in_the_place_of_the_folder_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "git").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "git" / "promptreg").symlink_to(tmp_path / "other")
    cache = Cache(tmp_path / "git")
    cache.put(NAME, VALUE)

    assert cache.get(NAME) is None
    assert list((tmp_path / "other").iterdir()) == []


def test_special_files_are_not_waited_for(cache: Cache) -> None:
    cache.put(NAME, VALUE)
    _file(cache).unlink()
    os.mkfifo(_file(cache))

    assert cache.get(NAME) is None


def test_a_folder_in_the_place_of_a_file_is_none(cache: Cache) -> None:
    cache.put(NAME, VALUE)
    _file(cache).unlink()
    _file(cache).mkdir()
    assert cache.get(NAME) is None

    cache.put(NAME, VALUE)
    assert cache.get(NAME) is None
    assert cache.info().files == 1


def test_without_a_folder_nothing_happens(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "none")
    cache.put(NAME, VALUE)

    assert cache.get(NAME) is None
    assert cache.clock() is None


def test_the_oldest_files_give_way(cache: Cache) -> None:
    for number in range(MOST_FILES + 5):
        cache.put(f"{number:064x}", VALUE)
        os.utime(_file(cache, f"{number:064x}"), ns=(number, number))
    cache.put(NAME, VALUE)

    assert cache.info().files == MOST_FILES
    assert cache.get(NAME) == VALUE
    assert cache.get(f"{0:064x}") is None


def test_the_files_of_runs_that_were_killed_are_counted_and_go(cache: Cache) -> None:
    cache.put(NAME, VALUE)
    (_file(cache).parent / "0123456789abcdef.tmp").write_bytes(b"half")
    assert cache.info().files == 2

    assert cache.clear().files == 2
    assert cache.info().files == 0


WRITER = """
import sys
from pathlib import Path
from promptreg.store.cache import Cache
cache = Cache(Path(sys.argv[1]))
for number in range(60):
    cache.put("a" * 64, {"who": sys.argv[2], "number": number, "much": sys.argv[2] * 20_000})
    found = cache.get("a" * 64)
    assert found is not None and found["much"] == found["who"] * 20_000, "torn"
"""


def test_four_processes_never_see_half_a_value(cache: Cache) -> None:
    cache.put(NAME, VALUE)
    processes = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(cache.git_folder), who])
        for who in "abcd"
    ]

    assert [one.wait() for one in processes] == [0, 0, 0, 0]
    assert cache.info().files == 1
