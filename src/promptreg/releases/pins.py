"""What an agent's selectors resolve to when it is released."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from promptreg.errors import RefusedError
from promptreg.model.agent import Agent
from promptreg.model.change import Change
from promptreg.model.data import at_route
from promptreg.model.entry import Entry
from promptreg.model.selector import (
    AtRevision,
    InEnvironment,
    Selector,
    WorkingTree,
    parse_selector,
)
from promptreg.registry.workspace import Workspace
from promptreg.releases.ledger import Ledger, trusted
from promptreg.releases.meaning import may_mean
from promptreg.releases.resolve import resolve_release
from promptreg.releases.tag import Pin, Release


def resolve_pins(
    workspace: Workspace,
    entry: Entry,
    entries: Mapping[str, Entry],
    planned: Mapping[str, Release],
    ledger: Ledger | None = None,
) -> tuple[Pin, ...]:
    """The releases behind an agent's prompts, those of its guardrails included; none for a prompt.

    A role is the key under `prompts`, or `guardrails/NAME`. `entries` are those of the commit that
    is released, `planned` the releases of the same transaction; whoever asks for many agents gives
    the `ledger` that they share. Raises RefusedError where a selector can't be pinned.
    """
    ledger = ledger or Ledger(workspace.git)
    own = entries, planned, ledger
    pins = []
    for role, selector in selectors_of(entry):
        release = _pinned(workspace, entry.name, selector, own)
        pins.append(Pin(role, release.name, str(release.version), release.digest))
    return tuple(pins)


def selectors_of(entry: Entry) -> Iterator[tuple[str, Selector]]:
    """The selectors of an agent by role, those of its guardrails included; none of a prompt."""
    if isinstance(entry.manifest, Agent):
        for role, text in _selectors(entry.manifest, entry):
            yield role, parse_selector(text)


def pin_changes(name: str, before: Sequence[Pin], after: Sequence[Pin]) -> tuple[Change, ...]:
    """Facts of an agent whose own files may be the same: what it pins has moved."""
    old = {pin.role: f"{pin.name}@{pin.version}" for pin in before}
    new = {pin.role: f"{pin.name}@{pin.version}" for pin in after}
    return tuple(
        Change("pin-changed", name, ("prompts", role), before=old.get(role), after=new.get(role))
        for role in sorted(old.keys() | new.keys())
        if old.get(role) != new.get(role)
    )


def _selectors(agent: Agent, entry: Entry) -> Iterator[tuple[str, str]]:
    for role, reference in agent.prompts:
        yield role, reference.text
    for reference in agent.selectors[len(agent.prompts) :]:
        name = at_route(entry.data, (*reference.route[:-1], "name"))
        yield f"guardrails/{name}", reference.text


def _pinned(
    workspace: Workspace,
    agent: str,
    selector: Selector,
    known: tuple[Mapping[str, Entry], Mapping[str, Release], Ledger],
) -> Release:
    name, point = selector.name, selector.point
    entries, planned, ledger = known
    if isinstance(point, AtRevision):
        raise RefusedError(
            f"`{agent}` uses `{selector}`, which is no release",
            hint=f"pin a release: `{name}@^1.0`",
        )
    # What is planned is higher than all that is released, so it is what the selector means then.
    wanted = not isinstance(point, InEnvironment)
    if wanted and name in planned and may_mean(point, planned[name].version):
        return planned[name]
    if not isinstance(point, WorkingTree):
        return resolve_release(workspace, selector, ledger)
    releases = ledger.releases_of(name)
    entry = entries.get(name)
    if not releases or entry is None or trusted(releases[-1]).digest != entry.digest():
        raise RefusedError(
            f"`{agent}` uses `{name}`, which has changes that aren't released",
            hint=f"`promptreg release {name}` first, or `promptreg release --changed` for all",
        )
    return releases[-1]
