"""The manifests of a tree alone: who is there, without reading what they reach."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from promptreg.model.configuration import Configuration
from promptreg.registry.configuration import read_configuration
from promptreg.registry.discover import ENTRY_KINDS, discover
from promptreg.registry.heads import Head, KnownHeads, read_head
from promptreg.store.files import FileProblem
from promptreg.store.trees import Tree


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest that fits its schema."""

    path: str
    content: Head


@dataclass(frozen=True, slots=True)
class Manifests:
    """The manifests of a tree, sorted by name; a name that two carry is among the broken."""

    label: str
    configuration: Configuration
    entries: tuple[Manifest, ...]
    broken: tuple[str, ...]
    """Paths of manifests that can't be read, or that share their name with another."""


def read_manifests(tree: Tree, known: KnownHeads | None = None) -> Manifests:
    """Every prompt's and agent's manifest; `known` may know some.

    Raises RegistryError without a sound configuration.
    """
    head = read_head if known is None else known.head
    configuration = read_configuration(tree)
    found = {
        one.path: one.kind
        for one in discover(tree.paths(), configuration.roots)
        if one.kind in ENTRY_KINDS
    }
    by_name: defaultdict[str, list[Manifest]] = defaultdict(list)
    broken: list[str] = []
    for path, content in tree.read_many(found, limit=configuration.limits.manifest_bytes):
        read = None if isinstance(content, FileProblem) else head(path, content, found[path])
        if read is None:
            broken.append(path)
        else:
            by_name[read.name].append(Manifest(path, read))
    twins = [one.path for same in by_name.values() if len(same) > 1 for one in same]
    return Manifests(
        label=tree.label,
        configuration=configuration,
        entries=tuple(same[0] for _, same in sorted(by_name.items()) if len(same) == 1),
        broken=tuple(sorted([*broken, *twins])),
    )
