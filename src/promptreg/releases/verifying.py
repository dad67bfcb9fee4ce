"""Judging the ledger: every release against its files, its chain, and what remembers it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from promptreg.errors import GitError, SelectorError
from promptreg.model.configuration import Configuration
from promptreg.model.finding import Finding, Location, Severity
from promptreg.model.names import did_you_mean
from promptreg.registry.workspace import Workspace
from promptreg.releases.anchors import Anchor, Memory, Remembered, read_memory
from promptreg.releases.chain import chain_findings, unlinked_objects
from promptreg.releases.contents import content_findings
from promptreg.releases.environments import environments_line
from promptreg.releases.ledger import FETCH, FETCH_TAGS, read_releases
from promptreg.releases.reachability import HEADS, REMOTES, reach_findings
from promptreg.releases.release_findings import release_finding
from promptreg.releases.remembering import memory_findings, unremembered
from promptreg.releases.signatures import Signed, read_signatures
from promptreg.releases.tag import PREFIX, Release, parse_tag_name
from promptreg.store.git.config import clone_limits
from promptreg.store.git.objects import ObjectReader
from promptreg.store.git.refs import ref_fields_and_broken
from promptreg.store.git.remote_tags import remote_tags
from promptreg.store.git.repository import head
from promptreg.store.git.rewrites import GRAFTS, REPLACED, grafted_commits

_REFS = ("refs/tags", "refs/heads", "refs/remotes", "refs/replace")
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of it. Findings about tags point to refs, others to files of the registry."""

    releases: tuple[Release, ...]
    """Those that were judged."""
    findings: tuple[Finding, ...]
    anchors: tuple[Anchor, ...] = ()
    """What the releases were compared with beside their own chain."""
    unremembered: tuple[Release, ...] = ()
    """Releases that could be made anew without a trace: nothing else remembers them."""
    texts: Mapping[str, str] | None = None
    """What the places in files are looked up in."""
    notes: tuple[str, ...] = ()
    signed: tuple[Signed, ...] = ()
    """Releases with a signature, and what it is worth."""


def verify_releases(
    workspace: Workspace,
    configuration: Configuration,
    names: Iterable[str] = (),
    *,
    remote: str = "",
) -> Verified:
    """Judge the releases of `names`, or all, and compare them with `remote` where one is named.

    In a clone without its history nothing is judged but that. Raises SelectorError for a name that
    nothing knows, GitError where git can't be asked at all.
    """
    repo = workspace.git
    if repo.shallow:
        return Verified((), (_shallow(repo.top_level.name),))
    rows, broken = ref_fields_and_broken(repo, _REFS, ("refname", "objectname"))
    with ObjectReader(repo) as reader:
        known = read_releases(repo, rows, broken)
        memory, findings = _memory(workspace, configuration, reader)
        wanted = _wanted(names, known, memory.remembered)
        judged = {name: known[name] for name in known if wanted is None or name in wanted}
        every = [one for releases in judged.values() for one in releases]
        remembered = [one for one in memory.remembered if wanted is None or one.name in wanted]
        findings += _rewrites(workspace, rows, broken)
        findings += _tag_findings(every)
        unlinked = unlinked_objects(reader, judged.values())
        findings += [found for one in judged.values() for found in chain_findings(one, unlinked)]
        findings += memory_findings(remembered, known)
        findings += content_findings(workspace, reader, every, known)
        signatures = read_signatures(workspace, configuration, reader, judged.values())
        findings += signatures.findings
    if every:
        branches = [(ref, oid) for ref, oid in rows if ref.startswith((HEADS, REMOTES))]
        findings += reach_findings(repo, branches, configuration.release_branch, every)
    else:
        findings += _missing_tags(workspace)
    if remote:
        theirs = _theirs(remote_tags(repo, remote), wanted)
        findings += _remote(remote, theirs, every)
        memory.anchors.append(Anchor("remote", remote, "", len(theirs)))
    lost = (one.release.previous for one in unlinked.values() if one.release)
    return Verified(
        tuple(every),
        tuple(findings),
        tuple(memory.anchors),
        unremembered(remembered, judged, lost),
        memory.texts,
        (*signatures.notes, *_lookalikes(rows)),
        signatures.signed,
    )


def _memory(
    workspace: Workspace, configuration: Configuration, reader: ObjectReader
) -> tuple[Memory, list[Finding]]:
    """What is remembered; where it can't be read that is a finding, and nothing is remembered."""
    branch = configuration.environments_branch
    if not branch and not head(workspace.git).commit:
        return Memory(), []  # nothing was ever committed here
    rule, at = "incomplete-clone", Location(HEADS + branch)
    try:
        line = environments_line(workspace, configuration)
        rule, at = "missing-object", Location(line.ref or "HEAD")
        memory = read_memory(workspace, configuration, line, reader)
    except GitError as problem:
        reader.close()
        return Memory(), [Finding(rule, Severity.ERROR, problem.what, at, fix=problem.hint)]
    return memory, memory.findings


