"""What one template text says about itself, as data."""

from __future__ import annotations

from dataclasses import dataclass

from promptreg.model.finding import Place
from promptreg.templates.problem import TemplateProblem


@dataclass(frozen=True, slots=True)
class Reference:
    """A template's mention of another: `kind` is include, import, from or extends.

    `visible` are the names bound where it stands; the other template sees them if `with_context`.
    """

    kind: str
    name: str
    place: Place
    with_context: bool
    ignore_missing: bool
    visible: frozenset[str]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The facts about a text. With problems the rest may be incomplete, never wrong.

    `variables` are the names it takes from its caller with the place of their first use,
    `assigned` the names that it binds at its top level, `literals` the quoted texts that hold
    unprintable characters, which a reader of the raw text doesn't see.
    """

    variables: tuple[tuple[str, Place], ...] = ()
    assigned: frozenset[str] = frozenset()
    references: tuple[Reference, ...] = ()
    literals: tuple[tuple[str, Place], ...] = ()
    problems: tuple[TemplateProblem, ...] = ()
