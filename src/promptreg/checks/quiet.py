"""Which prompts needn't be judged again, by what a run found about them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace

from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Severity
from promptreg.model.prompt import Prompt
from promptreg.registry.quiet_note import Quiet, Told, Wrong


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


@dataclass(frozen=True, slots=True)
class Lone:
    """A prompt about which nothing is found but what is about it alone."""

    name: str
    wrong: Wrong
    errors: tuple[str, ...]
    """Where rules found errors."""
    is_final: bool
    """Whether its tests ran, or can't."""


def lone_prompts(
    entries: Iterable[Entry], tested: Iterable[Entry], verdict: Verdict
) -> dict[str, Lone]:
    """The lone ones among `entries`, by the paths of their manifests."""
    mine: defaultdict[str, list[Finding]] = defaultdict(list)
    paths = set()
    for finding in verdict.found:
        if finding.entry:
            mine[finding.entry].append(finding)
        if not (finding.entry and finding.rule in verdict.of_one):
            paths.add(finding.at.path)
    untested = {one for one in verdict.told if one.rule not in verdict.tests}
    counts = Counter(one.entry for one in untested if one.rule in verdict.of_one)
    names = {one.name for one in tested}
    lone = {}
    for entry in entries:
        about = mine[entry.name]
        is_alone = paths.isdisjoint(entry.paths) and all(
            one.rule in verdict.of_one for one in about
        )
        if is_alone and isinstance(entry.manifest, Prompt):
            lone[entry.path] = _lone(entry, about, counts[entry.name], names, verdict.tests)
    return lone


def with_told(lone: Mapping[str, Lone], told: Iterable[Finding]) -> dict[str, Wrong]:
    """What is wrong with each, with the findings themselves where these are final."""
    mine: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in told:
        mine[finding.entry].append(finding)
    return {
        path: replace(one.wrong, told=Told(tuple(mine[one.name]), one.errors))
        for path, one in lone.items()
        if one.is_final
    }


def still_told(quiet: Iterable[Quiet], wrong: Set[str], tests: frozenset[str]) -> Iterator[Finding]:
    """What is known to be wrong with prompts; what is wrong elsewhere keeps tests from running."""
    for prompt in quiet:
        told = prompt.wrong.told
        if told is not None:
            is_tested = wrong.isdisjoint(prompt.paths)
            yield from (one for one in told.findings if is_tested or one.rule not in tests)


def _lone(
    entry: Entry, about: Iterable[Finding], count: int, tested: Set[str], tests: frozenset[str]
) -> Lone:
    rules = [one for one in about if one.rule not in tests]
    errors = tuple(sorted({one.at.path for one in rules if one.severity is Severity.ERROR}))
    wrong = Wrong(count, is_within=all(_is_within(entry, one) for one in about))
    return Lone(entry.name, wrong, errors, is_final=bool(errors) or entry.name in tested)


def _is_within(entry: Entry, finding: Finding) -> bool:
    return {entry.path} >= {finding.at.path, *(one.path for one in finding.related)}
