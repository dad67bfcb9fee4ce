"""Facts between two sides of an entry. Base is the older side, head the newer one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias, cast

from promptreg.model.change import Change
from promptreg.model.compare_agent import KEYS as AGENT_KEYS
from promptreg.model.compare_agent import agent_facts
from promptreg.model.compare_contract import (
    input_facts,
    output_facts,
    placeholder_facts,
    tool_facts,
)
from promptreg.model.data import Json, Route, at_route, same
from promptreg.model.digest import unix_lines
from promptreg.model.entry import Entry
from promptreg.model.prompt import Message, Placeholder, Prompt, Source, Turn
from promptreg.model.untold import untold

Side: TypeAlias = tuple[Entry, tuple[Turn, ...]]

_SPOKEN = {"inputs", "output", "messages", "locales", "tools", "model"}
"""Keys of a prompt that have facts of their own."""
_OWN_KINDS = frozenset({"lifecycle", "owner", "risk", "tests"})
"""Keys of documentation whose facts have kinds of their own."""


def compare(base: Entry | None, head: Entry | None) -> tuple[Change, ...]:
    """Every fact between two sides of one entry.

    Empty where the digests are equal and the manifest lies where it lay; never empty where the
    digests differ. A side that is None has no such entry. Comments, key order and line ends are no
    facts.
    """
    if base is None and head is None:
        return ()
    if base is None or head is None:
        only = cast("Entry", head or base)
        return (Change("entry-added" if head else "entry-removed", only.name, path=only.path),)
    facts = tuple(_facts(base, head))
    if base.name != head.name:
        facts = (Change("entry-renamed", head.name, before=base.name, after=head.name), *facts)
    # Whatever no fact speaks of (a nested extension key, say) is never taken for nothing.
    if untold(base, head) or (not facts and base.digest() != head.digest()):
        facts = (*facts, Change("other-changed", head.name, path=head.path))
    return facts


def _facts(base: Entry, head: Entry) -> Iterator[Change]:
    name = head.name
    if base.path != head.path:
        yield Change("entry-moved", name, before=base.path, after=head.path)
    if base.kind != head.kind:
        yield Change("kind-changed", name, ("kind",), before=base.kind, after=head.kind)
    yield from tool_facts(name, base.data, head.data)
    if isinstance(base.manifest, Prompt) and isinstance(head.manifest, Prompt):
        yield from input_facts(name, base.manifest, head.manifest)
        yield from placeholder_facts(name, base.manifest, head.manifest)
        yield from output_facts(name, base.manifest, head.manifest)
        yield from _messages(name, base, head)
        yield from _partials(name, base, head)
    yield from _model(name, base.data, head.data)
    yield from _other_keys(name, base, head)


def _messages(name: str, base: Entry, head: Entry) -> Iterator[Change]:
    old, new = cast("Prompt", base.manifest), cast("Prompt", head.manifest)
    before, after = dict(old.locales), dict(new.locales)
    yield from _turns(name, (base, old.messages), (head, new.messages), "")
    for locale in sorted(before.keys() | after.keys()):
        if locale not in before:
            yield Change("locale-added", name, ("locales", locale), after=locale)
        elif locale not in after:
            yield Change("locale-removed", name, ("locales", locale), before=locale)
        else:
            yield from _turns(name, (base, before[locale]), (head, after[locale]), locale)
            yield from _locale_description(name, base.data, head.data, locale)


def _turns(name: str, base: Side, head: Side, locale: str) -> Iterator[Change]:
    route: Route = ("locales", locale, "messages") if locale else ("messages",)
    before, after = _structure(base[1]), _structure(head[1])
    if before != after:
        yield Change("roles-changed", name, route, before=before, after=after)
    old, new = _texts(base), _texts(head)
    # Texts pair up by role and order within it, so that one more message doesn't shift the rest.
    for key in [*old, *(key for key in new if key not in old)]:
        (_, source_before, text_before) = old.get(key, (route, None, ""))
        (place, source_after, text_after) = new.get(key, (old.get(key, (route,))[0], None, ""))
        if text_before != text_after:
            yield Change("text-changed", name, place, before=text_before, after=text_after)
        elif _file(base[0], source_before) != _file(head[0], source_after):
            files = _file(base[0], source_before), _file(head[0], source_after)
            yield Change("template-moved", name, place, before=files[0], after=files[1])
    if before == after and _details(base[1]) != _details(head[1]):
        yield Change("message-detail-changed", name, route)


def _structure(turns: tuple[Turn, ...]) -> list[Json]:
    return [
        f"placeholder {turn.name}"
        if isinstance(turn, Placeholder)
        else f"{turn.role} ({', '.join(part.type for part in turn.parts)})"
        if turn.multipart
        else turn.role
        for turn in turns
    ]


def _details(turns: tuple[Turn, ...]) -> list[object]:
    return [
        None
        if isinstance(turn, Placeholder)
        else (turn.name, [(part.is_data, part.media_type, part.options) for part in turn.parts])
        for turn in turns
    ]


def _locale_description(
    name: str, base: dict[str, Json], head: dict[str, Json], locale: str
) -> Iterator[Change]:
    route: Route = ("locales", locale, "description")
    old, new = at_route(base, route), at_route(head, route)
    if not same(old, new):
        yield Change("metadata-changed", name, route, before=old, after=new)


def _file(entry: Entry, source: Source | None) -> str | None:
    """The file behind a source; as written, where that leads nowhere."""
    if source is None or source.file is None:
        return None
    return entry.resolved.get(source.file, source.file)


def _texts(side: Side) -> dict[tuple[str, int], tuple[Route, Source, str]]:
    entry, turns = side
    seen: defaultdict[str, int] = defaultdict(int)
    found = {}
    for turn in turns:
        for part in turn.parts if isinstance(turn, Message) else ():
            label = f"{cast('Message', turn).role} {part.type}"
            text = entry.source_text(part.source)
            if part.source.file is not None:
                text = unix_lines(text)
            found[label, seen[label]] = (part.source.route, part.source, text)
            seen[label] += 1
    return found


def _partials(name: str, base: Entry, head: Entry) -> Iterator[Change]:
    before = {path: unix_lines(text) for path, text in base.templates.items()}
    after = {path: unix_lines(text) for path, text in head.templates.items()}
    direct = base.direct_templates() | head.direct_templates()
    for path in sorted((before.keys() | after.keys()) - direct):
        old, new = before.get(path), after.get(path)
        if old != new:
            yield Change("partial-changed", name, path=path, before=old, after=new)


def _model(name: str, base: dict[str, Json], head: dict[str, Json]) -> Iterator[Change]:
    old = cast("dict[str, Json]", base.get("model") or {})
    new = cast("dict[str, Json]", head.get("model") or {})
    yield from _keys("model-changed", name, ("model",), _flat(old), _flat(new))


def _flat(model: dict[str, Json]) -> dict[str, Json]:
    parameters = cast("dict[str, Json]", model.get("parameters") or {})
    own = {key: value for key, value in model.items() if key != "parameters"}
    return own | {f"parameters.{key}": value for key, value in parameters.items()}


def _other_keys(name: str, base: Entry, head: Entry) -> Iterator[Change]:
    if base.kind == head.kind == "Agent":
        yield from agent_facts(name, base.data, head.data)
    spoken = _SPOKEN if head.kind == "Prompt" else {"tools", "model"} | AGENT_KEYS
    if base.kind != head.kind:
        spoken = {"tools", "model"}
    old = {key: value for key, value in base.data.items() if key not in spoken}
    new = {key: value for key, value in head.data.items() if key not in spoken}
    for change in _keys("metadata-changed", name, (), old, new):
        key = str(change.route[0])
        yield replace(change, kind=f"{key}-changed") if key in _OWN_KINDS else change


def _keys(
    kind: str, name: str, route: Route, old: dict[str, Json], new: dict[str, Json]
) -> Iterator[Change]:
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if not same(before, after) or (key in old) != (key in new):
            yield Change(kind, name, (*route, key), before=before, after=after)
