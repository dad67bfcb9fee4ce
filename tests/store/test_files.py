from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from promptreg.store.files import MISSING, TOO_LARGE, UNREADABLE, FileProblem, FileReader, read_file


def problem_of(root: Path, relative: str, limit: int = 100) -> str:
    with pytest.raises(FileProblem) as caught:
        read_file(root, relative, limit=limit)
    assert caught.value.message
    return caught.value.rule


def test_reads_a_regular_file(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/c.txt").write_bytes(b"x\r\n\0")

    assert read_file(tmp_path, "a/b/c.txt", limit=4) == b"x\r\n\0"


def test_the_limit_is_the_largest_size_that_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")

    assert read_file(tmp_path, "a", limit=5) == b"12345"
    assert problem_of(tmp_path, "a", limit=4) == TOO_LARGE


def test_a_sparse_giant_is_refused_at_once(tmp_path: Path) -> None:
    with (tmp_path / "a").open("wb") as file:
        file.truncate(1 << 40)

    assert problem_of(tmp_path, "a") == TOO_LARGE


@pytest.mark.parametrize("name", ["a", "folder/a", "a/b"])
def test_what_is_not_there_is_missing(tmp_path: Path, name: str) -> None:
    (tmp_path / "b").write_bytes(b"")

    assert problem_of(tmp_path, name) == MISSING
    assert problem_of(tmp_path, "b/" + name) == MISSING


def test_links_are_refused_on_every_component(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a").write_bytes(b"secret")
    (tmp_path / "folder").symlink_to("real")
    (tmp_path / "file").symlink_to("real/a")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")

    for name in ("folder/a", "file", "dangling", "loop", "loop/a"):
        assert problem_of(tmp_path, name) == UNREADABLE, name


def test_the_root_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a").write_bytes(b"x")
    (tmp_path / "root").symlink_to("real")

    assert read_file(tmp_path / "root", "a", limit=1) == b"x"


def test_special_files_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))

    for name in ("fifo", "folder", "socket"):
        assert problem_of(tmp_path, name) == UNREADABLE, name


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../a", "a/../a", "./a", "a//b", "a/", "a\0b"])
def test_paths_that_leave_the_root_are_refused(tmp_path: Path, path: str) -> None:
    (tmp_path / "root/a").mkdir(parents=True)
    (tmp_path / "a").write_bytes(b"outside")

    assert problem_of(tmp_path / "root", path) == UNREADABLE


def test_a_name_that_is_not_utf_8_is_read_by_its_bytes(tmp_path: Path) -> None:
    place = os.path.join(os.fsencode(tmp_path), b"zz\xff.txt")  # noqa: PTH118 - bytes
    with open(place, "wb") as file:  # noqa: PTH123 - bytes
        file.write(b"x")

    assert read_file(tmp_path, "zz\udcff.txt", limit=1) == b"x"


def test_a_reader_serves_many_folders(tmp_path: Path) -> None:
    names = ("a/1", "a/2", "b/1", "top", "a/b/3")
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - counts only

    with FileReader(tmp_path) as reader:
        for name in names:
            assert reader.read(name, limit=10) == name.encode()
        with pytest.raises(FileProblem):
            reader.read("nowhere/1", limit=10)
        assert reader.read("a/1", limit=10) == b"a/1"

    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - counts only
