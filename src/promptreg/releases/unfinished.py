"""A note in the git folder while a write is under way, so that one that broke off is finished.

The refs of a write move in one transaction, and files on disk follow. Whoever is killed between
the two leaves files that look like a change of their own; the note tells them apart.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from typing import Any

from promptreg.errors import GitError, PromptregError
from promptreg.releases.plan import CommitFiles, CreateTag, EditFiles, FileEdit, Plan, Step
from promptreg.releases.tag import MAX_TAG_BYTES, PREFIX, parse_object
from promptreg.store.atomic import remove_file, write_file
from promptreg.store.files import FileProblem, read_file
from promptreg.store.git.commits import Signature
from promptreg.store.git.listing import blobs_of
from promptreg.store.git.objects import ObjectReader
from promptreg.store.git.process import NoAnswerError
from promptreg.store.git.refs import refs_at
from promptreg.store.git.repository import Repository, head
from promptreg.store.git.revisions import is_ancestor
from promptreg.store.git.staging import (
    Replaced,
    bring_up_to_date,
    left_behind,
    sweep,
    write_changes,
)
from promptreg.store.git.transaction import MovedError, RefUpdate, update_refs
from promptreg.store.git.writing import FileChange
from promptreg.store.paths import path_problem

NOTE = "promptreg-unfinished.json"
_LIMIT = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Made:
    """What a write moves: refs, then the files that follow them on disk.

    `staged`: the files are committed by it and go into the index, too.
    """

    updates: tuple[RefUpdate, ...]
    files: tuple[Replaced, ...] = ()
    staged: bool = True


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A write that broke off. `request` tells the same command again; `head` is where it began."""

    request: str
    head: str
    plan: Plan
    made: Made


def remember(repo: Repository, request: str, plan: Plan, made: Made) -> None:
    """Write the note: call it with the turn, once all objects are there and before a ref moves."""
    note = {
        "request": request,
        "head": head(repo).commit,
        "title": plan.title,
        "notes": plan.notes,
        "steps": [_step_json(step) for step in plan.steps],
        "updates": [(one.name, one.new, one.old) for one in made.updates],
        "files": [(one.path, one.old, one.new) for one in made.files],
        "staged": made.staged,
    }
    data = json.dumps(note, indent=1).encode("utf-8", "surrogateescape")
    write_file(repo.git_dir, NOTE, data)


def move_refs(repo: Repository, made: Made, *, by: Signature, reason: str) -> None:
    """Move the refs of the write that was remembered; its note goes where none has moved.

    A note that stayed would let the next of the same requests pass for done.
    """
    try:
        update_refs(repo, made.updates, by=by, reason=reason)
    except MovedError:
        forget(repo)
        raise
    except PromptregError:
        now = refs_at(repo, *(one.name for one in made.updates))
        if all(now.get(one.name, "") == one.old for one in made.updates):
            forget(repo)
        raise


def forget(repo: Repository) -> None:
    """Remove the note: nothing is under way any more. One that stays does no harm."""
    with contextlib.suppress(PromptregError, OSError):
        remove_file(repo.git_dir, NOTE)


def is_unfinished(repo: Repository) -> bool:
    """Whether a write is under way, or broke off."""
    return (repo.git_dir / NOTE).exists()


def settle(repo: Repository, by: Signature) -> Unfinished | None:
    """Finish what broke off; call it with the turn. What it was, or None where nothing was done.

    Where no ref had moved, everything is as before. Where one had, the others and the files follow;
    a file that a person has edited since is left alone.
    """
    if not is_unfinished(repo):
        sweep(repo)
        return None
    found = _read(repo)
    done = found is not None and _finish(repo, found, by)
    sweep(repo, tuple(one.path for one in found.made.files) if found else ())
    forget(repo)
    return found if done else None


