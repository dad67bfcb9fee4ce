from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from promptreg.errors import GitError, RefusedError
from promptreg.store.git.commits import Signature, read_commit
from promptreg.store.git.identity import Identity, identities, signature_line
from promptreg.store.git.push import push, push_command
from promptreg.store.git.refs import refs
from promptreg.store.git.repository import Repository, head
from promptreg.store.git.staging import bring_up_to_date, require_clean
from promptreg.store.git.transaction import RefUpdate, update_refs
from promptreg.store.git.worktree import checked_out_branches, dirty_paths, staged_paths
from promptreg.store.git.writing import (
    FileChange,
    NewCommit,
    hash_object,
    make_commit,
    make_tag,
    make_tags,
)

if TYPE_CHECKING:
    from tests.conftest import Playground

ANN = Signature("Ann Example", "ann@example.com", 1_700_000_000, "+0100")
BOB = Signature("Bob Ünïcode", "bob@example.com", 1_700_000_001, "-0330")


def tag_content(commit: str, name: str, kind: str = "commit") -> bytes:
    lines = f"object {commit}\ntype {kind}\ntag {name}\ntagger {signature_line(ANN)}\n\n{name}\n"
    return lines.encode()


def test_identity_comes_in_gits_order(playground: Playground) -> None:
    assert identities(playground.open()).author == Identity("Ann Example", "ann@example.com")
    playground.run("config", "user.name", "Repo")
    assert identities(playground.open()).committer == Identity("Repo", "ann@example.com")
    both = identities(playground.open(GIT_AUTHOR_NAME="Bob", GIT_COMMITTER_EMAIL="c@example.com"))
    assert both.author == Identity("Bob", "ann@example.com")
    assert both.committer == Identity("Repo", "c@example.com")


def test_a_missing_identity_is_one_sentence_with_both_commands(playground: Playground) -> None:
    Path(playground.environ["HOME"], ".gitconfig").unlink()

    with pytest.raises(GitError, match="who you are") as caught:
        identities(playground.open())
    assert "git config --global user.name" in caught.value.hint
    assert "git config --global user.email" in caught.value.hint


def test_a_signature_at_a_time() -> None:
    ann = Identity("Ann", "ann@example.com")
    zone = timezone(timedelta(hours=5, minutes=30))

    assert ann.at(datetime(2026, 1, 1, tzinfo=UTC)).zone == "+0000"
    assert ann.at(datetime(2026, 1, 1, tzinfo=zone)).zone == "+0530"
    with pytest.raises(ValueError, match="zone"):
        ann.at(datetime(2026, 1, 1))  # noqa: DTZ001 - what is refused
    odd = Signature("A\nB <x>", "<a@b>", 1, "+0000")
    assert signature_line(odd) == "AB x <a@b> 1 +0000"


def test_blobs_are_stored_as_they_are(playground: Playground) -> None:
    playground.write(".gitattributes", "* text eol=lf filter=evil\n")
    oid = hash_object(playground.open(), b"a\r\n\0")

    assert playground.run("cat-file", "blob", oid) == b"a\r\n\0"


def test_tags_are_made_strictly(playground: Playground) -> None:
    commit = playground.commit()
    repo = playground.open()

    oid = make_tag(repo, tag_content(commit, "a/b@v1.0.0"))
    assert make_tag(repo, tag_content(commit, "a/b@v1.0.0")) == oid
    update_refs(repo, [RefUpdate("refs/tags/a/b@v1.0.0", oid)], by=ANN, reason="release")

    assert playground.text("rev-parse", "a/b@v1.0.0^{commit}") == commit
    playground.run("fsck", "--strict")
    for bad in (b"", b"rubbish", tag_content("0" * 40, "x"), tag_content(commit, "x", "blob")):
        with pytest.raises(GitError):
            make_tag(repo, bad)


WRONG_TAGS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "rubbish": lambda _: b"rubbish",
    "of nothing": lambda tag: b"object " + b"0" * (tag.index(b"\n") - 7) + tag[tag.index(b"\n") :],
    "of another kind": lambda tag: tag.replace(b"type commit", b"type blob"),
    "of no kind": lambda tag: tag.replace(b"type commit", b"type thing"),
    "without a name": lambda tag: re.sub(rb"tag [^\n]*\n", b"", tag),
    "with a bad name": lambda tag: re.sub(rb"\ntag [^\n]*", b"\ntag a..b^", tag),
    "without a tagger": lambda tag: re.sub(rb"tagger [^\n]*\n", b"", tag),
    "with a bad date": lambda tag: re.sub(rb" [0-9]+ ([-+][0-9]+\n)", rb" 01 \1", tag),
    "with no date": lambda tag: re.sub(rb" [0-9]+ [-+][0-9]+\n", b"\n", tag),
    "with no mail": lambda tag: re.sub(rb" <[^>]*>", b"", tag),
    "with another header": lambda tag: tag.replace(b"\n\n", b"\nmore yes\n\n", 1),
    "with a NUL in its head": lambda tag: tag.replace(b"type commit", b"type commit\0"),
}


