"""One verdict from two engines: jsonschema-rs, or jsonschema where it has no wheel.

Nothing is ever fetched, and with jsonschema-rs patterns run in linear time. Formats are checked
only where asked for, as our own schemas do for dates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from promptreg.model.data import Json, Route


class BadSchemaError(ValueError):
    """The schema itself can't be used."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A keyword that didn't hold. `names` are unknown or missing keys, or the one bad key;
    `branches` what failed in each branch of anyOf and oneOf, or in a key's own schema.
    """

    keyword: str
    expected: Any
    instance: Any
    route: Route
    schema_path: Route
    names: tuple[str, ...] = ()
    branches: tuple[tuple[Failure, ...], ...] = ()


Engine: TypeAlias = Callable[[Json], Iterator[Failure]]


def compile_schema(schema: Json, *, formats: bool = False) -> Engine:
    """An engine for `schema`; BadSchemaError where it is none, or refers to what isn't there."""
    try:
        import jsonschema_rs  # noqa: F401, PLC0415 - heavy, and has no wheel on some platforms
    except ImportError:
        return compile_with_python(schema, formats=formats)
    return compile_with_rust(schema, formats=formats)


def compile_with_rust(schema: Any, *, formats: bool = False) -> Engine:
    """`compile_schema` by jsonschema-rs."""
    import jsonschema_rs  # noqa: PLC0415 - heavy, and has no wheel on some platforms

    try:
        validator = jsonschema_rs.Draft202012Validator(
            schema,
            validate_formats=formats,
            pattern_options=jsonschema_rs.RegexOptions(size_limit=_REGEX_BYTES),
            offline=True,
        )
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise BadSchemaError(str(error).partition("\n")[0]) from None

    def run(value: Json) -> Iterator[Failure]:
        return map(_from_rust, validator.iter_errors(value))

    return run


_REGEX_BYTES = 1_000_000


def _from_rust(error: Any) -> Failure:
    kind = error.kind
    keyword = kind.name
    names: tuple[str, ...] = ()
    branches: tuple[tuple[Failure, ...], ...] = ()
    expected = None
    if keyword == "required":
        names = (kind.property,)
    elif keyword in ("additionalProperties", "unevaluatedProperties"):
        names = tuple(kind.unexpected)
    elif keyword == "propertyNames":
        inner = _from_rust(kind.error)
        names, branches = (str(inner.instance),), ((inner,),)
    elif keyword in ("anyOf", "oneOf"):
        branches = tuple(tuple(map(_from_rust, branch)) for branch in kind.context)
    else:
        expected = kind.value
    return Failure(
        keyword=keyword,
        expected=expected,
        instance=error.instance,
        route=tuple(error.instance_path),
        schema_path=tuple(error.schema_path),
        names=names,
        branches=branches,
    )


def compile_with_python(schema: Json, *, formats: bool = False) -> Engine:
    """`compile_schema` by jsonschema; its patterns are Python's, with `$` only at the very end."""
    import jsonschema  # noqa: PLC0415 - heavy, and only the fallback
    from referencing import Registry  # noqa: PLC0415

    base: Any = jsonschema.Draft202012Validator
    validators: Any = jsonschema.validators
    try:
        base.check_schema(schema)
    except (jsonschema.SchemaError, RecursionError) as error:
        raise BadSchemaError(str(error).partition("\n")[0]) from None
    overrides = {"pattern": _pattern, "propertyNames": _property_names}
    validator_class = validators.extend(base, overrides)
    checker = jsonschema.FormatChecker(["date"]) if formats else None
    # An empty registry knows how to retrieve nothing.
    validator = validator_class(schema, registry=Registry(), format_checker=checker)

    def run(value: Json) -> Iterator[Failure]:
        return map(_from_python, validator.iter_errors(value))

    return run


def _from_python(error: Any) -> Failure:
    keyword = str(error.validator)
    names: tuple[str, ...] = ()
    branches: tuple[tuple[Failure, ...], ...] = ()
    if keyword == "required":
        names = tuple(name for name in error.validator_value if name not in error.instance)
    elif keyword == "dependentRequired":
        keyword = "required"
        names = tuple(
            name
            for key, needed in error.validator_value.items()
            if key in error.instance
            for name in needed
            if name not in error.instance
        )
    elif keyword == "additionalProperties" and isinstance(error.schema, dict):
        names = tuple(_unknown(error.instance, error.schema))
    elif keyword == "propertyNames":
        inner = _from_python(error.context[0])
        names, branches = (str(inner.instance),), ((inner,),)
    elif keyword in ("anyOf", "oneOf"):
        branches = _python_branches(error)
    return Failure(
        keyword="falseSchema" if error.validator is None else keyword,
        expected=error.validator_value,
        instance=error.instance,
        route=tuple(error.absolute_path),
        schema_path=tuple(error.absolute_schema_path),
        names=names,
        branches=branches,
    )


def _python_branches(error: Any) -> tuple[tuple[Failure, ...], ...]:
    groups: dict[Any, list[Failure]] = {index: [] for index in range(len(error.validator_value))}
    for inner in error.context:
        groups[inner.relative_schema_path[0]].append(_from_python(inner))
    return tuple(map(tuple, groups.values()))


def _unknown(instance: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    known = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    return [
        key
        for key in instance
        if key not in known and not any(re.search(pattern, key) for pattern in patterns)
    ]


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[Any]:
    from jsonschema import ValidationError  # noqa: PLC0415 - heavy, and only the fallback

    if isinstance(instance, str) and not re.search(_END.sub(r"\1\\Z", pattern), instance):
        yield ValidationError("the pattern does not match")


# A `$` that is neither escaped nor in a class means the very end, as it does in ECMA-262.
_END = re.compile(r"((?:\\.|\[(?:\\.|[^\]\\])*\]|[^\\\[$])*)\$")


def _property_names(validator: Any, schema: Any, instance: Any, _parent: Any) -> Iterator[Any]:
    from jsonschema import ValidationError  # noqa: PLC0415 - heavy, and only the fallback

    if not isinstance(instance, dict):
        return
    for key in instance:
        for inner in validator.descend(instance=key, schema=schema):
            yield ValidationError("a key does not fit", context=[inner])
