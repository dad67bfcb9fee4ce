from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from promptreg.errors import RefusedError
from promptreg.store.atomic import create_new_file, remove_file, write_file


def test_writes_and_replaces(tmp_path: Path) -> None:
    write_file(tmp_path, "a/b/c.txt", b"one")
    write_file(tmp_path, "a/b/c.txt", b"two")

    assert (tmp_path / "a/b/c.txt").read_bytes() == b"two"
    assert os.listdir(tmp_path / "a/b") == ["c.txt"]  # noqa: PTH208 - names only


def test_the_mode_of_an_existing_file_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    (tmp_path / "a").chmod(0o740)

    write_file(tmp_path, "a", b"x")

    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o740


def test_links_are_never_written_through(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (tmp_path / "outside").mkdir()
    root.mkdir()
    (tmp_path / "outside/a").write_bytes(b"mine")
    (root / "file").symlink_to("../outside/a")
    (root / "folder").symlink_to("../outside")

    for name in ("file", "folder/a", "folder/new/b"):
        for write in (write_file, create_new_file):
            with pytest.raises(RefusedError):
                write(root, name, b"theirs")

    assert (tmp_path / "outside/a").read_bytes() == b"mine"
    assert os.listdir(tmp_path / "outside") == ["a"]  # noqa: PTH208 - names only
    assert sorted(os.listdir(root)) == ["file", "folder"]  # noqa: PTH208 - names only


def test_a_new_file_never_replaces_one(tmp_path: Path) -> None:
    create_new_file(tmp_path, "a/b", b"first")

    with pytest.raises(RefusedError, match="exists already"):
        create_new_file(tmp_path, "a/b", b"second")

    assert (tmp_path / "a/b").read_bytes() == b"first"
    assert os.listdir(tmp_path / "a") == ["b"]  # noqa: PTH208 - names only


@pytest.mark.parametrize("path", ["../a", "/tmp/a", ".git/hooks/pre-commit", "nul", ""])
def test_odd_paths_are_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(RefusedError):
        write_file(tmp_path, path, b"x")

    assert not list(tmp_path.iterdir())


def test_removing_is_quiet_where_nothing_is(tmp_path: Path) -> None:
    write_file(tmp_path, "a/b", b"x")

    remove_file(tmp_path, "a/b")
    remove_file(tmp_path, "a/b")

    assert not (tmp_path / "a/b").exists()
    (tmp_path / "a/link").symlink_to("..")
    with pytest.raises(RefusedError):
        remove_file(tmp_path, "a/link")
