"""One side of a comparison: its schemas, with the references in place followed."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from promptreg.model.data import Json
from promptreg.model.schema_changes.keywords import is_remark
from promptreg.model.schema_changes.node import Node, Schema, frozen, make_node


class Side:
    """One of the two schemas. Its nodes are made once, so that their identity means something."""

    def __init__(self, schema: Json) -> None:
        """Take `schema` as the root that `$ref` speaks of."""
        defs = schema.get("$defs") if isinstance(schema, dict) else None
        self.schema = schema
        self.defs: Schema = defs if isinstance(defs, dict) else {}
        self._anything = make_node({})
        self._nothing = make_node({"enum": []})
        self._nodes: dict[int, tuple[Json, Node]] = {}
        self._unions: dict[int, Node] = {}
        self._frozen: dict[int, tuple[Json, Hashable]] = {}
        self._under_way: set[int] = set()

    def node(self, schema: Json) -> Node:
        """The node of a schema within this side; references in place are followed."""
        if isinstance(schema, bool):
            return self._anything if schema else self._nothing
        key = id(schema)
        if key in self._under_way:  # it is said in terms of itself
            return make_node({"$ref": schema})
        if key not in self._nodes:
            self._under_way.add(key)
            self._nodes[key] = (schema, self._read(schema))
            self._under_way.remove(key)
        return self._nodes[key][1]

    def as_union(self, node: Node) -> Node:
        """The same schema as the only alternative of an `anyOf`."""
        if id(node) not in self._unions:
            remarks = {key: value for key, value in node.keywords.items() if is_remark(key)}
            self._unions[id(node)] = make_node({**remarks, "anyOf": [node.constraints]})
        return self._unions[id(node)]

    def frozen(self, schema: Json) -> Hashable:
        """`frozen` of a schema within this side, made once."""
        if id(schema) not in self._frozen:
            self._frozen[id(schema)] = (schema, frozen(schema))
        return self._frozen[id(schema)][1]

    def is_open(self, schema: Json) -> bool:
        """Whether a schema plainly accepts every value."""
        return not self.node(schema).constraints

    def is_closed(self, schema: Json) -> bool:
        """Whether a schema plainly accepts no value."""
        return not self.node(schema).types

    def used_definitions(self) -> set[str]:
        """The names of definitions that the root reaches."""
        root = self.schema if isinstance(self.schema, dict) else {}
        used = set(references({key: value for key, value in root.items() if key != "$defs"}))
        waiting = list(used)
        while waiting:
            fresh = set(references(self.defs.get(waiting.pop()))) - used
            used |= fresh
            waiting.extend(fresh)
        return used

    def _read(self, schema: Json) -> Node:
        if not isinstance(schema, dict):
            return make_node({"": schema})
        own = {key: value for key, value in schema.items() if key != "$defs"}
        inner, others = self._inner(own)
        if inner is None:
            return make_node(own)
        if not others:
            return inner
        if all(is_remark(key) for key in others):
            return make_node({**inner.keywords, **inner.odd, **others})
        conditions = others.get("allOf", [])
        if not isinstance(conditions, list):
            return make_node(own)
        return make_node({**others, "allOf": [*conditions, {"$ref": own["$ref"]}]})

    def _inner(self, own: Schema) -> tuple[Node | None, Schema]:
        """What a schema refers to, or is no more than a wrapping of; and what it says besides."""
        if "$ref" in own:
            name = _target(own["$ref"])
            others = {key: value for key, value in own.items() if key != "$ref"}
            return (self.node(self.defs[name]), others) if name in self.defs else (None, {})
        others = {key: value for key, value in own.items() if key != "allOf"}
        wrapped = own.get("allOf")
        if isinstance(wrapped, list) and len(wrapped) == 1 and all(map(is_remark, others)):
            return self.node(wrapped[0]), others
        return None, {}


def references(value: Json) -> Iterator[str]:
    """The names of the definitions that `value` refers to, at any depth."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            left.extend(one.values())
            if isinstance(one.get("$ref"), str):
                yield _target(one["$ref"])
        elif isinstance(one, list):
            left.extend(one)


def _target(reference: Json) -> str:
    return reference.removeprefix("#/$defs/") if isinstance(reference, str) else ""
