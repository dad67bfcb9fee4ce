"""A breaking change that is intended: declared in `changes/`, before it is merged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from promptreg.model.data import Json
from promptreg.model.version import Bump


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a `Change` document says of an entry."""

    path: str
    name: str
    bump: Bump
    reason: str
    owner: str
    migration: str = ""


def parse_declaration(path: str, document: dict[str, Json]) -> Declaration:
    """The declaration that a document, already found to fit the schema, makes."""
    data = cast("dict[str, Any]", document)
    return Declaration(
        path=path,
        name=data["name"],
        bump=Bump[data["bump"].upper()],
        reason=data["reason"],
        owner=data["owner"],
        migration=data.get("migration", ""),
    )
