"""Which names a template takes from its caller: Jinja's scopes, followed without compiling.

The rules are those of `jinja2.idtracking` with one difference: a name that every branch of an `if`
sets is set afterwards. The tests compare the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import singledispatchmethod

from jinja2 import nodes

from promptreg.templates import limits
from promptreg.templates.allowed import allowed_names

Reaching = nodes.Include | nodes.Import | nodes.FromImport | nodes.Extends


@dataclass(slots=True)
class Scope:
    """Names known in one frame and, through `outer`, around it."""

    outer: Scope | None = None
    names: set[str] = field(default_factory=set)

    def knows(self, name: str) -> bool:
        """Whether `name` is bound here or around."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return True
            scope = scope.outer
        return False

    def all_names(self) -> frozenset[str]:
        """Every name that is bound here or around."""
        found: set[str] = set()
        scope: Scope | None = self
        while scope is not None:
            found |= scope.names
            scope = scope.outer
        return frozenset(found)


@dataclass(slots=True)
class Found:
    """`free` names with the node of their first use, and what each reference can see.

    `excess` is the reference from which on all of them together see too much to be told.
    """

    free: dict[str, nodes.Node] = field(default_factory=dict)
    references: list[tuple[Reaching, frozenset[str]]] = field(default_factory=list)
    top: Scope = field(default_factory=Scope)
    excess: Reaching | None = None


def find_names(tree: nodes.Template) -> Found:
    """The undeclared names and the references of a tree, the latter in the order of the text."""
    walker = _Walker()
    walker.run(tree)
    walker.found.references.sort(key=lambda item: item[0].lineno)
    return walker.found


class _Walker:
    """Visits one frame at a time; inner frames wait until the frame around them is complete."""

    def __init__(self) -> None:
        self.found = Found()
        self._globals = allowed_names("global")
        self._scope = self.found.top
        self._extending: list[nodes.Extends] = []
        self._seen = 0
        self._waiting: list[tuple[list[nodes.Node], list[nodes.Node], Scope]] = []

    def run(self, tree: nodes.Template) -> None:
        self._scope.names.add("self")
        self._frame((), tree.body, self._scope)
        while self._waiting:
            parameters, body, scope = self._waiting.pop(0)
            self._frame(parameters, body, scope)
        # A parent runs when all of its child has run.
        self._scope = self.found.top
        for node in self._extending:
            self._refer(node)

    def _frame(
        self, parameters: Iterable[nodes.Node], body: Iterable[nodes.Node], scope: Scope
    ) -> None:
        self._scope = scope
        for parameter in parameters:
            scope.names.update(name.name for name in _names(parameter))
        self._all(body)

    def _later(
        self,
        body: Iterable[nodes.Node],
        *,
        parameters: Iterable[nodes.Node] = (),
        special: Iterable[str] = (),
        outer: Scope | None = None,
    ) -> None:
        around = self._scope if outer is None else outer
        self._waiting.append((list(parameters), list(body), Scope(around, set(special))))

    def _all(self, several: Iterable[nodes.Node]) -> None:
        for node in several:
            self._visit(node)

    @singledispatchmethod
    def _visit(self, node: nodes.Node) -> None:
        self._all(node.iter_child_nodes())

    @_visit.register
    def _name(self, node: nodes.Name) -> None:
        if node.ctx != "load":
            self._scope.names.add(node.name)
        else:
            self._load(node.name, node)

    @_visit.register
    def _namespace_attribute(self, node: nodes.NSRef) -> None:
        self._load(node.name, node)

    def _load(self, name: str, node: nodes.Node) -> None:
        if self._scope.knows(name) or name in self._globals:
            return
        first = self.found.free.get(name)
        if first is None or node.lineno < first.lineno:
            self.found.free[name] = node

    @_visit.register
    def _assign(self, node: nodes.Assign) -> None:
        self._visit(node.node)
        self._visit(node.target)

    @_visit.register
    def _if(self, node: nodes.If) -> None:
        before = self._scope
        ends = []
        for branch in (node, *node.elif_):
            self._scope = before
            self._visit(branch.test)
            ends.append(self._branch(branch.body, before))
        ends.append(self._branch(node.else_, before))
        before.names |= set.intersection(*ends)
        self._scope = before

    def _branch(self, body: list[nodes.Node], before: Scope) -> set[str]:
        # What waits inside the branch sees its names and, through `outer`, all that follows.
        self._scope = Scope(before)
        self._all(body)
        return self._scope.names

    @_visit.register
    def _for(self, node: nodes.For) -> None:
        self._visit(node.iter)
        target = [node.target]
        self._later(node.body, parameters=target, special=("loop",))
        if node.test is not None:
            self._later([node.test], parameters=target)
        self._later(node.else_)

    @_visit.register
    def _macro(self, node: nodes.Macro) -> None:
        self._scope.names.add(node.name)
        self._callable(node)

    @_visit.register
    def _call_block(self, node: nodes.CallBlock) -> None:
        self._visit(node.call)
        self._callable(node)

    def _callable(self, node: nodes.Macro | nodes.CallBlock) -> None:
        special = ("caller", "kwargs", "varargs")
        self._later([*node.defaults, *node.body], parameters=node.args, special=special)

    @_visit.register
    def _filter_block(self, node: nodes.FilterBlock) -> None:
        self._visit(node.filter)
        self._later(node.body)

    @_visit.register
    def _with(self, node: nodes.With) -> None:
        self._all(node.values)
        self._later(node.body, parameters=node.targets)

    @_visit.register
    def _assign_block(self, node: nodes.AssignBlock) -> None:
        self._visit(node.target)
        self._later([*([] if node.filter is None else [node.filter]), *node.body])

    @_visit.register
    def _block(self, node: nodes.Block) -> None:
        # A block sees the names of the top level, and of its surroundings only if `scoped`.
        outer = self._scope if node.scoped else self.found.top
        self._later(node.body, special=("self", "super"), outer=outer)

    def _refer(self, node: Reaching) -> None:
        if self.found.excess is not None:
            return
        visible = self._scope.all_names()
        self._seen += len(visible)
        if self._seen > limits.MAX_VISIBLE:
            self.found.excess = node
        else:
            self.found.references.append((node, visible))

    @_visit.register
    def _include(self, node: nodes.Include) -> None:
        self._refer(node)

    @_visit.register
    def _extends(self, node: nodes.Extends) -> None:
        self._extending.append(node)

    @_visit.register
    def _import(self, node: nodes.Import) -> None:
        self._refer(node)
        self._scope.names.add(node.target)

    @_visit.register
    def _from_import(self, node: nodes.FromImport) -> None:
        self._refer(node)
        self._scope.names.update(name if isinstance(name, str) else name[1] for name in node.names)


def _names(node: nodes.Node) -> list[nodes.Name]:
    return [node] if isinstance(node, nodes.Name) else list(node.find_all(nodes.Name))
