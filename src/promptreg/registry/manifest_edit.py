"""Changing who answers for a manifest, or its lifecycle: the words change, every other byte stays."""

from __future__ import annotations

from collections.abc import Mapping

from promptreg.errors import RefusedError
from promptreg.registry.documents import parse_document
from promptreg.store.yaml_edit import CannotEditError, with_text, without_key
from promptreg.store.yaml_places import places

_BELOW = {"sunset": "lifecycle", "replaced_by": "sunset"}
"""Which key a new one stands below; where that isn't there, `lifecycle`, which always is."""


def edited_manifest(
    path: str, content: bytes, kind: str, changes: Mapping[str, str | None]
) -> bytes:
    """The bytes of a manifest with other values for keys of its root; None takes a key out.

    The result is read again: it says what is wanted and nothing else has changed. Raises
    RefusedError where the manifest is broken, or written in a form that leaves no safe way.
    """
    parsed = parse_document(path, content, kind)
    if parsed.data is None or parsed.text is None:
        raise RefusedError(
            f"`{path}` can't be used: {parsed.findings[0].message}",
            where=path,
            hint="`promptreg validate` tells where; nothing was changed",
        )
    wanted = {
        **{key: value for key, value in parsed.data.items() if key not in changes},
        **{key: value for key, value in changes.items() if value is not None},
    }
    try:
        edited = _edited(parsed.text, changes).encode()
    except (CannotEditError, UnicodeEncodeError):
        raise _refusal(path, changes) from None
    if parse_document(path, edited, kind).data != wanted:
        raise _refusal(path, changes)
    return edited


def _edited(text: str, changes: Mapping[str, str | None]) -> str:
    for key, value in changes.items():
        there = (key,) in places(text)
        if value is None:
            text = without_key(text, (key,)) if there else text
            continue
        below = _BELOW.get(key, "lifecycle")
        sibling = below if (below,) in places(text) else "lifecycle"
        text = with_text(text, (key,), value, (sibling,))
    return text


def _refusal(path: str, changes: Mapping[str, str | None]) -> RefusedError:
    put = [f"`{key}: {value}`" for key, value in changes.items() if value is not None]
    out = [f"`{key}:`" for key, value in changes.items() if value is None]
    words = [f"write {' and '.join(put)}"] if put else []
    words += [f"take out {' and '.join(out)}"] if out else []
    return RefusedError(
        f"`{path}` is written in a form that can't be changed safely",
        where=path,
        hint=f"{', '.join(words)} by hand and commit it",
    )
