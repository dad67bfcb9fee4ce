"""`lock`: what selectors mean, written down for those who use the registry."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from promptreg.checks.report import Report, excerpts_of
from promptreg.errors import RefusedError, UsageError
from promptreg.registry.configuration import read_configuration
from promptreg.registry.locate import located
from promptreg.registry.workspace import Workspace
from promptreg.releases.lock_file import LOCK, Lock, Locked, lock_text, read_lock
from promptreg.releases.locking import lock_findings, lock_selectors
from promptreg.store.atomic import write_file
from promptreg.store.files import MISSING, FileProblem, read_file


@dataclass(frozen=True, slots=True)
class LockRequest:
    """What is asked: selectors to lock (none means those of the file), and which file."""

    selectors: tuple[str, ...] = ()
    file: Path | None = None
    """None is `promptreg.lock` at the registry's root."""


@dataclass(frozen=True, slots=True)
class LockPlan:
    """What a lock holds, and what it would hold."""

    file: Path
    path: str
    """The file as people call it."""
    before: tuple[Locked, ...]
    after: tuple[Locked, ...]

    @property
    def changes(self) -> bool:
        """Whether the file would say something else."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class LockCheck:
    """A lock as it stands, and what is wrong with it."""

    path: str
    locked: tuple[Locked, ...]
    report: Report


def plan_lock(workspace: Workspace, request: LockRequest) -> LockPlan:
    """What `request` would write: the given selectors anew, and the others of the file as they are.

    Without selectors all of the file's are resolved anew. Raises UsageError where there are none,
    RefusedError for a file that can't be read and for a release that isn't what the file
    remembers, SelectorError for a selector of no release.
    """
    file, path = _file(workspace, request.file)
    lock = _read(workspace, file, path)
    if lock is not None and lock.text and not lock.locked and lock.findings:
        raise RefusedError(
            f"`{path}` can't be read: {lock.findings[0].message}",
            hint="mend it, or remove it and lock again",
        )
    before = lock.locked if lock else ()
    wanted = request.selectors or tuple(one.selector for one in before)
    if not wanted:
        raise UsageError(
            f"`{path}` locks nothing yet" if lock else f"there is no `{path}`",
            hint="`promptreg lock NAME@^1.0` locks a selector",
        )
    found = lock_selectors(workspace, wanted)
    _refuse_moved(before, found, path)
    known = {one.selector: one for one in (*before, *found)}
    return LockPlan(file, path, before, tuple(known[key] for key in sorted(known)))


def write_lock(plan: LockPlan) -> None:
    """Write the file, whole or not at all. Raises RefusedError where that is impossible."""
    write_file(plan.file.parent, plan.file.name, lock_text(plan.after).encode())


def check_lock(workspace: Workspace, request: LockRequest) -> LockCheck:
    """Compare a lock with the repository. Raises UsageError where there is none."""
    file, path = _file(workspace, request.file)
    lock = _read(workspace, file, path)
    if lock is None:
        raise UsageError(f"there is no `{path}`", hint="`promptreg lock NAME@^1.0` makes one")
    texts = {path: lock.text}
    findings = located(lock_findings(workspace, lock, path), texts)
    report = Report(path, findings, 0, 0, excerpts=excerpts_of(findings, texts))
    return LockCheck(path, lock.locked, report)


def _file(workspace: Workspace, file: Path | None) -> tuple[Path, str]:
    """The file, and what to call it: its path from the registry's root where it lies below."""
    absolute = Path(os.path.abspath(file)) if file else workspace.root / LOCK  # noqa: PTH100 - a link stays one
    if absolute.is_relative_to(workspace.root):
        return absolute, absolute.relative_to(workspace.root).as_posix()
    return absolute, str(file)


def _refuse_moved(before: Iterable[Locked], found: Iterable[Locked], path: str) -> None:
    """A lock that took over a tag that was made anew would forget what it is there to remember."""
    known = {(one.name, one.version): one for one in before}
    for one in found:
        old = known.get((one.name, one.version), one)
        if (old.digest, old.tag) != (one.digest, one.tag):
            raise RefusedError(
                f"`{one.name}` {one.version} isn't the release that `{path}` remembers",
                where=f"tag object {old.tag[:12]} in the lock, {one.tag[:12]} here",
                hint="`promptreg lock --check` tells more; where the new one is right, remove the "
                "entry from the file and lock it again",
            )


def _read(workspace: Workspace, file: Path, path: str) -> Lock | None:
    limits = read_configuration(workspace.working_tree()).limits
    try:
        content = read_file(file.parent, file.name, limit=limits.environment_bytes)
    except FileProblem as problem:
        if problem.rule == MISSING:
            return None
        raise RefusedError(f"`{path}` can't be read: {problem.message}") from None
    return read_lock(path, content)
