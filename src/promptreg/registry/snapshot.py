"""Everything that was loaded from one tree."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from promptreg.model.configuration import Configuration
from promptreg.model.data import Json, Route
from promptreg.model.entry import Entry
from promptreg.model.environment import Environment
from promptreg.model.finding import Finding
from promptreg.templates.closure import Closure
from promptreg.templates.problem import TemplateProblem


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML document that fits its schema."""

    path: str
    kind: str
    data: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A registry at one point, immutable."""

    label: str
    """The tree it was loaded from, as people call it."""
    configuration: Configuration
    entries: Mapping[str, Entry]
    """By name, sorted. A name that two manifests carry is in `duplicates` instead."""
    environments: Mapping[str, Environment]
    documents: Mapping[str, Document]
    """Every document that fits its schema, by path."""
    closures: Mapping[str, Mapping[Route, Closure]]
    """By entry name: what the template at each route reaches and uses."""
    unresolved: Mapping[str, Mapping[Route, TemplateProblem]]
    """By entry name: what is wrong with a `template:` that leads nowhere."""
    texts: Mapping[str, str]
    """The text of every document and template that was read, by path."""
    files: Set[str]
    """Every path of the tree."""
    expected_names: Mapping[str, str]
    """The name that its path says, by path of every manifest, broken ones included."""
    duplicates: Mapping[str, tuple[str, ...]]
    """Paths of the manifests that share a name."""
    quiet: frozenset[str] = frozenset()
    """Names of prompts that an earlier run, which saw the very same, found nothing wrong with.

    Their closures have no problems; neither rules that see one entry alone nor tests would find
    anything.
    """


@dataclass(frozen=True, slots=True)
class Loaded:
    """A snapshot, and what was wrong with the files that it was made from."""

    snapshot: Snapshot
    findings: tuple[Finding, ...]
