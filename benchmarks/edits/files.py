"""Files come, go and move."""

from __future__ import annotations

import re

from benchmarks.edits.choosing import any_draft, any_prompt
from benchmarks.manifest_text import to_yaml
from benchmarks.registry import Registry, add_agent, add_prompt, sentence
from benchmarks.stock import subject


def other_layout(registry: Registry) -> str | None:
    """`NAME.prompt.yaml` becomes `NAME/prompt.yaml`, or the other way round."""
    key = any_draft(registry)
    if key is None:
        return None
    draft = registry.touch(key)
    draft.folder = not draft.folder
    return f"Move the files of {draft.name}"


def rename(registry: Registry) -> str | None:
    """An entry gets another name; most people say `renamed_from`."""
    key = any_draft(registry)
    if key is None:
        return None
    draft, rng = registry.touch(key), registry.rng
    old = draft.name
    draft.name = re.sub(r"(-[0-9]+)?(-v[0-9]+)?$", "", old) + f"-{rng.randrange(10**6)}"
    draft.data["name"], draft.place = draft.name, ""
    draft.data.pop("renamed_from", None)
    if rng.random() < 0.7:
        draft.data["renamed_from"] = old
    if rng.random() < 0.5:
        _follow(registry, old, draft.name)
    return f"Call {old} {draft.name}"


def misplaced(registry: Registry) -> str | None:
    """The files go to a place that says another name, or back."""
    key = any_draft(registry)
    if key is None:
        return None
    draft = registry.touch(key)
    draft.place = "" if draft.place else f"archive/{draft.name}"
    return f"Put {draft.name} elsewhere"


def delete(registry: Registry) -> str | None:
    """An entry goes."""
    key = any_draft(registry)
    if key is None or len(registry.names) < 20:
        return None
    name = registry.drafts[key].name
    registry.remove(key)
    for environment, running in registry.environments.items():
        if name in running and registry.rng.random() < 0.7:
            del running[name]
            registry.write_environment(environment)
    return f"Delete {name}"


def add(registry: Registry) -> str | None:
    """An entry comes."""
    number = registry.rng.randrange(10**5, 10**6)
    made = add_agent if registry.rng.random() < 0.15 else add_prompt
    draft = made(registry, number)
    return f"Add {draft.name}"


def template_renamed(registry: Registry) -> str | None:
    """A template gets another name; whoever names it follows."""
    key = any_prompt(registry, lambda draft: "system.j2" in draft.files)
    if key is None:
        return None
    draft = registry.touch(key)
    new = f"instructions-{registry.rng.randrange(100)}.j2"
    draft.files[new] = draft.files.pop("system.j2")
    turns = [draft.data["messages"]]
    turns += [one["messages"] for one in draft.data.get("locales", {}).values()]
    for message in [one for messages in turns for one in messages]:
        if message.get("template") == "system.j2":
            message["template"] = new
    return f"Call the template of {draft.name} {new}"


def partial_moved(registry: Registry) -> str | None:
    """A partial moves; those who include it follow, or not yet."""
    rng = registry.rng
    path = rng.choice(sorted(path for path in registry.partials if path.startswith("partials/te")))
    new = f"partials/moved/{subject(rng)}-{rng.randrange(1000)}.j2"
    old_name, new_name = (one.removeprefix("partials/") for one in (path, new))
    text = registry.partials[path]
    registry.drop(path)
    registry.put(new, text)
    if rng.random() < 0.7:
        for key in registry.names:
            texts = registry.drafts[key].files
            users = [short for short, text in texts.items() if f'"{old_name}"' in text]
            for short in users:
                draft = registry.touch(key)
                draft.files[short] = draft.files[short].replace(f'"{old_name}"', f'"{new_name}"')
    registry.put(
        f"partials/teams/team-{rng.randrange(10**4, 10**5)}.j2", f"- {sentence(registry)}\n"
    )
    return f"Move {path}"


def shadow(registry: Registry) -> str | None:
    """A file beside a manifest takes the place of a partial of that name, or gives it back."""
    shadows = sorted(
        path for path in registry.loose if path.startswith("prompts/") and path.endswith(".j2")
    )
    if shadows and registry.rng.random() < 0.5:
        path = registry.rng.choice(shadows)
        registry.drop(path)
        return f"Drop {path}"
    key = any_prompt(registry)
    if key is None:
        return None
    folder = registry.drafts[key].path.rpartition("/")[0]
    path = f"{folder}/{registry.rng.choice(('limits.j2', 'fence.j2', 'company.j2'))}"
    base = registry.partials.get(f"partials/{path.rpartition('/')[2]}", "")
    registry.put(path, f"{base}\n- {sentence(registry)}\n")
    return f"Add {path}"


def unrelated(registry: Registry) -> str | None:
    """A file that no registry knows."""
    rng = registry.rng
    kind = rng.choice(
        ("README.md", "src/app.py", "docs/notes.md", "prompts/README.md", ".gitignore")
    )
    registry.put(kind, f"# {sentence(registry)} {rng.random()}\n")
    return f"Edit {kind}"


def configuration(registry: Registry) -> str | None:
    """promptreg.yaml changes."""
    rng, settings = registry.rng, registry.stock.configuration
    match rng.randrange(4):
        case 0:
            settings["description"] = sentence(registry)
        case 1:
            settings.setdefault("severity", {})["missing-tests"] = rng.choice(("off", "error"))
        case 2:
            settings["owners"][f"{subject(rng)}-team"] = {"contact": "team@example.com"}
        case _:
            settings["x-note"] = rng.randrange(100)
    registry.put("promptreg.yaml", to_yaml(settings))
    return "Edit promptreg.yaml"


def _follow(registry: Registry, old: str, new: str) -> None:
    for key in registry.names:
        used = registry.drafts[key].data.get("prompts", {})
        roles = [role for role, selector in used.items() if selector == old]
        for role in roles:
            registry.touch(key).data["prompts"][role] = new
