"""Filters and methods whose result can be far larger than what goes in, each with its bound."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import Environment, pass_environment, pass_eval_context
from jinja2 import filters as plain
from jinja2.runtime import Undefined

from promptreg.templates import limits
from promptreg.templates.allowed import words
from promptreg.templates.metering import Meter, TemplateLimit, check_size, measure

PADDING = words("center expandtabs ljust rjust zfill")
TEXT_FILTERS = words(
    "capitalize center e escape indent lower replace striptags title trim truncate upper "
    "wordcount wordwrap string"
)
"""Filters that turn their value into text; they get it through the meter."""


def bounded_filters(meter: Meter) -> dict[str, Callable[..., Any]]:
    """Our own versions of filters, by name; `meter` turns values into text."""

    @pass_environment
    def join(
        environment: Environment, value: Iterable[Any], d: str = "", attribute: Any = None
    ) -> str:
        if attribute is not None:
            value = map(plain.make_attrgetter(environment, attribute), value)
        return joined(meter, value, meter.text(d))

    @pass_environment
    def total(
        environment: Environment, iterable: Iterable[Any], attribute: Any = None, start: Any = 0
    ) -> Any:
        if attribute is not None:
            iterable = map(plain.make_attrgetter(environment, attribute), iterable)
        for item in iterable:
            start = add(start, item)
        return start

    return {"join": join, "sum": total, "tojson": to_json, **_PLAIN_BOUNDED}


def joined(meter: Meter, values: Iterable[Any], between: str = "") -> str:
    """The texts of `values` with `between` in between, measured before they are joined."""
    texts = []
    size = 0
    for value in values:
        text = meter.text(value)
        size += len(text) + len(between)
        check_size(size)
        texts.append(text)
    return between.join(texts)


def add(left: Any, right: Any) -> Any:
    """`left + right`, where the sum is of a bearable size."""
    if isinstance(left, (str, list, tuple)) and isinstance(right, (str, list, tuple)):
        _check(left, len(left) + len(right))
    return small(left + right)


def multiply(left: Any, right: Any) -> Any:
    """`left * right`, where the product is of a bearable size."""
    for value, times in ((left, right), (right, left)):
        if isinstance(value, (str, list, tuple)) and isinstance(times, int):
            _check(value, len(value) * max(times, 0))
    return small(left * right)


def power(left: Any, right: Any) -> Any:
    """`left ** right`, where the power is of a bearable size."""
    if isinstance(left, int) and isinstance(right, int):
        if max(left.bit_length(), 1) * abs(right) > limits.MAX_BITS and abs(left) > 1:
            raise TemplateLimit(f"a number has at most {limits.MAX_BITS} binary digits")
        if abs(right) > limits.MAX_NUMBER:
            raise TemplateLimit("this exponent is too large")
    return left**right


def remainder(left: Any, right: Any) -> Any:
    """`left % right` of numbers; text isn't formatted with it, for its widths are unbounded."""
    if isinstance(left, str):
        raise TemplateLimit("text can't be formatted with `%` here; join text with `~`")
    return left % right


def small(value: Any) -> Any:
    """`value`, where it isn't a number of thousands of digits."""
    if isinstance(value, int) and value.bit_length() > limits.MAX_BITS:
        raise TemplateLimit(f"a number has at most {limits.MAX_BITS} binary digits")
    return value


def check_method(owner: str, name: str, arguments: tuple[Any, ...]) -> None:
    """Stop a method of a text whose result would be too large."""
    if name in PADDING:
        _check_width(*arguments[:1])
        if name == "expandtabs" and arguments and isinstance(arguments[0], int):
            check_size(len(owner) + owner.count("\t") * max(arguments[0], 0))
    elif name == "replace" and len(arguments) > 1:
        _check_replacement(owner, *arguments[:2])


def to_json(value: Any, indent: int | None = None) -> str:
    """Plain JSON: keys in their order, characters as they are, nothing escaped for HTML."""
    if isinstance(value, Undefined):
        str(value)  # raises, and names what is missing
    measure(value)
    if indent is not None and not 0 <= indent <= 16:
        raise TemplateLimit("`tojson` indents by 0 to 16 columns")
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)


def _center(value: str, width: int = 80) -> str:
    _check_width(width)
    return plain.do_center(value, width)


def _indent(s: str, width: int | str = 4, first: bool = False, blank: bool = False) -> str:  # noqa: FBT001, FBT002 - Jinja's signature
    _check_width(width if isinstance(width, int) else len(width))
    columns = width if isinstance(width, int) else len(width)
    check_size(len(s) + (s.count("\n") + 1) * max(columns, 0))
    return plain.do_indent(s, width, first, blank)


@pass_environment
def _wordwrap(
    environment: Environment,
    s: str,
    width: int = 79,
    break_long_words: bool = True,  # noqa: FBT001, FBT002 - Jinja's signature
    wrapstring: str | None = None,
    break_on_hyphens: bool = True,  # noqa: FBT001, FBT002
) -> str:
    _check_width(width)
    lines = len(s) // max(width, 1) + s.count(" ") + s.count("-") + s.count("\n") + 1
    check_size(len(s) + lines * len(wrapstring or "\n"))
    return plain.do_wordwrap(environment, s, width, break_long_words, wrapstring, break_on_hyphens)


@pass_eval_context
def _replace(eval_ctx: Any, s: str, old: str, new: str, count: int | None = None) -> str:
    _check_replacement(s, str(old), str(new))
    return plain.do_replace(eval_ctx, s, old, new, count)


def _batch(value: Iterable[Any], linecount: int, fill_with: Any = None) -> Iterable[Any]:
    _check_count(linecount)
    return plain.do_batch(value, linecount, fill_with)


def _slice(value: Any, slices: int, fill_with: Any = None) -> Iterable[Any]:
    _check_count(slices)
    return plain.sync_do_slice(value, slices, fill_with)


def _round(value: float, precision: int = 0, method: Any = "common") -> float:
    if not -20 <= precision <= 20:
        raise TemplateLimit("`round` keeps at most 20 places")
    return plain.do_round(value, precision, method)


_PLAIN_BOUNDED: dict[str, Callable[..., Any]] = {
    "center": _center,
    "indent": _indent,
    "wordwrap": _wordwrap,
    "replace": _replace,
    "batch": _batch,
    "slice": _slice,
    "round": _round,
}


def _check(value: Any, size: int) -> None:
    if isinstance(value, str):
        check_size(size)
    elif size > limits.MAX_ITEMS:
        raise TemplateLimit(f"a list has at most {limits.MAX_ITEMS} items")


def _check_width(*width: Any) -> None:
    if width and isinstance(width[0], int) and width[0] > limits.MAX_WIDTH:
        raise TemplateLimit(f"text is padded to at most {limits.MAX_WIDTH} columns")


def _check_count(count: int) -> None:
    if count > limits.MAX_RANGE:
        raise TemplateLimit(f"a group has at most {limits.MAX_RANGE} items")


def _check_replacement(text: str, old: Any, new: Any) -> None:
    if isinstance(old, str) and isinstance(new, str):
        check_size(len(text) + text.count(old) * max(len(new) - len(old), 0))
