from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from promptreg.errors import GitError, RegistryError
from promptreg.store.files import MISSING, TOO_LARGE, UNREADABLE, FileProblem
from promptreg.store.git.objects import ObjectReader
from promptreg.store.git.tree_reader import TreeReader
from promptreg.store.trees import MemoryTree, RevisionTree, Tree, WorkTree

if TYPE_CHECKING:
    from tests.conftest import Playground

SHARED = ("shared reader", "sub shared reader")
FILES = {"promptreg.yaml": "a", "prompts/b.md": "b\n", "prompts/ü/c.md": "", "prompts.md": "d"}


@pytest.fixture(
    params=["memory", "disk", "work tree", "revision", "subfolder", "sub revision", *SHARED]
)
def tree(request: pytest.FixtureRequest, playground: Playground) -> Iterator[Tree]:
    with ExitStack() as stack:
        yield made(request.param, playground, stack)


def made(kind: str, playground: Playground, stack: ExitStack) -> Tree:
    if kind == "memory":
        return MemoryTree(FILES)
    below = "registry/" if "sub" in kind else ""
    for name, text in FILES.items():
        playground.write(below + name, text)
    if below:
        playground.write("registry2/other", "not ours")
        playground.write("outside", "not ours")
    root = playground.path / below
    if kind == "disk":
        return WorkTree(root)
    commit = playground.commit()
    repo = playground.open()
    if "shared" in kind:
        reader = stack.enter_context(ObjectReader(repo))
        return RevisionTree(repo, commit, below, TreeReader(reader))
    if "revision" in kind:
        return RevisionTree(repo, commit, below)
    return WorkTree(root, repo)


def test_every_tree_tells_the_same(tree: Tree) -> None:
    assert tree.label
    assert tree.paths() == tuple(sorted(FILES))
    assert tree.read("prompts/b.md", limit=2) == b"b\n"
    read = dict(tree.read_many([*tree.paths(), *tree.paths()], limit=2))
    assert read == {name: text.encode() for name, text in FILES.items()}
    with pytest.raises(FileProblem) as caught:
        tree.read("prompts/b.md", limit=1)
    assert caught.value.rule == TOO_LARGE
    with pytest.raises(FileProblem) as caught:
        tree.read("nowhere", limit=1)
    assert caught.value.rule == MISSING
    ((_, ok), (_, missing), (_, large), (_, again)) = tree.read_many(
        ["prompts.md", "nowhere", "prompts/b.md", "prompts.md"], limit=1
    )
    assert isinstance(missing, FileProblem)
    assert isinstance(large, FileProblem)
    assert (ok, missing.rule, large.rule, again) == (b"d", MISSING, TOO_LARGE, b"d")


def test_the_work_tree_is_what_git_tracks_or_does_not_ignore(playground: Playground) -> None:
    playground.write(".gitignore", "*.log\nhidden.md\n")
    playground.write("hidden.md", "tracked although ignored")
    playground.write("gone.md", "x")
    playground.run("add", "-f", "hidden.md", "gone.md")
    playground.commit()
    playground.write("new.md", "untracked")
    playground.write("debug.log", "ignored")
    (playground.path / "gone.md").unlink()

    tree = WorkTree(playground.path, playground.open())

    assert tree.paths() == (".gitignore", "hidden.md", "new.md")
    assert WorkTree(playground.path).paths() == (".gitignore", "debug.log", "hidden.md", "new.md")


def test_repositories_inside_are_not_looked_into(playground: Playground) -> None:
    playground.write("inner/secret.md", "x")
    playground.run("init", "--quiet", "inner")
    playground.write("a.md", "x")

    assert WorkTree(playground.path, playground.open()).paths() == ("a.md",)


