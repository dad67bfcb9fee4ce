"""A person's approval of a digest: what its file says, and where it lies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

from promptreg.model.canonical import canonical_json
from promptreg.model.data import Json

FOLDER = "approvals"
"""Where the files lie, below the registry's root."""

NAMESPACE = "promptreg"
"""What a signature is made for, so that one made for another purpose says nothing here."""

_SHORT = 12
_WHO = 8


@dataclass(frozen=True, slots=True)
class Approval:
    """What an `Approval` document says."""

    name: str
    digest: str
    version: str
    """The release that was looked at; empty where none was named."""
    by_name: str
    by_email: str
    team: str
    """The owner in whose name the person approves (`as:`)."""
    at: str
    note: str
    signature: str
    signed: bytes
    """What the signature is over; empty where there is none."""

    @property
    def person(self) -> str:
        """Who it is, so that one person counts once: the e-mail address in lower case."""
        return same_person(self.by_email)

    @property
    def path(self) -> str:
        """Where its file has to lie."""
        return approval_path(self.name, self.digest, self.by_email)


def parse_approval(document: dict[str, Json]) -> Approval:
    """The approval that a document, already found to fit the schema, describes."""
    data = cast("dict[str, Any]", document)
    signature = data.get("signature", "")
    return Approval(
        name=data["name"],
        digest=data["digest"],
        version=data.get("version", ""),
        by_name=data["by"]["name"],
        by_email=data["by"]["email"],
        team=data["as"],
        at=data["at"],
        note=data.get("note", ""),
        signature=signature,
        signed=signed_bytes(document) if signature else b"",
    )


def approval_path(name: str, digest: str, email: str) -> str:
    """`approvals/NAME/DIGEST12-WHO.yaml`, relative to the registry's root.

    DIGEST12 is the digest's first 12 hex digits, WHO the first 8 of the SHA-256 of the lower-case
    e-mail address: one file for each person and content.
    """
    who = sha256(same_person(email).encode("utf-8", "surrogateescape")).hexdigest()[:_WHO]
    return f"{FOLDER}/{name}/{digest.removeprefix('sha256:')[:_SHORT]}-{who}.yaml"


def same_person(email: str) -> str:
    """The form in which two spellings of one address are equal."""
    return email.strip().lower()


def is_among(email: str, people: Iterable[str]) -> bool:
    """Whether one of `people`, e-mail addresses, is the person of this one."""
    return same_person(email) in map(same_person, people)


def signed_bytes(document: dict[str, Json]) -> bytes:
    """What is signed: the RFC 8785 JSON of the document without its signature."""
    return canonical_json({key: value for key, value in document.items() if key != "signature"})
