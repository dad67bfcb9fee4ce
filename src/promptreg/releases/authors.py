"""Whose change a release is: those who can't approve it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from promptreg.model.approval import same_person
from promptreg.model.entry import Entry
from promptreg.model.version import Version
from promptreg.registry.workspace import Workspace
from promptreg.releases.ledger import require_history
from promptreg.releases.resolve import load_release
from promptreg.releases.tag import Release
from promptreg.store.git.commits import Commit, rev_list
from promptreg.store.git.tree_reader import TreeReader

_CO_AUTHOR = "co-authored-by"
_ADDRESS = re.compile(r"<([^<>]+)>\s*\Z")


def authors_of(
    workspace: Workspace,
    entry: Entry,
    commit: str,
    releases: Sequence[Release],
    version: Version | None,
    *,
    trees: TreeReader | None = None,
) -> frozenset[str]:
    """The lower-case e-mail addresses of those who made `entry` what it is at `commit`.

    These are the authors and co-authors of the commits that touched its files since the release
    before (the highest lower one that is final and has other content; else of all), and whoever
    tagged a release since. `releases` are the entry's, lowest first; `version` is None for content
    that isn't released. Whoever asks for many gives the `trees` that they share. Raises
    RefusedError where the history is cut off.
    """
    require_history(workspace.git)
    lower = [one for one in releases if version is None or one.version <= version]
    digest = entry.digest()
    before = next(
        (
            one
            for one in reversed(lower)
            if not one.version.pre and not one.problem and one.digest != digest
        ),
        None,
    )
    paths = set(entry.paths)
    since: tuple[str, ...] = ()
    if before is not None:
        paths |= set(load_release(workspace, before, trees).entry.paths)
        since = (before.commit,)
    commits = rev_list(
        workspace.git,
        commit,
        paths=sorted(workspace.prefix + path for path in paths),
        excluding=since,
    )
    people = {same_person(email) for one in commits for email in _authors(one)}
    people |= {
        same_person(one.tagger_email)
        for one in lower
        if before is None or one.version > before.version
    }
    return frozenset(people - {""})


def _authors(commit: Commit) -> list[str]:
    found = [commit.author.email]
    for key, value in commit.trailers:
        match = _ADDRESS.search(value)
        if key.lower() == _CO_AUTHOR and match:
            found.append(match[1])
    return found
