"""Whether a schema that a user wrote can be judged with: in the subset, bounded, and complete."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from promptreg.model.data import Json, Route
from promptreg.store.schema_engine import BadSchemaError, Engine, compile_schema
from promptreg.store.schema_files import user_schema
from promptreg.store.schema_words import Violation, explain

MOST_NODES = 2_000
MOST_DEPTH = 32
MOST_BRANCHES = 10_000
MOST_VALUE_DEPTH = 64
_MOST_PROBLEMS = 20
_MOST_KEPT = 4_000
_TOO_DEEP = Violation(
    (),
    f"the schema has more than {MOST_DEPTH} levels of nesting",
    "move parts to `$defs`",
    "depth",
)


def schema_problems(schema: Json, route: Route) -> tuple[Violation, ...]:
    """Why a user's schema can't be used; `route` is where it stands in its document.

    The subset and its bounds are judged first, then references, patterns, and the whole.
    """
    try:
        text = json.dumps(schema)
        # Longer texts are rare, and a few of them would fill the memory.
        found = _problems(text) if len(text) <= _MOST_KEPT else _problems.__wrapped__(text)
    except RecursionError:
        found = (_TOO_DEEP,)
    return tuple(replace(one, route=(*route, *one.route)) for one in found) if found else ()


@lru_cache(maxsize=8192)
def _problems(text: str) -> tuple[Violation, ...]:
    """The problems of a schema as JSON text: a registry says the same thing many times."""
    schema: Json = json.loads(text)
    if is_deeper(schema, MOST_DEPTH):
        return (_TOO_DEEP,)
    if _is_larger(schema, MOST_NODES):
        message = f"the schema has more than {MOST_NODES} values"
        return (Violation((), message, "write less", "size"),)
    found = _off_subset(schema) or [*_bad_references(schema), *_bad_patterns(schema)]
    return tuple((found or _unusable(schema))[:_MOST_PROBLEMS])


def is_deeper(value: Json, most: int) -> bool:
    """Whether `value` has more than `most` levels of lists and mappings."""
    level = [value]
    for _ in range(most + 1):
        level = [one for one in level if isinstance(one, dict | list)]
        if not level:
            return False
        level = [child for one in level for child in _children(one)]
    return True


def _children(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _is_larger(value: Json, most: int) -> bool:
    count, left = 0, [value]
    while left:
        count += 1
        left.extend(_children(left.pop()))
        if count + len(left) > most:
            return True
    return False


def _off_subset(schema: Json) -> list[Violation]:
    rules = user_schema()
    failures = islice(_subset_engine()(schema), _MOST_PROBLEMS * 2)
    found = [one for failure in failures for one in explain(failure, rules, "the schema")]
    return list({(one.route, one.key): one for one in reversed(found)}.values())[::-1]


@cache
def _subset_engine() -> Engine:
    return compile_schema(user_schema())


def _bad_references(schema: Json) -> list[Violation]:
    """References to nothing, in circles, or that multiply without end."""
    defs = schema.get("$defs") if isinstance(schema, dict) else None
    known = defs if isinstance(defs, dict) else {}
    found = [
        Violation((*route, "$ref"), f"`{name}` names nothing", "define it under `$defs`", "$ref")
        for route, node in _schemas(schema)
        for name in [node.get("$ref")]
        if isinstance(name, str) and _target(name) not in known
    ]
    if found:
        return found
    sizes: dict[str, int] = {}
    for name in _in_order(known):
        if name is None:
            return [Violation(("$defs",), "references go round in a circle", "", "$ref")]
        sizes[name] = _branches(known[name], sizes)
    if _branches(schema, sizes) > MOST_BRANCHES or any(n > MOST_BRANCHES for n in sizes.values()):
        message = f"references multiply to more than {MOST_BRANCHES} branches"
        return [Violation((), message, "write fewer alternatives", "branches")]
    return []


def _in_order(defs: dict[str, Json]) -> Iterator[str | None]:
    """Names so that each comes after those it applies in place; None where there is a circle."""
    done: set[str] = set()
    waiting = dict.fromkeys(defs)
    needs = {name: {_target(ref) for ref in _in_place(node)} for name, node in defs.items()}
    while waiting:
        ready = [name for name in waiting if needs[name] <= done]
        if not ready:
            yield None
            return
        for name in ready:
            del waiting[name]
            done.add(name)
            yield name


def _branches(schema: Json, sizes: dict[str, int]) -> int:
    """How many schemas are applied to one and the same value."""
    return 1 + sum(sizes.get(_target(name), 0) + 1 for name in _in_place(schema))


def _in_place(schema: Json) -> list[str]:
    """The references that apply to the very value that `schema` is applied to."""
    names: list[str] = []
    left: list[Any] = [schema]
    while left:
        node = left.pop()
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                names.append(node["$ref"])
            left.append(node.get("not"))
            for keyword in ("allOf", "anyOf", "oneOf"):
                left.extend(node.get(keyword) or ())
    return names


def _target(reference: str) -> str:
    return reference.removeprefix("#/$defs/")


_MAPS = ("$defs", "properties", "patternProperties")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLES = ("additionalProperties", "propertyNames", "items", "contains", "not")


def _schemas(schema: Json) -> Iterator[tuple[Route, dict[str, Json]]]:
    """Every schema object within `schema`, itself included; never what stands in an enum."""
    left: list[tuple[Route, Any]] = [((), schema)]
    while left:
        route, node = left.pop()
        if not isinstance(node, dict):
            continue
        yield route, node
        for keyword in _MAPS:
            inner = node.get(keyword) or {}
            left.extend(((*route, keyword, name), child) for name, child in inner.items())
        for keyword in _LISTS:
            items = enumerate(node.get(keyword) or ())
            left.extend(((*route, keyword, index), child) for index, child in items)
        left.extend(((*route, keyword), node.get(keyword)) for keyword in _SINGLES)


def _bad_patterns(schema: Json) -> list[Violation]:
    found: list[Violation] = []
    for route, node in _schemas(schema):
        pattern = node.get("pattern")
        if isinstance(pattern, str) and not _is_linear(pattern):
            found.append(_bad_pattern((*route, "pattern")))
        keys = node.get("patternProperties")
        found += [
            _bad_pattern((*route, "patternProperties", key))
            for key in (keys if isinstance(keys, dict) else ())
            if not _is_linear(key)
        ]
    return found


def _bad_pattern(route: Route) -> Violation:
    message = "the pattern is no regular expression that runs in linear time"
    hint = "use no look-around, back-references or huge repetitions"
    return Violation(route, message, hint, "pattern")


_LOOK_AROUND = re.compile(r"\(\?(?:[=!]|<[=!]|P=|\()|\\[1-9]|\\k<")


@lru_cache(maxsize=512)
def _is_linear(pattern: str) -> bool:
    if _LOOK_AROUND.search(re.sub(r"\\\\", "", pattern)):
        return False
    try:
        compile_schema({"pattern": pattern})
    except BadSchemaError:
        return False
    return True


def _unusable(schema: Json) -> list[Violation]:
    try:
        compile_schema(schema)
    except BadSchemaError as error:
        return [Violation((), f"the schema can't be used: {str(error)[:200]}", "", "schema")]
    return []
