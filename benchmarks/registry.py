"""A registry in the making: its entries and files, and what the next commit has to write."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from hashlib import sha256

from benchmarks.draft import FILE, Content, Draft, closure
from benchmarks.manifest_text import to_yaml
from benchmarks.stock import Archetype, Stock, subject
from promptreg.model.digest import entry_digest

ENVIRONMENTS = ("staging", "production")
_CROWD = 40
"""Prompts that share a team's partial."""


@dataclass(frozen=True)
class Released:
    """A release as environments name it."""

    version: str
    digest: str


@dataclass
class Registry:
    """The state that the next commit holds. Edits call `touch` before they change a draft."""

    stock: Stock
    rng: random.Random
    genuine: bool
    drafts: dict[str, Draft] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    """The keys of `drafts`, to draw from; a key stays when its entry is renamed."""
    partials: dict[str, str] = field(default_factory=dict)
    loose: dict[str, Content] = field(default_factory=dict)
    """Files that belong to no entry."""
    environments: dict[str, dict[str, Released]] = field(default_factory=dict)
    released: dict[str, list[Released]] = field(default_factory=dict)
    """By name, lowest version first."""
    unsettled: list[str] = field(default_factory=list)
    """Keys of entries edited since their last release, oldest edit first."""
    _touched: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _written: dict[str, Content] = field(default_factory=dict)
    _pending: dict[str, Content | None] = field(default_factory=dict)

    def touch(self, key: str) -> Draft:
        """The draft, about to be changed."""
        draft = self.drafts[key]
        if key not in self._touched:
            self._touched[key] = tuple(draft.content())
        if key not in self.unsettled[-64:]:
            self.unsettled.append(key)
        return draft

    def add(self, draft: Draft) -> None:
        """A new entry."""
        self._touched.setdefault(draft.name, ())
        self.drafts[draft.name] = draft
        self.names.append(draft.name)
        self.unsettled.append(draft.name)

    def remove(self, key: str) -> None:
        """Delete an entry with its files."""
        self.touch(key)
        del self.drafts[key]
        self.names.remove(key)

    def put(self, path: str, data: bytes | str, mode: str = FILE) -> None:
        """Write a file that belongs to no entry; a partial is remembered as a text."""
        content = data.encode() if isinstance(data, str) else data
        if path.startswith("partials/") and mode == FILE:
            self.partials[path] = content.decode("utf-8", "replace").replace("\r\n", "\n")
        self.loose[path] = self._pending[path] = (mode, content)

    def drop(self, path: str) -> None:
        """Delete such a file."""
        self.loose.pop(path, None)
        self.partials.pop(path, None)
        self._pending[path] = None

    def changes(self) -> dict[str, Content | None]:
        """What differs from the last commit, None for a deleted file; it counts as committed now."""
        found = dict(self._pending)
        for key, before in self._touched.items():
            after = self.drafts[key].content() if key in self.drafts else {}
            found |= dict.fromkeys(before) | dict(after)
        told = {path: now for path, now in found.items() if self._written.get(path) != now}
        for path, now in told.items():
            if now is None:
                self._written.pop(path, None)
            else:
                self._written[path] = now
        self._touched, self._pending = {}, {}
        return told

    def digest(self, draft: Draft) -> str:
        """What a release of the draft promises; a stand-in unless digests are to be genuine."""
        if not self.genuine:
            return "sha256:" + sha256(f"{draft.name}{self.rng.random()}".encode()).hexdigest()
        return entry_digest(draft.written(), closure(draft, self.partials))

    def write_environment(self, name: str) -> None:
        """The file of an environment, as `promote` writes it."""
        lines = [
            f'  {entry}: {{version: {one.version}, digest: "{one.digest}"}}'
            for entry, one in sorted(self.environments[name].items())
        ]
        head = f"apiVersion: promptreg/v1\nkind: Environment\nname: {name}\nreleases:"
        text = "\n".join([head, *lines]) if lines else head + " {}"
        self.put(f"environments/{name}.yaml", text + "\n")


def start(registry: Registry, prompts: int) -> None:
    """Fill an empty registry: `prompts` prompts, an agent for every twenty, what they share."""
    stock = registry.stock
    for path, text in stock.partials.items():
        registry.put(path, text)
    for path, data in stock.other.items():
        registry.put(path, data)
    registry.put("promptreg.yaml", to_yaml(stock.configuration))
    registry.put("README.md", "# Prompts\n")
    for number in range(prompts // _CROWD + 1):
        inner = '{% include "tone/internal.j2" %}\n' if number % 2 else ""
        registry.put(f"partials/teams/team-{number}.j2", f"{inner}- {sentence(registry)}\n")
    for number in range(prompts):
        add_prompt(registry, number)
    for number in range(prompts // 20):
        add_agent(registry, number)
    for name in ENVIRONMENTS:
        registry.environments[name] = {}
        registry.write_environment(name)


def add_prompt(registry: Registry, number: int) -> Draft:
    """One more prompt like one of the examples."""
    rng, archetypes = registry.rng, registry.stock.prompts
    archetype = archetypes[number % len(archetypes)]
    draft = archetype.draft(_name(registry, archetype, number), folder=rng.random() < 0.5)
    for short in [one for one in draft.files if one.startswith(("system", "user"))]:
        if not any(one.endswith(".snap") for one in draft.files) and rng.random() < 0.5:
            line = f"- {sentence(registry)}"
            team = f"teams/team-{number // _CROWD}.j2"
            if rng.random() < 0.4 and f"partials/{team}" in registry.partials:
                line = f'{{% include "{team}" %}}'
            draft.files[short] = insert_line(rng, draft.files[short], line)
    draft.data.pop("replaced_by", None)
    registry.add(draft)
    return draft


def add_agent(registry: Registry, number: int) -> Draft:
    """One more agent like one of the examples, with prompts and colleagues of this registry."""
    rng, archetypes = registry.rng, registry.stock.agents
    archetype = archetypes[number % len(archetypes)]
    draft = archetype.draft(_name(registry, archetype, number), folder=rng.random() < 0.3)
    names = [key for key in rng.sample(registry.names, 12) if registry.drafts[key].kind == "prompt"]
    draft.data["prompts"] = {
        role: registry.drafts[rng.choice(names)].name for role in draft.data.get("prompts", {})
    }
    for guardrail in draft.data.get("guardrails", ()):
        if "prompt" in guardrail:
            guardrail["prompt"] = registry.drafts[rng.choice(names)].name
    draft.data.pop("hand_offs", None)
    for step in draft.data.get("steps", ()):
        if "agent" in step:
            step["agent"] = draft.name
    registry.add(draft)
    return draft


def sentence(registry: Registry) -> str:
    """A sentence of the examples about another subject."""
    return f"{registry.rng.choice(registry.stock.sentences)} ({subject(registry.rng)})"


def insert_line(rng: random.Random, text: str, line: str) -> str:
    """The text with a line more, among its list items where it has any."""
    lines = text.split("\n")
    spots = [index + 1 for index, one in enumerate(lines) if one.startswith("- ")]
    lines.insert(rng.choice(spots) if spots else len(lines) - 1, line)
    return "\n".join(lines)


def _name(registry: Registry, archetype: Archetype, number: int) -> str:
    folder, _, last = archetype.name.rpartition("/")
    return f"{folder + '/' if folder else ''}{last}-{subject(registry.rng)}-{number}"
