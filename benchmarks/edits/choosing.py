"""Drawing what to edit."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.draft import Draft
from benchmarks.registry import Registry

_TRIES = 12


def any_draft(registry: Registry, fits: Callable[[Draft], object] = bool) -> str | None:
    """The key of a draft that fits; recently edited ones come up more often."""
    rng = registry.rng
    for _ in range(_TRIES):
        recent = registry.unsettled[-20:] if rng.random() < 0.3 else []
        pool = recent or registry.names
        key = rng.choice(pool)
        draft = registry.drafts.get(key)
        if draft is not None and draft.override is None and fits(draft):
            return key
    return None


def any_prompt(registry: Registry, fits: Callable[[Draft], object] = bool) -> str | None:
    """The same among prompts."""
    return any_draft(registry, lambda draft: draft.kind == "prompt" and fits(draft))


def any_agent(registry: Registry) -> str | None:
    """The key of an agent."""
    agents = [
        key
        for key in registry.names
        if registry.drafts[key].kind == "agent" and registry.drafts[key].override is None
    ]
    return registry.rng.choice(agents) if agents else None
