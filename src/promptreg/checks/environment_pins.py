"""The releases that environment files name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from promptreg.checks.context import Context
from promptreg.model.environment import Pin, parse_environment
from promptreg.model.finding import Location


@dataclass(frozen=True, slots=True)
class EnvironmentPin:
    """One line of an environment file."""

    environment: str
    name: str
    pin: Pin
    path: str
    section: str
    """`releases`, or `suspended` where it doesn't run for the time being."""

    def at(self, key: str = "") -> Location:
        """The place of the line, or of `version` or `digest` in it."""
        return Location(self.path, (self.section, self.name, *([key] if key else ())))


def environment_pins(context: Context) -> Iterator[EnvironmentPin]:
    """Every pin of every environment of the tree, of what is suspended, too."""
    for document in context.documents("Environment"):
        environment = parse_environment(document.data)
        for section, name, pin in environment.lines():
            yield EnvironmentPin(environment.name, name, pin, document.path, section)
