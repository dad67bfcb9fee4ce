"""The vocabulary of schema changes: effects, and one table of the kinds of facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from promptreg.model.data import Json, Route


class Effect(StrEnum):
    """What a fact does to the set of values that a schema accepts.

    NARROWED, WIDENED and NONE are promises; BOTH and UNKNOWN promise nothing.
    """

    NARROWED = "narrowed"
    """Head accepts nothing that base refused."""
    WIDENED = "widened"
    """Head refuses nothing that base accepted."""
    BOTH = "both"
    """Some values may be refused from now on, and others accepted."""
    NONE = "none"
    """The same values are accepted."""
    UNKNOWN = "unknown"
    """It can't be decided; whoever judges has to take it for BOTH."""


def joined(effects: Iterable[Effect]) -> Effect:
    """The effect of several facts together; NONE of no facts, UNKNOWN as soon as one is."""
    found = set(effects) - {Effect.NONE}
    if Effect.UNKNOWN in found:
        return Effect.UNKNOWN
    return found.pop() if len(found) == 1 else Effect.BOTH if found else Effect.NONE


def mirrored(effect: Effect) -> Effect:
    """The effect of the same fact with its sides swapped, or within a `not`."""
    swapped = {Effect.NARROWED: Effect.WIDENED, Effect.WIDENED: Effect.NARROWED}
    return swapped.get(effect, effect)


@dataclass(frozen=True, slots=True)
class SchemaKind:
    """A kind of fact about a schema. With swapped sides the same fact is of kind `opposite`."""

    name: str
    headline: str
    opposite: str


def _alone(name: str, headline: str) -> tuple[SchemaKind, ...]:
    return (SchemaKind(name, headline, name),)


def _twins(
    one: tuple[str, str],
    other: tuple[str, str],
) -> tuple[SchemaKind, ...]:
    return (SchemaKind(*one, other[0]), SchemaKind(*other, one[0]))


_TABLE = (
    _twins(
        ("type-narrowed", "fewer types are allowed"),
        ("type-widened", "more types are allowed"),
    ),
    _alone("type-changed", "other types are allowed"),
    _twins(
        ("enum-added", "only listed values are allowed from now on"),
        ("enum-removed", "values are no longer held to a list"),
    ),
    _twins(
        ("enum-value-added", "a value was added to the list"),
        ("enum-value-removed", "a value was taken off the list"),
    ),
    _twins(
        ("const-added", "a single value is allowed from now on"),
        ("const-removed", "more than the single value is allowed"),
    ),
    _alone("const-changed", "another single value is allowed"),
    _twins(
        ("bound-added", "a bound was added"),
        ("bound-removed", "a bound was removed"),
    ),
    _twins(
        ("bound-tightened", "a bound was tightened"),
        ("bound-loosened", "a bound was loosened"),
    ),
    _alone("bound-changed", "numbers have to be multiples of another number"),
    _twins(
        ("pattern-added", "text has to match a pattern"),
        ("pattern-removed", "text no longer has to match a pattern"),
    ),
    _alone("pattern-changed", "text has to match another pattern"),
    _twins(
        ("required-property-added", "a required property was added"),
        ("required-property-removed", "a required property was removed"),
    ),
    _twins(
        ("optional-property-added", "an optional property was added"),
        ("optional-property-removed", "an optional property was removed"),
    ),
    _twins(
        ("property-became-required", "a property became required"),
        ("property-became-optional", "a property became optional"),
    ),
    _twins(
        ("dependency-added", "a property needs another one"),
        ("dependency-removed", "a property no longer needs another one"),
    ),
    _twins(
        ("additional-properties-forbidden", "properties that are not listed are refused"),
        ("additional-properties-allowed", "properties that are not listed are allowed"),
    ),
    _alone("additional-properties-changed", "properties that are not listed have another schema"),
    _twins(
        ("pattern-property-added", "properties whose names match a pattern have a schema"),
        ("pattern-property-removed", "names that match a pattern have no schema any more"),
    ),
    _twins(
        ("property-names-added", "the names of properties are judged"),
        ("property-names-removed", "the names of properties are no longer judged"),
    ),
    _twins(
        ("items-added", "the items of a list have a schema"),
        ("items-removed", "the items of a list have no schema any more"),
    ),
    _twins(
        ("prefix-item-added", "the item at a position has a schema of its own"),
        ("prefix-item-removed", "the item at a position has no schema of its own any more"),
    ),
    _twins(
        ("contains-added", "some items have to fit a schema"),
        ("contains-removed", "no items have to fit a schema any more"),
    ),
    _alone("contains-changed", "some items have to fit another schema"),
    _twins(
        ("unique-items-added", "the items of a list have to differ"),
        ("unique-items-removed", "the items of a list no longer have to differ"),
    ),
    _twins(
        ("condition-added", "one more schema has to fit"),
        ("condition-removed", "one schema less has to fit"),
    ),
    _twins(
        ("alternatives-added", "one of several schemas has to fit"),
        ("alternatives-removed", "none of several schemas has to fit any more"),
    ),
    _twins(
        ("alternative-added", "an alternative was added"),
        ("alternative-removed", "an alternative was removed"),
    ),
    _alone("alternatives-changed", "exactly one of other schemas has to fit"),
    _twins(
        ("exclusion-added", "values that fit a schema are refused"),
        ("exclusion-removed", "values that fit a schema are no longer refused"),
    ),
    _alone("exclusion-changed", "values that fit another schema are refused"),
    _twins(
        ("forbidden", "no value is allowed any more"),
        ("allowed", "values are allowed where none was"),
    ),
    _twins(
        ("default-added", "a default was added"),
        ("default-removed", "a default was removed"),
    ),
    _alone("default-changed", "the default changed"),
    _alone("format-changed", "the format, which is a remark, changed"),
    _alone("deprecation-changed", "it is, or is no longer, deprecated"),
    _alone("described", "a description, title, comment or example changed"),
    _alone("extension-changed", "an extension key changed"),
    _twins(
        ("definition-added", "a definition that nothing uses was added"),
        ("definition-removed", "a definition that nothing uses was removed"),
    ),
    _alone("definition-changed", "a definition that nothing uses changed"),
    _alone("restated", "the same is said in other words"),
    _alone("undecided", "what changed here can't be judged"),
    _alone("not-compared", "the schema is too deep or too large to be compared in full"),
    _alone("more-changed", "there are more changes than are listed"),
)

SCHEMA_KINDS = {kind.name: kind for group in _TABLE for kind in group}
"""Every kind of fact by its name."""


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One fact about two schemas, which has no opinion.

    `route` leads there from the top of the schema, through the place of use where there is a
    `$ref`; in head, or in base where something was removed. A property that became required or
    optional is at `properties`, its name, wherever it is declared. `before` and `after` are what
    the keyword holds (None where it is absent), or the schema, value or name that came or went.
    """

    kind: str
    route: Route
    before: Json
    after: Json
    effect: Effect


def total_effect(changes: Iterable[SchemaChange]) -> Effect:
    """The effect of all changes together, as `joined` says."""
    return joined(change.effect for change in changes)
