"""What a version of a file says that an audit follows, as values by slot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from promptreg.errors import RefusedError
from promptreg.model.approval import Approval, parse_approval
from promptreg.model.canonical import canonical_digest
from promptreg.model.data import Json
from promptreg.model.environment import Environment
from promptreg.registry.documents import parse_document
from promptreg.releases.environment_text import read_environment_text
from promptreg.store.text import decode
from promptreg.store.yaml import read_yaml

Slot: TypeAlias = tuple[str, ...]
"""What can change: a word for the kind of thing, then what tells it from others of its kind."""

Facts: TypeAlias = dict[Slot, Any]


@dataclass(frozen=True, slots=True)
class Pinned:
    """What an environment says of an entry."""

    version: str
    digest: str
    suspended: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a manifest says of its entry's life."""

    lifecycle: str
    sunset: str = ""
    replaced_by: str = ""
    owner: str = field(default="", compare=False)
    risk: str = field(default="", compare=False)


def manifest_facts(path: str, content: bytes) -> Facts | None:
    """Lifecycle, owner, risk and an agent's own gate; None where nobody can read them.

    A manifest that breaks other rules still says these.
    """
    text, _ = decode(path, content)
    value = read_yaml(path, text).value if text is not None else None
    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        return None
    said = {key: value.get(key) for key in ("lifecycle", "sunset", "replaced_by", "owner", "risk")}
    words = {key: one if isinstance(one, str) else "" for key, one in said.items()}
    name = str(value["name"])
    return {
        ("lifecycle", name): Stage(**words),
        ("owner", name): words["owner"],
        ("risk", name): words["risk"],
        ("gate", name): value.get("approvals"),
    }


def configuration_facts(document: Mapping[str, Json]) -> Facts:
    """The sections of promptreg.yaml; environments, owners, severities and waivers one by one."""
    found: Facts = {}
    for key, value in document.items():
        if key in {"environments", "owners", "severity"} and isinstance(value, dict):
            found.update({("configuration", f"{key}.{inner}"): one for inner, one in value.items()})
        elif key == "waivers" and isinstance(value, list):
            waivers = cast("list[dict[str, Json]]", value)
            found.update(
                {("configuration", f"waivers.{one['fingerprint']}"): one for one in waivers}
            )
        elif key not in {"apiVersion", "kind"}:
            found["configuration", key] = value
    return found


def policy_facts(path: str, name: str, content: bytes) -> Facts | None:
    """A policy as the digest of what it says."""
    parsed = parse_document(path, content, "Policy")
    return None if parsed.data is None else {("policy", name): canonical_digest(parsed.data)}


def approval_facts(path: str, content: bytes) -> Facts | None:
    """An approval by its path."""
    parsed = parse_document(path, content, "Approval")
    approval: Approval | None = None if parsed.data is None else parse_approval(parsed.data)
    return None if approval is None else {("approval", path): approval}


_PIN = re.compile(
    r"  (\"?)[a-z0-9][a-z0-9_/-]*\1: "
    r"\{version: [0-9A-Za-z.-]+, digest: \"sha256:[0-9a-f]{64}\"\}"
)
"""A line as `promote` writes it."""


class EnvironmentReader:
    """Reads versions of environment files. Most lines stay from one to the next: each is read once."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, Pinned] | None] = {}
        self._rest: tuple[str, Environment] | None = None

    def facts(self, name: str, content: bytes) -> Facts | None:
        """What the file says; None where it is broken."""
        quick = self._quick(name, content)
        if quick is not None:
            return quick
        try:
            return _facts(name, read_environment_text(name, content), {})
        except RefusedError:
            return None

    def _quick(self, name: str, content: bytes) -> Facts | None:
        """A file that begins as `promote` writes it: its lines, and what follows as YAML.

        None where anything is written otherwise.
        """
        head = f"apiVersion: promptreg/v1\nkind: Environment\nname: {name}\nreleases:"
        text = content.decode("latin-1")  # a character for each byte
        if not text.startswith(head + "\n"):
            return None
        lines = text[len(head) + 1 :].split("\n")
        pins: dict[str, Pinned] = {}
        at = 0
        while at < len(lines) and (found := self._pin(lines[at])) is not None:
            if found[0] in pins:
                return None
            pins[found[0]] = found[1]
            at += 1
        rest = "\n".join(lines[at:])
        if not pins or (rest and rest[0] in " #\n"):
            return None
        if self._rest is None or self._rest[0] != rest:
            try:
                whole = f"{head} {{}}\n{rest}".encode("latin-1")
                self._rest = (rest, read_environment_text(name, whole))
            except RefusedError:
                return None
        if pins.keys() & self._rest[1].suspended.keys():
            return None
        return _facts(name, self._rest[1], pins)

    def _pin(self, line: str) -> tuple[str, Pinned] | None:
        if line not in self._known:
            self._known[line] = _pin(line)
        return self._known[line]


def _pin(line: str) -> tuple[str, Pinned] | None:
    if _PIN.fullmatch(line) is None:
        return None
    head = "apiVersion: promptreg/v1\nkind: Environment\nname: a\nreleases:\n"
    try:
        releases = read_environment_text("a", f"{head}{line}\n".encode()).releases
    except RefusedError:
        return None  # what is wrong with it is found where the whole file is read
    name, pin = next(iter(releases.items()))
    return name, Pinned(str(pin.version), pin.digest)


def _facts(name: str, environment: Environment, pins: dict[str, Pinned]) -> Facts:
    found: Facts = {("pin", name, entry): pin for entry, pin in pins.items()}
    for section, entry, pin in environment.lines():
        out = section == "suspended"
        reason = environment.suspended[entry].reason if out else ""
        found["pin", name, entry] = Pinned(str(pin.version), pin.digest, out, reason)
    if environment.frozen is not None:
        found["frozen", name] = environment.frozen
    return found
