"""Meters: what a rendering may cost, counted while it runs. In front of it stands the gate."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, cast

from jinja2 import nodes
from jinja2.runtime import Undefined
from jinja2.visitor import NodeTransformer

from promptreg.templates import limits

STEP = "a step of the meter"
JOINED = "joined text under the meter"
WEIGHED = "a compared value under the meter"
METERS: dict[str, Any] = {STEP: str, JOINED: str, WEIGHED: str}
"""Filters that only the compiler writes: no template can spell their names."""

_COUNTED_AT_ONCE = 16
"""Pieces of output. A filter block gives one of a million characters, and all of them are held."""

_COUNTED = (nodes.For, nodes.Macro, nodes.CallBlock, nodes.Block)


class TemplateLimit(Exception):  # noqa: N818 - it is a verdict about the template, not an error
    """A rendering went over a bound; the text says which, in plain words."""


class ValueWithoutText(Exception):  # noqa: N818
    """A value was to become text and has none that is the same in every run."""


class Meter:
    """Counts one rendering of one prompt and stops it at the bounds of `limits`."""

    __slots__ = ("depth", "output", "produced", "steps")

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Count from nothing again, for the next rendering."""
        self.steps = self.produced = self.output = self.depth = 0

    def step(self, produced: int = 0) -> bool:
        """Count one iteration, call or filter that writes `produced` characters of fixed text.

        True, so that it can stand in front of a loop's condition.
        """
        self.steps = steps = self.steps + 1
        if steps > limits.MAX_STEPS:
            raise TemplateLimit(f"it takes more than {limits.MAX_STEPS} steps")
        if produced:
            self._produce(produced)
        return True

    def printed(self, value: Any) -> str:
        """The text of a value that is written, into the output or into a variable; counted."""
        text = value if isinstance(value, str) else self.text(value)
        self._produce(len(text))
        return text

    def _produce(self, characters: int) -> None:
        self.produced = produced = self.produced + characters
        if produced > limits.MAX_PRODUCED:
            raise TemplateLimit(f"it writes more than {limits.MAX_PRODUCED} characters")

    def collected(self, pieces: Iterator[str]) -> str:
        """What reaches the rendered prompt, joined; `pieces` is stopped soon after the bound.

        They are counted a few at a time. A failure that comes within these few counts only where
        what was written before it is within the bound: as if each had been counted on its own.
        """
        texts: list[str] = []
        few: list[str] = []
        while True:
            try:
                few.extend(islice(pieces, _COUNTED_AT_ONCE))
            except Exception:
                self._emit(few)  # what came before the failure is in the list
                raise
            texts.append(self._emit(few))
            if len(few) < _COUNTED_AT_ONCE:
                return "".join(texts)
            few.clear()

    def _emit(self, pieces: list[str]) -> str:
        """The pieces as one text that reaches the rendered prompt."""
        # Before they are joined, for each may be large; it has no fewer bytes than characters.
        if self.output + sum(map(len, pieces)) <= limits.MAX_OUTPUT:
            text = "".join(pieces)
            size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
            self.output += size
            if self.output <= limits.MAX_OUTPUT:
                return text
        raise TemplateLimit(f"its output is larger than {limits.MAX_OUTPUT} bytes") from None

    def enter(self) -> None:
        """Count one more macro or recursive loop inside the ones that run."""
        self.depth += 1
        if self.depth > limits.MAX_CALL_DEPTH:
            raise TemplateLimit(f"its calls nest more than {limits.MAX_CALL_DEPTH} deep")

    def leave(self) -> None:
        """The innermost call has ended."""
        self.depth -= 1

    def text(self, value: Any) -> str:
        """`value` as Jinja prints it. Refuses what is too large or has no text of its own."""
        if isinstance(value, str):
            return value
        if isinstance(value, (list, tuple, dict)):
            measure(value)
        elif not isinstance(value, (int, float, range, Undefined, type(None))):
            raise ValueWithoutText(_without_text(value))
        return checked_text(str(value))


