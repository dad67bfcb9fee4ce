"""What goes wrong in real repositories, and gets mended."""

from __future__ import annotations

from benchmarks.draft import FILE, LINK
from benchmarks.edits.choosing import any_draft, any_prompt
from benchmarks.registry import Registry, sentence

_HOSTILE = (
    b"prompts/caf\xe9 \xff.prompt.yaml",
    b"prompts/two\nlines.j2",
    b"prompts/\x1b[31mred.prompt.yaml",
    b"notes/\xfe.txt",
    b'prompts/say "hi"\\.md',
    b"partials/n\xe9.j2",
)


def broken(registry: Registry) -> str | None:
    """A manifest that can't be read: bad YAML, a key twice, an unknown key, a link, too little."""
    key = any_draft(registry)
    if key is None:
        return None
    draft = registry.touch(key)
    good = draft.content()[draft.path][1]
    bad = (
        (FILE, good + b"owner: twice\n"),
        (FILE, b"<<<<<<< HEAD\n" + good),
        (FILE, good.replace(b"messages:", b"mesages:", 1)),
        (FILE, b""),
        (FILE, good.replace(b"kind: Prompt", b"kind: Agent")),
        (FILE, good[: len(good) // 2]),
        (FILE, b"\xff\xfe" + good),
        (LINK, b"../README.md"),
    )
    draft.override = registry.rng.choice(bad)
    return f"Edit {draft.name} in a hurry"


def repaired(registry: Registry) -> str | None:
    """A broken manifest is mended."""
    wrong = [key for key in registry.names if registry.drafts[key].override is not None]
    if not wrong:
        return None
    draft = registry.touch(registry.rng.choice(wrong))
    draft.override = None
    return f"Repair {draft.name}"


def hostile_name(registry: Registry) -> str | None:
    """A file with a name that no terminal likes comes or goes."""
    path = registry.rng.choice(_HOSTILE).decode("utf-8", "surrogateescape")
    if path in registry.loose:
        registry.drop(path)
        return "Drop an odd file"
    registry.put(path, f"{sentence(registry)}\n")
    return "Add an odd file"


def missing_template(registry: Registry) -> str | None:
    """A manifest names a template that nobody committed."""
    key = any_prompt(registry)
    if key is None:
        return None
    draft = registry.touch(key)
    name = f"later-{registry.rng.randrange(100)}.j2"
    draft.data["messages"][0] = {"role": "system", "template": name}
    if registry.rng.random() < 0.5:
        draft.files[name] = f"- {sentence(registry)}\n"
    return f"Start on {name} of {draft.name}"


def twin(registry: Registry) -> str | None:
    """A manifest is copied with its name, or the copy is dropped."""
    copies = sorted(path for path in registry.loose if path.startswith("prompts/copies/"))
    if copies and registry.rng.random() < 0.6:
        registry.drop(registry.rng.choice(copies))
        return "Drop a copy"
    key = any_prompt(registry)
    if key is None:
        return None
    draft = registry.drafts[key]
    path = f"prompts/copies/copy-{registry.rng.randrange(1000)}.prompt.yaml"
    registry.put(path, draft.content()[draft.path][1])
    return f"Copy {draft.name}"


def not_utf8(registry: Registry) -> str | None:
    """A template in Latin-1 comes or goes."""
    path = "partials/latin.j2"
    if path in registry.loose and registry.rng.random() < 0.5:
        registry.drop(path)
        return f"Drop {path}"
    text = f"- Stra\xdfe. {sentence(registry)}\n"
    registry.put(path, text.encode("latin-1", "replace"))
    return f"Add {path}"
