"""What big registries are made of: the prompts, agents, partials and sentences of `examples/`."""

from __future__ import annotations

import marshal
import random
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.draft import Draft

EXAMPLES = Path(__file__).parent.parent / "examples"
_ASIDE = ("policies", "runbooks", "use_cases")
_SUBJECTS = (
    "returns",
    "warranty",
    "refund",
    "invoice",
    "order",
    "parcel",
    "battery",
    "drill",
    "saw",
    "ladder",
    "spare-parts",
    "catalogue",
    "dunning",
    "payroll",
    "holiday",
    "travel",
    "expense",
    "supplier",
    "tender",
    "contract",
    "privacy",
    "audit",
    "forecast",
    "budget",
    "stock",
    "delivery",
    "warehouse",
    "safety",
    "recall",
    "training",
    "onboarding",
    "review",
    "interview",
    "survey",
    "newsletter",
    "webshop",
    "login",
    "address",
    "loyalty",
    "discount",
    "tax",
    "customs",
    "export",
)


@dataclass(frozen=True)
class Archetype:
    """An example that many entries are made from."""

    name: str
    kind: str
    packed: bytes
    files: dict[str, str]

    def draft(self, name: str, *, folder: bool) -> Draft:
        """An entry of its own."""
        data: dict[str, Any] = marshal.loads(self.packed)  # noqa: S302 - packed by us, a fast copy
        data["name"] = name
        return Draft(name, self.kind, data, dict(self.files), folder)


@dataclass(frozen=True)
class Stock:
    """All of it."""

    prompts: tuple[Archetype, ...]
    agents: tuple[Archetype, ...]
    partials: dict[str, str]
    other: dict[str, bytes]
    sentences: tuple[str, ...]
    configuration: dict[str, Any]


def read_stock() -> Stock:
    """Read the examples."""
    texts = {
        str(path.relative_to(EXAMPLES)): path.read_bytes()
        for path in sorted(EXAMPLES.rglob("*"))
        if path.is_file()
    }
    partials = {path: text.decode() for path, text in texts.items() if path.startswith("partials/")}
    written = "\n".join(text.decode() for path, text in texts.items() if path.endswith(".j2"))
    return Stock(
        prompts=tuple(_archetypes(texts, "prompt")),
        agents=tuple(_archetypes(texts, "agent")),
        partials=partials,
        other={path: text for path, text in texts.items() if path.startswith(_ASIDE)},
        sentences=tuple(
            dict.fromkeys(re.findall(r"^- ([A-Z][^{}\n<>]{30,160}\.)$", written, re.MULTILINE))
        ),
        configuration=yaml.safe_load(texts["promptreg.yaml"]),
    )


def subject(rng: random.Random) -> str:
    """A word for a name."""
    return rng.choice(_SUBJECTS)


def _archetypes(texts: dict[str, bytes], kind: str) -> list[Archetype]:
    found = []
    for path, content in texts.items():
        folder = path.endswith(f"/{kind}.yaml")
        ending = f"/{kind}.yaml" if folder else f".{kind}.yaml"
        if not path.startswith(f"{kind}s/") or not path.endswith(ending):
            continue
        stem = path.removesuffix(ending)
        joint = "/" if folder else "."
        own = {
            one.removeprefix(stem + joint): text.decode()
            for one, text in texts.items()
            if one.startswith(stem + joint) and one != path
        }
        manifest = content.decode()
        if not folder:  # the manifest calls its files STEM.SHORT
            own_name = re.escape(stem.rpartition("/")[2])
            manifest = re.sub(rf"(template|snapshot): {own_name}\.", r"\1: ", manifest)
        data = yaml.safe_load(manifest)
        for key in ("apiVersion", "kind"):
            del data[key]
        name = stem.removeprefix(f"{kind}s/")
        found.append(Archetype(name, kind, marshal.dumps(data), own))
    return found
