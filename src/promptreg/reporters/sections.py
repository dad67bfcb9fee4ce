"""Parts of the answer of `show` that prompts and agents share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from promptreg.reporters.lines import Cell, Line, Span, columns, line
from promptreg.reporters.printable import printable


def section(title: str, rows: Sequence[Sequence[Cell]]) -> list[Line]:
    """A titled table without a header; nothing where there are no rows."""
    if not rows:
        return []
    blank = [""] * len(rows[0])
    indented = [(Span("  "), *one) for one in columns(blank, rows)[1:]]
    return [line(), line(Span(title, "bold")), *indented]


def tool_row(tool: dict[str, Any]) -> list[Cell]:
    """A tool by name, what it may do, and what it is for."""
    effect = tool.get("effect", "")
    words = [effect] if effect else []
    approval = tool.get("approval")
    if approval:
        words.append("needs approval" if approval is True else f"approval when {approval}")
    style = "error" if effect == "irreversible" else ""
    return [
        Span(printable(tool["name"]), "name"),
        Span(printable(", ".join(words), most=80), style),
        printable(tool.get("description", "")),
    ]
