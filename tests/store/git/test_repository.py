from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from promptreg.errors import GitError
from promptreg.store.git.config import clone_limits, push_remote, remotes, upstream
from promptreg.store.git.create import init_repository
from promptreg.store.git.environment import GitEnvironment
from promptreg.store.git.process import Call, Git, find_git, run
from promptreg.store.git.repository import (
    find_repository,
    head,
    open_repository,
    operation_in_progress,
)

if TYPE_CHECKING:
    from tests.conftest import Playground


def test_only_the_listed_variables_reach_git(tmp_path: Path) -> None:
    environment = GitEnvironment.of(
        {"PATH": "/bin:.:rel", "HOME": "/h", "TMPDIR": "/t", "GIT_DIR": "/x", "SECRET": "s"}
    )

    assert environment.hardened() == {
        "PATH": "/bin",
        "HOME": "/h",
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_GRAFT_FILE": "/dev/null/none",
        "MALLOC_MMAP_THRESHOLD_": "33554432",
        "MALLOC_TRIM_THRESHOLD_": "268435456",
    }
    assert environment.own()["SECRET"] == "s"
    assert "GIT_DIR" not in environment.own()
    assert "s" not in repr(environment).replace("GitEnvironment", "")


def test_no_git_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="not installed") as caught:
        find_git(GitEnvironment.of({"PATH": str(tmp_path)}))
    assert "install git" in caught.value.hint


def test_a_git_in_a_relative_folder_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_git(tmp_path, "git version 9.9.9")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(GitError, match="not installed"):
        find_git(GitEnvironment.of({"PATH": "."}))


@pytest.mark.parametrize("says", ["git version 2.38.9", "git version 1.9", "hello", ""])
def test_an_old_git_is_refused(tmp_path: Path, says: str) -> None:
    fake_git(tmp_path, says)

    with pytest.raises(GitError, match="too old") as caught:
        find_git(GitEnvironment.of({"PATH": str(tmp_path)}))
    assert "2.39" in caught.value.hint


def test_a_git_that_hangs_is_ended(tmp_path: Path, git: Git) -> None:
    script = tmp_path / "slow"
    script.write_text("#!/bin/sh\nsleep 30\n")
    script.chmod(0o755)

    with pytest.raises(GitError, match="longer than"):
        run(Git(str(script), git.environment), Call(("status",), seconds=0.2), tmp_path)


def test_opening(playground: Playground) -> None:
    folder = playground.path / "a/b"
    folder.mkdir(parents=True)
    repo = open_repository(folder, playground.open().git)

    assert repo.top_level == playground.path
    assert repo.git_dir == repo.common_dir == playground.path / ".git"
    assert (repo.shallow, repo.object_format) == (False, "sha1")
    assert repo.prefix_of(folder) == "a/b/"
    assert repo.prefix_of(playground.path) == ""
    with pytest.raises(GitError, match="outside"):
        repo.prefix_of(playground.path.parent)


def test_no_repository_is_none_or_a_sentence(tmp_path: Path, git: Git) -> None:
    assert find_repository(tmp_path, git) is None
    assert find_repository(tmp_path / "nowhere", git) is None
    with pytest.raises(GitError, match="not in a git repository") as caught:
        open_repository(tmp_path, git)
    assert "git init" in caught.value.hint


def test_a_damaged_repository_does_not_look_like_none(playground: Playground) -> None:
    git = playground.open().git
    (playground.path / ".git/HEAD").write_text("rubbish\n")

    with pytest.raises(GitError):
        find_repository(playground.path, git)


