"""Data to YAML as people write it: blocks, plain words, literal texts."""

from __future__ import annotations

import json
import re
from typing import Any

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_/.,'()-]*(?: [A-Za-z0-9_/.,'()-]+)*")
_KEY = re.compile(r"[A-Za-z$_][A-Za-z0-9_$/-]*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def to_yaml(data: dict[str, Any]) -> str:
    """The document, keys in the order of `data`."""
    lines: list[str] = []
    _mapping(data, "", lines)
    return "\n".join(lines) + "\n"


def _mapping(data: dict[str, Any], pad: str, lines: list[str]) -> None:
    for key, value in data.items():
        plain = _KEY.fullmatch(key) and key.lower() not in _WORDS
        _value(value, f"{pad}{key if plain else json.dumps(key)}:", pad, lines)


def _value(value: Any, head: str, pad: str, lines: list[str]) -> None:
    if isinstance(value, dict) and value:
        lines.append(head)
        _mapping(value, pad + "  ", lines)
    elif isinstance(value, list) and value:
        lines.append(head)
        for item in value:
            _item(item, pad + "  ", lines)
    elif isinstance(value, str):
        _text(value, head, pad, lines)
    else:
        lines.append(f"{head} {json.dumps(value)}")


def _item(item: Any, pad: str, lines: list[str]) -> None:
    if not isinstance(item, dict) or not item:
        _value(item, pad + "-", pad, lines)
        return
    inner: list[str] = []
    _mapping(item, pad + "  ", inner)
    lines.append(f"{pad}- {inner[0].lstrip()}")
    lines += inner[1:]


def _text(text: str, head: str, pad: str, lines: list[str]) -> None:
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        lines.append(f"{head} {text}")
    elif "\n" in text.strip("\n") and text[0] not in " \n" and not text.endswith("\n\n"):
        keep = "|" if text.endswith("\n") else "|-"
        lines.append(f"{head} {keep}")
        body = text.removesuffix("\n").split("\n")
        lines += [f"{pad}  {line}" if line else "" for line in body]
    else:
        lines.append(f"{head} {json.dumps(text, ensure_ascii=False)}")
