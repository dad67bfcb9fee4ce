"""Writes before they happen: values that can be printed, compared and applied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from promptreg.model.version import Bump
from promptreg.releases.tag import PREFIX, Release, format_message, format_object
from promptreg.store.git.commits import Signature
from promptreg.store.git.identity import signature_line


@dataclass(frozen=True, slots=True)
class CreateTag:
    """Create a release's tag; the ref must not exist."""

    release: Release
    text: str
    """What people say of it."""
    reasons: tuple[str, ...] = ()
    """Why it needs the bump that it makes, a sentence each."""
    required: Bump = Bump.NONE
    """The least bump that its changes need, whatever the version before was."""
    signed: bool = False
    """Whether the tag gets a signature, made with the user's key when it is applied."""

    @property
    def ref(self) -> str:
        """The full ref name."""
        return PREFIX + self.release.tag

    def message(self) -> str:
        """The tag's message, trailers included."""
        return format_message(self.release, self.text)

    def content(self, tagger: Signature) -> bytes:
        """The tag object."""
        return format_object(self.release, self.text, signature_line(tagger))


@dataclass(frozen=True, slots=True)
class FileEdit:
    """A file's new bytes, or None where it goes; the path is the repository's."""

    path: str
    content: bytes | None
    summary: str
    """What the edit means, in a line."""


@dataclass(frozen=True, slots=True)
class CommitFiles:
    """Commit some files on a branch that must still stand at `parent`."""

    ref: str
    parent: str
    edits: tuple[FileEdit, ...]
    message: str


@dataclass(frozen=True, slots=True)
class EditFiles:
    """Write files into the working tree and leave the commit to the person."""

    edits: tuple[FileEdit, ...]


Step: TypeAlias = CreateTag | CommitFiles | EditFiles


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a command would write."""

    title: str
    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()
    """What a person should know before or after it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a plan."""

    plan: Plan
    applied: bool
    """False for a dry run."""
    created: tuple[str, ...] = ()
    """Object ids of the tags and commits, in the plan's order."""
    push: str = ""
    """The command that publishes it."""
    pushed: bool = False