@pytest.mark.parametrize("wrong", WRONG_TAGS)
def test_one_wrong_tag_among_many_stops_all_of_them(playground: Playground, wrong: str) -> None:
    commit = playground.commit()
    repo = playground.open()
    good = [tag_content(commit, f"a/b@v1.{number}.0") for number in range(20)]
    bad = WRONG_TAGS[wrong](tag_content(commit, "a/b@v2.0.0"))

    with pytest.raises(GitError):
        make_tag(repo, bad)
    with pytest.raises(GitError):
        make_tags(repo, [*good, bad])

    listed = playground.run("cat-file", "--batch-all-objects", "--batch-check=%(objecttype)")
    assert b"tag" not in listed.split()


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_many_tags_are_those_made_one_by_one(
    playground: Playground, tmp_path: Path, object_format: str
) -> None:
    other = replace(playground, path=tmp_path / object_format)
    other.path.mkdir()
    other.run("init", "--quiet", f"--object-format={object_format}")
    commit = other.commit()
    repo = other.open()
    sizes = (0, 1, 15, 16, 300, 2_000, 40_000)
    contents = [
        tag_content(commit, f"a/b@v1.{number}.{size}") + b"x" * size
        for number in range(4)
        for size in sizes
    ]

    oids = make_tags(repo, contents)

    assert make_tags(repo, contents) == oids
    assert make_tags(repo, contents[:3]) == oids[:3]
    assert [other.run("cat-file", "tag", oid) for oid in oids] == contents
    assert oids == tuple(make_tag(repo, content) for content in contents)
    other.run("fsck", "--strict")
    assert make_tags(repo, []) == ()


def test_updates_are_all_or_none(playground: Playground) -> None:
    first = playground.commit("one")
    second = playground.commit("two")
    playground.run("update-ref", "refs/heads/taken", first)
    repo = playground.open()

    with pytest.raises(RefusedError) as caught:
        update_refs(
            repo,
            [RefUpdate("refs/tags/a@v1.0.0", first), RefUpdate("refs/heads/taken", second)],
            by=ANN,
            reason="x",
        )
    assert caught.value.where == "refs/heads/taken"
    with pytest.raises(RefusedError) as caught:
        update_refs(
            repo,
            [RefUpdate("refs/tags/a@v1.0.0", first), RefUpdate("refs/heads/taken", first, second)],
            by=ANN,
            reason="x",
        )
    assert caught.value.where == "refs/heads/taken"
    with pytest.raises(RefusedError) as caught:
        update_refs(repo, [RefUpdate("refs/heads/new", first, second)], by=ANN, reason="x")
    assert caught.value.where == "refs/heads/new"
    assert refs(repo, "refs/tags") == ()
    assert playground.text("rev-parse", "taken") == first

    update_refs(
        repo,
        [RefUpdate("refs/tags/a@v1.0.0", first), RefUpdate("refs/heads/taken", second, first)],
        by=BOB,
        reason="two\nlines",
    )
    assert playground.text("rev-parse", "taken", "a@v1.0.0") == f"{second}\n{first}"
    assert playground.text("reflog", "-1", "--format=%gn %gs", "taken") == "Bob Ünïcode two lines"


def test_a_ref_in_the_way_is_named(playground: Playground) -> None:
    commit = playground.commit()
    playground.run("tag", "support")

    with pytest.raises(RefusedError) as caught:
        update_refs(
            playground.open(), [RefUpdate("refs/tags/support/x@v1.0.0", commit)], by=ANN, reason=""
        )
    assert "refs/tags/support" in caught.value.what


@pytest.mark.parametrize(
    "name",
    [
        "HEAD", "refs/x", "refs/tags/", "refs/tags/-x", "refs/tags/a..b", "refs/tags/a b", "refs/tags/a\0b",
        "refs/tags/a.lock", "refs/tags/a/", "refs/tags/.a", "refs/tags/a:b", "refs/notes/x", "refs/tags/@",
        "refs/tags/a\n",
    ],
)  # fmt: skip
def test_odd_ref_names_are_refused_before_git_sees_them(playground: Playground, name: str) -> None:
    commit = playground.commit()

    with pytest.raises(GitError, match="not a name"):
        update_refs(playground.open(), [RefUpdate(name, commit)], by=ANN, reason="x")


def test_a_lock_left_behind_is_named_with_its_age(playground: Playground) -> None:
    commit = playground.commit()
    lock = playground.path / ".git/refs/heads/x.lock"
    lock.touch()
    os.utime(lock, (time.time() - 7300, time.time() - 7300))

    with pytest.raises(GitError, match="2 hours old") as caught:
        update_refs(playground.open(), [RefUpdate("refs/heads/x", commit)], by=ANN, reason="x")
    assert caught.value.where == str(lock)
    assert f"rm {lock}" in caught.value.hint


