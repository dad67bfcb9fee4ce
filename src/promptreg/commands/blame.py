"""`blame`: which commit and which release each line came from."""

from __future__ import annotations

from promptreg.model.selector import WorkingTree, parse_selector
from promptreg.model.version import Version
from promptreg.registry.workspace import Workspace
from promptreg.releases.ledger import releases_of, require_history
from promptreg.releases.moment import author_of, committed_at
from promptreg.releases.origins import Blame, BlamedFile, Origin, releases_by_commit
from promptreg.releases.resolve import resolve
from promptreg.store.git.blame import blame as blame_file
from promptreg.store.git.commits import Commit, read_commits
from promptreg.store.git.repository import head
from promptreg.store.git.worktree import require_first_commit


def blame(workspace: Workspace, selector_text: str) -> Blame:
    """Where each line of an entry came from, at a selector (the commit HEAD for a plain name).

    Raises SelectorError for an unknown entry, RefusedError in a shallow clone.
    """
    selector = parse_selector(selector_text)
    require_first_commit(workspace.git)
    require_history(workspace.git)
    at_head = isinstance(selector.point, WorkingTree)
    if at_head:
        selector = parse_selector(f"{selector.name}@git:HEAD")
    resolved = resolve(workspace, selector)
    commit = resolved.commit or head(workspace.git).commit
    blamed = {
        path: blame_file(workspace.git, commit, workspace.prefix + path)
        for path in resolved.entry.paths
    }
    known = read_commits(
        workspace.git, {line.commit for lines in blamed.values() for line in lines}
    )
    first = releases_by_commit(workspace, releases_of(workspace.git, selector.name))
    files = []
    for path, lines in blamed.items():
        origins = tuple(
            _origin(line.number, line.text, known[line.commit], first.get(line.commit))
            for line in lines
        )
        files.append(BlamedFile(path, origins))
    return Blame(selector.name, commit, tuple(files))


def _origin(number: int, text: str, commit: Commit, version: Version | None) -> Origin:
    return Origin(
        number,
        text,
        commit.oid,
        committed_at(commit),
        author_of(commit),
        commit.subject,
        version,
    )
