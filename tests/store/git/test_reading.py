from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from promptreg.errors import GitError
from promptreg.store.git.blame import blame
from promptreg.store.git.changes import changed_paths, changed_paths_and_renames
from promptreg.store.git.commits import read_commit, rev_list, trailers
from promptreg.store.git.file_versions import file_versions
from promptreg.store.git.history import history
from promptreg.store.git.listing import list_tree
from promptreg.store.git.objects import ObjectReader
from promptreg.store.git.refs import ref_exists, ref_fields, ref_fields_and_broken, refs
from promptreg.store.git.repository import open_repository
from promptreg.store.git.revisions import is_ancestor, merge_base, resolve_commit

if TYPE_CHECKING:
    from tests.conftest import Playground

ODD = "zz\udcff\n\x1b.txt"
ODD_BYTES = ODD.encode("utf-8", "surrogateescape")


def test_revisions_resolve_to_commits(playground: Playground) -> None:
    first = playground.commit("first")
    second = playground.commit("second")
    playground.run("tag", "-a", "-m", "x", "support/triage@v1.0.0", first)
    repo = playground.open()

    assert resolve_commit(repo, "HEAD") == second
    assert resolve_commit(repo, "main~1") == resolve_commit(repo, "HEAD^") == first
    assert resolve_commit(repo, "support/triage@v1.0.0") == first
    assert resolve_commit(repo, first[:10]) == first


@pytest.mark.parametrize(
    "revision",
    [
        "", "main..HEAD", "main...HEAD", "HEAD:a", ":a", ":/first", "HEAD^{/first}", "^HEAD", "-x",
        "--all", "HEAD^@", "HEAD^!", "HEAD^-", "a b", "a\nb", "\x1b", "a\u202e", "x" * 251, "HEAD^{tree}",
        "nowhere", "0" * 40, "main@{1 day ago}", "zz\udcff",
    ],
)  # fmt: skip
def test_what_names_no_single_commit_is_refused(playground: Playground, revision: str) -> None:
    playground.write("a", "x")
    playground.commit("first")

    with pytest.raises(GitError):
        resolve_commit(playground.open(), revision)


def test_a_mistyped_branch_is_hinted_at(playground: Playground) -> None:
    playground.commit()

    with pytest.raises(GitError) as caught:
        resolve_commit(playground.open(), "mian")
    assert "`main`" in caught.value.hint


def test_a_name_of_two_things_is_refused(playground: Playground) -> None:
    playground.commit()
    playground.run("tag", "a@v1.0.0")
    playground.commit()
    playground.run("branch", "a@v1.0.0")
    playground.run("config", "core.warnAmbiguousRefs", "false")

    with pytest.raises(GitError, match="more than one") as caught:
        resolve_commit(playground.open(), "a@v1.0.0")
    assert "refs/tags/a@v1.0.0" in caught.value.hint


def test_ancestry(playground: Playground) -> None:
    base = playground.commit()
    left = playground.commit("left")
    playground.run("checkout", "-qb", "side", base)
    right = playground.commit("right")
    playground.run("checkout", "-q", "--orphan", "alone")
    alone = playground.commit("alone")
    repo = playground.open()

    assert merge_base(repo, left, right) == base
    assert merge_base(repo, left, alone) is None
    assert is_ancestor(repo, base, right)
    assert is_ancestor(repo, base, base)
    assert not is_ancestor(repo, left, right)


def test_a_shallow_clone_never_answers_no(playground: Playground, tmp_path: Path) -> None:
    first = playground.commit("first")
    second = playground.commit("second")
    playground.run("clone", "-q", "--depth=1", f"file://{playground.path}", str(tmp_path / "c"))
    repo = open_repository(tmp_path / "c", playground.open().git)

    assert repo.shallow
    assert is_ancestor(repo, second, second)
    with pytest.raises(GitError) as caught:
        resolve_commit(repo, first)
    assert "--unshallow" in caught.value.hint
    other = playground.text("commit-tree", "-m", "x", f"{second}^{{tree}}")
    playground.run("update-ref", "refs/heads/other", other)
    playground.run("-C", str(tmp_path / "c"), "fetch", "-q", "--depth=1", "origin", "other")
    for question in (is_ancestor, merge_base):
        with pytest.raises(GitError, match="shallow") as caught:
            question(repo, other, second)
        assert "--unshallow" in caught.value.hint