def put_files(repo: Repository, made: Made) -> None:
    """Let the files follow that broke off on the way, as far as nobody edited them since."""
    now = head(repo).commit
    if not made.files or not now:
        return
    at_head = blobs_of(repo, now, [one.path for one in made.files])
    waiting = [
        one
        for one in left_behind(repo, made.files, staged=made.staged)
        if not made.staged or at_head.get(one.path, "") == one.new
    ]
    with ObjectReader(repo) as reader:
        datas = {
            oid: reader.read(oid, limit=_LIMIT).data for oid in {one.new for one in waiting} - {""}
        }
    changes = tuple(FileChange(one.path, datas.get(one.new)) for one in waiting)
    if made.staged:
        bring_up_to_date(repo, now, changes)
    else:
        write_changes(repo, changes)


def _finish(repo: Repository, found: Unfinished, by: Signature) -> bool:
    made = found.made
    now = refs_at(repo, *(one.name for one in made.updates)) if made.updates else {}
    moved = [one for one in made.updates if _stands(repo, now.get(one.name, ""), one)]
    if made.updates and not moved:
        # Nothing had happened, or a refused push was being taken back.
        put_files(repo, Made((), tuple(one.back for one in made.files), made.staged))
        return False
    if not made.updates and len(left_behind(repo, made.files, staged=False)) == len(made.files):
        return False
    rest = [one for one in made.updates if one not in moved and now.get(one.name, "") == one.old]
    if rest:
        update_refs(repo, rest, by=by, reason=f"promptreg: finish {found.plan.title}")
    put_files(repo, made)
    return True


def _stands(repo: Repository, now: str, update: RefUpdate) -> bool:
    """Whether the ref stands where the write put it, or a branch has gone on from there."""
    if now == update.new or not now or not update.old:
        return now == update.new
    try:
        return is_ancestor(repo, update.new, now)
    except NoAnswerError:
        raise
    except GitError:
        return False  # a shallow clone can't tell, or the object is gone


def _read(repo: Repository) -> Unfinished | None:
    """The note; None where it isn't one that `remember` wrote whole."""
    try:
        data = read_file(repo.git_dir, NOTE, limit=_LIMIT)
        note = json.loads(data.decode("utf-8", "surrogateescape"))
        updates = tuple(RefUpdate(*map(str, one)) for one in note["updates"])
        files = tuple(Replaced(*map(str, one)) for one in note["files"])
        if any(path_problem(one.path) for one in files):
            return None
        objects = {update.name: update.new for update in updates}
        steps = tuple(_step(repo, step, objects) for step in note["steps"])
        notes = tuple(str(one) for one in note["notes"])
        plan = Plan(str(note["title"]), steps, notes)
        made = Made(updates, files, bool(note["staged"]))
        return Unfinished(str(note["request"]), str(note["head"]), plan, made)
    except NoAnswerError:
        raise
    except (OSError, ValueError, TypeError, LookupError, RecursionError, FileProblem, GitError):
        return None


def _step_json(step: Step) -> dict[str, Any]:
    if isinstance(step, CreateTag):
        return {"tag": step.ref, "reasons": step.reasons}
    edits = [(edit.path, edit.summary) for edit in step.edits]
    if isinstance(step, EditFiles):
        return {"edits": edits}
    return {"branch": step.ref, "parent": step.parent, "edits": edits, "message": step.message}


def _step(repo: Repository, said: dict[str, Any], objects: dict[str, str]) -> Step:
    """The step, to be told once more; the contents of its files aren't."""
    if "tag" in said:
        ref = str(said["tag"])
        with ObjectReader(repo) as reader:
            read = reader.read(objects[ref], limit=MAX_TAG_BYTES)
        release = parse_object(ref.removeprefix(PREFIX), read.oid, read.kind, read.data or b"")
        if release is None:
            raise ValueError(ref)
        return CreateTag(release, release.message, tuple(map(str, said["reasons"])))
    edits = tuple(FileEdit(str(path), None, str(summary)) for path, summary in said["edits"])
    if "branch" not in said:
        return EditFiles(edits)
    return CommitFiles(str(said["branch"]), str(said["parent"]), edits, str(said["message"]))
