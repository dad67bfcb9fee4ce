"""The answer of `show`, for people."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, cast

from promptreg.model.data import Json
from promptreg.reporters.agent import agent_lines
from promptreg.reporters.lines import Cell, Line, Span, columns, line
from promptreg.reporters.moments import to_the_minute
from promptreg.reporters.printable import printable
from promptreg.reporters.sections import section, tool_row
from promptreg.reporters.shown import Contract, Shown, ShownInput, ShownRelease

_MOST_USERS = 20


def entry_lines(shown: Shown) -> list[Line]:
    """The manifest in short, the contract, releases, environments and users."""
    data = cast("dict[str, Any]", shown.manifest)
    lines = [*_head(shown, data), line(), *_summary(shown, data)]
    if shown.contract is not None:
        lines += _contract(shown.contract, data)
    else:
        lines += agent_lines(shown.pins, data)
    if shown.templates:
        lines += section("Templates", [[printable(path)] for path in shown.templates])
    return [*lines, *_releases(shown), *_environments(shown), *_users(shown)]


def _head(shown: Shown, data: dict[str, Any]) -> list[Line]:
    facts = f"  {shown.kind}, {data['lifecycle']}, {data['risk']} risk"
    lines = [line(Span(printable(shown.selector), "name"), facts)]
    if data.get("description"):
        lines.append(line(printable(" ".join(data["description"].split()), most=400)))
    return lines


def _summary(shown: Shown, data: dict[str, Any]) -> list[Line]:
    contact = f" ({printable(shown.contact)})" if shown.contact else ""
    sunset = f" on {data['sunset']}" if "sunset" in data else ""
    rows = {
        "file": printable(shown.path),
        "release": str(shown.version or ""),
        "commit": shown.commit,
        "digest": shown.digest,
        "owner": printable(data["owner"]) + contact,
        "ends": sunset.strip(),
        "replaced by": data.get("replaced_by", ""),
        "renamed from": data.get("renamed_from", ""),
        "model": _model(data.get("model", {})),
        "labels": _pairs(data.get("labels", {})),
        "tests": str(shown.tests) if shown.kind == "prompt" else "",
    }
    kept: list[list[Cell]] = [
        [Span(key, "dim"), printable(value, most=400)] for key, value in rows.items() if value
    ]
    return columns(["", ""], kept)[1:]


def _model(model: dict[str, Any]) -> str:
    if not model:
        return ""
    provider = f" ({model['provider']})" if "provider" in model else ""
    fallbacks = model.get("fallbacks", ())
    after = f", else {', '.join(fallbacks)}" if fallbacks else ""
    parameters = _pairs(model.get("parameters", {}))
    return f"{model['name']}{provider}{after}" + (f"  {parameters}" if parameters else "")


def _pairs(values: dict[str, Json]) -> str:
    return " ".join(
        f"{key}={value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for key, value in values.items()
    )


def _contract(contract: Contract, data: dict[str, Any]) -> list[Line]:
    placeholders = [
        [one.name, f"messages, {_need(required=one.required)}", printable(one.description)]
        for one in contract.placeholders
    ]
    lines = section("Inputs", [*(_input(one) for one in contract.inputs), *placeholders])
    lines += section("Messages", [[", ".join(map(printable, contract.messages))]])
    if contract.locales:
        lines += section("Locales", [[", ".join(map(printable, contract.locales))]])
    if "output" in data:
        lines += section("Output", _output(data["output"]))
    return lines + section("Tools", [tool_row(tool) for tool in data.get("tools", ())])


def _need(*, required: bool) -> str:
    return "required" if required else "optional"


def _input(one: ShownInput) -> list[Cell]:
    if one.has_default:
        need = f"default {json.dumps(one.default, ensure_ascii=False)}"
    else:
        need = _need(required=one.required)
    trust = ", untrusted" if one.untrusted else ""
    facts = f"{printable(one.type, most=80)}, {printable(need, most=60)}{trust}"
    return [Span(one.name, "name"), facts, printable(one.description)]


def _output(output: dict[str, Any]) -> list[list[Cell]]:
    schema = output.get("schema")
    fields = schema.get("properties", {}) if isinstance(schema, dict) else {}
    strict = ", strict" if output.get("strict") else ""
    kind = schema.get("type", "any") if isinstance(schema, dict) else "any"
    name = output.get("name", "")
    shape = f"{kind if isinstance(kind, str) else ' or '.join(kind)}{strict}"
    head = printable(f"{name}: {shape}" if name else shape)
    rows: list[list[Cell]] = [[head]]
    if fields:
        rows.append([f"fields: {printable(', '.join(fields), most=300)}"])
    return rows


def _releases(shown: Shown) -> list[Line]:
    more = shown.release_count - len(shown.releases)
    rows = [_release(one) for one in shown.releases]
    lines = section("Releases", rows)
    if more > 0:
        lines.append(line("  ", Span(f"and {more} more: promptreg log {shown.name}", "dim")))
    return lines or [line(), line(Span("Releases", "bold")), line("  none yet")]


def _release(one: ShownRelease) -> list[Cell]:
    if one.problem:
        return [
            str(one.version),
            "",
            "",
            Span(f"not to be trusted: {printable(one.problem)}", "error"),
        ]
    return [str(one.version), one.date[:10], one.bump, f"{one.commit[:12]} {printable(one.by)}"]


def _environments(shown: Shown) -> list[Line]:
    return section(
        "Runs in",
        [
            [
                one.environment,
                str(one.version),
                f"since {to_the_minute(one.since)} by {printable(one.by)}",
            ]
            for one in shown.environments
        ],
    )


def _users(shown: Shown) -> list[Line]:
    rows: Iterable[list[Cell]] = (
        [f"{one.kind} {printable(one.name)}", printable(one.route), printable(one.selector)]
        for one in shown.used_by[:_MOST_USERS]
    )
    lines = section("Used by", list(rows))
    more = len(shown.used_by) - _MOST_USERS
    return [*lines, line(f"  and {more} more")] if more > 0 else lines
