"""Locking selectors, and judging a lock against the releases that it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from promptreg.errors import PromptregError, SelectorError
from promptreg.model.finding import Finding, Severity
from promptreg.model.selector import AtRevision, Selector, WorkingTree, parse_selector
from promptreg.registry.workspace import Workspace
from promptreg.releases.anchors import locked_as
from promptreg.releases.contents import content_findings
from promptreg.releases.ledger import Ledger, all_releases
from promptreg.releases.lock_file import Lock, Locked, locked_release
from promptreg.releases.meaning import may_mean
from promptreg.releases.release_findings import release_finding
from promptreg.releases.releasing import ReleasedEntries
from promptreg.releases.remembering import memory_findings
from promptreg.releases.resolve import resolve_release
from promptreg.store.git.objects import ObjectReader


def lock_selectors(workspace: Workspace, selectors: Iterable[str]) -> tuple[Locked, ...]:
    """What selectors mean now, each digest computed again; sorted, each once.

    Raises SelectorError for one that names no release, RefusedError for a release whose files
    aren't what it promised.
    """
    wanted = {str(one): one for one in map(_of_release, selectors)}
    released, ledger = ReleasedEntries(workspace), Ledger(workspace.git)
    found = []
    for text in sorted(wanted):
        release = resolve_release(workspace, wanted[text], ledger)
        released.entry(release)
        found.append(locked_release(text, release))
    return tuple(found)


def lock_findings(workspace: Workspace, lock: Lock, path: str) -> Iterator[Finding]:
    """Where a lock and the repository disagree, and which selectors mean another release now."""
    yield from lock.findings
    known = all_releases(workspace.git)
    yield from memory_findings((locked_as(one, path) for one in lock.locked), known)
    named = {(one.name, one.version) for one in lock.locked}
    releases = [
        one for every in known.values() for one in every if (one.name, one.version) in named
    ]
    for release in releases:
        if release.problem:
            yield release_finding(release.rule, release, release.problem)
    with ObjectReader(workspace.git) as reader:
        yield from content_findings(workspace, reader, releases, known)
    ledger = Ledger(workspace.git, known)
    for one in lock.locked:
        if may_mean(parse_selector(one.selector).point, one.version):
            yield from _outdated(workspace, one, path, ledger)


def _of_release(text: str) -> Selector:
    selector = parse_selector(text)
    if isinstance(selector.point, WorkingTree | AtRevision):
        raise SelectorError(
            f"`{selector}` names no release, so it can't be locked",
            hint=f"`{selector.name}@latest`, `{selector.name}@^1.0` or an environment can",
        )
    return selector


def _outdated(workspace: Workspace, one: Locked, path: str, ledger: Ledger) -> Iterator[Finding]:
    try:
        now = resolve_release(workspace, parse_selector(one.selector), ledger)
    except PromptregError as problem:
        what, fix = f"`{one.selector}` means nothing now: {problem.what}", problem.hint
    else:
        if now.version == one.version:
            return
        what = f"`{one.selector}` is locked to {one.version} and means {now.version} now"
        fix = f"`promptreg lock '{one.selector}'` takes {now.version}"
    at, key = one.place(path), one.selector
    yield Finding("outdated-lock", Severity.WARNING, what, at, one.name, key, fix)
