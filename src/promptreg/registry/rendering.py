"""Rendering an entry: inputs checked and filled in, the locale chosen, the worker asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias, cast

from promptreg.errors import InputError, UsageError
from promptreg.model.data import Json, Route, format_route
from promptreg.model.entry import Entry
from promptreg.model.finding import Location, Severity
from promptreg.model.message import Rendered, RenderedMessage, RenderedOutput, RenderedTool
from promptreg.model.names import did_you_mean
from promptreg.model.prompt import Prompt, Turn
from promptreg.store.codepoints import check_text
from promptreg.store.schema import Violation, usable_input
from promptreg.store.text import describe
from promptreg.templates.names import folder_of
from promptreg.templates.request import (
    RenderAnswer,
    RenderFailure,
    RenderRequest,
    answer_from_json,
    request_to_json,
)

if TYPE_CHECKING:
    from promptreg.worker.process import Worker

Judge: TypeAlias = Callable[[Json, Json], tuple[Violation, ...]]


class RenderError(InputError):
    """A prompt that can't be rendered with these inputs; `at` is the place in the registry."""

    def __init__(self, what: str, failure: RenderFailure, at: Location) -> None:
        place = f":{at.place.line}:{at.place.column}" if at.place else ""
        route = "" if failure.path else f" ({format_route(failure.route)})"
        super().__init__(what, where=f"{at.path}{place}{route}")
        self.failure = failure
        self.at = at


def render_entry(
    entry: Entry,
    roots: tuple[str, ...],
    inputs: Mapping[str, Json],
    worker: Worker | None,
    *,
    locale: str = "",
) -> Rendered:
    """The prompt with `inputs` (as `fill_inputs` gives them) filled in.

    Without a worker it is rendered in this process, gated and metered: only for a release whose
    digest something outside its tag has confirmed. Raises RenderError where a template fails or
    costs too much, UsageError for an agent.
    """
    prompt = prompt_of(entry)
    request = RenderRequest(
        turns=turns_of(prompt, locale)[0],
        folder=folder_of(entry.path),
        templates=entry.templates,
        roots=roots,
        inputs=inputs,
    )
    answer = _ask(worker, request)
    if answer.failure is not None:
        raise _error(entry, answer.failure)
    _check_characters(entry, answer.messages)
    return Rendered(
        entry=entry.name,
        model=str(prompt.model.get("name", "")),
        messages=answer.messages,
        parameters=cast("dict[str, Json]", prompt.model.get("parameters") or {}),
        tools=tuple(_tool(tool) for tool in prompt.tools),
        output=_output(prompt.output),
    )


def prompt_of(entry: Entry) -> Prompt:
    """The entry's prompt. Raises UsageError for an agent."""
    if isinstance(entry.manifest, Prompt):
        return entry.manifest
    raise UsageError(
        f"`{entry.name}` is an agent, and only prompts are rendered",
        hint=f"`promptreg show {entry.name}` lists its prompts",
    )


def turns_of(prompt: Prompt, locale: str) -> tuple[tuple[Turn, ...], str]:
    """The turns for a locale, and the locale that they are written in (empty: the default).

    `de-AT` falls back to `de`, then to the default, as RFC 4647 §3.4 looks up.
    """
    known = {tag.lower(): (tag, turns) for tag, turns in prompt.locales}
    parts = locale.lower().split("-") if locale else []
    while parts:
        found = known.get("-".join(parts))
        if found is not None:
            return found[1], found[0]
        parts.pop()
    return prompt.messages, ""


def fill_inputs(prompt: Prompt, given: Mapping[str, Json], judge: Judge) -> dict[str, Json]:
    """Every input and placeholder by name: defaults applied, absent optional ones None.

    Raises InputError that tells everything that is unknown, missing or of the wrong type.
    """
    problems = input_problems(prompt, given, judge)
    if problems:
        raise InputError(
            f"the inputs of `{prompt.name}` don't fit",
            hint="\n".join(message for _, message in problems),
        )
    filled: dict[str, Json] = {one.name: one.schema.get("default") for one in prompt.inputs}
    filled |= {one.name: [] for one in prompt.placeholders()}
    return filled | dict(given)


def input_problems(
    prompt: Prompt, given: Mapping[str, Json], judge: Judge
) -> tuple[tuple[Route, str], ...]:
    """What is wrong with `given`: the route in it, and a sentence."""
    placeholders = {one.name: one for one in prompt.placeholders()}
    inputs = {one.name: one for one in prompt.inputs}
    known = [*inputs, *placeholders]
    problems: list[tuple[Route, str]] = []
    for name in given:
        if name not in known:
            near = did_you_mean(name, known) or f"there is {', '.join(known) or 'none'}"
            problems.append(((name,), f"there is no input `{name}`: {near}"))
    for name, placeholder in placeholders.items():
        if placeholder.required and name not in given:
            problems.append(((), f"`{name}` is missing: a list of messages"))
    for name, one in inputs.items():
        schema, unusable = usable_input(one.schema)
        if unusable:
            problems.append(((), f"`{name}` can't be judged: {unusable}"))
        elif name in given:
            found = judge(schema, given[name])
            problems += [((name, *wrong.route), _said(name, wrong)) for wrong in found]
        elif one.required and not one.has_default:
            problems.append(((), f"`{name}` is missing{_described(one.description)}"))
    return tuple(problems)


def _said(name: str, wrong: Violation) -> str:
    hint = f" ({wrong.hint})" if wrong.hint else ""
    return f"`{format_route((name, *wrong.route))}`: {wrong.message}{hint}"


def _described(description: str) -> str:
    return f": {description:.120}" if description else ""


def _ask(worker: Worker | None, request: RenderRequest) -> RenderAnswer:
    if worker is None:
        from promptreg.templates.render import render_messages  # noqa: PLC0415 - Jinja is heavy

        return render_messages(request)
    from promptreg.worker.limits import LimitExceeded  # noqa: PLC0415 - the worker is heavy

    try:
        return answer_from_json(worker.ask("render", request_to_json(request)))
    except LimitExceeded as problem:
        return RenderAnswer(failure=RenderFailure("limit", f"rendering it {problem.reason}"))


def _error(entry: Entry, failure: RenderFailure) -> RenderError:
    if failure.path:
        at = Location(failure.path, place=failure.place)
    else:
        at = Location(entry.path, failure.route, inside=failure.place)
    return RenderError(f"`{entry.name}` can't be rendered: {failure.message}", failure, at)


def _check_characters(entry: Entry, messages: tuple[RenderedMessage, ...]) -> None:
    """What an input or an escape brings in must not act on those who read the result."""
    for index, message in enumerate(messages):
        texts = [message.name]
        texts += [getattr(part, name) for part in message.parts for name in part.__slots__]
        for suspect in (one for text in texts for one in check_text(text)):
            if suspect.severity is Severity.ERROR:
                raise InputError(
                    f"`{entry.name}` can't be rendered: message {index + 1} ({message.role}) "
                    f"holds {describe(suspect.codepoint)}, {suspect.why}",
                    hint="remove it from the inputs or the template",
                )


def _tool(tool: dict[str, Json]) -> RenderedTool:
    return RenderedTool(
        name=str(tool["name"]),
        description=str(tool.get("description", "")),
        parameters=tool.get("parameters"),
        strict=bool(tool.get("strict", False)),
    )


def _output(output: dict[str, Json]) -> RenderedOutput | None:
    if not output:
        return None
    return RenderedOutput(
        output["schema"], str(output.get("name", "")), bool(output.get("strict", False))
    )