def test_nobody_overwrites_anybody(playground: Playground) -> None:
    start = playground.commit()
    repo = playground.open()
    winners: list[str] = []

    def race(number: int) -> None:
        commit = make_commit(repo, NewCommit(start, (), f"{number}", ANN, ANN))
        try:
            update_refs(repo, [RefUpdate("refs/heads/main", commit, start)], by=ANN, reason="x")
        except RefusedError:
            return
        winners.append(commit)

    threads = [threading.Thread(target=race, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert winners == [head(repo).commit]


def promote(repo: Repository, *changes: FileChange, parent: str | None = None) -> str:
    """What a write of promptreg does, in its order."""
    require_clean(repo, tuple(change.path for change in changes))
    current = head(repo)
    old = current.commit if parent is None else parent
    commit = make_commit(repo, NewCommit(old, changes, "Promote\n\nPromptreg-To: 1\n", ANN, BOB))
    update_refs(repo, [RefUpdate(current.branch, commit, old)], by=BOB, reason="promote")
    bring_up_to_date(repo, commit, changes)
    return commit


def test_a_commit_changes_its_files_only(playground: Playground) -> None:
    playground.write("environments/production.yaml", "old\n")
    playground.write("gone.yaml", "x")
    playground.write("run.sh", "x")
    (playground.path / "run.sh").chmod(0o755)
    playground.write("prompts/a.md", "a\n")
    parent = playground.commit()
    playground.write("prompts/a.md", "edited, not staged\n")
    playground.write("staged.md", "staged\n")
    playground.run("add", "staged.md")
    playground.write("loose.md", "untracked\n")
    repo = playground.open()

    commit = promote(
        repo,
        FileChange("environments/production.yaml", b"new\n"),
        FileChange("environments/staging.yaml", b"first\n"),
        FileChange("gone.yaml", None),
        FileChange("run.sh", b"y"),
    )

    made = read_commit(repo, commit)
    assert (made.parents, made.author, made.committer) == ((parent,), ANN, BOB)
    assert made.trailers == (("Promptreg-To", "1"),)
    assert playground.text("diff-tree", "-r", "--name-status", parent, commit).split() == [
        "M", "environments/production.yaml", "A", "environments/staging.yaml", "D", "gone.yaml",
        "M", "run.sh",
    ]  # fmt: skip
    assert playground.text("status", "--porcelain").split("\n") == [
        "M prompts/a.md".rjust(15),
        "A  staged.md",
        "?? loose.md",
    ]
    assert (playground.path / "environments/production.yaml").read_text() == "new\n"
    assert (playground.path / "prompts/a.md").read_text() == "edited, not staged\n"
    assert os.access(playground.path / "run.sh", os.X_OK)
    playground.run("fsck", "--strict")
    assert not list((playground.path / ".git").glob("promptreg-*"))


def test_the_first_commit(playground: Playground) -> None:
    repo = playground.open()

    commit = promote(repo, FileChange("a", b"x"), parent="")

    assert head(repo).commit == commit
    assert dirty_paths(repo) == ()


def test_no_hook_runs_on_a_write(playground: Playground, marker: Path) -> None:
    playground.commit()
    for name in ("pre-commit", "post-index-change", "reference-transaction", "post-commit"):
        hook = playground.path / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {marker}\n")
        hook.chmod(0o755)

    promote(playground.open(), FileChange("a", b"x"))

    assert not marker.exists()


@pytest.mark.parametrize("how", ["edited", "staged", "deleted", "untracked", "ignored"])
def test_a_dirty_file_is_refused(playground: Playground, how: str) -> None:
    playground.write("a", "1")
    before = playground.commit()
    if how == "deleted":
        (playground.path / "a").unlink()
    elif how in {"untracked", "ignored"}:
        playground.run("rm", "-q", "a")
        playground.write(".gitignore", "a\n" if how == "ignored" else "")
        before = playground.commit()
        playground.write("a", "mine")
    else:
        playground.write("a", "mine")
    if how == "staged":
        playground.run("add", "a")
    repo = playground.open()

    with pytest.raises(RefusedError, match="not committed"):
        promote(repo, FileChange("a", b"theirs"))
    assert head(repo).commit == before


def test_an_index_lock_is_named(playground: Playground) -> None:
    playground.write("a", "1")
    commit = playground.commit()
    (playground.path / ".git/index.lock").touch()
    repo = playground.open()

    assert dirty_paths(repo) == ()
    with pytest.raises(GitError, match="lock") as caught:
        bring_up_to_date(repo, commit, (FileChange("a", b"2"),))
    assert caught.value.where.endswith(".git/index.lock")
    with pytest.raises(GitError, match="lock") as caught:
        promote(repo, FileChange("a", b"2"))
    assert head(repo).commit == commit
    assert caught.value.where.endswith(".git/index.lock")
    assert (playground.path / "a").read_text() == "1"


def test_dirt_is_found_by_content(playground: Playground) -> None:
    names = ("assumed", "touched", "staged", "gone", "both", "link", "kind", "crlf", "same", "p/in")
    for name in names:
        playground.write(name, "1\n2\n")
    playground.write(b"\xff", "1")
    (playground.path / "link").unlink()
    (playground.path / "link").symlink_to("same")
    playground.commit()
    repo = playground.open()
    assert dirty_paths(repo) == ()

    playground.run("update-index", "--assume-unchanged", "assumed")
    playground.run("config", "core.trustctime", "false")
    stamp = (playground.path / "touched").stat()
    playground.write("touched", "3\n4\n")
    os.utime(playground.path / "touched", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    playground.write("assumed", "changed")
    playground.write("staged", "changed")
    playground.write("both", "changed")
    playground.run("add", "staged", "both")
    playground.write("both", "1\n2\n")
    (playground.path / "gone").unlink()
    (playground.path / "link").unlink()
    (playground.path / "link").symlink_to("both")
    (playground.path / "kind").unlink()
    (playground.path / "kind").symlink_to("same")
    playground.write("crlf", "1\r\n2\r\n")
    playground.write("p/in", "changed")
    playground.write(b"\xff", "2")
    playground.write("untracked", "x")

    dirty = ("assumed", "both", "gone", "kind", "link", "p/in", "staged", "touched", "\udcff")
    assert dirty_paths(repo) == tuple(sorted(dirty))
    assert dirty_paths(repo, "p/") == ("p/in",)
    assert staged_paths(repo) == ("both", "staged")


def test_dirt_before_the_first_commit_and_in_a_conflict(playground: Playground) -> None:
    playground.write("a", "1")
    playground.run("add", "a")
    assert dirty_paths(playground.open()) == ("a",)
    base = playground.commit()
    playground.write("a", "2")
    playground.commit()
    playground.run("checkout", "-qb", "side", base)
    playground.write("a", "3")
    playground.commit()
    with pytest.raises(AssertionError):
        playground.run("merge", "-q", "main")

    assert dirty_paths(playground.open()) == ("a",)


def test_branches_that_are_checked_out(playground: Playground, tmp_path: Path) -> None:
    playground.commit()
    playground.run("worktree", "add", "-q", "-b", "deploy", str(tmp_path / "other\nfolder"))
    playground.run("branch", "free")

    assert checked_out_branches(playground.open()) == ("refs/heads/deploy", "refs/heads/main")


def test_push_is_atomic_and_never_forced(playground: Playground, tmp_path: Path) -> None:
    bare = tmp_path / "origin.git"
    playground.run("init", "-q", "--bare", str(bare))
    playground.run("remote", "add", "origin", str(bare))
    first = playground.commit("one")
    playground.run("tag", "a@v1.0.0")
    repo = playground.open()
    names = ("refs/heads/main", "refs/tags/a@v1.0.0")

    assert len(push(repo, "origin", names)) >= 2
    assert playground.text("-C", str(bare), "rev-parse", "main", "a@v1.0.0") == f"{first}\n{first}"

    playground.run("commit", "-q", "--amend", "--allow-empty", "-m", "rewritten")
    playground.run("tag", "b@v1.0.0")
    with pytest.raises(RefusedError) as caught:
        push(repo, "origin", ("refs/heads/main", "refs/tags/b@v1.0.0"))
    assert "git fetch" in caught.value.hint
    assert playground.text("-C", str(bare), "rev-parse", "main") == first
    assert playground.text("-C", str(bare), "tag") == "a@v1.0.0"
    with pytest.raises(GitError):
        push(repo, "nowhere", names)


@pytest.mark.parametrize(
    ("remote", "name"),
    [
        ("--exec=x", "refs/tags/a"), ("", "refs/tags/a"), ("origin", "+refs/tags/a"),
        ("origin", ":refs/tags/a"), ("origin", "refs/tags/*"), ("origin", "--mirror"),
    ],
)  # fmt: skip
def test_odd_pushes_are_refused(playground: Playground, remote: str, name: str) -> None:
    with pytest.raises(GitError):
        push(playground.open(), remote, (name,))


def test_the_push_command_can_be_pasted() -> None:
    assert push_command("origin", ("refs/heads/main", "refs/tags/a/b@v1.0.0")) == (
        "git push --atomic origin refs/heads/main refs/tags/a/b@v1.0.0"
    )
    assert push_command("o", ("refs/tags/$(id)",)) == "git push --atomic o 'refs/tags/$(id)'"
