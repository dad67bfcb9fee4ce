"""Environment files: what is read quickly says the same as what is read in full."""

from __future__ import annotations

import pytest

from promptreg.errors import RefusedError
from promptreg.ops.audit.facts import EnvironmentReader, Facts, Pinned
from promptreg.releases.environment_text import read_environment_text

HEAD = "apiVersion: promptreg/v1\nkind: Environment\nname: e\n"
DIGEST = "sha256:" + "1" * 64
PIN = f'{{version: 1.0.0, digest: "{DIGEST}"}}'
GONE = f'{{version: 1.0.0, digest: "{DIGEST}", reason: It is rude}}'


def in_full(content: bytes) -> Facts | None:
    """The facts, by the one reader of environment files."""
    try:
        environment = read_environment_text("e", content)
    except RefusedError:
        return None
    found: Facts = {
        ("pin", "e", name): Pinned(str(pin.version), pin.digest)
        for name, pin in environment.releases.items()
    }
    for name, out in environment.suspended.items():
        pin = Pinned(str(out.pin.version), out.pin.digest, suspended=True, reason=out.reason)
        found.setdefault(("pin", "e", name), pin)
    if environment.frozen is not None:
        found["frozen", "e"] = environment.frozen
    return found


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}releases:\n  a: {PIN}\n",
        f"{HEAD}releases:\n  a: {PIN}",
        f"{HEAD}releases:\n  a: {PIN}\n  b/c: {PIN}\n",
        f"{HEAD}releases:\n  a: {PIN}\nfrozen: {{reason: Fair}}\n",
        f"{HEAD}releases:\n  a: {PIN}\nsuspended:\n  b: {GONE}\nfrozen: {{reason: Füür}}\n",
        f"{HEAD}frozen: {{reason: Fair}}\nreleases:\n  a: {PIN}\n",
        f"{HEAD}releases: {{}}\nsuspended:\n  b: {GONE}\n",
        f"{HEAD}releases:\n  a: {PIN}\nsuspended:\n  a: {GONE}\n",
        f"{HEAD}releases:\n  a: {PIN}\n  a: {PIN}\n",
        f"{HEAD}releases:\n  1: {PIN}\n",
        f'{HEAD}releases:\n  "1": {PIN}\n',
        f"{HEAD}releases:\n  1e999: {PIN}\n",
        f"{HEAD}releases:\n  null: {PIN}\n",
        f"{HEAD}releases:\n  a: {PIN}  # why\n",
        f"{HEAD}releases:\n  a: {PIN}\n\n  b: {PIN}\n",
        f"{HEAD}releases:\n  a: {PIN}\n  # b: {PIN}\n",
        f"{HEAD}releases:\n  a: {PIN}\nx-note: |\n  b: {PIN}\n",
        f"{HEAD}releases:\n  a: {PIN}\nreleases: {{}}\n",
        f"{HEAD}releases:\n  a: {PIN}\nodd: 1\n",
        f"{HEAD}releases:\n  a: {PIN}\n---\nkind: Other\n",
        f"{HEAD}releases:\n  a: {PIN}\n...\n",
        f"{HEAD}releases:\n  a: {PIN.replace('1.0.0', '1.0')}\n",
        f"{HEAD}releases:\n  a: {PIN}\n\tb: {PIN}\n",
        f"{HEAD}releases:\r\n  a: {PIN}\r\n",
        f"{HEAD}releases:\n  con: {PIN}\n",
        f"{HEAD}releases:\n  a: {PIN}\nfrozen: {{reason: \u202e}}\n",
        f"{HEAD.replace('name: e', 'name: f')}releases:\n  a: {PIN}\n",
        "",
        "[" * 100,
    ],
)
def test_both_readers_agree(text: str) -> None:
    content = text.encode()
    assert EnvironmentReader().facts("e", content) == in_full(content)


def test_what_was_read_before_changes_nothing() -> None:
    reader = EnvironmentReader()
    texts = [
        f"{HEAD}releases:\n  a: {PIN}\nfrozen: {{reason: {reason}}}\n".encode()
        for reason in ("Ä", "Ö", "Ä")
    ]
    said = [(reader.facts("e", text) or {})["frozen", "e"] for text in texts]
    assert said == ["Ä", "Ö", "Ä"]