def test_variables_of_a_hook_do_not_lead_to_another_repository(
    playground: Playground, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    playground.run("init", "-q", str(other))
    variables = {
        "GIT_DIR": str(other / ".git"),
        "GIT_WORK_TREE": str(other),
        "GIT_INDEX_FILE": "/nonexistent/i",
        "GIT_OBJECT_DIRECTORY": "/nonexistent/o",
        "GIT_CONFIG_COUNT": "rubbish",
    }

    repo = playground.open(**variables)

    assert repo.top_level == playground.path
    assert head(repo).branch == "refs/heads/main"


def test_head_in_every_state(playground: Playground) -> None:
    repo = playground.open()
    assert (head(repo).branch, head(repo).commit) == ("refs/heads/main", "")
    oid = playground.commit()
    assert (head(repo).branch, head(repo).commit) == ("refs/heads/main", oid)
    playground.run("checkout", "-q", "--detach")
    assert (head(repo).branch, head(repo).commit) == ("", oid)


def test_an_unfinished_merge_is_seen(playground: Playground) -> None:
    playground.write("a", "1")
    base = playground.commit()
    repo = playground.open()
    assert operation_in_progress(repo) == ""
    playground.write("a", "2")
    playground.commit()
    playground.run("checkout", "-qb", "side", base)
    playground.write("a", "3")
    playground.commit()
    with pytest.raises(AssertionError):
        playground.run("merge", "-q", "main")

    assert operation_in_progress(repo) == "merge"


def test_a_bare_repository_is_one_sentence(playground: Playground, tmp_path: Path) -> None:
    git = playground.open().git
    playground.run("init", "-q", "--bare", str(tmp_path / "bare.git"))

    for refused in (open_repository, find_repository):
        with pytest.raises(GitError, match="bare"):
            refused(tmp_path / "bare.git", git)


def test_a_bare_repository_among_the_files_runs_nothing(
    playground: Playground, marker: Path
) -> None:
    git = playground.open().git
    evil = playground.path / "prompts"
    playground.run("init", "-q", "--bare", str(evil))
    with (evil / "config").open("a") as file:
        file.write(f'[core]\n\tfsmonitor = "touch {marker}"\n\tbare = false\n\tworktree = .\n')

    with pytest.raises(GitError):
        open_repository(evil, git)
    assert not marker.exists()


def test_a_repository_of_another_user(playground: Playground) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a repository away")
    playground.commit()
    git = find_git(GitEnvironment.of(playground.environ))
    for folder in (playground.path, playground.path / ".git"):
        os.chown(folder, 12345, 12345)

    with pytest.raises(GitError, match="another user") as caught:
        open_repository(playground.path, git)
    assert f"git config --global --add safe.directory {playground.path}" in caught.value.hint

    home = Path(playground.environ["HOME"])
    with (home / ".gitconfig").open("a") as file:
        file.write(f"[safe]\n\tdirectory = {playground.path}\n")
    assert head(open_repository(playground.path, git)).commit


def test_a_linked_worktree(playground: Playground, tmp_path: Path) -> None:
    playground.commit()
    playground.run("worktree", "add", "-q", str(tmp_path / "linked"), "-b", "side")

    repo = open_repository(tmp_path / "linked", playground.open().git)

    assert repo.top_level == tmp_path / "linked"
    assert repo.common_dir == playground.path / ".git"
    assert repo.git_dir == playground.path / ".git/worktrees/linked"
    assert head(repo).branch == "refs/heads/side"


def test_what_a_clone_lacks(playground: Playground, tmp_path: Path) -> None:
    playground.commit()
    playground.commit()
    full = clone_limits(playground.open())
    assert (full.shallow, full.partial, full.no_tags) == (False, False, False)
    playground.run("config", "uploadpack.allowFilter", "true")
    url = f"file://{playground.path}"
    for words, expected in (
        (("--depth=1",), (True, False, False)),
        (("--filter=blob:none",), (False, True, False)),
        (("--no-tags",), (False, False, True)),
    ):
        clone = tmp_path / words[0].strip("-").partition("=")[0]
        playground.run("clone", "-q", *words, url, str(clone))
        limits = clone_limits(open_repository(clone, playground.open().git))
        assert (limits.shallow, limits.partial, limits.no_tags) == expected


def test_remotes_and_upstream(playground: Playground) -> None:
    playground.commit()
    repo = playground.open()
    assert remotes(repo) == ()
    assert push_remote(repo, "refs/heads/main") == ""
    playground.run("remote", "add", "fork.x", "https://git.example.com/x.git")
    assert push_remote(repo, "refs/heads/main") == "fork.x"
    playground.run("remote", "add", "origin", "https://git.example.com/y.git")
    playground.run("config", "branch.main.remote", "fork.x")
    playground.run("config", "branch.main.merge", "refs/heads/main")

    assert remotes(repo) == ("fork.x", "origin")
    assert upstream(repo, "refs/heads/main").remote == "fork.x"
    assert push_remote(repo, "refs/heads/main") == "fork.x"
    assert push_remote(repo) == "origin"


def test_init(tmp_path: Path, git: Git) -> None:
    repo = init_repository(tmp_path, git, branch="trunk")

    assert head(repo).branch == "refs/heads/trunk"
    assert init_repository(tmp_path, git) == repo


def fake_git(folder: Path, says: str) -> None:
    program = folder / "git"
    program.write_text(f"#!{shutil.which('sh')}\necho '{says}'\n")
    program.chmod(0o755)