def test_entries_of_a_commit(playground: Playground) -> None:
    playground.write("a/b.md", "12345")
    playground.write("ab.md", "")
    (playground.path / "a/link").symlink_to("b.md")
    commit = playground.commit()
    repo = playground.open()

    found = {entry.path: (entry.mode, entry.kind, entry.size) for entry in list_tree(repo, commit)}
    assert found == {
        "a/b.md": ("100644", "blob", -1),
        "a/link": ("120000", "blob", -1),
        "ab.md": ("100644", "blob", -1),
    }
    sized = list_tree(repo, commit, "a/", sizes=True)
    assert [(entry.path, entry.size) for entry in sized] == [("a/b.md", 5), ("a/link", 4)]
    assert list_tree(repo, commit, "nowhere/") == ()


def test_objects_come_in_order_and_within_the_limit(playground: Playground) -> None:
    oids = []
    for number in range(200):
        data = b"x" * (number * 100)
        oids.append(playground.run("hash-object", "-w", "--stdin", stdin=data).decode().strip())
    repo = playground.open()

    with ObjectReader(repo) as reader:
        found = list(reader.read_many(oids, limit=5000))
        assert [one.oid for one in found] == oids
        assert [one.size for one in found] == [number * 100 for number in range(200)]
        assert [one.data is None for one in found] == [number > 50 for number in range(200)]
        assert reader.read(oids[1], limit=100).data == b"x" * 100
        with pytest.raises(GitError, match="lacks"):
            reader.read("0" * 40, limit=10)
        with pytest.raises(GitError, match="object id"):
            reader.read("HEAD", limit=10)
        assert reader.read(oids[0], limit=0).data == b""


def test_a_corrupt_object_is_an_error(playground: Playground) -> None:
    oid = playground.run("hash-object", "-w", "--stdin", stdin=b"x" * 99).decode().strip()
    file = playground.path / ".git/objects" / oid[:2] / oid[2:]
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-9])

    with ObjectReader(playground.open()) as reader, pytest.raises(GitError):
        reader.read(oid, limit=1000)


def test_refs_and_their_targets(playground: Playground) -> None:
    commit = playground.commit()
    playground.run("tag", "-a", "-m", "one\ntwo\n", "a/b@v1.0.0")
    playground.run("tag", "light%00@v1")
    tag = playground.text("rev-parse", "refs/tags/a/b@v1.0.0")
    repo = playground.open()

    found = refs(repo, "refs/tags")
    assert [(one.name, one.oid, one.kind) for one in found] == [
        ("refs/tags/a/b@v1.0.0", tag, "tag"),
        ("refs/tags/light%00@v1", commit, "commit"),
    ]
    assert (found[0].target, found[0].target_kind) == (commit, "commit")
    assert (found[1].target, found[1].target_kind) == ("", "")
    assert [one.name for one in refs(repo, "refs/tags/a/b@v*")] == ["refs/tags/a/b@v1.0.0"]
    rows = ref_fields(repo, ("refs/tags",), ("refname:strip=2", "contents", "refname"))
    assert rows[0] == ("a/b@v1.0.0", "one\ntwo\n", "refs/tags/a/b@v1.0.0")
    assert ref_exists(repo, "refs/tags/a/b@v1.0.0")
    assert not ref_exists(repo, "refs/tags/a")
    assert refs(repo, "refs/tags/nothing") == ()
    for odd in ("a/b@v1.0.0", "--shell", ""):
        with pytest.raises(GitError):
            refs(repo, odd)
    with pytest.raises(GitError):
        ref_fields(repo, ("refs/tags",), ("refname)%(if",))


def test_broken_refs_are_named_never_skipped(playground: Playground) -> None:
    commit = playground.commit()
    tags = playground.path / ".git/refs/tags"
    tags.joinpath("zero").write_text("")
    tags.joinpath("junk").write_text("rubbish\n")
    tags.joinpath("gone").write_text("12" * 20 + "\n")
    tags.joinpath("good").write_text(commit + "\n")
    repo = playground.open()

    with pytest.raises(GitError):
        refs(repo, "refs/tags")
    rows, broken = ref_fields_and_broken(repo, ("refs/tags",), ("refname", "objectname"))
    assert broken == ("refs/tags/junk", "refs/tags/zero")
    assert rows == (("refs/tags/gone", "12" * 20), ("refs/tags/good", commit))


