"""Writing files all-or-nothing, never through a link."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path

from promptreg.errors import RefusedError
from promptreg.store.files import FileProblem, open_folder
from promptreg.store.paths import path_problem

UNFINISHED = ".promptreg-{}.tmp"
"""The name of a file that is still being written; a killed write leaves it behind."""
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def write_file(root: Path, relative: str, data: bytes) -> None:
    """Put `data` at `relative` below `root`, whole or not at all, durably.

    Folders on the way are made. An existing regular file is replaced and keeps its mode; anything
    else there, or a link on the way, is a RefusedError.
    """
    folder, name = _folder_of(root, relative)
    try:
        mode = _mode_of(folder, name, relative)
        temporary = _write_beside(folder, data, mode, relative)
        _finish(folder, temporary, name, relative)
    finally:
        os.close(folder)


def create_new_file(root: Path, relative: str, data: bytes) -> None:
    """Like `write_file`, but RefusedError where anything exists at `relative`."""
    folder, name = _folder_of(root, relative)
    try:
        temporary = _write_beside(folder, data, None, relative)
        try:
            # Unlike a rename, a link never replaces what is there.
            os.link(temporary, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
            os.fsync(folder)
        except FileExistsError:
            raise RefusedError("the file exists already", where=relative) from None
        except OSError as error:
            raise _failed(error, relative) from None
        finally:
            _remove(folder, temporary)
    finally:
        os.close(folder)


def remove_file(root: Path, relative: str) -> None:
    """Remove the regular file at `relative` below `root`, durably; nothing there is fine too."""
    folder, name = _folder_of(root, relative)
    try:
        if _mode_of(folder, name, relative) is not None:
            os.unlink(name, dir_fd=folder)
            os.fsync(folder)
    except OSError as error:
        raise _failed(error, relative) from None
    finally:
        os.close(folder)


def _folder_of(root: Path, relative: str) -> tuple[int, bytes]:
    if problem := path_problem(relative):
        raise RefusedError(f"the path can't be written: {problem}", where=relative)
    folder, _, name = relative.rpartition("/")
    _make_folders(root, folder)
    try:
        return open_folder(root, folder), name.encode("utf-8")
    except FileProblem as problem:
        raise RefusedError(f"the file can't be written: {problem}", where=relative) from None


def _make_folders(root: Path, relative: str) -> None:
    """Make what is missing on the way, each folder from its opened parent."""
    made = ""
    for part in relative.split("/") if relative else ():
        try:
            parent = open_folder(root, made)
        except FileProblem as problem:
            raise RefusedError(f"the folder can't be used: {problem}", where=made) from None
        made = f"{made}/{part}" if made else part
        try:
            with contextlib.suppress(FileExistsError):
                os.mkdir(part.encode("utf-8"), dir_fd=parent)
                os.fsync(parent)
        except OSError as error:
            raise _failed(error, made) from None
        finally:
            os.close(parent)


def _mode_of(folder: int, name: bytes, relative: str) -> int | None:
    try:
        mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _failed(error, relative) from None
    if not stat.S_ISREG(mode):
        raise RefusedError("what is there is not a regular file", where=relative)
    return stat.S_IMODE(mode)


def _write_beside(folder: int, data: bytes, mode: int | None, relative: str) -> bytes:
    temporary = UNFINISHED.format(secrets.token_hex(8)).encode("ascii")
    try:
        file = os.open(temporary, _NEW, 0o666, dir_fd=folder)
    except OSError as error:
        raise _failed(error, relative) from None
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(file, view) :]
        if mode is not None:
            os.fchmod(file, mode)
        os.fsync(file)
    except BaseException as error:
        _remove(folder, temporary)
        if isinstance(error, OSError):
            raise _failed(error, relative) from None
        raise
    finally:
        os.close(file)
    return temporary


def _finish(folder: int, temporary: bytes, name: bytes, relative: str) -> None:
    try:
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        os.fsync(folder)
    except OSError as error:
        _remove(folder, temporary)
        raise _failed(error, relative) from None


def _remove(folder: int, temporary: bytes) -> None:
    with contextlib.suppress(OSError):
        os.unlink(temporary, dir_fd=folder)


def _failed(error: OSError, relative: str) -> RefusedError:
    hint = "free some space and run the command again" if error.errno == errno.ENOSPC else ""
    return RefusedError(f"the file can't be written: {error.strerror}", where=relative, hint=hint)
