"""Trees are read by one expression, and the same as one entry after the other."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.errors import GitError
from promptreg.store.git.tree_reader import _rows

OIDS = st.sampled_from([20, 32])
words = st.lists(
    st.sampled_from([b"100644", b"40000", b"", b" ", b"\0", b"a", b"a b", b"\xff\n", b"\r"])
    | st.binary(min_size=20, max_size=20)
    | st.binary(min_size=32, max_size=32),
    max_size=12,
).map(b"".join)


def _one_by_one(size: int, data: bytes) -> list[tuple[bytes, bytes, bytes]] | None:
    found, start = [], 0
    while start < len(data):
        end = data.find(b"\0", start)
        mode, _, name = data[start:end].partition(b" ")
        start = end + 1 + size
        if end < 0 or not name or start > len(data):
            return None
        found.append((mode, name, data[end + 1 : start]))
    return found


def _read(size: int, data: bytes) -> list[tuple[bytes, bytes, bytes]] | None:
    try:
        return _rows("a" * size * 2, data)
    except GitError:
        return None


@settings(deadline=None, max_examples=300)
@given(OIDS, words)
def test_any_bytes_are_read_or_refused_the_same(size: int, data: bytes) -> None:
    assert _read(size, data) == _one_by_one(size, data)


@st.composite
def trees(draw: st.DrawFn) -> tuple[int, bytes]:
    size = draw(OIDS)
    names = draw(st.lists(st.binary(min_size=1, max_size=5).filter(lambda one: 0 not in one)))
    modes = st.sampled_from([b"100644", b"40000", b"120000", b"160000", b"0"])
    ids = st.binary(min_size=size, max_size=size)
    return size, b"".join(draw(modes) + b" " + name + b"\0" + draw(ids) for name in names)


@settings(deadline=None, max_examples=300)
@given(trees(), st.integers(0, 200))
def test_trees_are_read_and_cut_ones_refused(tree: tuple[int, bytes], end: int) -> None:
    size, data = tree
    found = _read(size, data)
    assert found is not None
    assert found == _one_by_one(size, data)
    assert _read(size, data[:end]) == _one_by_one(size, data[:end])
