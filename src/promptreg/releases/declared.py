"""Breaking changes that were declared between two points of a registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from promptreg.model.configuration import Limits
from promptreg.model.declaration import Declaration, parse_declaration
from promptreg.registry.documents import parse_document
from promptreg.registry.snapshot import Document
from promptreg.registry.workspace import Workspace
from promptreg.store.trees import RevisionTree

_KIND = "Change"
_LIMIT = Limits().manifest_bytes


def declared_between(
    older: Iterable[Document], newer: Iterable[Document]
) -> tuple[Declaration, ...]:
    """The declarations of `newer` that `older` doesn't have, or has otherwise, by path.

    Comments, key order and another path make no declaration another one.
    """
    known = [document.data for document in older if document.kind == _KIND]
    return tuple(
        parse_declaration(document.path, document.data)
        for document in sorted(newer, key=lambda one: one.path)
        if document.kind == _KIND and document.data not in known
    )


def declared_since(
    workspace: Workspace, documents: Mapping[str, Document], starts: Mapping[str, str]
) -> dict[str, tuple[Declaration, ...]]:
    """What `documents` declare for each name in `starts` since the commit that it is given.

    A name without a declaration is left out. git is asked only where there is a declaration, and
    once for each commit.
    """
    changes = {path: one for path, one in documents.items() if one.kind == _KIND}
    named = {str(one.data["name"]) for one in changes.values()}
    older: dict[str, dict[str, Document]] = {}
    found = {}
    for name in sorted(named & starts.keys()):
        commit = starts[name]
        if commit not in older:
            older[commit] = _documents(workspace, commit, changes)
        mine = [one for one in changes.values() if one.data["name"] == name]
        if said := declared_between(older[commit].values(), mine):
            found[name] = said
    return found


def _documents(workspace: Workspace, commit: str, paths: Iterable[str]) -> dict[str, Document]:
    tree = RevisionTree(workspace.git, commit, workspace.prefix)
    found = {}
    for path, content in tree.read_many(paths, limit=_LIMIT):
        data = parse_document(path, content, _KIND).data if isinstance(content, bytes) else None
        if data is not None:
            found[path] = Document(path, _KIND, data)
    return found