def test_commits_carry_everything(playground: Playground) -> None:
    first = playground.commit("first")
    message = "A subject\nin two lines\n\nBody.\n\nKey: value\nOther: a\n b\n"
    playground.run("commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", message)
    commit = read_commit(playground.open(), playground.text("rev-parse", "HEAD"))

    assert commit.parents == (first,)
    assert (commit.author.name, commit.author.email) == ("Ann Example", "ann@example.com")
    assert (commit.committer.seconds, commit.committer.zone) == (1_700_000_000, "+0100")
    assert commit.message == message
    assert commit.subject == "A subject in two lines"
    assert commit.body == "Body.\n\nKey: value\nOther: a\n b"
    assert commit.trailers == (("Key", "value"), ("Other", "a b"))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("subject: no trailer", ()),
        ("s\n\nA: 1\n\n", (("A", "1"),)),
        ("s\n\nA: 1\nnot one\n", ()),
        ("s\r\n\r\nA: 1\r\nA: 2\r\n", (("A", "1"), ("A", "2"))),
        ("s\n\nA: 1\n\nlast words\n", ()),
        ("", ()),
    ],
)
def test_trailers(message: str, expected: tuple[tuple[str, str], ...]) -> None:
    assert trailers(message) == expected


def test_rev_list_is_limited_to_paths_and_first_parents(playground: Playground) -> None:
    playground.write("a*", "1")
    playground.write("ab", "1")
    one = playground.commit("one")
    playground.run("checkout", "-qb", "side")
    playground.write("a*", "2")
    two = playground.commit("two")
    playground.run("checkout", "-q", "main")
    playground.write("ab", "2")
    three = playground.commit("three")
    playground.run("merge", "-q", "--no-ff", "-m", "merge", "side")
    merge = playground.text("rev-parse", "HEAD")
    repo = playground.open()

    def oids(**options: object) -> list[str]:
        return [commit.oid for commit in rev_list(repo, merge, **options)]  # type: ignore[arg-type] # forwarded

    assert set(oids()) == {merge, one, two, three}
    assert oids(first_parent=True) == [merge, three, one]
    assert oids(paths=["a*"]) == [two, one]
    assert oids(limit=1) == [merge]
    assert set(oids(excluding=[three])) == {merge, two}
    assert oids(paths=[":(glob)**"]) == []


def test_every_change_is_listed_whatever_its_name(playground: Playground) -> None:
    playground.write("kept", "same")
    playground.write("edited", "1")
    playground.write("removed", "a long text that is moved\n" * 9)
    base = playground.commit()
    playground.write("edited", "2")
    (playground.path / "removed").rename(playground.path / "p")
    playground.write(ODD_BYTES, "new")
    playground.write(".gitattributes", "* -diff\n")
    playground.write(".gitmodules", '[submodule "m"]\n\tpath = m\n\turl = x\n\tignore = all\n')
    playground.run("update-index", "--add", "--cacheinfo", f"160000,{base},m")
    playground.run("add", "--all", ":!m")
    playground.run("commit", "-qm", "x")
    head = playground.text("rev-parse", "HEAD")
    playground.run("config", "diff.renames", "false")
    playground.run("config", "diff.ignoreSubmodules", "all")
    repo = playground.open()

    added = {".gitattributes", ".gitmodules", "m", ODD}
    assert set(changed_paths(repo, base, head)) == added | {"edited", "removed", "p"}
    assert changed_paths(repo, base, base) == ()
    found = {(one.status, one.old, one.new) for one in changed_paths_and_renames(repo, base, head)}
    assert found == {("A", name, name) for name in added} | {
        ("M", "edited", "edited"),
        ("R", "removed", "p"),
    }


def test_changes_below_a_prefix(playground: Playground) -> None:
    base = playground.commit()
    playground.write("a/x", "1")
    playground.write("ab/x", "1")
    head = playground.commit()

    assert changed_paths(playground.open(), base, head, "a/") == ("a/x",)


def test_history_follows_renames_and_no_namesakes(playground: Playground) -> None:
    text = "line\n" * 20
    playground.write("old.md", text)
    one = playground.commit("one")
    playground.write("old.md", text + "more\n")
    two = playground.commit("two")
    (playground.path / "old.md").rename(playground.path / "new.md")
    three = playground.commit("three")
    playground.write("old.md", "another file of that name")
    playground.commit("four")
    playground.write("new.md", "edited")
    five = playground.commit("five")
    repo = playground.open()

    assert [commit.oid for commit in history(repo, five, ["new.md"])] == [five, three, two, one]
    assert [commit.oid for commit in history(repo, five, ["nowhere"])] == []
    assert history(repo, five, []) == ()


