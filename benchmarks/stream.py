"""Commits and tags into a repository, fast: `git fast-import`."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha1
from pathlib import Path
from types import TracebackType

from benchmarks.draft import Content
from promptreg.model.version import parse_version
from promptreg.releases.tag import Release, format_object

START = 1_700_000_000
WHO = "Ann Example <ann@example.com>"


@dataclass(frozen=True)
class Tagged:
    """A release to be written: at which commit (its mark), and what its tag says."""

    mark: int
    name: str
    version: str
    bump: str
    digest: str


@dataclass
class Commits:
    """Writes commits; use it in a `with` statement. Marks count from 1."""

    folder: Path
    marks: int = 0
    _process: subprocess.Popen[bytes] = field(init=False)

    def __enter__(self) -> Commits:
        self._process = subprocess.Popen(
            (*_IMPORT, "--export-marks=.git/marks"), cwd=self.folder, stdin=subprocess.PIPE
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None  # noqa: S101 - asked for above
        self._process.stdin.close()
        if self._process.wait() and error is None:
            raise RuntimeError("git fast-import failed")

    def commit(
        self,
        branch: str,
        parents: tuple[int, ...],
        message: str,
        files: Mapping[str, Content | None],
    ) -> int:
        """Write a commit and get its mark; a file that is None is deleted."""
        self.marks += 1
        when = f"{WHO} {START + 600 * self.marks} +0100"
        head = f"commit refs/heads/{branch}\nmark :{self.marks}\nauthor {when}\ncommitter {when}\n"
        parts = [head.encode(), _data(message.encode("utf-8", "surrogateescape"))]
        joints = ("from", *("merge" for _ in parents))
        parts += [
            f"{joint} :{mark}\n".encode() for joint, mark in zip(joints, parents, strict=False)
        ]
        for path, content in files.items():
            if content is None:
                parts.append(b"D " + _quoted(path) + b"\n")
            else:
                mode, data = content
                parts += [f"M {mode} inline ".encode(), _quoted(path), b"\n", _data(data)]
        assert self._process.stdin is not None  # noqa: S101 - asked for above
        self._process.stdin.write(b"".join(parts))
        return self.marks


def write_tags(folder: Path, tags: list[Tagged]) -> None:
    """Write release tags in this order, each chained to the one before it of the same entry."""
    lines = (folder / ".git" / "marks").read_text(encoding="ascii").splitlines()
    commits = {int(mark[1:]): oid for mark, oid in (line.split() for line in lines)}
    previous: dict[str, str] = {}
    parts = []
    for number, one in enumerate(tags):
        commit, before = commits[one.mark], previous.get(one.name, "")
        release = Release(
            one.name, parse_version(one.version), commit, one.digest, one.bump, before, ""
        )
        content = format_object(release, "", f"{WHO} {START + 600 * one.mark + number % 600} +0100")
        previous[one.name] = sha1(b"tag %d\0%b" % (len(content), content)).hexdigest()  # noqa: S324
        header, _, message = content.partition(b"\n\n")
        tagger = header.rpartition(b"\n")[2]
        parts.append(b"tag %b\nfrom %b\n%b\n" % (release.tag.encode(), commit.encode(), tagger))
        parts.append(_data(message))
    subprocess.run(_IMPORT, cwd=folder, input=b"".join(parts), check=True)


def _data(data: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(data), data)


def _quoted(path: str) -> bytes:
    raw = path.encode("utf-8", "surrogateescape")
    return b'"%b"' % raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")


_IMPORT = ("git", "-c", "core.compression=1", "fast-import", "--quiet", "--force")
