"""Who uses a file of the registry: templates that include it, and entries that name it."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from promptreg.model.agent import Agent
from promptreg.model.data import format_route
from promptreg.model.entry import Entry
from promptreg.model.prompt import Prompt
from promptreg.registry.snapshot import Snapshot
from promptreg.registry.texts import ENDINGS
from promptreg.templates.analysis import analyse
from promptreg.templates.names import folder_of, name_problem, resolve_name

_VERBS = {"include": "includes it", "import": "imports it", "from": "imports from it"}


@dataclass(frozen=True, slots=True)
class Includer:
    """A template or an entry that uses a file."""

    kind: str
    """`template`, `prompt` or `agent`."""
    name: str
    """A template's path, an entry's name."""
    reason: str
    """How it does, as the end of a sentence."""
    is_part: bool
    """Whether the file is part of it: its text, and so its digest, changes with the file."""


def includers(snapshot: Snapshot) -> Mapping[str, tuple[Includer, ...]]:
    """By path: who uses that file directly.

    Templates that nothing reaches are looked into where their names say that they are some.
    """
    found: defaultdict[str, dict[Includer, None]] = defaultdict(dict)
    for target, one in (*_in_templates(snapshot), *_in_entries(snapshot)):
        found[target].setdefault(one)
    return {path: tuple(users) for path, users in found.items()}


def _in_templates(snapshot: Snapshot) -> Iterator[tuple[str, Includer]]:
    reached = {path for entry in snapshot.entries.values() for path in entry.templates}
    for path, text in sorted(snapshot.texts.items()):
        if path in reached or path.endswith(ENDINGS):
            for target, reason in _references(snapshot, text, folder_of(path)):
                yield target, Includer("template", path, reason, is_part=True)


def _in_entries(snapshot: Snapshot) -> Iterator[tuple[str, Includer]]:
    for entry in snapshot.entries.values():
        of = partial(Includer, entry.kind.lower(), entry.name)
        if isinstance(entry.manifest, Agent):
            for reference in entry.manifest.files:
                what = "use case" if reference.route[-1] == "use_case" else "runbook"
                yield reference.text, of(f"names it as its {what}", is_part=False)
            continue
        for target, reason in _of_prompt(snapshot, entry, entry.manifest):
            yield target, of(reason, is_part=True)
        for test, path in _snapshots(entry, entry.manifest):
            yield path, of(f"compares test `{test}` with it", is_part=False)


def _of_prompt(snapshot: Snapshot, entry: Entry, prompt: Prompt) -> Iterator[tuple[str, str]]:
    for source in prompt.sources():
        where = format_route(source.route[:-1])
        if source.file is not None and source.file in entry.resolved:
            yield entry.resolved[source.file], f"uses it in {where}"
        elif source.inline is not None:
            for target, reason in _references(snapshot, source.inline, folder_of(entry.path)):
                yield target, f"{reason} in {where}"


def _snapshots(entry: Entry, prompt: Prompt) -> Iterator[tuple[str, str]]:
    for test in prompt.tests:
        for expectation in test.expect:
            if expectation.kind == "snapshot":
                path = posixpath.join(folder_of(entry.path), str(expectation.value))
                yield test.name, posixpath.normpath(path)


def _references(snapshot: Snapshot, text: str, folder: str) -> Iterator[tuple[str, str]]:
    """The files that a template's text mentions, each with how it does."""
    roots = snapshot.configuration.template_roots
    for reference in analyse(text).references:
        if name_problem(reference.name):
            continue
        path = resolve_name(reference.name, folder, roots, snapshot.files.__contains__)
        if path is not None:
            yield path, _VERBS.get(reference.kind, "extends it")
