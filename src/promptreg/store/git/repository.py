"""Opening a repository, and what is known about it as a whole."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from promptreg.errors import GitError
from promptreg.store.git.failures import failure, is_foreign
from promptreg.store.git.process import Answer, Call, Git, run
from promptreg.store.git.wire import to_text

USERS_OWN = frozenset({"system", "global", "command"})
"""The scopes of git's configuration that no repository brings along."""
_FACTS = (
    "rev-parse",
    "--is-bare-repository",
    "--is-shallow-repository",
    "--show-object-format",
    "--path-format=absolute",
    "--git-dir",
    "--git-common-dir",
    "--show-toplevel",
)


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository with a working tree; the folders are absolute and free of symlinks.

    `git_dir` differs from `common_dir` in a linked worktree. `object_format` is sha1 or sha256.
    """

    git: Git
    top_level: Path
    git_dir: Path
    common_dir: Path
    shallow: bool
    object_format: str

    def prefix_of(self, folder: Path) -> str:
        """`folder` relative to the top level with a final slash; "" for the top level itself."""
        inside = os.path.relpath(os.path.realpath(folder), self.top_level)
        if inside == ".":
            return ""
        if inside.split("/")[0] == "..":
            raise GitError("the folder lies outside the repository", where=str(folder))
        return to_text(os.fsencode(inside)) + "/"


@dataclass(frozen=True, slots=True)
class Head:
    """What is checked out: `branch` is "" when detached, `commit` "" before the first commit."""

    branch: str
    commit: str


def open_repository(start: Path, git: Git) -> Repository:
    """The repository that `start` lies in; GitError where there is none or it can't be used."""
    answer = _facts(start, git)
    if is_foreign(answer):
        git = replace(git, safe_directories=_safe_directories(git))
        answer = _facts(start, git)
    if answer.code != 0:
        raise failure("rev-parse", answer, start)
    lines = answer.out.split(b"\n")
    if len(lines) != len(_FACTS) - 1 or lines.pop() != b"":
        raise GitError("the repository's path holds a line break", where=str(start))
    git_dir, common_dir, top_level = (Path(os.fsdecode(line)) for line in lines[3:])
    return Repository(
        git=git,
        top_level=top_level,
        git_dir=git_dir,
        common_dir=common_dir,
        shallow=lines[1] == b"true",
        object_format=to_text(lines[2]),
    )


def find_repository(start: Path, git: Git) -> Repository | None:
    """Like `open_repository`, but None where no folder above `start` holds a `.git`.

    A `.git` that git doesn't accept is an error: a damaged repository must not look like none.
    """
    return open_repository(start, git) if _has_git_above(start) else None


def ask(
    repo: Repository,
    *arguments: str,
    stdin: bytes = b"",
    codes: tuple[int, ...] = (0,),
    settings: tuple[str, ...] = (),
) -> Answer:
    """Run git on `repo`, hardened; GitError where the exit code is not one of `codes`."""
    return call(repo, Call(arguments, stdin=stdin, settings=settings), codes=codes)


def call(repo: Repository, wanted: Call, *, codes: tuple[int, ...] = (0,)) -> Answer:
    """Like `ask`, with everything that a Call can say."""
    answer = run(repo.git, located(repo, wanted), repo.top_level)
    if answer.code not in codes:
        raise failure(wanted.arguments[0], answer, repo.top_level)
    return answer


def located(repo: Repository, wanted: Call) -> Call:
    """`wanted` with the repository named outright, so that none is looked for."""
    places = (
        f"--git-dir={to_text(os.fsencode(repo.git_dir))}",
        f"--work-tree={to_text(os.fsencode(repo.top_level))}",
    )
    return replace(wanted, arguments=(*places, *wanted.arguments))


def head(repo: Repository) -> Head:
    """The branch (as `refs/heads/…`) and commit that are checked out."""
    branch = ask(repo, "symbolic-ref", "--quiet", "HEAD", codes=(0, 1)).out
    return Head(to_text(branch.removesuffix(b"\n")), head_commit(repo))


def head_commit(repo: Repository) -> str:
    """The commit that is checked out, "" before the first."""
    said = ask(repo, "rev-parse", "--verify", "--quiet", "HEAD^{commit}", codes=(0, 1)).out
    return to_text(said.strip())


def operation_in_progress(repo: Repository) -> str:
    """`merge`, `rebase`, `cherry-pick`, `revert` or `bisect` while one is unfinished, else ""."""
    marks = {
        "MERGE_HEAD": "merge",
        "rebase-merge": "rebase",
        "rebase-apply": "rebase",
        "CHERRY_PICK_HEAD": "cherry-pick",
        "REVERT_HEAD": "revert",
        "BISECT_LOG": "bisect",
    }
    return next((word for mark, word in marks.items() if (repo.git_dir / mark).exists()), "")


def _facts(start: Path, git: Git) -> Answer:
    return run(git, Call(_FACTS), start)


def _safe_directories(git: Git) -> tuple[str, ...]:
    """The folders that the user (never a repository) said to trust, in their order."""
    words = ("config", "--show-scope", "-z", "--get-all", "safe.directory")
    answer = run(git, Call(words, own=True), Path("/"))
    if answer.code != 0:
        return ()
    fields = to_text(answer.out).split("\0")
    pairs = zip(fields[::2], fields[1::2], strict=False)
    return tuple(value for scope, value in pairs if scope in USERS_OWN)


def _has_git_above(start: Path) -> bool:
    folder = Path(os.path.realpath(start))
    try:
        device = folder.stat().st_dev
    except OSError:
        return False
    for above in (folder, *folder.parents):
        # git, too, stops where another file system begins.
        if above.stat().st_dev != device:
            return False
        if (above / ".git").exists() or _looks_bare(above):
            return True
    return False


def _looks_bare(folder: Path) -> bool:
    return all((folder / name).exists() for name in ("HEAD", "objects", "refs"))