def test_file_versions(playground: Playground) -> None:
    playground.write("a", "1")
    playground.commit()
    playground.write("a", "2")
    playground.commit()
    (playground.path / "a").unlink()
    last = playground.commit()
    repo = playground.open()
    commits = rev_list(repo, last, paths=["a"], first_parent=True)

    found = file_versions(repo, commits, "a")

    assert found[0] == ""
    with ObjectReader(repo) as reader:
        assert [one.data for one in reader.read_many(found[1:], limit=9)] == [b"2", b"1"]


def test_blame_names_the_commit_of_each_line(playground: Playground, marker: Path) -> None:
    playground.write(ODD_BYTES, b"one\n\ttwo\xff\r\n" + b"same\n" * 9)
    first = playground.commit()
    playground.run("mv", ODD_BYTES, "new.md")
    playground.write("new.md", b"zero\none\n\ttwo\xff\r\n" + b"same\n" * 9)
    playground.write(".gitattributes", "* diff=evil\n")
    second = playground.commit()
    playground.run("config", "diff.evil.textconv", f"touch {marker}; cat")
    ignored = playground.path / ".git/ignored"
    ignored.write_text(second + "\n")
    playground.run("config", "blame.ignoreRevsFile", str(ignored))

    lines = blame(playground.open(), second, "new.md")

    assert [(one.number, one.commit, one.path, one.text) for one in lines[:3]] == [
        (1, second, "new.md", "zero"),
        (2, first, ODD, "one"),
        (3, first, ODD, "\ttwo\udcff\r"),
    ]
    assert not marker.exists()
    with pytest.raises(GitError):
        blame(playground.open(), second, "nowhere")


def test_hostile_settings_run_nothing(playground: Playground, marker: Path) -> None:
    touch = f"touch {marker}"
    playground.write("a.md", "1\n")
    playground.write(".gitattributes", "* diff=evil filter=evil\n")
    base = playground.commit()
    playground.write("a.md", "2\n")
    head = playground.commit()
    hook = playground.path / ".git/hooks/post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\n{touch}\n")
    hook.chmod(0o755)
    for key, value in {
        "core.fsmonitor": touch,
        "core.pager": touch,
        "core.sshCommand": touch,
        "diff.external": touch,
        "diff.evil.command": touch,
        "diff.evil.textconv": touch,
        "log.showSignature": "true",
        "gpg.program": touch,
        "alias.ls-files": "!" + touch,
    }.items():
        playground.run("config", key, value)
    repo = playground.open()

    resolve_commit(repo, "HEAD")
    assert changed_paths_and_renames(repo, base, head)
    assert history(repo, head, ["a.md"])
    assert blame(repo, head, "a.md")
    assert refs(repo, "refs/")
    assert list_tree(repo, head)
    assert not marker.exists()


def test_a_sha256_repository(tmp_path: Path, playground: Playground) -> None:
    path = tmp_path / "long"
    path.mkdir()
    long = type(playground)(path, playground.environ)
    long.run("init", "-q", "--object-format=sha256")
    long.write("a.md", "x")
    commit = long.commit()
    repo = long.open()

    assert repo.object_format == "sha256"
    assert resolve_commit(repo, "HEAD") == commit
    assert read_commit(repo, commit).oid == commit
    (entry,) = list_tree(repo, commit)
    with ObjectReader(repo) as reader:
        assert reader.read(entry.oid, limit=1).data == b"x"
    assert blame(repo, commit, "a.md")[0].commit == commit
    assert history(repo, commit, ["a.md"])[0].oid == commit


def test_replaced_objects_are_not_believed(playground: Playground) -> None:
    playground.write("a.md", "real")
    real = playground.commit()
    playground.write("a.md", "fake")
    fake = playground.commit()
    playground.run("replace", real, fake)
    repo = playground.open()

    assert read_commit(repo, real).parents == ()
    (entry,) = list_tree(repo, real)
    with ObjectReader(repo) as reader:
        assert reader.read(entry.oid, limit=9).data == b"real"
