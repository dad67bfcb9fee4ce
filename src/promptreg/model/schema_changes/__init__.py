"""What changed between two JSON Schemas, and whether fewer or more values are accepted.

- `kinds`: the vocabulary; one table of all kinds of facts
- `reading`: one side, with references followed; `bounds`: whether it is small enough
- `values`, `objects`, `lists`, `unions`, `remarks`: the facts of groups of keywords
- `disjoint`: whether two schemas can't share a value
- `compare`: goes through both sides at once
"""

from __future__ import annotations

from promptreg.model.schema_changes.compare import schema_changes
from promptreg.model.schema_changes.kinds import (
    SCHEMA_KINDS,
    Effect,
    SchemaChange,
    SchemaKind,
    joined,
    mirrored,
    total_effect,
)

__all__ = [
    "SCHEMA_KINDS",
    "Effect",
    "SchemaChange",
    "SchemaKind",
    "joined",
    "mirrored",
    "schema_changes",
    "total_effect",
]
