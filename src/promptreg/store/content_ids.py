"""What files hold, by name: read only where nothing else tells."""

from __future__ import annotations

from collections.abc import Iterable

from promptreg.store.git.listing import REGULAR_MODES
from promptreg.store.trees import RevisionTree, Tree, WorkTree
from promptreg.store.watched import WatchedTree, content_id

_SHA1 = "sha1"


def content_ids(tree: Tree, paths: Iterable[str], *, limit: int) -> dict[str, str]:
    """Each path with a name that only the same bytes have: git's, in every tree.

    Whatever is no file that can be read has a name with `!` in front.
    """
    if isinstance(tree, RevisionTree):
        entries = tree.entries
        return {
            path: one.oid if one.mode in REGULAR_MODES else f"!{one.mode}"
            for path in paths
            if (one := entries.get(path)) is not None
        }
    if isinstance(tree, WatchedTree):
        return tree.content_ids(paths, limit=limit)
    repository = tree.repository if isinstance(tree, WorkTree) else None
    form = repository.object_format if repository else _SHA1
    return {path: content_id(found, form) for path, found in tree.read_many(paths, limit=limit)}
