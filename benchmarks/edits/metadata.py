"""What callers don't meet changes: descriptions, labels, tests, comments, layout."""

from __future__ import annotations

from benchmarks.edits.choosing import any_draft, any_prompt
from benchmarks.registry import Registry, sentence
from benchmarks.stock import subject

_RISKS = ("low", "medium", "high")
_OWNERS = ("support-team", "finance-team", "legal-team", "platform-team")


def description(registry: Registry) -> str | None:
    """Another description, of the entry or of an input."""
    key = any_draft(registry)
    if key is None:
        return None
    draft, rng = registry.touch(key), registry.rng
    inputs = draft.data.get("inputs")
    if inputs and rng.random() < 0.5:
        inputs[rng.choice(sorted(inputs))]["description"] = sentence(registry)
    else:
        draft.data["description"] = sentence(registry)
    return f"Describe {draft.name}"


def labels(registry: Registry) -> str | None:
    """A label comes, goes or changes; now and then an extension key."""
    key = any_draft(registry)
    if key is None:
        return None
    draft, rng = registry.touch(key), registry.rng
    if rng.random() < 0.2:
        draft.data["x-ticket"] = {"id": rng.randrange(10_000)}
        return f"Note a ticket in {draft.name}"
    found = draft.data.setdefault("labels", {})
    if found and rng.random() < 0.3:
        found.pop(rng.choice(sorted(found)))
    else:
        found[rng.choice(("domain", "team", "cost"))] = subject(rng)
    return f"Label {draft.name}"


def state(registry: Registry) -> str | None:
    """Another owner, risk or lifecycle."""
    key = any_draft(registry)
    if key is None:
        return None
    draft, rng = registry.touch(key), registry.rng
    match rng.randrange(3):
        case 0:
            draft.data["owner"] = rng.choice(_OWNERS)
        case 1:
            draft.data["risk"] = rng.choice(_RISKS)
        case _:
            draft.data["lifecycle"] = rng.choice(("active", "deprecated", "draft"))
            if draft.data["lifecycle"] == "deprecated":
                draft.data["sunset"] = "2027-06-30"
    return f"Hand {draft.name} over"


def tests(registry: Registry) -> str | None:
    """A test more or less."""
    key = any_prompt(registry, lambda draft: draft.data.get("tests"))
    if key is None:
        return None
    draft, rng = registry.touch(key), registry.rng
    found = draft.data["tests"]
    if len(found) > 1 and rng.random() < 0.3:
        found.pop()
        return f"Drop a test of {draft.name}"
    again = {**rng.choice(found), "name": f"case {rng.randrange(10_000)}"}
    again["expect"] = [{"max_tokens": rng.choice((2000, 4000))}]
    found.append(again)
    return f"Test {draft.name} once more"


def comment(registry: Registry) -> str | None:
    """A comment, and nothing else."""
    key = any_draft(registry)
    if key is None:
        return None
    draft, rng = registry.touch(key), registry.rng
    if draft.kind == "prompt" and rng.random() < 0.3:
        # A comment of the template is text of the template.
        short = next((one for one in draft.files if one.endswith(".j2")), None)
        if short is not None:
            draft.files[short] += f"{{# {sentence(registry)} #}}\n"
            return f"Comment on {short} of {draft.name}"
    draft.remark = f"# {sentence(registry)}\n"
    return f"Comment on {draft.name}"


def key_order(registry: Registry) -> str | None:
    """The same keys in another order, and nothing else."""
    key = any_draft(registry)
    if key is None:
        return None
    draft, rng = registry.touch(key), registry.rng
    draft.data = dict(rng.sample(sorted(draft.data.items()), len(draft.data)))
    return f"Sort the keys of {draft.name}"


def line_ends(registry: Registry) -> str | None:
    """CRLF comes or goes, in the manifest or in a template."""
    key = any_draft(registry)
    if key is None:
        return None
    draft = registry.touch(key)
    draft.crlf ^= {registry.rng.choice(["manifest", *draft.files])}
    return f"Convert line ends of {draft.name}"


def executable(registry: Registry) -> str | None:
    """The mode of a manifest changes, not a byte of it."""
    key = any_draft(registry)
    if key is None:
        return None
    draft = registry.touch(key)
    draft.executable = not draft.executable
    return f"Change the mode of {draft.name}"