def _wanted(
    names: Iterable[str], known: Mapping[str, object], remembered: Iterable[Remembered]
) -> frozenset[str] | None:
    """The names asked for; None is all."""
    wanted = frozenset(names)
    everything = {*known, *(one.name for one in remembered)}
    for name in sorted(wanted - everything):
        hint = did_you_mean(name, everything) or "`promptreg list` shows what there is"
        raise SelectorError(f"`{name[:200]}` has no releases", hint=hint)
    return wanted or None


def _shallow(folder: str) -> Finding:
    return Finding(
        "shallow-history",
        Severity.ERROR,
        f"`{folder}` is a shallow clone: its history is cut off, so no release can be verified",
        Location("refs"),
        fix=f"fetch the history and the tags: `{FETCH}`",
    )


def _rewrites(
    workspace: Workspace, rows: Iterable[tuple[str, ...]], broken: Iterable[str]
) -> Iterator[Finding]:
    """Refs and files that make other tools see another history; promptreg looks past them."""
    for ref in (*(ref for ref, _ in rows), *broken):
        if ref.startswith(REPLACED):
            oid = ref.removeprefix(REPLACED)
            what = f"git shows another object in the place of {oid[:12]}"
            fix = f"`git replace -d {oid[:64]}` ends that; promptreg reads the true one"
            yield Finding("replaced-object", Severity.ERROR, what, Location(ref), key=oid, fix=fix)
        elif ref in broken and not ref.startswith(PREFIX):
            fix = "run `git fsck`; then delete the ref's file and fetch it again"
            what = "git can't read this ref"
            yield Finding("unreadable-ref", Severity.ERROR, what, Location(ref), key=ref, fix=fix)
    for oid in grafted_commits(workspace.git):
        what = f"git shows other parents of the commit {oid[:12]} than it has"
        fix = "remove the file; promptreg reads the true history"
        at = Location(GRAFTS)
        yield Finding("grafted-history", Severity.ERROR, what, at, key=oid, fix=fix)


def _tag_findings(releases: Iterable[Release]) -> Iterator[Finding]:
    for release in releases:
        if release.problem:
            fix = "compare it with another clone: `git ls-remote --tags origin`"
            yield release_finding(release.rule, release, release.problem, fix=fix)


def _theirs(tags: Mapping[str, str], wanted: frozenset[str] | None) -> dict[str, str]:
    found = {}
    for ref, oid in tags.items():
        named = parse_tag_name(ref.removeprefix(PREFIX))
        if named is not None and (wanted is None or named[0] in wanted):
            found[ref] = oid
    return found


def _remote(
    remote: str, theirs: Mapping[str, str], releases: Iterable[Release]
) -> Iterator[Finding]:
    """Where this clone and a remote disagree about a release."""
    mine = {PREFIX + one.tag: one for one in releases}
    for ref, oid in theirs.items():
        own = mine.get(ref)
        if own is None:
            named = parse_tag_name(ref.removeprefix(PREFIX))
            name, version = named or ("", "")
            what = f"`{remote}` has it as tag object {oid[:12]}, and it isn't here"
            fix = f"`git fetch --tags {remote}` gets it, unless it was deleted here for a reason"
            at = Location(ref)
            key = f"{version} missing"
            yield Finding("remote-differs", Severity.ERROR, what, at, name, key, fix)
        elif own.tag_object != oid:
            what = f"`{remote}` has tag object {oid[:12]}, here it is {own.tag_object[:12]}"
            fix = "one of them was made anew; a third clone or a lock tells which"
            yield release_finding("remote-differs", own, what, fix=fix)
    for ref, release in mine.items():
        if ref not in theirs:
            what = f"it isn't on `{remote}`: not pushed yet, or deleted there"
            fix = f"`git push {remote} {ref}`"
            at = Location(ref)
            key = str(release.version)
            rule = "unpublished-release"
            yield Finding(rule, Severity.WARNING, what, at, release.name, key, fix)


def _missing_tags(workspace: Workspace) -> Iterator[Finding]:
    limits = clone_limits(workspace.git)
    if limits.partial or limits.no_tags:
        how = "partial" if limits.partial else "without tags"
        yield Finding(
            "incomplete-clone",
            Severity.ERROR,
            f"there are no releases here, and this clone is {how}: they may be missing",
            Location(PREFIX.rstrip("/")),
            fix=f"fetch them: `{FETCH_TAGS}`",
        )


def _lookalikes(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A note about tags that a person could take for releases."""
    tags = [ref.removeprefix(PREFIX) for ref, _ in rows if ref.startswith(PREFIX)]
    odd = [tag for tag in tags if "@v" in tag and parse_tag_name(tag) is None]
    if odd:
        shown = ", ".join(f"`{tag[:100]}`" for tag in odd[:_SHOWN])
        more = f" and {len(odd) - _SHOWN} more" if len(odd) > _SHOWN else ""
        yield f"no releases, though their names resemble some: {shown}{more}"
