"""`render`: a prompt with its inputs filled in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from promptreg.checks.judging import bounded_judge
from promptreg.errors import UsageError
from promptreg.model.data import Json
from promptreg.model.message import Rendered
from promptreg.model.prompt import Prompt
from promptreg.model.selector import parse_selector
from promptreg.registry.rendering import fill_inputs, prompt_of, render_entry, turns_of
from promptreg.registry.workspace import Workspace
from promptreg.releases.resolve import resolve
from promptreg.store.json_input import read_json
from promptreg.store.schema import judge
from promptreg.worker.process import Worker


@dataclass(frozen=True, slots=True)
class Rendering:
    """A rendered prompt, and what it was rendered from."""

    rendered: Rendered
    selector: str
    commit: str
    """Empty for the working tree."""
    digest: str
    locale: str
    """The locale that it is written in; empty for the default."""


def render(
    workspace: Workspace,
    selector_text: str,
    inputs: Mapping[str, Json],
    assignments: Sequence[str] = (),
    *,
    locale: str = "",
) -> Rendering:
    """The prompt that a selector names with inputs filled in.

    `assignments` are `name=value` texts that win over `inputs`; a value is read by the type that
    its input declares. Raises SelectorError, InputError or RefusedError.
    """
    selector = parse_selector(selector_text)
    resolved = resolve(workspace, selector)
    entry = resolved.entry
    prompt = prompt_of(entry)
    given = {**inputs, **_assigned(prompt, assignments)}
    roots = resolved.snapshot.configuration.template_roots
    with Worker() as worker:
        # What an environment vouches for was judged when it was released.
        trusted = resolved.confirmed
        filled = fill_inputs(prompt, given, judge if trusted else bounded_judge(worker))
        rendered = render_entry(entry, roots, filled, None if trusted else worker, locale=locale)
    version = str(resolved.release.version) if resolved.release else ""
    return Rendering(
        rendered=replace(rendered, version=version),
        selector=str(selector),
        commit=resolved.commit,
        digest=entry.digest(),
        locale=turns_of(prompt, locale)[1],
    )


def _assigned(prompt: Prompt, assignments: Sequence[str]) -> dict[str, Json]:
    schemas = {one.name: one.schema for one in prompt.inputs}
    found: dict[str, Json] = {}
    for text in assignments:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UsageError(f"`{text[:80]}` is no input", hint="write `--input NAME=VALUE`")
        if name in found:
            raise UsageError(f"`{name}` is given twice")
        found[name] = _typed(name, value, schemas.get(name))
    return found


def _typed(name: str, value: str, schema: Mapping[str, Json] | None) -> Json:
    """Text stays text where the input may be text; anything else is read as JSON."""
    kinds = (schema or {}).get("type")
    allowed = kinds if isinstance(kinds, list) else [kinds]
    if "string" in allowed or (kinds is None and not _is_json(value)):
        return value
    if schema is None:
        return value  # unknown; `fill_inputs` says so
    if not _is_json(value):
        shown = " or ".join(str(cast("str", kind)) for kind in allowed)
        raise UsageError(
            f"`{name}` takes a value of type {shown}, and `{value[:60]}` is none",
            hint="""values that aren't text are JSON: `--input 'items=["a", "b"]'`""",
        )
    return read_json(f"--input {name}", value.encode("utf-8", "surrogateescape"))


def _is_json(value: str) -> bool:
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        return False
    return True
