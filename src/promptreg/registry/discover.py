"""Which files of a tree are documents, of which kind, and what name each is expected to carry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from promptreg.model.approval import FOLDER as APPROVALS
from promptreg.model.environment import FOLDER as ENVIRONMENTS

_MANIFESTS = {
    "prompt": "Prompt",
    "agent": "Agent",
    "policy": "Policy",
    "experiment": "Experiment",
    "change": "Change",
}
_OWN_ROOTS = {ENVIRONMENTS: "Environment", APPROVALS: "Approval"}
"""Folders in which every document is of one kind."""
_WHOLE_NAMES = ("prompt", "agent")
"""Kinds whose manifest may be a folder's `prompt.yaml`."""
_ENDINGS = (".yaml", ".yml")
ENTRY_KINDS = frozenset({"Prompt", "Agent"})


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is a document by its place and name."""

    path: str
    kind: str
    """What its file name says; the document must say the same."""
    name: str
    """The name that its path says."""


def discover(paths: Iterable[str], roots: tuple[str, ...]) -> tuple[Found, ...]:
    """The documents among `paths`, in their order."""
    return tuple(found for path in paths if (found := classify(path, roots)) is not None)


def classify(path: str, roots: tuple[str, ...]) -> Found | None:
    """What the file at `path` is, or None where it is no document of a registry."""
    stem, ending = _split(path)
    if not ending:
        return None
    root = next((root for root in roots if root == "." or path.startswith(f"{root}/")), None)
    if root is None:
        return None
    inner = stem.removeprefix(_prefix(root))
    if root in _OWN_ROOTS:
        return Found(path, _OWN_ROOTS[root], inner)
    for word, kind in _MANIFESTS.items():
        if inner.endswith("." + word):
            return Found(path, kind, inner.removesuffix("." + word))
        if word in _WHOLE_NAMES and inner.endswith("/" + word):
            return Found(path, kind, inner.removesuffix("/" + word))
    return None


def candidates(name: str, roots: tuple[str, ...]) -> tuple[str, ...]:
    """Every path at which the manifest of the entry `name` may lie."""
    stems = [
        f"{_prefix(root)}{name}{joint}{word}"
        for root in roots
        for word in _WHOLE_NAMES
        for joint in (".", "/")
    ]
    return tuple(stem + ending for stem in stems for ending in _ENDINGS)


def _prefix(root: str) -> str:
    return "" if root == "." else root + "/"


def _split(path: str) -> tuple[str, str]:
    # `PurePosixPath(path).suffix` in a tenth of the time: most files are no documents.
    if not path.endswith(_ENDINGS):
        return path, ""
    stem, _, ending = path.rpartition(".")
    return (stem, f".{ending}") if stem and not stem.endswith("/") else (path, "")
