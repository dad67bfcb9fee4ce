"""Which prompts needn't be judged again, by what a run found about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from promptreg.model.entry import Entry
from promptreg.model.finding import Finding
from promptreg.model.prompt import Prompt


def sound_paths(tested: Iterable[Entry], found: Iterable[Finding]) -> Iterator[str]:
    """The manifests of those prompts among `tested` that no finding has to do with."""
    names, paths = set(), set()
    for finding in found:
        names.add(finding.entry)
        paths |= {finding.at.path, *(one.path for one in finding.related)}
    for entry in tested:
        is_sound = entry.name not in names and paths.isdisjoint(entry.paths)
        if is_sound and isinstance(entry.manifest, Prompt):
            yield entry.path


def lone_paths(
    entries: Iterable[Entry], found: Iterable[Finding], of_one: frozenset[str]
) -> Iterator[str]:
    """The manifests of prompts about which nothing is found but what is about them alone.

    `of_one` are the rules whose findings hang on one entry and nothing else.
    """
    rules: defaultdict[str, set[str]] = defaultdict(set)
    paths = set()
    for finding in found:
        if finding.entry:
            rules[finding.entry].add(finding.rule)
        if not (finding.entry and finding.rule in of_one):
            paths.add(finding.at.path)
    for entry in entries:
        is_alone = rules[entry.name] <= of_one and paths.isdisjoint(entry.paths)
        if is_alone and isinstance(entry.manifest, Prompt):
            yield entry.path
