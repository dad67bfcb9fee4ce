"""What doesn't hold the words is read once, and everything else is as in the tree itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from promptreg.store.files import FileProblem
from promptreg.store.searched import SearchedTree
from promptreg.store.trees import MemoryTree

FILES: dict[str, bytes | str] = {
    "a": "the word",
    "b": "nothing",
    "c": "x" * 100,
    "d": "word",
    "e": b"\xff word",
}


class Counted(MemoryTree):
    """One that tells what was read."""

    def read_many(
        self, paths: Iterable[str], *, limit: int
    ) -> Iterator[tuple[str, bytes | FileProblem]]:
        for path, content in super().read_many(paths, limit=limit):
            read.append(path)
            yield path, content


read: list[str] = []


def _read(tree: SearchedTree, *paths: str) -> dict[str, bytes | str]:
    return {
        path: content.rule if isinstance(content, FileProblem) else content
        for path, content in tree.read_many(paths, limit=50)
    }


def test_files_that_hold_the_words_or_were_never_read_are_left() -> None:
    read.clear()
    tree = SearchedTree(Counted(FILES, "memory"), b"word")
    assert (tree.label, tree.paths()) == ("memory", tuple("abcde"))
    plain = _read(SearchedTree(MemoryTree(FILES), b"word"), *"abcdz")
    assert _read(tree, *"abcdz") == plain == {
        "a": b"the word", "b": b"nothing", "c": "limit-exceeded", "d": b"word", "z": "missing",
    }  # fmt: skip
    # What was too large may hold them, and what wasn't read may, too.
    assert tree.rest().paths() == ("a", "c", "d", "e")
    assert tree.paths() == tuple("abcde")
    assert tree.rest().read("b", limit=50) == b"nothing"
    assert read == [*"abcdz", "b"]
