"""An environment: which release of each entry runs there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from promptreg.model.data import Json
from promptreg.model.version import Version, parse_version

FOLDER = "environments"
"""Where the files lie, below the registry's root."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A release as a file remembers it; the digest shows a tag that was moved since."""

    version: Version
    digest: str


@dataclass(frozen=True, slots=True)
class Suspension:
    """A release that was taken out of an environment for the time being."""

    pin: Pin
    """What ran."""
    reason: str


@dataclass(frozen=True, slots=True)
class Environment:
    """A named pointer set."""

    name: str
    releases: dict[str, Pin]
    suspended: dict[str, Suspension] = field(default_factory=dict)
    """What doesn't run for the time being; no name is in `releases`, too, in a file without
    findings."""
    frozen: str | None = None
    """Why nothing may be promoted; None where it may."""

    @property
    def torn(self) -> tuple[str, ...]:
        """Names that are said both to run and not to, sorted: nobody can tell which is meant."""
        return tuple(sorted(self.releases.keys() & self.suspended.keys()))

    def lines(self) -> Iterator[tuple[str, str, Pin]]:
        """The section (`releases` or `suspended`), name and release of every line."""
        yield from (("releases", name, pin) for name, pin in self.releases.items())
        yield from (("suspended", name, one.pin) for name, one in self.suspended.items())


def environment_path(name: str) -> str:
    """The file of an environment, relative to the registry's root."""
    return f"{FOLDER}/{name}.yaml"


def parse_environment(document: dict[str, Json]) -> Environment:
    """The environment that a document, already found to fit the schema, describes."""
    data = cast("dict[str, Any]", document)
    frozen = data.get("frozen")
    return Environment(
        name=data["name"],
        releases={name: _pin(pin) for name, pin in data["releases"].items()},
        suspended={
            name: Suspension(_pin(said), said["reason"])
            for name, said in data.get("suspended", {}).items()
        },
        frozen=None if frozen is None else frozen["reason"],
    )


def _pin(said: dict[str, Any]) -> Pin:
    return Pin(parse_version(said["version"]), said["digest"])
