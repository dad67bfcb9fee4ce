"""What a template's text says about itself as plain data and back, to the last detail."""

from __future__ import annotations

from typing import Any

from promptreg.model.finding import Place
from promptreg.templates.analysis import Analysis, Reference


def analysis_to_data(one: Analysis) -> list[Any]:
    """Plain data that `analysis_from_data` turns back into an equal analysis; it has no problems.

    Raises ValueError for one that has: what is wrong with a text is found out each time.
    """
    if one.problems:
        raise ValueError("an analysis with problems isn't kept")
    return [
        [_placed_to_data(*placed) for placed in one.variables],
        sorted(one.assigned),
        [_reference_to_data(reference) for reference in one.references],
        [_placed_to_data(*placed) for placed in one.literals],
    ]


def analysis_from_data(data: list[Any]) -> Analysis:
    """Raises TypeError or ValueError for what `analysis_to_data` never made."""
    variables, assigned, references, literals = data
    return Analysis(
        variables=tuple([_placed_from_data(one) for one in variables]),
        assigned=frozenset([_text(one) for one in assigned]),
        references=tuple([_reference_from_data(one) for one in references]),
        literals=tuple([_placed_from_data(one) for one in literals]),
    )


def _placed_to_data(name: str, place: Place) -> list[Any]:
    return [name, place.line, place.column]


def _placed_from_data(data: list[Any]) -> tuple[str, Place]:
    name, line, column = data
    return _text(name), _place(line, column)


def _reference_to_data(one: Reference) -> list[Any]:
    return [
        one.kind,
        one.name,
        one.place.line,
        one.place.column,
        one.with_context,
        one.ignore_missing,
        sorted(one.visible),
    ]


def _reference_from_data(data: list[Any]) -> Reference:
    kind, name, line, column, with_context, ignore_missing, visible = data
    if not (isinstance(with_context, bool) and isinstance(ignore_missing, bool)):
        raise TypeError("true or false is wanted")
    return Reference(
        kind=_text(kind),
        name=_text(name),
        place=_place(line, column),
        with_context=with_context,
        ignore_missing=ignore_missing,
        visible=frozenset([_text(one) for one in visible]),
    )


def _place(line: object, column: object) -> Place:
    if type(line) is int and type(column) is int:
        return Place(line, column)
    raise TypeError("a place has two numbers")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is wanted")
    return value
