"""Which prompts needn't be judged again, by what a run found about them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from promptreg.model.entry import Entry
from promptreg.model.finding import Finding
from promptreg.model.prompt import Prompt
from promptreg.registry.quiet import Wrong


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run found: `found` as rules and tests say it, `told` as it weighs in this registry.

    `of_one` are the rules whose findings hang on one entry and nothing else, `tests` those of what
    tests find.
    """

    found: Iterable[Finding]
    told: Iterable[Finding]
    of_one: frozenset[str]
    tests: frozenset[str]


def sound_prompts(tested: Iterable[Entry], verdict: Verdict) -> dict[str, None]:
    """The manifests of those prompts among `tested` that no finding has to do with."""
    names, paths = set(), set()
    for finding in verdict.found:
        names.add(finding.entry)
        paths |= {finding.at.path, *(one.path for one in finding.related)}
    return {
        entry.path: None
        for entry in tested
        if entry.name not in names
        and paths.isdisjoint(entry.paths)
        and isinstance(entry.manifest, Prompt)
    }


def lone_prompts(entries: Iterable[Entry], verdict: Verdict) -> dict[str, Wrong]:
    """The manifests of prompts about which nothing is found but what is about them alone."""
    mine: defaultdict[str, list[Finding]] = defaultdict(list)
    paths = set()
    for finding in verdict.found:
        if finding.entry:
            mine[finding.entry].append(finding)
        if not (finding.entry and finding.rule in verdict.of_one):
            paths.add(finding.at.path)
    untested = {one for one in verdict.told if one.rule not in verdict.tests}
    counts = Counter(one.entry for one in untested if one.rule in verdict.of_one)
    return {
        entry.path: Wrong(
            counts[entry.name], is_within=all(_is_within(entry, one) for one in about)
        )
        for entry in entries
        if isinstance(entry.manifest, Prompt) and paths.isdisjoint(entry.paths)
        for about in (mine[entry.name],)
        if all(one.rule in verdict.of_one for one in about)
    }


def _is_within(entry: Entry, finding: Finding) -> bool:
    return {entry.path} >= {finding.at.path, *(one.path for one in finding.related)}
