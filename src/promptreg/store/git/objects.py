"""Reading objects, many from one git process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from subprocess import Popen
from types import TracebackType

from promptreg.errors import GitError
from promptreg.store.git.ids import format_of, object_id
from promptreg.store.git.process import Call, start, stop
from promptreg.store.git.repository import Repository, ask, located
from promptreg.store.git.wire import require_oid

MISSING = "missing"
"""The `kind` of an object that git doesn't find, where the reader was told to go on."""
BROKEN = "corrupt"
"""The same of one whose bytes can't be read, or aren't what its id promises."""

# Requests that are sure to fit into the smallest pipe (4 KB), so that git and we never wait for
# each other.
_AT_ONCE = 60


@dataclass(frozen=True, slots=True)
class GitObject:
    """An object of git; `kind` is blob, tree, commit or tag.

    `data` is None where the object is larger than the reader was told to take.
    """

    oid: str
    kind: str
    size: int
    data: bytes | None


def missing_objects(repo: Repository, oids: Iterable[str]) -> tuple[str, ...]:
    """Those of the objects that git doesn't find; none of them is read."""
    wanted = "".join(require_oid(oid) + "\n" for oid in oids).encode("ascii")
    words = ("cat-file", "--batch-check=%(objectname)", "--buffer")
    said = ask(repo, *words, stdin=wanted).out.decode("ascii", "replace").splitlines()
    return tuple(line.partition(" ")[0] for line in said if " " in line)


class ObjectReader:
    """A running `cat-file --batch`; use it in a `with` statement."""

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._process: Popen[bytes] | None = None

    def __enter__(self) -> ObjectReader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End git; a later read starts it again."""
        if self._process is not None:
            stop(self._process)
            self._process = None

    def read(self, oid: str, *, limit: int) -> GitObject:
        """One object of at most `limit` bytes; GitError where it doesn't exist or is broken."""
        return next(self.read_many((oid,), limit=limit))

    def read_many(
        self, oids: Iterable[str], *, limit: int, go_on: bool = False
    ) -> Iterator[GitObject]:
        """The objects in the order asked for; read them all, or close the reader.

        Its bytes are what the id promises. With `go_on` one that can't be had comes as MISSING or
        BROKEN.
        """
        remaining = iter(oids)
        while chunk := tuple(islice(remaining, _AT_ONCE)):
            yield from self._read_chunk(chunk, limit, go_on=go_on)

    def _read_chunk(self, oids: tuple[str, ...], limit: int, *, go_on: bool) -> Iterator[GitObject]:
        waiting = list(oids)
        while waiting:
            self._send(waiting)
            while waiting:
                found = self._receive(waiting[0], limit, go_on=go_on)
                waiting.pop(0)
                yield found
                if found.data is None and found.kind != MISSING:
                    # git may have ended at a broken object. And a new start is cheaper and safer
                    # than reading a body of any size only to drop it.
                    self.close()
                    break

    def _send(self, oids: list[str]) -> None:
        if self._process is None:
            call = located(self._repo, Call(("cat-file", "--batch")))
            # Nobody reads what git says of corrupt objects, and a full pipe would stop it.
            self._process = start(self._repo.git, call, self._repo.top_level, quiet=True)
        pipe = self._process.stdin
        assert pipe is not None  # noqa: S101 - `start` always makes pipes
        try:
            pipe.write("".join(require_oid(oid) + "\n" for oid in oids).encode("ascii"))
            pipe.flush()
        except BrokenPipeError:
            raise self._broken(oids[0]) from None

    def _receive(self, oid: str, limit: int, *, go_on: bool) -> GitObject:
        process = self._process
        assert process is not None  # noqa: S101 - `_send` started it
        pipe = process.stdout
        assert pipe is not None  # noqa: S101 - `start` always makes pipes
        words = pipe.readline().decode("ascii", "replace").split()
        if words == [oid, "missing"] and go_on:
            return GitObject(oid, MISSING, 0, None)
        if words[1:] == ["missing"]:
            self.close()
            raise GitError(
                f"the repository lacks the object {oid}",
                where=str(self._repo.top_level),
                hint="in a partial clone run `git fetch --refetch --no-filter`, else `git fsck`",
            )
        is_header = len(words) == 3 and words[0] == oid and words[2].isdigit()
        size = int(words[2]) if is_header else 0
        if is_header and size > limit:
            return GitObject(oid, words[1], size, None)
        data = pipe.read(size + 1)[:-1] if is_header else b""
        if is_header and object_id(words[1], data, format_of(oid)) == oid:
            return GitObject(oid, words[1], size, data)
        if go_on:
            return GitObject(oid, BROKEN, 0, None)
        raise self._broken(oid)

    def _broken(self, oid: str) -> GitError:
        self.close()
        return GitError(
            f"git can't read the object {oid}",
            where=str(self._repo.top_level),
            hint="run `git fsck`",
        )
