"""Who uses an entry, and where it runs."""

from __future__ import annotations

from promptreg.checks.judgement import Hit
from promptreg.errors import SelectorError
from promptreg.model.agent import Agent
from promptreg.model.selector import parse_selector
from promptreg.registry.snapshot import Snapshot


def hits_of(name: str, snapshots: tuple[Snapshot, ...]) -> tuple[Hit, ...]:
    """The environments that run `name`, then the agents that use it with theirs, by name."""
    agents = sorted({agent for snapshot in snapshots for agent in _users(name, snapshot)})
    own = _environments(name, snapshots)
    found = [Hit("", own)] if own else []
    return tuple(found + [Hit(agent, _environments(agent, snapshots)) for agent in agents])


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


def _users(name: str, snapshot: Snapshot) -> list[str]:
    return [
        entry.name
        for entry in snapshot.entries.values()
        if isinstance(entry.manifest, Agent) and _uses(entry.manifest, name)
    ]


def _uses(agent: Agent, name: str) -> bool:
    texts = [reference.text for reference in (*agent.selectors, *agent.hand_offs)]
    return any(_named(text) == name for text in texts)


def _named(text: str) -> str:
    try:
        return parse_selector(text).name
    except SelectorError:
        return ""


def _environments(name: str, snapshots: tuple[Snapshot, ...]) -> tuple[str, ...]:
    return tuple(
        sorted(
            {
                environment.name
                for snapshot in snapshots
                for environment in snapshot.environments.values()
                if name in environment.releases
            }
        )
    )
