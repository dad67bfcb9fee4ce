"""The reference of the document formats: a table of keys for each kind, from `schemas/`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"
Schema: TypeAlias = dict[str, Any]

_HEAD = """\
<!-- Written by `make docs` from schemas/*.schema.json; edit those, not this page. -->

# Document formats

Every document begins with `apiVersion: promptreg/v1` and `kind:`. A key that isn't listed here is a
finding, but for keys that begin with `x-`: those are for other tools, and promptreg leaves them alone.
In the tables `[]` stands for each item of a list, `*` for a name that you choose; **bold** keys are required
where the object that holds them is there.

YAML is read as YAML 1.2: `no` and `on` are text, dates are text, `010` is ten; a key that stands twice,
tags, merge keys (`<<`) and a second document are findings. A version is text: `"1.10.0"`.

`promptreg schema KIND` prints the JSON Schema itself. An editor with a YAML language server uses
it when it is saved beside the files and named in their first line:

```yaml
# yaml-language-server: $schema=../schemas/prompt.schema.json
```
"""
_FIRST = ("registry", "prompt", "agent", "environment")
_PLURALS = {"string": "texts", "integer": "numbers", "number": "numbers", "object": "objects"}
_SINGULARS = {
    "string": "text",
    "integer": "whole number",
    "array": "list",
    "boolean": "true or false",
}
_OPAQUE = ("jsonSchema",)
"""Definitions that are explained elsewhere."""


@dataclass(frozen=True, slots=True)
class _Document:
    root: Schema
    told: dict[str, str]
    """Where the keys of a definition were listed first, so that they aren't listed again."""


@dataclass(frozen=True, slots=True)
class _Row:
    path: str
    required: bool
    takes: str
    description: str


def files() -> dict[str, str]:
    """`docs/formats.md`."""
    schemas = {path.name.split(".")[0]: json.loads(path.read_text("utf-8")) for path in _paths()}
    order = [*_FIRST, *sorted(set(schemas) - set(_FIRST))]
    parts = [_HEAD, *(_section(schemas[name]) for name in order), _kinds_of_text(schemas.values())]
    return {"docs/formats.md": "\n".join(parts)}


def _paths() -> list[Path]:
    return sorted(SCHEMAS.glob("*.schema.json"))


def _section(root: Schema) -> str:
    rows: dict[str, _Row] = {}
    for row in _children(root, "", _Document(root, {})):
        known = rows.get(row.path)
        if known is None:
            rows[row.path] = row
        elif row.description not in known.description:
            both = f"{known.description} Or: {row.description}"
            rows[row.path] = _Row(row.path, known.required, known.takes, both)
    table = "".join(map(_line, rows.values()))
    return f"## {root['title']}\n\n{root['description']}\n\n| key | takes | meaning |\n|---|---|---|\n{table}"


def _line(row: _Row) -> str:
    key = f"**`{row.path}`**" if row.required else f"`{row.path}`"
    return f"| {key} | {_cell(row.takes)} | {_cell(row.description)} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _rows(schema: Schema, path: str, here: _Document, *, required: bool) -> Iterator[_Row]:
    node = _resolved(schema, here.root)
    first = _first(schema, path, here)
    takes = f"as `{first}`" if first != path else _takes(schema, here.root)
    items = node.get("items") or node.get("then", {}).get("items") or {}
    listed = _first(items, f"{path}[]", here)
    if listed != f"{path}[]":
        takes = f"list, as `{listed}`"
    yield _Row(path, required, takes, _meaning(node, items, here.root))
    if first == path and _definition(schema) not in _OPAQUE:
        yield from _children(node, path, here)


def _children(node: Schema, path: str, here: _Document) -> Iterator[_Row]:
    dot = f"{path}." if path else ""
    for key, child in node.get("properties", {}).items():
        if child.get("$ref", "").startswith("#/$defs/jsonSchema/"):
            continue  # a keyword of JSON Schema
        yield from _rows(child, dot + key, here, required=key in node.get("required", ()))
    others = node.get("additionalProperties")
    if isinstance(others, dict) and len(others.keys() - {"description"}):
        yield from _rows(others, f"{dot}*", here, required=False)
    items = node.get("items")
    if items and _definition(items) not in _OPAQUE:
        first = _first(items, f"{path}[]", here)
        if first == f"{path}[]":
            yield from _children(_resolved(items, here.root), first, here)
    for branch in _branches(node):
        inside = _resolved(branch, here.root)
        known = {
            key: one for key, one in inside.get("properties", {}).items() if "const" not in one
        }
        yield from _children({**inside, "properties": known, "required": ()}, path, here)


def _first(schema: Schema, path: str, here: _Document) -> str:
    """Where the keys of the definition that `schema` refers to are listed: `path`, or before."""
    name = _definition(schema)
    if not name or name in _OPAQUE or _resolved(schema, here.root).get("type") != "object":
        return path
    return here.told.setdefault(name, path)


def _branches(node: Schema) -> list[Schema]:
    found = [node[word] for word in ("then", "else") if word in node]
    return found + [one["then"] for one in node.get("allOf", ()) if "then" in one]


def _resolved(schema: Schema, root: Schema) -> Schema:
    """The schema with its reference followed; its own words win."""
    if "$ref" not in schema:
        return schema
    node: Any = root
    for part in schema["$ref"].removeprefix("#/").split("/"):
        node = node[part]
    target = _resolved(node, root)
    return {**target, **{key: value for key, value in schema.items() if key != "$ref"}}


def _definition(schema: Schema) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _takes(schema: Schema, root: Schema) -> str:
    node = _resolved(schema, root)
    if "const" in node:
        return f"`{node['const']}`"
    if "enum" in node:
        return ", ".join(f"`{one}`" for one in node["enum"])
    name = _definition(schema)
    if name in _OPAQUE or name == "input":
        return "[JSON Schema](inputs.md)"
    if name and "title" in node and node.get("type") == "string":
        return f"[{_word(name)}](#kinds-of-text)"
    words = node.get("title") or _type(node, root)
    if "default" in node:
        words += f"; default `{json.dumps(node['default'])}`"
    return str(words)


def _word(definition: str) -> str:
    """`templatePath` as people say it."""
    return re.sub(r"(?<=[a-z])([A-Z])", lambda found: f" {found[1].lower()}", definition)


def _kinds_of_text(roots: Iterable[Schema]) -> str:
    known: dict[str, str] = {
        _word(name): str(node["title"])
        for root in roots
        for name, node in root.get("$defs", {}).items()
        if "title" in node and _resolved(node, root).get("type") == "string"
    }
    rows = "".join(f"| {name} | {_cell(known[name])} |\n" for name in sorted(known))
    return f"## Kinds of text\n\n| word | form |\n|---|---|\n{rows}"


def _type(node: Schema, root: Schema) -> str:
    kind = node.get("type", "")
    if isinstance(kind, list):
        return " or ".join(str(_SINGULARS.get(one, one)) for one in kind)
    if kind == "array" and "items" in node:
        item = _resolved(node["items"], root)
        if item.get("type") == "string" or "enum" in item or "title" in item:
            return f"list of: {_takes(node['items'], root)}"
        return f"list of {_PLURALS.get(item.get('type', ''), 'values')}"
    if kind in ("integer", "number") and "minimum" in node and "maximum" in node:
        return f"{_SINGULARS.get(kind, kind)}, {node['minimum']} to {node['maximum']}"
    return _SINGULARS.get(kind, kind) or "any value"


def _meaning(node: Schema, items: Schema, root: Schema) -> str:
    item = _resolved(items, root)
    branches = [_resolved(branch, root) for branch in _branches(item)]
    sentences = [str(node.get("description", ""))]
    sentences += [f"Exactly one of {names}." for names in map(_alternatives, (node, item)) if names]
    sentences += [f"Not together: {names}." for names in map(_alternatives, branches) if names]
    return " ".join(dict.fromkeys(sentences))


def _alternatives(node: Schema) -> str:
    names = [name for way in node.get("oneOf", ()) for name in way.get("required", ())]
    return ", ".join(f"`{name}`" for name in names)
