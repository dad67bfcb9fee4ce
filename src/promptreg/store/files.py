"""The one way to read a file from disk: no links, regular files only, bounded."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from types import TracebackType

MISSING = "missing"
UNREADABLE = "unreadable-file"
TOO_LARGE = "limit-exceeded"

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# O_NONBLOCK: a FIFO opens at once instead of waiting for a writer.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


class FileProblem(Exception):  # noqa: N818 - it becomes a finding, it is not a run's error
    """Why a file can't be read: `rule` is MISSING, UNREADABLE or TOO_LARGE."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message


def read_file(root: Path, relative: str, *, limit: int) -> bytes:
    """The bytes of a regular file below `root`, at most `limit`; FileProblem otherwise.

    `relative` is POSIX text; no component of it may be a symlink (`root` itself may).
    """
    with FileReader(root) as reader:
        return reader.read(relative, limit=limit)


class FileReader:
    """Reads many files below one root; use it in a `with` statement.

    Files of one folder that are read one after the other share its open descriptor.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = ""
        self._descriptor = -1

    def __enter__(self) -> FileReader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the folder that is open."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def read(self, relative: str, *, limit: int) -> bytes:
        """Like `read_file`."""
        folder, _, name = relative.rpartition("/")
        _refuse_odd_parts(relative)
        if self._descriptor < 0 or folder != self._folder:
            self.close()
            self._descriptor = open_folder(self._root, folder)
            self._folder = folder
        return _read_regular(self._descriptor, name, limit)


def open_folder(root: Path, relative: str) -> int:
    """A descriptor of a folder below `root` that the caller closes; no component is a link."""
    try:
        here = os.open(os.fsencode(root), _FOLDER & ~os.O_NOFOLLOW)
    except OSError as error:
        raise _problem(error) from None
    for part in relative.split("/") if relative else ():
        name = part.encode("utf-8", "surrogateescape")
        try:
            below = os.open(name, _FOLDER, dir_fd=here)
        except OSError as error:
            raise _folder_problem(error, name, here) from None
        finally:
            # `here` is only read above and in the handler, before this runs.
            os.close(here)
        here = below
    return here


def _read_regular(folder: int, name: str, limit: int) -> bytes:
    try:
        file = os.open(name.encode("utf-8", "surrogateescape"), _FILE, dir_fd=folder)
    except OSError as error:
        raise _problem(error) from None
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode):
            raise FileProblem(UNREADABLE, f"it is {_kind(found.st_mode)}, not a regular file")
        if found.st_size > limit:
            raise too_large(found.st_size, limit)
        data = _read_up_to(file, limit + 1)
    except OSError as error:
        raise _problem(error) from None
    finally:
        os.close(file)
    if len(data) > limit:
        raise too_large(len(data), limit)
    return data


def too_large(size: int, limit: int) -> FileProblem:
    """The problem of a file of at least `size` bytes."""
    return FileProblem(TOO_LARGE, f"the file has {size} bytes; at most {limit} are read")


def _read_up_to(file: int, most: int) -> bytes:
    parts = []
    while most > 0 and (part := os.read(file, min(most, 1 << 20))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def _refuse_odd_parts(relative: str) -> None:
    if "\0" in relative or any(part in {"", ".", ".."} for part in relative.split("/")):
        raise FileProblem(UNREADABLE, "the path is not one of a file below the root")


def _folder_problem(error: OSError, name: bytes, parent: int) -> FileProblem:
    # Linux answers "not a directory" for a link, too.
    if error.errno == errno.ENOTDIR:
        try:
            mode = os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode
        except OSError:
            return _problem(error)
        if stat.S_ISLNK(mode):
            return FileProblem(UNREADABLE, "a folder on its way is a symbolic link")
    return _problem(error)


def _problem(error: OSError) -> FileProblem:
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return FileProblem(MISSING, "there is no such file")
    if error.errno == errno.ELOOP:
        return FileProblem(UNREADABLE, "it is a symbolic link, which is not followed")
    return FileProblem(UNREADABLE, f"it can't be read: {error.strerror}")


def _kind(mode: int) -> str:
    kinds = (
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a named pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    )
    return next((word for test, word in kinds if test(mode)), "something else")