def checked_text(text: str) -> str:
    """`text`, where it is no larger than a whole prompt may be."""
    if len(text) > limits.MAX_OUTPUT:
        raise TemplateLimit(f"it makes a text of more than {limits.MAX_OUTPUT} characters")
    return text


def check_size(size: int) -> None:
    """Stop before a list or text of `size` items or characters is made."""
    if size > limits.MAX_OUTPUT:
        raise TemplateLimit(f"it makes a value larger than {limits.MAX_OUTPUT}")


def measure(value: Any) -> None:
    """Stop where a value's text would be too large or too deep; shared parts count each time."""
    stack = [(value, 1)]
    parts = size = 0
    while stack:
        part, depth = stack.pop()
        parts += 1
        if parts > limits.MAX_ITEMS:
            raise TemplateLimit(f"it prints a value of more than {limits.MAX_ITEMS} parts")
        if depth > limits.MAX_VALUE_DEPTH:
            raise TemplateLimit(f"it prints a value nested over {limits.MAX_VALUE_DEPTH} deep")
        if isinstance(part, str):
            size += len(part)
            check_size(size)
        elif isinstance(part, dict):
            stack.extend((item, depth + 1) for pair in part.items() for item in pair)
        elif isinstance(part, (list, tuple)):
            stack.extend((item, depth + 1) for item in part)
        elif isinstance(part, Undefined):
            str(part)  # raises, and names what is missing
        elif not isinstance(part, (int, float, range, type(None))):
            raise ValueWithoutText(_without_text(part))


def weighed(value: Any) -> Any:
    """`value`, where comparing it can't take long: lists that share parts unfold in a comparison."""
    stack = [value]
    parts = 0
    while stack:
        part = stack.pop()
        parts += 1
        if parts > limits.MAX_ITEMS:
            raise TemplateLimit(f"it compares values of more than {limits.MAX_ITEMS} parts")
        if isinstance(part, dict):
            stack.extend(part.values())
        elif isinstance(part, (list, tuple)):
            stack.extend(part)
    return value


def add_meters(tree: nodes.Template) -> None:
    """Make every loop, macro, block and template of `tree` count its runs and its fixed text."""
    _Operators().visit(tree)
    counted = [tree, *tree.find_all(_COUNTED)]
    for node in cast("list[nodes.For]", counted):  # whatever it is, it has a body
        step = _filter(nodes.Const(_fixed(node)), STEP, node.lineno)
        node.body.insert(0, nodes.ExprStmt(step, lineno=node.lineno))
        if isinstance(node, nodes.For) and node.test is not None:
            node.test = nodes.And(
                _filter(nodes.Const(0), STEP, node.lineno), node.test, lineno=node.lineno
            )


class _Operators(NodeTransformer):
    """`a ~ b` and comparisons can't be intercepted as operators, so filters stand in."""

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802 - Jinja's convention
        self.generic_visit(node)
        node.expr = _filter(node.expr, WEIGHED, node.lineno)
        for operand in node.ops:
            operand.expr = _filter(operand.expr, WEIGHED, node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - Jinja's convention
        self.generic_visit(node)
        return _filter(nodes.List(node.nodes, lineno=node.lineno), JOINED, node.lineno)


def _filter(node: nodes.Expr, name: str, line: int) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=line)


def _fixed(node: nodes.Node) -> int:
    """Characters of text that a run of `node` itself may write, inner loops and macros left out."""
    total = 0
    stack = list(node.iter_child_nodes())
    while stack:
        child = stack.pop()
        if isinstance(child, nodes.TemplateData):
            total += len(child.data)
        elif not isinstance(child, _COUNTED):
            stack.extend(child.iter_child_nodes())
    return total


def _without_text(value: Any) -> str:
    kind = type(value).__name__
    if kind == "generator":
        return "this filter gives a sequence, not text; add `| list` or `| join`"
    if kind in ("builtin_function_or_method", "method", "function", "Macro", "BlockReference"):
        return "this is a function, not text; call it, or write `a['key']` for a key of that name"
    return f"a value of the kind `{kind}` has no text; take the part of it that you mean"
