"""From events to plain values, with everything that makes a document more than plain data refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from promptreg.model.data import Json, Route
from promptreg.model.finding import Place
from promptreg.store.codepoints import Suspect, check_text
from promptreg.store.yaml_events import BrokenYamlError, read_events
from promptreg.store.yaml_scalars import MAYBE_SPECIAL, NotJsonError, resolve, shorten

MOST_DEPTH = 64
MOST_ADDED_NODES = 10_000
MOST_ADDED_CHARACTERS = 1_000_000
MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a place; `suspects` are code points that escapes brought into `value`."""

    rule: str
    message: str
    place: Place
    route: Route = ()
    key: str = ""
    fix: str = ""
    value: str = ""
    suspects: tuple[Suspect, ...] = ()


def build(text: str) -> tuple[Json, tuple[Problem, ...]]:
    """The value of the one document in `text`, and its problems; with problems the value is moot."""
    builder = _Builder(text)
    try:
        builder.run()
    except BrokenYamlError as broken:
        words = broken.words
        problem = Problem("yaml-syntax", words.message, broken.place, fix=words.fix)
        builder.problems.append(problem)
    except _StopError:
        pass
    return builder.root[0] if builder.root else None, tuple(builder.problems[:MOST_PROBLEMS])


class _StopError(Exception):
    """The rest of the document can't be read."""


# What the innermost open collection waits for, where it isn't the value of a key.
_ITEM, _KEY = object(), object()


