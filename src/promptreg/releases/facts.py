"""Changes as facts to be shown: which message, which file, what differs inside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from promptreg.model.change import KINDS, Change
from promptreg.model.compare import compare
from promptreg.model.data import Json, Route, at_route
from promptreg.model.digest import unix_lines
from promptreg.model.entry import Entry
from promptreg.model.json_diff import Difference, json_differences
from promptreg.model.prompt import Message, Placeholder, Prompt
from promptreg.model.residue import residual_differences, residual_templates, whole_route
from promptreg.releases.comparison import Fact

_VAGUE = ("message-detail-changed", "other-changed")
"""Kinds that say that something changed, but not what."""
_ORDER = ("entry", "inputs", "output", "messages", "model", "behaviour", "metadata", "other")


def facts_of(
    base: Entry | None, head: Entry | None, more: Iterable[Change] = ()
) -> tuple[Fact, ...]:
    """Every change between two sides of an entry and `more` of them, in the order of groups.

    Whatever differs in the manifest or a template is told by a fact; empty where the digests are
    equal.
    """
    changes = (*compare(base, head), *more)
    if base is None or head is None:
        return tuple(_fact(change, _Spot("", "", change.path)) for change in changes)
    precise = [change for change in changes if change.kind not in _VAGUE]
    precise += residual_templates(base, head, precise)
    facts = [
        _fact(change, _spot(change, base, head), _inside(change.before, change.after))
        for change in precise
    ]
    untold = residual_differences(base, head, precise)
    facts += _vague(changes, untold if facts or changes else (), head.name)
    return tuple(sorted(facts, key=lambda fact: _rank(fact.group)))


def _rank(group: str) -> int:
    return _ORDER.index(group) if group in _ORDER else len(_ORDER)


def is_unread(fact: Fact, base: tuple[Entry, bool], head: tuple[Entry, bool]) -> bool:
    """Whether a fact only seems to be one, because a side can't read the text that it is about.

    Each side comes with whether it has anything that can't be read.
    """
    sides = ((fact.before, *base), (fact.after, *head))
    if fact.kind == "partial-changed":
        return any(text is None and blind for text, _, blind in sides)
    if fact.kind not in {"text-changed", "template-moved"} or fact.route[-1:] != ("template",):
        return False
    written = ((at_route(entry.data, fact.route), entry) for _, entry, _ in sides)
    return any(isinstance(name, str) and name not in entry.resolved for name, entry in written)


def _vague(changes: Iterable[Change], untold: tuple[Difference, ...], name: str) -> Iterator[Fact]:
    """Facts for what no precise one tells, with the differences that they are about."""
    for kind in _VAGUE:
        in_messages = kind == "message-detail-changed"
        mine = tuple(
            one for one in untold if (one.route[0] in {"messages", "locales"}) == in_messages
        )
        said = next((change for change in changes if change.kind == kind), None)
        if mine or (said and not untold):
            yield _fact(said or Change(kind, name), _Spot("", "", ""), mine)


@dataclass(frozen=True, slots=True)
class _Spot:
    role: str
    locale: str
    path: str


def _fact(change: Change, spot: _Spot, details: tuple[Difference, ...] = ()) -> Fact:
    kind = KINDS[change.kind]
    return Fact(
        kind=kind.name,
        group=kind.group,
        direction=kind.direction,
        route=whole_route(change),
        path=change.path or spot.path,
        role=spot.role,
        locale=spot.locale,
        before=change.before,
        after=change.after,
        details=details,
        effect=change.effect,
    )


def _inside(before: Json, after: Json) -> tuple[Difference, ...]:
    is_data = isinstance(before, (dict, list)) and isinstance(after, (dict, list))
    return json_differences(before, after) if is_data else ()


def _spot(change: Change, base: Entry, head: Entry) -> _Spot:
    """The message that a change is about; the head's, unless only the base has it."""
    route = change.route
    locale = str(route[1]) if route[:1] == ("locales",) and len(route) > 1 else ""
    if change.group != "messages" and "placeholder" not in change.kind:
        return _Spot("", "", change.path)
    new, old = _at(head, route), _at(base, route)
    is_old = change.kind == "text-changed" and (new is None or new[1] != change.after)
    found = old if is_old or new is None else new
    return _Spot(found[0], locale, found[2]) if found else _Spot("", locale, change.path)


def _at(entry: Entry, route: Route) -> tuple[str, str, str] | None:
    """Role, text and file of the template text at `route`."""
    prompt = entry.manifest
    if not isinstance(prompt, Prompt):
        return None
    for _, turns in (("", prompt.messages), *prompt.locales):
        for turn in turns:
            if isinstance(turn, Placeholder) and turn.route == route:
                return "", "", ""
            for part in turn.parts if isinstance(turn, Message) else ():
                if part.source.route == route and isinstance(turn, Message):
                    text = unix_lines(entry.source_text(part.source))
                    return turn.role, text, entry.resolved.get(part.source.file or "", "")
    return None
