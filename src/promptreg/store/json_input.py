"""Strict JSON, for input files: nothing is lost, doubled or rounded in silence."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from promptreg.errors import InputError
from promptreg.model.data import Json
from promptreg.store.yaml_scalars import LARGEST_INTEGER, shorten

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 64


def read_json(where: str, data: bytes, *, most_bytes: int = MOST_BYTES) -> Json:
    """The value in `data`; `where` names the file in the InputError.

    UTF-8 without a byte order mark; keys twice, NaN, Infinity, numbers that JSON can't carry
    exactly, half surrogates and more than MOST_DEPTH levels are refused.
    """
    if len(data) > most_bytes:
        _refuse(f"the input has more than {most_bytes} bytes", where, "pass less")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse(f"the input is not UTF-8 at byte {error.start}", where, "save it as UTF-8")
    if text.startswith("\ufeff"):
        _refuse("the input starts with a byte order mark", where, "save it without one")
    if _depth(text) > MOST_DEPTH:
        _refuse(f"the input has more than {MOST_DEPTH} levels of nesting", where, "nest less")
    try:
        value: Json = json.loads(
            text,
            object_pairs_hook=_no_key_twice,
            parse_constant=_no_constant,
            parse_int=_integer,
            parse_float=_float,
        )
        _check_surrogates(text, value)
    except _StrictError as error:
        _refuse(str(error), where, "")
    except json.JSONDecodeError as error:
        at = f"line {error.lineno}, column {error.colno}"
        _refuse(f"the input is no JSON at {at}: {error.msg}", where, "")
    return value


def read_inputs(where: str, data: bytes, *, most_bytes: int = MOST_BYTES) -> dict[str, Json]:
    """Inputs by name: `read_json` of a document that is an object."""
    value = read_json(where, data, most_bytes=most_bytes)
    if not isinstance(value, dict):
        _refuse("the inputs are no JSON object", where, 'write {"NAME": VALUE}')
    return value


class _StrictError(Exception):
    """JSON that Python would read, and we don't."""


def _refuse(what: str, where: str, hint: str) -> NoReturn:
    raise InputError(what, where=where, hint=hint)


# An unclosed text runs to the end, so that each character is looked at once.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


def _depth(text: str) -> int:
    """The deepest level of brackets, counted before anything recurses."""
    depth = deepest = 0
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token in ("[", "{"):
            depth += 1
            deepest = max(deepest, depth)
        elif token in ("]", "}"):
            depth -= 1
    return deepest


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _StrictError(f"the key `{shorten(key)}` is in the input twice")
            seen.add(key)
    return found


def _no_constant(word: str) -> NoReturn:
    raise _StrictError(f"the input holds {word}, which JSON doesn't have")


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(value := int(digits)) > LARGEST_INTEGER:
        message = f"the input holds {shorten(digits)}, which is too large to be exact"
        raise _StrictError(f"{message}; pass it as text")
    return value


def _float(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise _StrictError(f"the input holds {shorten(digits)}, which is too large")
    return value


def _check_surrogates(text: str, value: Json) -> None:
    if not re.search(r"\\u[dD][89a-fA-F]", text):
        return
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise _StrictError("the input holds half of a surrogate pair, which is no text") from None
