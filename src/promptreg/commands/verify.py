"""`verify`: whether the releases are what was released."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from promptreg.checks.release_catalog import LEDGER
from promptreg.checks.report import Report, excerpts_of
from promptreg.checks.selection import select
from promptreg.model.configuration import FILE, Configuration
from promptreg.model.finding import Finding, Location, Place
from promptreg.registry.configuration import read_configuration
from promptreg.registry.discover import candidates
from promptreg.registry.locate import located
from promptreg.registry.workspace import Workspace
from promptreg.releases.verifying import verify_releases
from promptreg.reporters.verify import Verification
from promptreg.rules.builtin import descriptions

_MOST = 100
"""Findings of one rule at one file or entry; more are counted."""


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """What is asked: the entries (none means all), and a remote to compare with."""

    names: tuple[str, ...] = ()
    remote: str = ""


def verify(workspace: Workspace, request: VerifyRequest) -> Verification:
    """Judge releases: digests, chains, branches, pins, signatures, and what remembers them.

    Whatever is wrong with a release is a finding. Raises SelectorError for a name that nothing
    knows, GitError where git can't be asked, UsageError for an unknown remote.
    """
    configuration = read_configuration(workspace.working_tree())
    found = verify_releases(workspace, configuration, request.names, remote=request.remote)
    texts = found.texts or {}
    kept, left_out = _bounded(_weighed(found.findings, configuration))
    findings = located(kept, texts)
    report = Report(
        tree="releases",
        findings=findings,
        prompts=0,
        agents=0,
        notes=(*found.notes, *left_out),
        excerpts=excerpts_of(findings, texts),
    )
    return Verification(report, found.releases, found.anchors, found.unremembered, found.signed)


def in_files(workspace: Workspace, report: Report) -> Report:
    """The report for services that know files only: what is about a ref points to a manifest.

    Where an entry has no manifest any more, it is promptreg.yaml.
    """
    tree = workspace.working_tree()
    files, roots = frozenset(tree.paths()), read_configuration(tree).roots
    findings = [
        finding if finding.at.path in files else _in_file(finding, files, roots)
        for finding in report.findings
    ]
    return replace(report, findings=tuple(findings))


def _in_file(finding: Finding, files: frozenset[str], roots: tuple[str, ...]) -> Finding:
    paths = (path for path in candidates(finding.entry, roots) if path in files)
    ref = finding.at.path.removeprefix("refs/tags/").removeprefix("refs/")
    return replace(
        finding,
        message=f"{ref}: {finding.message}",
        at=Location(next(paths, FILE), place=Place(1, 1)),
        related=tuple(one for one in finding.related if one.path in files),
    )


def _weighed(findings: Sequence[Finding], configuration: Configuration) -> tuple[Finding, ...]:
    """As they weigh here; `severity:` counts for what may have been done in good faith only."""
    free = {one.id for one in LEDGER if not one.is_fixed}
    plain = replace(configuration, profile="recommended")
    weighed = select((one for one in findings if one.rule in free), plain, descriptions())
    return (
        *(one for one in findings if one.rule not in free),
        *(one for one in weighed if one.rule in free),
    )


def _bounded(findings: Iterable[Finding]) -> tuple[list[Finding], list[str]]:
    """Not more of a rule at one place than people read, and a note about the others."""
    groups: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[finding.rule, _source(finding)].append(finding)
    kept = [one for group in groups.values() for one in group[:_MOST]]
    notes = [
        f"{len(group) - _MOST:,} more findings of `{rule}` in {source} are left out"
        for (rule, source), group in groups.items()
        if len(group) > _MOST
    ]
    return kept, notes


def _source(finding: Finding) -> str:
    """What a finding comes from, as people count it: a file, all versions of one, or all refs."""
    path = finding.at.path
    return "refs" if path.startswith("refs/") else path.rpartition(":")[2]
