"""What a comparison's facts don't show of two manifests and their templates.

A fact of the kind `other-changed` says that something changed; this says what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from promptreg.model.change import Change
from promptreg.model.data import Json, Route, at_route, same
from promptreg.model.digest import unix_lines
from promptreg.model.entry import Entry
from promptreg.model.json_diff import Difference, Op, json_differences

_TEXTS = frozenset({"role", "content", "template", "placeholder", "type", "text"})
"""Keys of a message or part whose changes are facts about its role or its text."""
_COARSE = (
    *("entry-moved", "kind-changed", "roles-changed"),
    *("message-detail-changed", "text-changed", "template-moved"),
)
"""Facts that don't tell of the other keys at their route."""
_IDENTITIES = ("name", "to", "when")
"""The keys by which facts tell the items of an agent's lists apart."""
_PARAMETERS = "parameters."


def whole_route(change: Change) -> Route:
    """The route of a change as steps of the manifest: parameters of a model are a step deeper."""
    route = change.route
    if route[:1] == ("model",) and str(route[-1]).startswith(_PARAMETERS):
        return ("model", "parameters", str(route[-1]).removeprefix(_PARAMETERS))
    return route


def residual_differences(
    base: Entry, head: Entry, facts: Iterable[Change]
) -> tuple[Difference, ...]:
    """Differences of the two manifests that no fact covers: extension keys, details of messages.

    How a template is written counts where the files that are named are the same ones.
    """
    told = [_told_of(change, base, head) for change in facts if change.kind not in _COARSE]
    same_files = sorted(base.resolved.values()) == sorted(head.resolved.values())
    texts = _TEXTS - {"template"} if same_files else _TEXTS
    found = json_differences(_view(base.data, texts), _view(head.data, texts))
    return tuple(one for one in found if not _is_told(one, told))


def residual_templates(base: Entry, head: Entry, facts: Iterable[Change]) -> tuple[Change, ...]:
    """Facts for templates that changed where no other fact shows their text.

    They moved along with the manifest, or were named by it on one side and are reached through
    others on the other.
    """
    told = _told_templates(base, head, tuple(facts))
    gone: dict[str, str] = {}
    come: dict[str, str] = {}
    found: list[Change] = []
    for path in sorted((base.templates.keys() | head.templates.keys()) - told):
        old, new = _text(base, path), _text(head, path)
        if old is not None and new is not None:
            if old != new:
                found.append(_partial(head, path, old, new))
        elif old is not None:
            gone[path] = old
        elif new is not None:
            come[path] = new
    for path, text in come.items():
        former = next((one for one, old in gone.items() if old == text), None)
        if former is None:
            found.append(_partial(head, path, None, text))
        else:
            del gone[former]
            found.append(Change("template-moved", head.name, (), path, former, path))
    found += [_partial(head, path, text, None) for path, text in gone.items()]
    return tuple(found)


def _partial(head: Entry, path: str, old: str | None, new: str | None) -> Change:
    return Change("partial-changed", head.name, path=path, before=old, after=new)


def _told_templates(base: Entry, head: Entry, facts: tuple[Change, ...]) -> set[str]:
    """Paths whose text, or whose move, a fact already shows."""
    told = {change.path for change in facts if change.kind == "partial-changed"}
    for change in facts:
        if change.kind == "template-moved":
            told |= {str(change.before), str(change.after)}
    texts = [change for change in facts if change.kind == "text-changed"]
    before, after = {str(one.before) for one in texts}, {str(one.after) for one in texts}
    for path in base.templates.keys() | head.templates.keys():
        old, new = _text(base, path), _text(head, path)
        if old != new and (old is None or old in before) and (new is None or new in after):
            told.add(path)
    return told


@dataclass(frozen=True, slots=True)
class _Told:
    """A route that a fact speaks of, and whether it shows all that lies below."""

    route: Route
    whole: bool


def _told_of(change: Change, base: Entry, head: Entry) -> _Told:
    # Facts about a contract miss nothing of it, and lead through the references of its schemas.
    if change.group == "output":
        return _Told(
            ("output",) if change.route[:1] == ("output",) else change.route[:2], whole=True
        )
    if change.route[:1] == ("inputs",):
        return _Told(change.route[:2], whole=True)
    return _Told(_told_route(change), whole=_is_whole(change, base, head))


def _told_route(change: Change) -> Route:
    route = whole_route(change)
    return route[:-1] if "placeholder" in change.kind else route


def _is_whole(change: Change, base: Entry, head: Entry) -> bool:
    """Whether a fact shows the very value at its route, not only something about it."""
    if "placeholder" in change.kind or isinstance(change.before or change.after, (dict, list)):
        return True
    sides = ((base, change.before), (head, change.after))
    route = whole_route(change)
    return any(same(at_route(entry.data, route), value) for entry, value in sides)


def _is_told(difference: Difference, told: Iterable[_Told]) -> bool:
    here = difference.route
    value = difference.before if difference.op is Op.REMOVED else difference.after
    is_mapping = difference.op in {Op.ADDED, Op.REMOVED} and isinstance(value, dict)
    if is_mapping and not value and "messages" in here:
        return True  # a message that holds nothing but its role and text
    if isinstance(value, list) and value and _each_is_told(here, value, told):
        return True  # the last of its items went, or the first came
    return any(
        here == one.route
        or (one.whole and one.route == here[: len(one.route)])
        or (is_mapping and bool(value) and here == one.route[: len(here)])
        for one in told
        if one.route
    )


def _each_is_told(here: Route, items: list[Json], told: Iterable[_Told]) -> bool:
    """Whether every item of a list that came or went as a whole has a fact of its own."""
    routes = {one.route for one in told if one.whole}
    return all(
        isinstance(item, dict)
        and any((*here, str(item[key])) in routes for key in _IDENTITIES if key in item)
        for item in items
    )


def _text(entry: Entry, path: str) -> str | None:
    text = entry.templates.get(path)
    return None if text is None else unix_lines(text)


def _view(data: dict[str, Json], texts: frozenset[str]) -> Json:
    """The manifest without what texts and roles tell."""
    view = dict(data)
    if "messages" in data:
        view["messages"] = _turns(data["messages"], texts)
    if "locales" in data:
        locales = cast("dict[str, dict[str, Json]]", data["locales"])
        view["locales"] = {
            name: {**part, "messages": _turns(part["messages"], texts)}
            for name, part in locales.items()
        }
    return view


def _turns(value: Json, texts: frozenset[str]) -> Json:
    return [dict(_turn(turn, texts)) for turn in cast("list[dict[str, Json]]", value)]


def _turn(turn: dict[str, Json], texts: frozenset[str]) -> Iterator[tuple[str, Json]]:
    for key, value in turn.items():
        if key == "content" and isinstance(value, list):
            parts = cast("list[dict[str, Json]]", value)
            yield key, [dict(_turn(part, texts)) for part in parts]
        elif key in {"url", "data"}:
            yield "given as", key
        elif key not in texts:
            yield key, value
