"""Where manifests name other entries, and which of those names are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from promptreg.checks.context import Context
from promptreg.errors import SelectorError
from promptreg.model.agent import Agent, Reference
from promptreg.model.data import Route
from promptreg.model.entry import Entry
from promptreg.model.finding import Location
from promptreg.model.prompt import Lifecycle
from promptreg.model.selector import Selector, parse_selector
from promptreg.registry.quiet_note import Quiet
from promptreg.registry.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Mention:
    """A text that names an entry. `user` is the entry that it stands in, None in an experiment.

    `wants` is the kind that is needed there, empty where either does. `selector` is None where
    the text is no selector; `problem` and `hint` then say why.
    """

    at: Location
    text: str
    user: Entry | None
    wants: str
    selector: Selector | None
    problem: str = ""
    hint: str = ""

    @property
    def entry(self) -> str:
        """The name of the entry that it stands in, or nothing."""
        return self.user.name if self.user else ""


def mentions(context: Context) -> Iterator[Mention]:
    """Every mention of an entry that runs because of it: `replaced_by` is none."""
    for entry, agent in context.agents():
        yield from _of_agent(entry, agent)
    for document in context.documents("Experiment"):
        data = cast("dict[str, Any]", document.data)
        yield _mention(document.path, Reference(data["prompt"], ("prompt",)), None, "Prompt")
        for index, variant in enumerate(data["variants"]):
            route: Route = ("variants", index, "selector")
            yield _mention(document.path, Reference(variant["selector"], route), None, "Prompt")


def uses_of(context: Context, lifecycle: Lifecycle) -> Iterator[tuple[Mention, Entry | Quiet]]:
    """Every mention of an entry that is in this stage of its life, with that entry."""
    for mention in mentions(context):
        name = mention.selector.name if mention.selector else ""
        target = context.snapshot.outline_of(name)
        if target is not None and target.manifest.lifecycle is lifecycle:
            yield mention, target


def replacement_advice(target: Entry | Quiet) -> str:
    """What to use instead of an entry that ends."""
    replacement = target.manifest.replaced_by
    return f"use `{replacement}`" if replacement else "it names no replacement: ask its owner"


def broken_names(snapshot: Snapshot) -> frozenset[str]:
    """Names of entries that exist but couldn't be loaded; findings about the files say why."""
    broken = {
        name for path, name in snapshot.expected_names.items() if path not in snapshot.documents
    }
    return frozenset(broken | snapshot.duplicates.keys())


def environment_names(snapshot: Snapshot) -> frozenset[str]:
    """Environments that promptreg.yaml or a file names."""
    return frozenset(snapshot.configuration.environments.keys() | snapshot.environments.keys())


def _of_agent(entry: Entry, agent: Agent) -> Iterator[Mention]:
    for reference in agent.selectors:
        yield _mention(entry.path, reference, entry, "Prompt")
    for reference in agent.hand_offs:
        yield _mention(entry.path, reference, entry, "Agent")


def _mention(path: str, reference: Reference, user: Entry | None, wants: str) -> Mention:
    at = Location(path, reference.route)
    try:
        selector = parse_selector(reference.text)
    except SelectorError as error:
        said = f"`{reference.text}` is no selector"
        problem = error.what if said in error.what else f"{said}: {error.what}"
        return Mention(at, reference.text, user, wants, None, problem, error.hint)
    return Mention(at, reference.text, user, wants, selector)
