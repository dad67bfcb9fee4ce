"""What releases consist of, against what their tags promise."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from promptreg.errors import GitError, PromptregError
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding
from promptreg.model.selector import Selector
from promptreg.model.version import parse_version
from promptreg.registry.load import load_entry
from promptreg.registry.workspace import Workspace
from promptreg.releases.meaning import may_mean
from promptreg.releases.pins import selectors_of
from promptreg.releases.release_findings import release_finding
from promptreg.releases.tag import Pin, Release, of_version
from promptreg.store.git.objects import ObjectReader
from promptreg.store.git.tree_reader import TreeReader
from promptreg.store.trees import RevisionTree

_ELSEWHERE = "compare the tag with another clone: `git ls-remote --tags origin`"
_FETCH = "`git fetch --tags` gets tags that are missing here only"
_ROLE = 100


def content_findings(
    workspace: Workspace,
    reader: ObjectReader,
    releases: Iterable[Release],
    known: Mapping[str, Sequence[Release]],
) -> Iterator[Finding]:
    """Digests and pins that aren't what a tag says; `known` are all releases, by entry."""
    by_commit: defaultdict[str, list[Release]] = defaultdict(list)
    for release in releases:
        if not release.problem:
            by_commit[release.commit].append(release)
    prefix, trees = workspace.prefix, TreeReader(reader)
    for commit, released in by_commit.items():
        tree = RevisionTree(workspace.git, commit, prefix, trees)
        for release in released:
            yield from _findings(tree, release, known)


def _findings(
    tree: RevisionTree, release: Release, known: Mapping[str, Sequence[Release]]
) -> Iterator[Finding]:
    try:
        loaded = load_entry(tree, release.name, released=True)
        entry = loaded.snapshot.entries.get(release.name)
    except GitError as problem:
        what = f"it can't be read: {problem.what}"
        yield release_finding("missing-object", release, what, fix=problem.hint)
        return
    except PromptregError as problem:
        what = f"its commit {release.commit[:12]} holds no registry: {problem.what}"
        yield release_finding("digest-mismatch", release, what)
        return
    if entry is None:
        what = f"its commit {release.commit[:12]} doesn't hold `{release.name}`"
        yield release_finding("digest-mismatch", release, what, fix=_ELSEWHERE)
    elif (found := entry.digest()) != release.digest:
        what = f"its tag promises {release.digest}, the files of its commit are {found}"
        yield release_finding("digest-mismatch", release, what, fix=_ELSEWHERE)
    else:
        yield from _pins(entry, release, known)


def _pins(
    entry: Entry, release: Release, known: Mapping[str, Sequence[Release]]
) -> Iterator[Finding]:
    problem = _unlike_selectors(tuple(selectors_of(entry)), release.pins)
    if problem:
        yield release_finding("wrong-pin", release, problem, fix=_ELSEWHERE)
    for pin in release.pins:
        said = f"it pins `{pin.name}` {pin.version} for `{pin.role[:_ROLE]}`"
        target = _pinned(pin, known)
        if target is None:
            what = f"{said}, which has no tag"
            yield release_finding("wrong-pin", release, what, key=pin.role, fix=_FETCH)
        elif not target.problem and target.digest != pin.digest:
            what = f"{said} as {pin.digest}, its tag says {target.digest}"
            yield release_finding(
                "wrong-pin", release, what, key=pin.role, fix=_ELSEWHERE, other=target.tag
            )


def _unlike_selectors(wanted: Sequence[tuple[str, Selector]], pins: Sequence[Pin]) -> str:
    """Why `pins` can't be what the selectors of an entry, by role, resolved to, or ""."""
    said, needed = Counter(pin.role for pin in pins), Counter(role for role, _ in wanted)
    for role in sorted(said.keys() | needed.keys()):
        if said[role] != needed[role]:
            need = f"{needed[role]} selectors" if needed[role] != 1 else "1 selector"
            have = f"{said[role]} pins" if said[role] != 1 else "1 pin"
            return f"it has {have} for the role `{role[:_ROLE]}`, and its manifest {need}"
    for pin in pins:
        own, version = [one for role, one in wanted if role == pin.role], parse_version(pin.version)
        if not any(one.name == pin.name and may_mean(one.point, version) for one in own):
            return f"it pins `{pin.name}` {version} for `{pin.role}`, which uses `{own[0]}`"
    return ""


def _pinned(pin: Pin, known: Mapping[str, Sequence[Release]]) -> Release | None:
    return of_version(known.get(pin.name, ()), parse_version(pin.version))