def test_links_and_submodules_are_listed_but_never_followed(
    playground: Playground, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("secret")
    (playground.path / "link.md").symlink_to(tmp_path / "secret")
    (playground.path / "folder").symlink_to(tmp_path)
    oid = playground.commit()
    playground.run("update-index", "--add", "--cacheinfo", f"160000,{oid},module")
    playground.run("commit", "-qm", "module")
    repo = playground.open()
    (playground.path / "module").mkdir()

    for tree in (
        WorkTree(playground.path, repo),
        RevisionTree(repo, playground.text("rev-parse", "HEAD")),
    ):
        assert tree.paths() == ("folder", "link.md", "module")
        for name in tree.paths():
            with pytest.raises(FileProblem) as caught:
                tree.read(name, limit=100)
            assert caught.value.rule == UNREADABLE
    with pytest.raises(FileProblem):
        WorkTree(playground.path, repo).read("folder/secret", limit=100)


HOSTILE = (
    b"a\nb.md",
    b"\x1b[31m.md",
    b"-rf.md",
    b"zz\xff.md",
    b"::error::x.md",
    b":(top)x",
    b'q"q',
)


def test_hostile_names_survive_every_tree(playground: Playground) -> None:
    for name in HOSTILE:
        playground.write(b"prompts/" + name, name)
    commit = playground.commit()
    repo = playground.open()
    expected = tuple(sorted(name.decode("utf-8", "surrogateescape") for name in HOSTILE))
    root = playground.path / "prompts"

    with ObjectReader(repo) as reader:
        shared = RevisionTree(repo, commit, "prompts/", TreeReader(reader))
        revision = RevisionTree(repo, commit, "prompts/")
        for tree in (WorkTree(root), WorkTree(root, repo), revision, shared):
            assert tree.paths() == expected
            for path, data in tree.read_many(tree.paths(), limit=100):
                assert data == path.encode("utf-8", "surrogateescape")


def test_a_folder_that_cannot_be_listed_stops_the_walk(tmp_path: Path) -> None:
    with pytest.raises(RegistryError):
        WorkTree(tmp_path / "nowhere").paths()


def test_a_revision_stays_what_it_was(playground: Playground) -> None:
    playground.write("a.md", "old")
    tree = RevisionTree(playground.open(), playground.commit())
    playground.write("a.md", "new")
    playground.commit()

    assert tree.read("a.md", limit=10) == b"old"


def test_attributes_do_not_change_what_a_revision_holds(playground: Playground) -> None:
    playground.write(".gitattributes", "* -diff ident eol=crlf filter=evil\n")
    playground.write("a.md", "$Id$\n")
    commit = playground.commit()

    assert RevisionTree(playground.open(), commit).read("a.md", limit=10) == b"$Id$\n"


def test_many_files_come_through_one_reader(playground: Playground) -> None:
    for number in range(300):
        playground.write(f"p/{number:03}.md", str(number) * 200)
    tree = RevisionTree(playground.open(), playground.commit())

    read = dict(tree.read_many(tree.paths(), limit=1000))

    assert read == {f"p/{number:03}.md": (str(number) * 200).encode() for number in range(300)}


def test_reads_may_begin_within_reads_of_a_shared_reader(playground: Playground) -> None:
    for number in range(130):
        playground.write(f"p/{number:03}.md", str(number))
    repo, commit = playground.open(), playground.commit()
    with ObjectReader(repo) as reader:
        tree = RevisionTree(repo, commit, "", TreeReader(reader))
        for path, content in tree.read_many(tree.paths(), limit=100):
            assert tree.read(path, limit=100) == content


def test_links_and_submodules_are_listed_through_a_shared_reader(playground: Playground) -> None:
    playground.write("a", "a")
    first = playground.commit()
    (playground.path / "link").symlink_to("a")
    playground.run("update-index", "--add", "--cacheinfo", f"160000,{first},sub")
    playground.run("add", "link")
    playground.run("commit", "-qm", "more")
    repo, commit = playground.open(), playground.text("rev-parse", "HEAD")
    with ObjectReader(repo) as reader:
        shared = RevisionTree(repo, commit, "", TreeReader(reader))
        assert shared.entries == RevisionTree(repo, commit).entries


@pytest.mark.parametrize("kind", ["commit", "tree"])
def test_a_folder_that_is_not_what_its_id_says_stops_a_shared_reader(
    playground: Playground, kind: str
) -> None:
    playground.write("a", "a")
    commit = playground.commit()
    oid = commit if kind == "commit" else playground.text("rev-parse", "HEAD^{tree}")
    file = playground.path / ".git" / "objects" / oid[:2] / oid[2:]
    file.chmod(0o644)
    file.write_bytes(zlib.compress(zlib.decompress(file.read_bytes()).replace(b"a", b"b")))
    repo = playground.open()
    with ObjectReader(repo) as reader, pytest.raises(GitError):
        RevisionTree(repo, commit, "", TreeReader(reader)).paths()
