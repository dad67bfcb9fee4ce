"""Planning releases: which entries, from which commit, as which version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from promptreg.errors import GitError, RefusedError
from promptreg.model.change import Change
from promptreg.model.compare import compare
from promptreg.model.configuration import Configuration
from promptreg.model.entry import Entry
from promptreg.model.prompt import Lifecycle
from promptreg.model.version import Bump, Version
from promptreg.registry.snapshot import Snapshot
from promptreg.registry.workspace import Workspace
from promptreg.releases.environments import environment_at, environments_line
from promptreg.releases.ledger import FETCH, released_versions, trusted
from promptreg.releases.pins import pin_changes, resolve_pins
from promptreg.releases.plan import CreateTag, Plan
from promptreg.releases.resolve import load_release
from promptreg.releases.tag import Release
from promptreg.releases.versioning import Next, next_version
from promptreg.store.git.commits import rev_list
from promptreg.store.git.config import clone_limits
from promptreg.store.git.repository import head
from promptreg.store.git.revisions import resolve_commit
from promptreg.store.git.worktree import dirty_paths

_MOST_SUBJECTS = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a release. Without a version or bump the changes decide."""

    version: Version | None = None
    bump: Bump | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry with its releases so far and what changed since the newest stable one."""

    entry: Entry
    releases: tuple[Release, ...]
    changes: tuple[Change, ...]
    unchanged: bool
    """Whether the newest release has the very same content and pins."""


def release_commit(workspace: Workspace, configuration: Configuration, revision: str) -> str:
    """The commit to release from: `revision`, or HEAD of the branch that releases are made on.

    Raises RefusedError on another branch and where HEAD is detached.
    """
    if revision:
        return resolve_commit(workspace.git, revision)
    now = head(workspace.git)
    if not now.commit:
        raise GitError(
            "this repository has no commits yet",
            where=str(workspace.git.top_level),
            hint='a release is made of a commit: `git add . && git commit -m "Start the registry"`',
        )
    if not now.branch:
        raise RefusedError(
            "HEAD is detached, so it isn't clear what is released",
            hint="`git switch BRANCH` goes to a branch; `--from HEAD` releases this commit",
        )
    branch, wanted = now.branch.removeprefix("refs/heads/"), configuration.release_branch
    if wanted and branch != wanted:
        raise RefusedError(
            f"releases are made on `{wanted}`, and this is `{branch}`",
            where="`release_branch:` in promptreg.yaml",
            hint=f"`git switch {wanted}`, or `--from {branch}` for a hot fix",
        )
    return now.commit


def require_all_tags(workspace: Workspace, configuration: Configuration) -> None:
    """Refuse where release tags may be missing, so that no version is given twice."""
    if workspace.git.shallow:
        raise RefusedError(
            "this clone is shallow, so releases may be missing",
            where=str(workspace.git.top_level),
            hint=f"fetch the history and the tags: `{FETCH}`",
        )
    limits = clone_limits(workspace.git)
    known = released_versions(workspace.git)
    if (limits.no_tags or limits.partial) and not known:
        how = "without tags" if limits.no_tags else "partially"
        raise RefusedError(
            f"this repository was cloned {how}, so releases may be missing",
            where=str(workspace.git.top_level),
            hint="fetch them: `git fetch --tags origin`",
        )
    line = environments_line(workspace, configuration)
    for environment in configuration.environments:
        pins = environment_at(workspace, configuration, environment, line.commit).releases
        for name, pin in pins.items():
            if pin.version not in known.get(name, ()):
                raise RefusedError(
                    f"`{environment}` runs `{name}` {pin.version}, which has no tag here",
                    where=f"environment `{environment}`",
                    hint="fetch the tags: `git fetch --tags origin`",
                )


def require_committed(workspace: Workspace, entries: Iterable[Entry]) -> None:
    """Refuse to release entries whose files differ from what is committed."""
    dirty = set(dirty_paths(workspace.git, workspace.prefix))
    for entry in entries:
        own = [path for path in entry.paths if workspace.prefix + path in dirty]
        if own:
            raise RefusedError(
                f"`{entry.name}` has changes that aren't committed",
                where=", ".join(own),
                hint="commit them, or `--from HEAD` releases what is committed",
            )


def candidate(workspace: Workspace, entry: Entry, releases: tuple[Release, ...]) -> Candidate:
    """How an entry stands to its releases (lowest version first)."""
    if not releases:
        return Candidate(entry, (), (), unchanged=False)
    newest = trusted(releases[-1])
    stable = next((one for one in reversed(releases) if not one.version.pre), newest)
    same = newest.digest == entry.digest()
    changes = (
        ()
        if same and stable is newest
        else compare(load_release(workspace, trusted(stable)).entry, entry)
    )
    return Candidate(entry, releases, changes, unchanged=same)


def plan_releases(
    workspace: Workspace, snapshot: Snapshot, commit: str, chosen: list[Candidate], wanted: Wanted
) -> Plan:
    """One tag for each candidate; agents come last, so that they pin what is released with them.

    Raises RefusedError where a candidate can't be released. `commit` is what `snapshot` was loaded
    from.
    """
    planned: dict[str, Release] = {}
    steps = []
    for one in sorted(chosen, key=lambda one: (one.entry.kind == "Agent", one.entry.name)):
        release = _release(workspace, snapshot, one, wanted, planned)
        if release is None:
            continue
        planned[release.name] = release = replace(release, commit=commit)
        steps.append(CreateTag(release, wanted.message or _subjects(workspace, one, commit)))
    tags = [step.release for step in steps]
    title = ", ".join(f"release {tag.name} {tag.version}" for tag in tags[:3])
    if len(tags) > 3:
        title += f" and {len(tags) - 3} more"
    return Plan(title, tuple(steps))


def _release(
    workspace: Workspace,
    snapshot: Snapshot,
    one: Candidate,
    wanted: Wanted,
    planned: dict[str, Release],
) -> Release | None:
    entry = one.entry
    if entry.manifest.lifecycle is Lifecycle.RETIRED:
        raise RefusedError(
            f"`{entry.name}` is retired",
            where=entry.path,
            hint="a retired entry has no new releases; change `lifecycle:` to bring it back",
        )
    newest = one.releases[-1] if one.releases else None
    pins = resolve_pins(workspace, entry, snapshot.entries, planned)
    changes = one.changes + (pin_changes(entry.name, newest.pins, pins) if newest else ())
    final = wanted.version is not None and not wanted.version.pre
    if newest and one.unchanged and not changes and not (newest.version.pre and final):
        raise RefusedError(
            f"nothing changed in `{entry.name}` since {newest.version}",
            where=f"tag `{newest.tag}`",
            hint="a release needs a change of its content; commit it first",
        )
    number = _number(entry.name, one, changes, wanted)
    return Release(
        name=entry.name,
        version=number.version,
        commit="",
        digest=entry.digest(),
        bump=number.bump.word,
        previous=newest.tag_object if newest else "",
        message="",
        pins=pins,
    )


def _number(name: str, one: Candidate, changes: tuple[Change, ...], wanted: Wanted) -> Next:
    return next_version(name, one.releases, changes, version=wanted.version, bump=wanted.bump)


def _subjects(workspace: Workspace, one: Candidate, commit: str) -> str:
    """What the commits since the last release say, for a release without a message."""
    paths = [workspace.prefix + path for path in one.entry.paths]
    since = [release.commit for release in one.releases[-1:]]
    commits = rev_list(workspace.git, commit, paths=paths, excluding=since, limit=_MOST_SUBJECTS)
    return "\n".join(f"- {found.subject[:200]}" for found in commits)