@dataclass(slots=True)
class _Builder:
    """The state of one walk. Speed matters here: this runs for every node of every manifest."""

    text: str
    root: list[Json] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    top: Any = None
    key: Any = _ITEM
    stack: list[tuple[Any, Any, Any]] = field(default_factory=list)
    anchors: dict[str, Json] = field(default_factory=dict)
    open_anchors: dict[str, int] = field(default_factory=dict)
    added_nodes: int = 0
    added_characters: int = 0
    documents: int = 0

    def run(self) -> None:
        from yaml import events  # noqa: PLC0415 - heavy; a warm run reads no YAML

        self.top = self.root
        handlers = {
            events.ScalarEvent: self.scalar,
            events.MappingStartEvent: self.mapping,
            events.SequenceStartEvent: self.sequence,
            events.MappingEndEvent: self.end,
            events.SequenceEndEvent: self.end,
            events.AliasEvent: self.alias,
            events.DocumentStartEvent: self.document,
            events.DocumentEndEvent: _ignore,
            events.StreamStartEvent: _ignore,
            events.StreamEndEvent: _ignore,
        }
        for event in read_events(self.text):
            handlers[event.__class__](event)
        if not self.problems and (not self.root or self.root[0] is None):
            self.add("yaml-syntax", "the file holds no document", Place(1, 1), fix="write one")

    def scalar(self, event: Any) -> None:
        value = event.value
        style = event.style
        if not style:
            if value[:1] in MAYBE_SPECIAL:
                value = self.plain(value, event)
            elif value == "<<" and self.key is _KEY:
                self.refuse(
                    event, "`<<` merges are not allowed", key="<<", fix="write the keys out"
                )
        elif style == '"' and not (value.isascii() and value.isprintable()):
            self.check_escapes(value, event)
        if event.anchor is not None or event.tag is not None:
            self.properties(value, event)
        self.put(value, event)

    def put(self, value: Json, event: Any) -> None:
        key = self.key
        if key is _ITEM:
            self.top.append(value)
        elif key is _KEY:
            if value.__class__ is not str:
                value = self.bad_key(event)
            if value in self.top:
                self.duplicate(str(value), event)
            self.key = value
        else:
            self.top[key] = value
            self.key = _KEY

    def mapping(self, event: Any) -> None:
        self.start({}, _KEY, event)

    def sequence(self, event: Any) -> None:
        self.start([], _ITEM, event)

    def start(self, value: Json, waits: object, event: Any) -> None:
        if self.key is _KEY:
            self.refuse(
                event, "a key has to be text, not a collection", fix="write the key as text"
            )
            raise _StopError
        if len(self.stack) >= MOST_DEPTH:
            message = f"more than {MOST_DEPTH} levels of nesting"
            self.add("limit-exceeded", message, _place(event), key="depth", fix="nest less")
            raise _StopError
        if event.anchor is not None or event.tag is not None:
            self.properties(value, event)
            if event.anchor is not None:
                self.open_anchors[event.anchor] = len(self.stack)
        step = self.key
        self.put(value, event)
        self.stack.append((self.top, self.key, step))
        self.top, self.key = value, waits

    def end(self, _event: Any) -> None:
        self.top, self.key, _ = self.stack.pop()
        if self.open_anchors:
            depth = len(self.stack)
            self.open_anchors = {n: d for n, d in self.open_anchors.items() if d < depth}

    def alias(self, event: Any) -> None:
        name = event.anchor
        shown = shorten(name)
        if name in self.open_anchors:
            self.refuse(event, f"`*{shown}` stands inside its own anchor", key=name)
            raise _StopError
        if name not in self.anchors:
            message = f"`*{shown}` names no anchor above it"
            self.add(
                "yaml-syntax", message, _place(event), key=name, fix=f"define `&{shown}` first"
            )
            raise _StopError
        value = self.anchors[name]
        self.weigh(value, event)
        self.put(value, event)

    def document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            self.refuse(event, "a second document starts here", key="---", fix="keep one to a file")
            raise _StopError
        if event.version or event.tags:
            self.refuse(event, "a `%` directive is not allowed", key="%", fix="remove the line")

    def plain(self, text: str, event: Any) -> Json:
        try:
            return resolve(text)
        except NotJsonError as error:
            fix = "put it in quotes to make it text"
            self.refuse(event, str(error), key=text[:80], fix=fix)
            return text

    def check_escapes(self, value: str, event: Any) -> None:
        """Refuse what only escapes bring in; what stands there raw was judged with the file."""
        suspects = check_text(value)
        if not suspects:
            return
        raw = self.text[event.start_mark.index : event.end_mark.index]
        escaped = tuple(one for one in suspects if one.codepoint not in raw)
        if escaped:
            is_key = self.key is _KEY
            route = (*self.parents(), value) if is_key else self.route()
            self.problems.append(
                Problem(
                    "", "", _place(event), route, value="" if is_key else value, suspects=escaped
                )
            )

    def properties(self, value: Json, event: Any) -> None:
        """Refuse a tag, remember an anchor."""
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            message = f"the tag `{shorten(tag)}` is not allowed"
            self.refuse(event, message, key=tag[:80], fix="remove it, or put the text in quotes")
        name = event.anchor
        if name is not None:
            if name in self.anchors:
                message = f"the anchor `&{shorten(name)}` is defined twice"
                self.refuse(event, message, key=name, fix="give each anchor its own name")
            self.anchors[name] = value

    def weigh(self, value: Json, event: Any) -> None:
        """Count what an alias adds when it is read as a copy, and stop where it is too much."""
        left: list[tuple[Json, int]] = [(value, len(self.stack))]
        while left:
            node, depth = left.pop()
            self.added_nodes += 1
            if isinstance(node, str):
                self.added_characters += len(node)
            elif isinstance(node, dict):
                self.added_characters += sum(map(len, node))
                left.extend((child, depth + 1) for child in node.values())
            elif isinstance(node, list):
                left.extend((child, depth + 1) for child in node)
            is_deep = depth >= MOST_DEPTH and isinstance(node, dict | list)
            if (
                is_deep
                or self.added_nodes + len(left) > MOST_ADDED_NODES
                or self.added_characters > MOST_ADDED_CHARACTERS
            ):
                message = f"aliases add more than {MOST_ADDED_NODES} values, too much text or depth"
                self.add("limit-exceeded", message, _place(event), key="aliases", fix="write less")
                raise _StopError

    def bad_key(self, event: Any) -> str:
        text = shorten(event.value) if hasattr(event, "value") else f"*{shorten(event.anchor)}"
        message = f"the key `{text}` is not text" if text else "a key is missing before `:`"
        self.refuse(event, message, key=text, fix=f'write "{text}" in quotes' if text else "")
        return text

    def duplicate(self, key: str, event: Any) -> None:
        message = f"the key `{shorten(key)}` is here twice"
        route = (*self.parents(), key)
        self.add("yaml-duplicate-key", message, _place(event), route=route, key=key)

    def refuse(self, event: Any, message: str, *, key: str = "", fix: str = "") -> None:
        self.add("yaml-not-plain", message, _place(event), route=self.route(), key=key, fix=fix)

    def add(
        self,
        rule: str,
        message: str,
        place: Place,
        *,
        route: Route = (),
        key: str = "",
        fix: str = "",
    ) -> None:
        self.problems.append(Problem(rule, message, place, route, key, fix))
        if len(self.problems) >= MOST_PROBLEMS:
            raise _StopError

    def route(self) -> Route:
        """The route of the node that comes next."""
        if self.key is _ITEM:
            return (*self.parents(), len(self.top)) if self.stack else ()
        return self.parents() if self.key is _KEY else (*self.parents(), self.key)

    def parents(self) -> Route:
        """The route of the innermost open collection."""
        frames = self.stack[1:]
        return tuple(len(top) - 1 if step is _ITEM else step for top, _, step in frames)


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def _ignore(_event: Any) -> None:
    return None
