"""The digest of an entry: SHA-256 over canonical JSON (RFC 8785)."""

from __future__ import annotations

from collections.abc import Mapping

from promptreg.model.canonical import canonical_digest
from promptreg.model.data import Json

API_VERSION = "promptreg/v1"


def entry_digest(manifest: dict[str, Json], templates: Mapping[str, str]) -> str:
    """`sha256:` and 64 hex digits over `{apiVersion, manifest, templates}`.

    The manifest counts as data with no defaults filled in, templates as {path in the registry:
    text with LF line ends}. So every key counts; comments, key order and line ends don't.
    """
    return canonical_digest(
        {
            "apiVersion": API_VERSION,
            "manifest": manifest,
            "templates": {path: unix_lines(text) for path, text in templates.items()},
        }
    )


def unix_lines(text: str) -> str:
    """The text with LF line ends."""
    return text.replace("\r\n", "\n")
