"""Whether the commits of releases are in the history that people review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from promptreg.errors import GitError
from promptreg.model.finding import Finding, Location, Severity
from promptreg.releases.release_findings import release_finding
from promptreg.releases.tag import Release
from promptreg.store.git.graph import first_reached, graph
from promptreg.store.git.repository import Repository

HEADS, REMOTES = "refs/heads/", "refs/remotes/"


def reach_findings(
    repo: Repository,
    branches: Sequence[tuple[str, str]],
    release_branch: str,
    releases: Iterable[Release],
) -> Iterator[Finding]:
    """Releases whose commits the release branch doesn't reach (any branch, where none is named).

    `branches` are full ref names with their commits, local and remote-tracking ones.
    """
    own = [one for one in branches if not release_branch or _is(one[0], release_branch)]
    if not own:
        said = (
            f"`{release_branch}`, which promptreg.yaml names for releases" if release_branch else ""
        )
        yield Finding(
            "incomplete-clone",
            Severity.ERROR,
            f"there is no branch {said or 'here'}, so no release was found on one",
            Location(HEADS + release_branch if release_branch else HEADS.rstrip("/")),
            fix=f"`git fetch origin {release_branch}:{REMOTES}origin/{release_branch}` gets it"
            if release_branch
            else "`git fetch origin` gets the branches",
        )
        return
    try:
        reached = graph(repo, [commit for _, commit in own])
        lost = [one for one in releases if not one.problem and one.commit not in reached]
        elsewhere = _elsewhere(repo, branches) if lost and release_branch else {}
    except GitError as problem:
        yield Finding(
            "missing-object",
            Severity.ERROR,
            f"the history of the branches can't be read: {problem.what}",
            Location(own[0][0]),
            fix="run `git fsck`; what is missing may be in another clone",
        )
        return
    for release in lost:
        yield _lost(release, release_branch, elsewhere.get(release.commit, ""))


def _is(ref: str, branch: str) -> bool:
    return ref == HEADS + branch or (
        ref.startswith(REMOTES) and ref.removeprefix(REMOTES).partition("/")[2] == branch
    )


def _elsewhere(repo: Repository, branches: Sequence[tuple[str, str]]) -> dict[str, str]:
    """For every commit a branch that reaches it."""
    tips = [commit for _, commit in branches]
    reached = first_reached(graph(repo, tips), tips)
    return {oid: branches[index][0] for oid, index in reached.items()}


def _lost(release: Release, release_branch: str, other: str) -> Finding:
    commit = f"its commit {release.commit[:12]}"
    if other:
        name = other.removeprefix(HEADS).removeprefix(REMOTES)
        what = f"{commit} is on `{name}`, and not on the release branch `{release_branch}`"
        fix = f"merge it where it was meant: `git switch {release_branch}`, `git merge {name}`"
    else:
        which = f"the release branch `{release_branch}`" if release_branch else "any branch"
        what = f"{commit} isn't on {which}: history was rewritten, or the tag was moved"
        fix = "`git fetch origin` where the branch is behind; else compare with another clone"
    return release_finding("unreachable-release", release, what, fix=fix)
