"""Rendering: a prompt's turns and its inputs become messages, at a bounded cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from promptreg.model.data import Json, Route
from promptreg.model.message import ROLES, FilePart, ImagePart, RenderedMessage, TextPart
from promptreg.model.message import Part as RenderedPart
from promptreg.model.prompt import Message, Part, Placeholder, Source
from promptreg.templates.analysis import analyse
from promptreg.templates.failure import (
    failure_kind,
    failure_line,
    failure_message,
    failure_word,
    is_fault_of_process,
)
from promptreg.templates.names import name_problem, resolve_name
from promptreg.templates.places import Places
from promptreg.templates.request import RenderAnswer, RenderFailure, RenderRequest
from promptreg.templates.sandbox import INLINE, Sandbox, inline_name, rest, rested


def render_messages(request: RenderRequest) -> RenderAnswer:
    """Render every turn, in order. Never raises for what a template or an input does.

    Same request, same answer: no clock, no files, no chance. A placeholder's messages are put in
    as they are; no text of an input is ever read as a template or as the start of a message.
    """
    sandbox = rested(request.templates, request.roots)
    answer = _Renderer(request, sandbox).run()
    if answer.failure is None:
        rest(sandbox)
    return answer


class _Stopped(Exception):  # noqa: N818 - it carries an answer
    def __init__(self, failure: RenderFailure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class _Renderer:
    def __init__(self, request: RenderRequest, sandbox: Sandbox) -> None:
        self._request = request
        self._sandbox = sandbox

    def run(self) -> RenderAnswer:
        messages: list[RenderedMessage] = []
        try:
            for turn in self._request.turns:
                if isinstance(turn, Placeholder):
                    messages.extend(self._inserted(turn))
                else:
                    messages.append(self._message(turn))
        except _Stopped as stopped:
            return RenderAnswer(failure=stopped.failure)
        return RenderAnswer(tuple(messages))

    def _message(self, turn: Message) -> RenderedMessage:
        return RenderedMessage(turn.role, tuple(map(self._part, turn.parts)), turn.name)

    def _part(self, part: Part) -> RenderedPart:
        text = self._text(part.source)
        if part.type == "text":
            return TextPart(text)
        url, data = ("", text) if part.is_data else (text, "")
        media = "" if part.media_type is None else self._text(part.media_type)
        options = dict(part.options)
        if part.type == "image":
            return ImagePart(url, data, media, options.get("detail", ""))
        return FilePart(url, data, media, options.get("name", ""))

    def _text(self, source: Source) -> str:
        if source.file is None:
            folder = self._request.folder
            return self._rendered(source.inline or "", inline_name(folder), source.route)
        problem = name_problem(source.file)
        if problem:
            raise _Stopped(RenderFailure("not-allowed", problem, source.route))
        templates = self._request.templates
        path = resolve_name(
            source.file, self._request.folder, self._request.roots, templates.__contains__
        )
        if path is None:
            message = f"there is no template `{source.file}`"
            raise _Stopped(RenderFailure("missing-template", message, source.route))
        return self._rendered(templates[path], path, source.route)

    def _rendered(self, text: str, name: str, route: Route) -> str:
        try:
            self._gate(text, name, route)
            template = self._sandbox.template_of(text, name)
            context = template.new_context(dict(self._request.inputs))
            return self._sandbox.meter.collected(template.root_render_func(context))
        except _Stopped:
            raise
        except Exception as error:  # whatever a template provokes is an answer
            if is_fault_of_process(error):
                raise
            raise _Stopped(self._failure(error, text, name, route)) from None

    def _gate(self, text: str, name: str, route: Route) -> None:
        problems = analyse(text).problems
        if problems:
            first = problems[0]
            kinds = {"template-syntax": "syntax", "limit-exceeded": "limit"}
            kind = kinds.get(first.rule, "not-allowed")
            failure = RenderFailure(kind, first.message, route, _path(name), first.place)
            raise _Stopped(failure)

    def _failure(self, error: Exception, text: str, name: str, route: Route) -> RenderFailure:
        where, line = failure_line(error)
        where = where or name
        source = text if where == name else self._request.templates.get(where, "")
        place = Places(source).of(line, failure_word(error)) if line else None
        kind = failure_kind(error)
        return RenderFailure(kind, failure_message(error), route, _path(where), place)

    def _inserted(self, turn: Placeholder) -> list[RenderedMessage]:
        value = self._request.inputs.get(turn.name)
        if value is None and not turn.required:
            return []
        if not isinstance(value, list):
            message = f"`{turn.name}` needs a list of messages, each with a role and a content"
            raise _Stopped(RenderFailure("input", message, turn.route))
        return [_given(item, index, turn) for index, item in enumerate(value)]


def _given(item: Json, index: int, turn: Placeholder) -> RenderedMessage:
    """A message of the caller's, taken as it is."""
    if isinstance(item, dict) and set(item) <= {"role", "content", "name"}:
        role, content, name = item.get("role"), item.get("content"), item.get("name", "")
        if role in ROLES and isinstance(role, str) and isinstance(name, str):
            if isinstance(content, str):
                return RenderedMessage(role, (TextPart(content),), name)
            if isinstance(content, list) and content:
                parts = [_given_part(part) for part in content]
                given = tuple(part for part in parts if part is not None)
                if len(given) == len(parts):
                    return RenderedMessage(role, given, name)
    message = (
        f"message {index + 1} of `{turn.name}` needs a role ({', '.join(ROLES)}) and a content: "
        "text, or a list of parts"
    )
    raise _Stopped(RenderFailure("input", message, turn.route))


def _given_part(item: Json) -> RenderedPart | None:
    if not isinstance(item, dict) or not all(isinstance(value, str) for value in item.values()):
        return None
    fields: Mapping[str, Any] = {key: value for key, value in item.items() if key != "type"}
    kind = item.get("type")
    if kind == "text" and set(fields) == {"text"}:
        return TextPart(fields["text"])
    if kind in ("image", "file") and ("url" in fields) != ("data" in fields):
        option = "detail" if kind == "image" else "name"
        if set(fields) <= {"url", "data", "media_type", option}:
            return ImagePart(**fields) if kind == "image" else FilePart(**fields)
    return None


def _path(name: str) -> str:
    return "" if name.rsplit("/", 1)[-1] == INLINE else name
