"""Taking turns: of the promptreg processes of one repository, one writes at a time."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Iterator

from promptreg.errors import GitError
from promptreg.store.git.repository import Repository

_SECONDS = 120.0
_PAUSE = 0.02
_BUSY = frozenset({errno.EAGAIN, errno.EACCES})


@contextlib.contextmanager
def turn(repo: Repository) -> Iterator[None]:
    """Be the only promptreg that writes to the repository, its worktrees included.

    Nothing is left behind by who is killed: the kernel's lock on the folder ends with its process.
    GitError where another process doesn't end. File systems without such locks (some NFS) are
    written to all the same; git's own locks and the old values of refs hold there.
    """
    folder = os.open(repo.common_dir, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _wait(repo, folder)
        yield
    finally:
        os.close(folder)


def _wait(repo: Repository, folder: int) -> None:
    ends = time.monotonic() + _SECONDS
    while True:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in _BUSY:
                return
            if time.monotonic() > ends:
                raise GitError(
                    f"another promptreg has been writing here for {_SECONDS:g} s; nothing was changed",
                    where=str(repo.common_dir),
                    hint="a push may take long; run the command again when it has ended",
                ) from None
            time.sleep(_PAUSE)
        else:
            return
