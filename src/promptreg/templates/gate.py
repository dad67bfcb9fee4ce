"""The gate: which syntax trees may be compiled. Judges a tree without evaluating any of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import nodes

from promptreg.model.names import did_you_mean
from promptreg.templates import limits
from promptreg.templates.allowed import allowed_names, reason_refused, words
from promptreg.templates.places import Places
from promptreg.templates.problem import TemplateProblem

_NAMED_FIRST = {"map": "filter", "select": "test", "reject": "test"}
_NAMED_SECOND = {"selectattr": "test", "rejectattr": "test"}
_PADDING = words("center expandtabs indent ljust rjust truncate wordwrap zfill")
_BLOCKS = (
    nodes.For,
    nodes.If,
    nodes.Macro,
    nodes.CallBlock,
    nodes.FilterBlock,
    nodes.With,
    nodes.Block,
    nodes.AssignBlock,
)
_REFERENCES = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)
_PERMITTED = (
    *_BLOCKS,
    nodes.Template,
    nodes.Output,
    *_REFERENCES,
    nodes.Assign,
    nodes.Scope,
    nodes.Expr,
    nodes.Helper,
)


@dataclass(frozen=True, slots=True)
class _Visit:
    node: nodes.Node
    expression: int = 0
    blocks: int = 0
    filters: int = 0


def gate_problems(tree: nodes.Template, places: Places) -> Iterator[TemplateProblem]:
    """Everything in a tree that templates may not have, in the order of the text.

    Goes through the tree without recursion, so depth can't hurt it; what is too deep is named once
    and not entered.
    """
    stack = [_Visit(tree)]
    count = references = 0
    while stack:
        visit = stack.pop()
        count += 1
        references += isinstance(visit.node, _REFERENCES)
        if count > limits.MAX_NODES:
            yield _limit(visit.node, places, f"more than {limits.MAX_NODES} parts")
            return
        if references > limits.MAX_REFERENCES:
            yield _limit(visit.node, places, f"more than {limits.MAX_REFERENCES} references")
            return
        too_deep = _too_deep(visit)
        if too_deep:
            yield _limit(visit.node, places, too_deep)
            continue
        yield from _judge(visit.node, places)
        stack.extend(_children(visit))


def _children(visit: _Visit) -> list[_Visit]:
    node = visit.node
    blocks = visit.blocks + isinstance(node, _BLOCKS)
    expression = visit.expression + 1 if isinstance(node, nodes.Expr) else 0
    found = []
    for child in node.iter_child_nodes():
        # An `elif` is kept as an `if` inside the list of its `if`, but it is no deeper.
        level = visit.blocks if isinstance(node, nodes.If) and child in node.elif_ else blocks
        chained = isinstance(node, nodes.Filter) and child is node.node
        filters = visit.filters + 1 if chained else 0
        found.append(_Visit(child, expression, level, filters))
    return found[::-1]


def _too_deep(visit: _Visit) -> str:
    if isinstance(visit.node, nodes.Filter) and visit.filters >= limits.MAX_FILTERS:
        return f"a chain of more than {limits.MAX_FILTERS} filters"
    if visit.expression > limits.MAX_EXPRESSION_DEPTH:
        return f"an expression nested more than {limits.MAX_EXPRESSION_DEPTH} deep"
    if isinstance(visit.node, nodes.If) and len(visit.node.elif_) > limits.MAX_BRANCHES:
        return f"an `if` of more than {limits.MAX_BRANCHES} branches"
    if visit.blocks >= limits.MAX_BLOCK_DEPTH and isinstance(visit.node, _BLOCKS):
        return f"blocks nested more than {limits.MAX_BLOCK_DEPTH} deep"
    return ""


def _judge(node: nodes.Node, places: Places) -> Iterator[TemplateProblem]:
    for message, word, fix in _objections(node):
        place = places.of(node.lineno, word)
        yield TemplateProblem("template-not-allowed", message, place, key=word, fix=fix)


def _objections(node: nodes.Node) -> Iterator[tuple[str, str, str]]:
    """Message, word and fix for each thing that this one node may not do."""
    if not isinstance(node, _PERMITTED) or isinstance(node, nodes.ScopedEvalContextModifier):
        yield "this tag is not available in templates", "", "remove it"
    elif isinstance(node, nodes.For):
        if any(name.name == "loop" for name in _names(node.target)):
            yield "`loop` is the loop itself and can't be its variable", "loop", "rename it"
    elif isinstance(node, _REFERENCES):
        yield from _reference(node.template)
    elif isinstance(node, nodes.Expr):
        yield from _expression(node)


def _expression(node: nodes.Expr) -> Iterator[tuple[str, str, str]]:
    if isinstance(node, nodes.Filter):
        yield from _filter(node)
    elif isinstance(node, nodes.Test):
        yield from _word("test", node.name)
    elif isinstance(node, nodes.Getattr):
        yield from _attribute(node.attr)
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        yield from _attribute(node.arg.value)
    elif isinstance(node, nodes.Const):
        yield from _constant(node.value)
    elif isinstance(node, nodes.Mod) and _is_text(node.left):
        yield "text can't be formatted with `%` here", "%", "join text with `~`"
    elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr):
        yield from _width(node.node.attr, node.args)


def _names(node: nodes.Node) -> list[nodes.Name]:
    return [node] if isinstance(node, nodes.Name) else list(node.find_all(nodes.Name))


def _filter(node: nodes.Filter) -> Iterator[tuple[str, str, str]]:
    yield from _word("filter", node.name)
    yield from _width(node.name, node.args, [pair.value for pair in node.kwargs])
    for keyword in node.kwargs:
        if isinstance(keyword.value, nodes.Const):
            yield from _attribute(keyword.value.value)
    position = 0 if node.name in _NAMED_FIRST else 1 if node.name in _NAMED_SECOND else None
    if position is None:
        return
    kind = _NAMED_FIRST.get(node.name) or _NAMED_SECOND[node.name]
    if node.dyn_args is not None or node.dyn_kwargs is not None:
        yield f"`{node.name}` takes no computed arguments here", node.name, "write them out"
    if position == 1 and node.args and isinstance(node.args[0], nodes.Const):
        yield from _attribute(node.args[0].value)
    if len(node.args) > position:
        argument = node.args[position]
        if isinstance(argument, nodes.Const) and isinstance(argument.value, str):
            yield from _word(kind, argument.value)
        else:
            yield f"`{node.name}` needs the {kind}'s name written out", node.name, ""


def _word(kind: str, name: str) -> Iterator[tuple[str, str, str]]:
    known = allowed_names(kind)
    if name in known:
        return
    reason = reason_refused(kind, name)
    if reason:
        yield f"the {kind} `{name}` is not available: {reason}", name, ""
    else:
        yield f"there is no {kind} `{name}`", name, did_you_mean(name, known)


def _attribute(value: object) -> Iterator[tuple[str, str, str]]:
    if not isinstance(value, str):
        return
    for part in value.split("."):
        if part.startswith("__"):
            yield f"`{part}` is not available in templates", part, "inputs are plain data"
        elif part in ("format", "format_map"):
            yield f"`{part}` is not available: its widths are unbounded", part, "join with `~`"


def _constant(value: object) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, (int, float)) and not abs(value) < limits.MAX_NUMBER:
        yield "this number is too large", "", ""
    elif isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
        yield "this text holds half of a character (a surrogate)", "", "write the character itself"


def _width(
    name: str, args: list[nodes.Expr], more: list[nodes.Expr] | None = None
) -> Iterator[tuple[str, str, str]]:
    if name not in _PADDING:
        return
    for argument in (*args, *(more or ())):
        value = argument.value if isinstance(argument, nodes.Const) else None
        if isinstance(value, int) and value > limits.MAX_WIDTH:
            yield f"`{name}` pads to at most {limits.MAX_WIDTH} columns", name, ""


def _reference(template: nodes.Node) -> Iterator[tuple[str, str, str]]:
    if isinstance(template, nodes.Const) and isinstance(template.value, str):
        return
    fix = "write one file's name in quotes"
    yield "a template's name must be written out, not computed or listed", "", fix


def _is_text(node: nodes.Expr) -> bool:
    if isinstance(node, nodes.Concat):
        return True
    return isinstance(node, nodes.Const) and isinstance(node.value, str)


def _limit(node: nodes.Node, places: Places, what: str) -> TemplateProblem:
    message = f"the template has {what}"
    return TemplateProblem("template-not-allowed", message, places.of(node.lineno))
