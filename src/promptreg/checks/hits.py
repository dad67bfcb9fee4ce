"""Who uses an entry, and where it runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from promptreg.errors import SelectorError
from promptreg.model.agent import Agent, Reference
from promptreg.model.finding import Location
from promptreg.model.selector import parse_selector
from promptreg.registry.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Hit:
    """Who uses an entry: an agent, and the environments where it runs; empty for the entry itself.

    `at` is where the head's agent names the entry; None where only the base's did.
    """

    agent: str
    environments: tuple[str, ...]
    at: Location | None = None


class Users:
    """Who uses what in some snapshots of a registry, the newest of them last."""

    def __init__(self, snapshots: Iterable[Snapshot]) -> None:
        self._agents: defaultdict[str, dict[str, Location | None]] = defaultdict(dict)
        self._environments: defaultdict[str, set[str]] = defaultdict(set)
        for snapshot in snapshots:
            for places in self._agents.values():
                places.update(dict.fromkeys(places))
            self._add(snapshot)

    def hits(self, names: Iterable[str]) -> tuple[Hit, ...]:
        """The environments that run one of `names`, then the agents that use one, with theirs."""
        names = tuple(dict.fromkeys(names))
        agents: dict[str, Location | None] = {}
        for name in names:
            for agent, at in self._agents.get(name, {}).items():
                agents[agent] = agents.get(agent) or at
        own = self._running(names)
        found = [Hit("", own)] if own else []
        return tuple(
            found + [Hit(agent, self._running((agent,)), agents[agent]) for agent in sorted(agents)]
        )

    def _add(self, snapshot: Snapshot) -> None:
        for environment in snapshot.environments.values():
            for name in environment.releases:
                self._environments[name].add(environment.name)
        for entry in snapshot.loud_entries():
            if isinstance(entry.manifest, Agent):
                for reference in (*entry.manifest.selectors, *entry.manifest.hand_offs):
                    used = _named(reference)
                    at = Location(entry.path, reference.route, note=f"`{entry.name}` uses it")
                    self._agents[used][entry.name] = self._agents[used].get(entry.name) or at

    def _running(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted({one for name in names for one in self._environments.get(name, ())}))


def said(hits: tuple[Hit, ...]) -> str:
    """`support-bot (production), production`, or that nobody in this registry uses it."""
    words = [
        f"`{hit.agent}`" + (f" ({', '.join(hit.environments)})" if hit.environments else "")
        for hit in hits
        if hit.agent
    ]
    running = [name for hit in hits if not hit.agent for name in hit.environments]
    words += [f"callers in {', '.join(running)}"] if running else []
    return ", ".join(words) or "nobody in this registry; callers outside can't be seen"


def _named(reference: Reference) -> str:
    try:
        return parse_selector(reference.text).name
    except SelectorError:
        return ""
