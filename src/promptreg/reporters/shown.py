"""What `show` tells about an entry."""

from __future__ import annotations

from dataclasses import dataclass

from promptreg.model.data import Json
from promptreg.model.version import Version
from promptreg.registry.users import User


@dataclass(frozen=True, slots=True)
class ShownInput:
    """An input of a prompt."""

    name: str
    type: str
    """In words: `string`, `array of object`, `one of "a", "b"`."""
    required: bool
    untrusted: bool
    has_default: bool
    default: Json
    description: str


@dataclass(frozen=True, slots=True)
class ShownPlaceholder:
    """A list of messages that callers pass."""

    name: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Contract:
    """What callers of a prompt rely on. Output and tools stand in the manifest."""

    inputs: tuple[ShownInput, ...]
    placeholders: tuple[ShownPlaceholder, ...]
    messages: tuple[str, ...]
    """Roles in their order; `placeholder NAME` for one."""
    locales: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownPin:
    """A prompt that an agent uses."""

    role: str
    selector: str
    resolves_to: str
    """Now: a version, `working tree` or a commit; empty where there is a problem."""
    released_with: str
    """The version that this release of the agent recorded; empty for no release."""
    problem: str


@dataclass(frozen=True, slots=True)
class ShownRelease:
    """A release, as its tag tells."""

    version: Version
    commit: str
    digest: str
    bump: str
    date: str
    by: str
    problem: str


@dataclass(frozen=True, slots=True)
class RunsSince:
    """An environment that runs the entry."""

    environment: str
    version: Version
    since: str
    by: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry at a point, and what is known about it now."""

    selector: str
    name: str
    kind: str
    """`prompt` or `agent`."""
    path: str
    commit: str
    """Empty for the working tree."""
    version: Version | None
    digest: str
    contact: str
    """How to reach its owner."""
    manifest: dict[str, Json]
    contract: Contract | None
    """None for an agent."""
    templates: tuple[str, ...]
    tests: int
    pins: tuple[ShownPin, ...]
    releases: tuple[ShownRelease, ...]
    """The newest, highest version first."""
    release_count: int
    environments: tuple[RunsSince, ...]
    used_by: tuple[User, ...]
    notes: tuple[str, ...]
