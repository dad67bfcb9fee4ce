"""What every write of an environment's file shares: where it is, its text, and the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from promptreg.errors import RefusedError, UsageError
from promptreg.model.configuration import Configuration
from promptreg.model.environment import Environment, environment_path
from promptreg.model.finding import Severity
from promptreg.registry.workspace import Workspace
from promptreg.releases.environment_text import new_environment_text, read_environment_text
from promptreg.releases.environments import Line, environments_line, unknown_environment
from promptreg.releases.plan import CommitFiles, EditFiles, FileEdit, Plan
from promptreg.store.codepoints import check_text
from promptreg.store.files import FileProblem
from promptreg.store.git.repository import head
from promptreg.store.text import describe

HEADS = "refs/heads/"
LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Opened:
    """An environment that is going to be changed, as committed."""

    line: Line
    text: str
    environment: Environment
    commit: bool
    """False leaves the edited file to the person, for a pull request."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The file's new text and what people read of it."""

    text: str
    summary: str
    title: str
    trailers: tuple[str, ...]
    reason: str = ""


def open_environment(
    workspace: Workspace, configuration: Configuration, name: str, *, commit: bool
) -> Opened:
    """An environment and the branch that it can be changed on, which need not be checked out.

    Raises SelectorError for an unknown environment, RefusedError where there is no branch to commit
    to, `commit` is false and the branch isn't checked out, or the file is broken.
    """
    if name not in configuration.environments:
        raise unknown_environment(configuration, name)
    line = environments_line(workspace, configuration)
    if not line.ref.startswith(HEADS):
        raise _no_branch(configuration, line.ref)
    if not commit and line.ref != head(workspace.git).branch:
        branch = line.ref.removeprefix(HEADS)
        raise RefusedError(
            f"environments live on `{branch}`, which isn't checked out",
            hint=f"`git switch {branch}` goes there; without `--no-commit` it isn't needed",
        )
    text = _text(workspace, configuration, name, line.commit) or new_environment_text(name)
    return Opened(line, text, read_environment_text(name, text.encode()), commit)


def plan_edit(workspace: Workspace, opened: Opened, edit: Edit) -> Plan:
    """The plan that writes the edited file: a commit of its own, or only the file."""
    path = workspace.prefix + environment_path(opened.environment.name)
    edits = (FileEdit(path, edit.text.encode(), edit.summary),)
    if not opened.commit:
        return Plan(edit.title, (EditFiles(edits),), ("the file is changed, not committed",))
    message = commit_message(edit.title, edit.trailers, edit.reason)
    return Plan(edit.title, (CommitFiles(opened.line.ref, opened.line.commit, edits, message),))


def commit_message(title: str, trailers: Sequence[str], reason: str) -> str:
    """A commit's message; the reason is its last trailer, in one line."""
    said = [f"Promptreg-Reason: {' '.join(reason.split())}"] if reason.split() else []
    return f"{title}\n\n" + "\n".join([*trailers, *said]) + "\n"


def one_line(reason: str) -> str:
    """A reason that a file shall hold, in one line. Raises UsageError where none can be kept."""
    said = " ".join(reason.split())
    if not said:
        raise UsageError("say why", hint='`--reason "..."`; it is recorded and shown')
    if len(said) > LONGEST_REASON:
        raise UsageError(
            f"the reason has {len(said)} characters",
            hint=f"it may have {LONGEST_REASON}; a link tells more",
        )
    odd = [one.codepoint for one in check_text(said) if one.severity is Severity.ERROR]
    odd += [one for one in said if "\ud800" <= one <= "\udfff"]
    if odd:
        what = "bytes that are no UTF-8" if "\ud800" <= odd[0] <= "\udfff" else describe(odd[0])
        raise UsageError(f"the reason holds {what}", hint="write it in characters that people see")
    return said


def _text(workspace: Workspace, configuration: Configuration, environment: str, commit: str) -> str:
    try:
        content = workspace.revision(commit).read(
            environment_path(environment), limit=configuration.limits.environment_bytes
        )
    except FileProblem as problem:
        if problem.rule == "missing":
            return ""
        raise RefusedError(
            f"`{environment_path(environment)}` can't be read: {problem.message}"
        ) from None
    read_environment_text(environment, content)
    return content.decode()


def _no_branch(configuration: Configuration, ref: str) -> RefusedError:
    branch = configuration.environments_branch
    if branch:
        return RefusedError(
            f"`{branch}` exists only as `{ref}`; it can't be committed to",
            hint=f"`git branch {branch} {ref.removeprefix('refs/remotes/')}` makes it yours",
        )
    return RefusedError(
        "HEAD is detached, so there is no branch to commit the environment to",
        hint="`git switch BRANCH` goes to one",
    )
