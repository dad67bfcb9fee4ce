"""Facts between two sides of an entry. Base is the older side, head the newer one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TypeAlias, cast

from promptreg.model.change import Change
from promptreg.model.data import Json, Route, at_route, same
from promptreg.model.digest import unix_lines
from promptreg.model.entry import Entry
from promptreg.model.prompt import Input, Message, Placeholder, Prompt, Source, Turn
from promptreg.model.untold import untold

Side: TypeAlias = tuple[Entry, tuple[Turn, ...]]

_SPOKEN = {"inputs", "output", "messages", "locales", "tools", "model"}
"""Keys of a prompt that have facts of their own."""
_AGENT_BEHAVIOUR = {
    "prompts",
    "budget",
    "mcp_servers",
    "guardrails",
    "approvals",
    "escalation",
    "hand_offs",
    "steps",
    "success_metrics",
}
_MODEL_DOCS = {"description", "title", "examples", "untrusted"}


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
    yield from _tools(name, base.data, head.data)
    if isinstance(base.manifest, Prompt) and isinstance(head.manifest, Prompt):
        yield from _inputs(name, base.manifest, head.manifest)
        yield from _placeholders(name, base.manifest, head.manifest)
        yield from _output(name, base.manifest, head.manifest)
        yield from _messages(name, base, head)
        yield from _partials(name, base, head)
    yield from _model(name, base.data, head.data)
    yield from _other_keys(name, base, head)


def _inputs(name: str, base: Prompt, head: Prompt) -> Iterator[Change]:
    before = {one.name: one for one in base.inputs}
    after = {one.name: one for one in head.inputs}
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        route: Route = ("inputs", key)
        if old is None and new is not None:
            kind = "required-input-added" if new.required else "input-added"
            yield Change(kind, name, route, after=new.schema)
        elif new is None and old is not None:
            yield Change("input-removed", name, route, before=old.schema)
        elif old is not None and new is not None:
            yield from _input(name, route, old, new)


def _input(name: str, route: Route, old: Input, new: Input) -> Iterator[Change]:
    kinds = []
    if old.required != new.required:
        kinds.append("input-became-required" if new.required else "input-became-optional")
    elif word := _default_changed(old, new):
        kinds.append(f"input-default-{word}")
    if not same(_judged(old), _judged(new)):
        kinds.append("input-changed")
    if not kinds and not same(old.schema, new.schema):
        kinds.append("input-described")
    for kind in kinds:
        yield Change(kind, name, route, before=old.schema, after=new.schema)


def _default_changed(old: Input, new: Input) -> str:
    if old.has_default != new.has_default:
        return "added" if new.has_default else "removed"
    return "" if same(old.schema.get("default"), new.schema.get("default")) else "changed"


def _judged(one: Input) -> dict[str, Json]:
    ours = _MODEL_DOCS | {"required", "default"}
    return {key: value for key, value in one.schema.items() if key not in ours}


def _placeholders(name: str, base: Prompt, head: Prompt) -> Iterator[Change]:
    before = {one.name: one for one in base.placeholders()}
    after = {one.name: one for one in head.placeholders()}
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old is None and new is not None:
            kind = "placeholder-added" if new.required else "optional-placeholder-added"
            yield Change(kind, name, new.route, after=key)
        elif new is None and old is not None:
            yield Change("placeholder-removed", name, old.route, before=key)
        elif old is not None and new is not None and old.required != new.required:
            word = "required" if new.required else "optional"
            yield Change(f"placeholder-became-{word}", name, new.route, before=key, after=key)
        if old is not None and new is not None and old.description != new.description:
            route = (*new.route[:-1], "description")
            said = old.description, new.description
            yield Change("metadata-changed", name, route, before=said[0], after=said[1])


def _output(name: str, base: Prompt, head: Prompt) -> Iterator[Change]:
    if not same(base.output, head.output):
        yield Change("output-changed", name, ("output",), before=base.output, after=head.output)


def _tools(name: str, base: dict[str, Json], head: dict[str, Json]) -> Iterator[Change]:
    before, after = _by_name(base.get("tools")), _by_name(head.get("tools"))
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if not same(old, new):
            word = "added" if old is None else "removed" if new is None else "changed"
            yield Change(f"tool-{word}", name, ("tools", key), before=old, after=new)


def _by_name(tools: Json) -> dict[str, Json]:
    items = cast("list[dict[str, Json]]", tools or [])
    return {str(tool["name"]): cast("Json", tool) for tool in items}


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
    behaviour = _AGENT_BEHAVIOUR if head.kind == "Agent" else set()
    spoken = _SPOKEN if head.kind == "Prompt" else {"tools", "model"}
    old = {key: value for key, value in base.data.items() if key not in spoken}
    new = {key: value for key, value in head.data.items() if key not in spoken}
    for change in _keys("metadata-changed", name, (), old, new):
        acts = change.route[0] in behaviour
        yield (
            Change("behaviour-changed", name, change.route, "", change.before, change.after)
            if acts
            else change
        )


def _keys(
    kind: str, name: str, route: Route, old: dict[str, Json], new: dict[str, Json]
) -> Iterator[Change]:
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if not same(before, after) or (key in old) != (key in new):
            yield Change(kind, name, (*route, key), before=before, after=after)
