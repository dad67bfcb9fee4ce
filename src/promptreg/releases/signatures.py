"""The signatures of release tags: who signed, and what is wrong or missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from promptreg.errors import PromptregError
from promptreg.model.configuration import Configuration, Limits
from promptreg.model.finding import Finding
from promptreg.registry.configuration import read_configuration
from promptreg.registry.workspace import Workspace
from promptreg.releases.release_findings import release_finding
from promptreg.releases.tag import MAX_TAG_BYTES, Release
from promptreg.store.files import FileProblem, read_file
from promptreg.store.git.objects import ObjectReader
from promptreg.store.git.refs import ref_exists
from promptreg.store.git.repository import head
from promptreg.store.git.revisions import resolve_commit
from promptreg.store.git.signing_settings import signing_settings
from promptreg.store.git.tree_reader import TreeReader
from promptreg.store.signatures import Judge, Judged, State
from promptreg.store.trees import RevisionTree, Tree

_SHOWN = 3
_RESIGN = "a tag is never signed anew: release again, signed, under a higher version"


@dataclass(frozen=True, slots=True)
class Signed:
    """A release and what its signature is worth."""

    release: Release
    judged: Judged


@dataclass(frozen=True, slots=True)
class Signatures:
    """What came of looking at the signatures."""

    signed: tuple[Signed, ...]
    """Releases with a signature; in their order."""
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


def read_signatures(
    workspace: Workspace,
    configuration: Configuration,
    reader: ObjectReader,
    judged: Iterable[Sequence[Release]],
) -> Signatures:
    """Judge the signatures of releases, each entry's lowest version first.

    The registry's `allowed_signers`, as committed on the release branch or else at HEAD, says whose
    SSH keys count; where it names none, the user's own `gpg.ssh.allowedSignersFile` does. GPG keys
    are those of the user's key ring. Broken tags are left out: they have a finding. What is
    committed there demands and allows, too: an edit of promptreg.yaml here takes nothing back.
    """
    trusted = _trusted_tree(workspace, configuration)
    configuration = _with_committed(trusted, configuration)
    entries = [[one for one in releases if not one.problem] for releases in judged]
    every = [one for releases in entries for one in releases]
    signed = list(_judged(workspace, configuration, trusted, reader, every))
    states = {one.release.tag: one.judged.state for one in signed}
    demanded = configuration.signed_releases
    findings = [one for each in signed for one in _findings(each, demanded=demanded)]
    notes = [] if demanded else list(_unknown_note(signed))
    if demanded:
        old: list[Release] = []
        demands = _Demands(workspace, TreeReader(reader))
        for releases in entries:
            late, early = _unsigned(demands, releases, states)
            findings += late
            old += early
        notes += _old_note(old)
    return Signatures(tuple(signed), tuple(findings), tuple(notes))


def _with_committed(trusted: Tree | None, configuration: Configuration) -> Configuration:
    if trusted is None:
        return configuration
    try:
        committed = read_configuration(trusted)
    except PromptregError:
        return configuration
    return replace(
        configuration,
        signed_releases=configuration.signed_releases or committed.signed_releases,
        allowed_signers=committed.allowed_signers or configuration.allowed_signers,
    )


def _judged(
    workspace: Workspace,
    configuration: Configuration,
    trusted: Tree | None,
    reader: ObjectReader,
    releases: Sequence[Release],
) -> Iterator[Signed]:
    oids = [one.tag_object for one in releases]
    contents = reader.read_many(oids, limit=MAX_TAG_BYTES, go_on=True)
    wanted = [
        (release, read.data)
        for release, read in zip(releases, contents, strict=True)
        if read.data is not None and b"\n-----BEGIN " in read.data
    ]
    if not wanted:
        return
    settings = signing_settings(workspace.git)
    allowed = _allowed(trusted, configuration, settings.allowed_signers)
    with Judge(workspace.git.git.environment, settings.programs, allowed) as judge:
        for release, content in wanted:
            judged = judge.judge(content, release.time)
            if judged.state is not State.UNSIGNED:
                yield Signed(release, judged)


def _allowed(trusted: Tree | None, configuration: Configuration, own: str) -> bytes | None:
    if configuration.allowed_signers:
        if trusted is None:
            return b""
        try:
            return trusted.read(configuration.allowed_signers, limit=Limits().manifest_bytes)
        except (FileProblem, PromptregError):
            return b""  # named and not there: it allows nobody
    if not own:
        return None
    place = Path(own).resolve()  # theirs: it may well be a link
    try:
        return read_file(place.parent, place.name, limit=Limits().manifest_bytes)
    except FileProblem:
        return b""


def _trusted_tree(workspace: Workspace, configuration: Configuration) -> Tree | None:
    """The release branch as it is here or was fetched last; HEAD where there is none.

    None where it can't be read.
    """
    branch = configuration.release_branch
    try:
        for ref in (f"refs/heads/{branch}", f"refs/remotes/origin/{branch}"):
            if branch and ref_exists(workspace.git, ref):
                return workspace.revision(resolve_commit(workspace.git, ref))
        return workspace.revision(head(workspace.git).commit)
    except PromptregError:
        return None


def _findings(one: Signed, *, demanded: bool) -> Iterator[Finding]:
    state, why = one.judged.state, one.judged.why
    if state is State.WRONG:
        fix = "compare the tag with another clone: `git ls-remote --tags origin`"
        yield release_finding("wrong-signature", one.release, why, fix=fix)
    elif state is State.UNKNOWN and demanded:
        fix = "`allowed_signers:` in promptreg.yaml names the file of SSH keys that count"
        message = f"it is signed, but {why}"
        yield release_finding("unknown-signer", one.release, message, fix=fix)


def _unsigned(
    demands: _Demands, releases: Sequence[Release], states: dict[str, State]
) -> tuple[list[Finding], list[Release]]:
    """Findings of an entry's releases that should be signed, and those older than the demand.

    The demand holds from the first release whose own commit makes it, or that is signed.
    """
    holds = False
    late: list[Finding] = []
    early: list[Release] = []
    for release in releases:
        is_signed = release.tag in states
        holds = holds or is_signed or demands.signed(release.commit)
        if is_signed:
            continue
        if holds:
            message = "it isn't signed, and this registry takes signed releases only"
            late.append(release_finding("unsigned-release", release, message, fix=_RESIGN))
        else:
            early.append(release)
    return late, early


class _Demands:
    """What commits demand of the releases of them; many are of one."""

    def __init__(self, workspace: Workspace, trees: TreeReader) -> None:
        self._workspace = workspace
        self._trees = trees
        self._known: dict[str, bool] = {}

    def signed(self, commit: str) -> bool:
        """Whether the promptreg.yaml of a commit takes signed releases only."""
        if commit not in self._known:
            here = self._workspace
            tree = RevisionTree(here.git, commit, here.prefix, self._trees)
            try:
                self._known[commit] = read_configuration(tree).signed_releases
            except PromptregError:
                return False  # a commit without a registry is another finding
        return self._known[commit]


def _unknown_note(signed: Iterable[Signed]) -> Iterator[str]:
    unknown = [one for one in signed if one.judged.state is State.UNKNOWN]
    if unknown:
        named = _named([one.release for one in unknown])
        yield f"signed, and it isn't known by whom: {named}; {unknown[0].judged.why}"


def _old_note(releases: Sequence[Release]) -> Iterator[str]:
    if releases:
        yield f"unsigned, and older than `signed_releases`: {_named(releases)}"


def _named(releases: Sequence[Release]) -> str:
    shown = ", ".join(f"`{one.tag}`" for one in releases[:_SHOWN])
    more = len(releases) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
