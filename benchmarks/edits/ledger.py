"""Environments, agents and what they pin, declarations."""

from __future__ import annotations

from benchmarks.edits.choosing import any_agent, any_prompt
from benchmarks.manifest_text import to_yaml
from benchmarks.registry import ENVIRONMENTS, Registry, sentence


def promote(registry: Registry) -> str | None:
    """Some entries run in another release, or a rollback."""
    rng = registry.rng
    names = sorted(registry.released)
    if not names:
        return None
    environment = rng.choice(ENVIRONMENTS)
    running = registry.environments[environment]
    chosen = rng.sample(names, min(len(names), rng.choice((1, 1, 1, 3, 8))))
    for name in chosen:
        running[name] = rng.choice(registry.released[name][-3:])
    registry.write_environment(environment)
    return f"Promote {chosen[0]} to {environment}"


def pin(registry: Registry) -> str | None:
    """An agent uses another prompt, or pins it otherwise."""
    key = any_agent(registry)
    if key is None:
        return None
    draft, rng = registry.drafts[key], registry.rng
    roles = sorted(draft.data.get("prompts", {}))
    other = any_prompt(registry)
    if not roles or other is None:
        return None
    role, name = rng.choice(roles), registry.drafts[other].name
    choices = [name]
    if name in registry.released:
        newest = registry.released[name][-1].version
        choices += [f"{name}@{newest}", f"{name}@^{newest}"]
    choices += [f"{name}@{one}" for one in ENVIRONMENTS if name in registry.environments[one]]
    registry.touch(key).data["prompts"][role] = rng.choice(choices)
    return f"Let {draft.name} use {name}"


def agent(registry: Registry) -> str | None:
    """An agent may cost more, gets a guardrail or another goal."""
    key = any_agent(registry)
    if key is None:
        return None
    draft, rng = registry.touch(key), registry.rng
    match rng.randrange(3):
        case 0:
            draft.data["budget"] = {"steps": rng.randrange(4, 20), "seconds": 60}
        case 1:
            found = draft.data.setdefault("guardrails", [])
            if found and rng.random() < 0.4:
                found.pop()
            else:
                name = f"guard-{rng.randrange(1000)}"
                found.append(
                    {"name": name, "stage": "output", "pattern": "secret", "on_violation": "block"}
                )
        case _:
            draft.data["purpose"] = sentence(registry)
    return f"Change how {draft.name} works"


def declare(registry: Registry) -> str | None:
    """Somebody declares a breaking change, of now or of later."""
    key = any_prompt(registry)
    if key is None:
        return None
    draft = registry.touch(key)
    inputs = draft.data.get("inputs", {})
    if inputs:
        del inputs[registry.rng.choice(sorted(inputs))]
    path = f"changes/{draft.name.replace('/', '-')}.change.yaml"
    head = {"apiVersion": "promptreg/v1", "kind": "Change", "name": draft.name, "bump": "major"}
    registry.put(path, to_yaml({**head, "reason": sentence(registry), "owner": "platform-team"}))
    return f"Break {draft.name} as declared"
