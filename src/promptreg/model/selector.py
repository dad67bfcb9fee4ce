"""Selectors: text that names an entry at a point (`support/triage@1.4.0`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from promptreg.errors import SelectorError
from promptreg.model.names import is_environment_name, name_problem
from promptreg.model.version import Range, Version, parse_range, parse_version

_MLFLOW = "prompts:/"
_SHOWN = 200
_FORMS = "NAME, NAME@1.4.0, NAME@^1.2, NAME@latest, NAME@production or NAME@git:REV are the forms"


@dataclass(frozen=True, slots=True)
class WorkingTree:
    """The files as they lie in the working tree."""

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Latest:
    """The highest release that is no pre-release."""

    def __str__(self) -> str:
        return "latest"


@dataclass(frozen=True, slots=True)
class InEnvironment:
    """The release that an environment points to."""

    environment: str

    def __str__(self) -> str:
        return self.environment


@dataclass(frozen=True, slots=True)
class AtRevision:
    """A git revision, not yet resolved."""

    revision: str

    def __str__(self) -> str:
        return f"git:{self.revision}"


Point: TypeAlias = WorkingTree | Version | Range | Latest | InEnvironment | AtRevision


@dataclass(frozen=True, slots=True)
class Selector:
    """An entry's name and a point."""

    name: str
    point: Point = WorkingTree()

    def __str__(self) -> str:
        return self.name if isinstance(self.point, WorkingTree) else f"{self.name}@{self.point}"


def parse_selector(text: str) -> Selector:
    """Read a selector, MLflow's `prompts:/NAME@ENV` and `prompts:/NAME/VERSION` included.

    Raises SelectorError that says what is wrong with it. Nothing is looked up.
    """
    plain = text.removeprefix(_MLFLOW)
    name, at, point = plain.partition("@")
    if plain != text and not at:
        # Only a version may follow the last slash: the rest of a name is never taken for one.
        name, _, version = plain.rpartition("/")
        _check_name(text, name)
        return Selector(name, parse_version(version))
    _check_name(text, name)
    return Selector(name, _point(text, point) if at else WorkingTree())


def _check_name(text: str, name: str) -> None:
    if problem := name_problem(name):
        raise SelectorError(f"`{text[:_SHOWN]}` is no selector: {problem}", hint=_FORMS)


def _point(text: str, point: str) -> Point:
    if point.startswith("git:") and point != "git:":
        return AtRevision(point.removeprefix("git:"))
    if point == "latest":
        return Latest()
    if point[:1] in {"^", "~", ">", "<", "="}:
        return parse_range(point)
    if is_environment_name(point):
        return InEnvironment(point)
    if point[:1].isascii() and (point[:1].isdigit() or point[:1] == "v"):
        return parse_version(point)
    raise SelectorError(f"`{text[:_SHOWN]}` is no selector: `@{point[:_SHOWN]}`", hint=_FORMS)
