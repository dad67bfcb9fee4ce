"""What a person reads where a document doesn't fit: what was expected where, and what is there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from promptreg.model.data import Json, Route, format_route
from promptreg.model.names import did_you_mean
from promptreg.store.schema_engine import Failure

MOST_SHOWN = 60
"""Characters of a value that a message shows."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A place that doesn't fit. `route` of an unknown key leads to that key; of a missing one to
    where it should be. `key` tells violations at one route apart and outlives rewording.
    """

    route: Route
    message: str
    hint: str
    key: str


def explain(failure: Failure, schema: Json, root: str) -> Iterator[Violation]:
    """The violations that a failure means; `root` is the subject where the route is empty."""
    node = _node(schema, failure.schema_path[:-1])
    subject = f"`{format_route(failure.route)}`" if failure.route else root
    if failure.keyword == "required":
        for name in failure.names:
            yield _missing(failure.route, name, node)
    elif failure.keyword in ("additionalProperties", "unevaluatedProperties") and failure.names:
        for name in failure.names:
            yield _unknown(failure.route, name, node)
    elif failure.keyword == "propertyNames":
        yield _bad_key(failure, schema)
    elif failure.keyword in ("anyOf", "oneOf"):
        yield from _forms(failure, schema, subject, root)
    else:
        yield _broken(failure, node, subject)


def show(value: Any) -> str:
    """A value in a few words, at most MOST_SHOWN characters of it."""
    if isinstance(value, str):
        return f"`{_cut(value)}`" if value else "empty"
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    if isinstance(value, dict):
        keys = ", ".join(_cut(key, 20) for key in list(value)[:3])
        return f"a mapping with {_cut(keys)}" if value else "an empty mapping"
    return f"`{_cut(json.dumps(value))}`"


def _cut(text: str, most: int = MOST_SHOWN) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _missing(route: Route, name: str, node: dict[str, Any]) -> Violation:
    where = format_route((*route, name))
    properties = node.get("properties")
    about = properties.get(name) if isinstance(properties, dict) else None
    why = about.get("description") if isinstance(about, dict) else None
    hint = f"add `{_cut(name)}:`" + (f" ({why})" if why else "")
    return Violation(route, f"`{where}` is missing", hint, name)


def _unknown(route: Route, name: str, node: dict[str, Any]) -> Violation:
    known = node.get("properties")
    known = list(known) if isinstance(known, dict) else []
    hint = did_you_mean(name, known)
    if not hint and known:
        more = ", …" if len(known) > 12 else ""
        hint = "allowed here: " + ", ".join(known[:12]) + more
    where = f" in `{format_route(route)}`" if route else ""
    return Violation((*route, name), f"the key `{_cut(name)}` is unknown{where}", hint, name)


def _bad_key(failure: Failure, schema: Json) -> Violation:
    name = failure.names[0]
    inner = failure.branches[0][0]
    node = _node(schema, inner.schema_path[:-1])
    where = f" in `{format_route(failure.route)}`" if failure.route else ""
    what = _expectation(inner, node)
    return Violation((*failure.route, name), f"the key `{_cut(name)}`{where} {what}", "", name)


def _forms(failure: Failure, schema: Json, subject: str, root: str) -> Iterator[Violation]:
    """What is wrong with the form that fits best; of forms told apart by one key, which to add."""
    keys = [_only_key(schema, failure, index) for index in range(len(failure.branches))]
    instance = failure.instance
    if keys and all(keys) and isinstance(instance, dict):
        there = [key for key in keys if key in instance]
        names = " or ".join(f"`{key}`" for key in keys)
        where = f" in {subject}" if failure.route else ""
        if there:
            both = " and ".join(f"`{key}`" for key in there)
            message, hint = f"{both} exclude each other{where}", "keep one of them"
        else:
            message, hint = f"{names} is missing{where}", ""
        yield Violation(failure.route, message, hint, failure.keyword)
        return
    branches = [branch for branch in failure.branches if branch]
    if len(branches) < len(failure.branches) or not branches:
        message = f"{subject} fits more than one of the forms that exclude each other"
        yield Violation(failure.route, message, "make it fit one of them", failure.keyword)
        return
    depth = len(failure.route)
    for inner in min(branches, key=lambda branch: _distance(branch, depth)):
        yield from explain(inner, schema, root)


def _only_key(schema: Json, failure: Failure, index: int) -> str:
    """The key that a branch asks for, where it asks for nothing else."""
    branch = _node(schema, (*failure.schema_path, index))
    required = branch.get("required")
    if len(branch) == 1 and isinstance(required, list) and len(required) == 1:
        return str(required[0])
    return ""


def _distance(branch: tuple[Failure, ...], depth: int) -> tuple[int, int]:
    """How far a value at `depth` is from a branch: first by what tells branches apart."""
    worst = 1
    for failure in branch:
        below = len(failure.route) - depth
        if failure.keyword == "type" and below == 0:
            worst = max(worst, 4)
        elif failure.keyword in ("const", "enum") and below <= 1:
            worst = max(worst, 3)
        elif failure.keyword == "required" and below == 0:
            worst = max(worst, 2)
    return worst, len(branch)


def _broken(failure: Failure, node: dict[str, Any], subject: str) -> Violation:
    hint = ""
    value = failure.instance
    if failure.keyword == "enum" and isinstance(value, str):
        hint = did_you_mean(value, [one for one in failure.expected if isinstance(one, str)])
    elif failure.keyword in ("type", "const") and _wants_text(failure):
        hint = "put it in quotes"
    message = f"{subject} is {show(value)}; it {_expectation(failure, node)}"
    if failure.keyword == "type":
        message = f"{subject} {_expectation(failure, node)}, not {_kind_of(value)}"
    return Violation(failure.route, message, hint, failure.keyword)


def _wants_text(failure: Failure) -> bool:
    expected = failure.expected
    wanted = expected if isinstance(expected, list) else [expected]
    is_text = "string" in wanted if failure.keyword == "type" else isinstance(expected, str)
    return is_text and isinstance(failure.instance, bool | int | float)


_TYPES = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "null",
}


def _kind_of(value: Any) -> str:
    if isinstance(value, str):
        return f"the text {show(value)}" if value else "empty text"
    if isinstance(value, bool):
        return f"{show(value)}"
    if isinstance(value, int | float):
        return f"the number {show(value)}"
    return "null" if value is None else show(value)


def _either(words: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _expectation(failure: Failure, node: dict[str, Any]) -> str:
    """A phrase such as `has to be text`."""
    expected = failure.expected
    title = node.get("title") if isinstance(node.get("title"), str) else ""
    if failure.keyword == "not":
        what = expected.get("title") if isinstance(expected, dict) else ""
        return f"must not be {what}" if what else "fits a schema that it must not fit"
    if failure.keyword == "enum":
        shown = [show(one) for one in expected[:12]] + (["…"] if len(expected) > 12 else [])
        return f"has to be {_either(shown)}"
    if failure.keyword == "type":
        types = expected if isinstance(expected, list) else [expected]
        return f"has to be {title or _either([_TYPES.get(one, str(one)) for one in types])}"
    if failure.keyword in ("pattern", "format") and title:
        return f"has to be {title}"
    phrase = _PHRASES.get(failure.keyword)
    return phrase(expected) if phrase else f"breaks `{failure.keyword}`"


def _count(number: Any, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


_PHRASES: dict[str, Callable[[Any], str]] = {
    "const": lambda value: f"has to be {show(value)}",
    "pattern": lambda value: f"has to match `{_cut(str(value))}`",
    "format": lambda value: f"has to be a valid {value}",
    "minLength": lambda value: f"needs at least {_count(value, 'character')}",
    "maxLength": lambda value: f"may have at most {_count(value, 'character')}",
    "minItems": lambda value: f"needs at least {_count(value, 'item')}",
    "maxItems": lambda value: f"may have at most {_count(value, 'item')}",
    "minProperties": lambda value: f"needs at least {_count(value, 'key')}",
    "maxProperties": lambda value: f"may have at most {_count(value, 'key')}",
    "minimum": lambda value: f"has to be at least {value}",
    "maximum": lambda value: f"may be at most {value}",
    "exclusiveMinimum": lambda value: f"has to be more than {value}",
    "exclusiveMaximum": lambda value: f"has to be less than {value}",
    "multipleOf": lambda value: f"has to be a multiple of {value}",
    "uniqueItems": lambda _: "holds an item twice",
    "contains": lambda _: "lacks an item that the schema asks for",
    "falseSchema": lambda _: "is not allowed here",
}


def _node(schema: Json, path: Route) -> dict[str, Any]:
    """The schema object at `path`, references followed; empty where there is none."""
    node: Any = schema
    for step in path:
        if isinstance(node, dict):
            node = _inner(schema, node, str(step))
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        else:
            return {}
    return node if isinstance(node, dict) else {}


_MOST_HOPS = 20


def _inner(schema: Json, node: dict[str, Any], step: str) -> Any:
    """What stands at `step` of a schema object, or of the one that it refers to.

    jsonschema leaves `$ref` out of its paths. It may also be the name of a property.
    """
    for _ in range(_MOST_HOPS):
        reference = node.get("$ref")
        if step in node or not isinstance(reference, str):
            break
        node = _referred(schema, reference)
    inner = node.get(step)
    return _referred(schema, inner) if step == "$ref" and isinstance(inner, str) else inner


def _referred(schema: Json, reference: str) -> dict[str, Any]:
    node: Any = schema
    for step in reference.removeprefix("#/").split("/"):
        node = node.get(step) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else {}
