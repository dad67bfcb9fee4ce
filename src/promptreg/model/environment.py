"""An environment: which release of each entry runs there."""

from __future__ import annotations

from dataclasses import dataclass
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
class Environment:
    """A named pointer set."""

    name: str
    releases: dict[str, Pin]


def environment_path(name: str) -> str:
    """The file of an environment, relative to the registry's root."""
    return f"{FOLDER}/{name}.yaml"


def parse_environment(document: dict[str, Json]) -> Environment:
    """The environment that a document, already found to fit the schema, describes."""
    data = cast("dict[str, Any]", document)
    return Environment(
        name=data["name"],
        releases={
            name: Pin(parse_version(pin["version"]), pin["digest"])
            for name, pin in data["releases"].items()
        },
    )
