"""What `show` tells about an agent alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from promptreg.reporters.lines import Cell, Line, Span
from promptreg.reporters.printable import printable
from promptreg.reporters.sections import section, tool_row
from promptreg.reporters.shown import ShownPin


def agent_lines(pins: Sequence[ShownPin], data: dict[str, Any]) -> list[Line]:
    """Purpose, prompts with what they resolve to now, tools and what holds the agent back."""
    lines = section("Purpose", [[_text(data["purpose"])]] if "purpose" in data else [])
    lines += section("Prompts", [_pin(pin) for pin in pins])
    lines += section("Steps", [_step(one) for one in data.get("steps", ())])
    lines += section("Tools", [tool_row(tool) for tool in data.get("tools", ())])
    lines += section("MCP servers", [_server(one) for one in data.get("mcp_servers", ())])
    lines += section("Budget", _budget(data.get("budget", {})))
    lines += section("Guardrails", [_guardrail(one) for one in data.get("guardrails", ())])
    lines += section("Success metrics", [_metric(one) for one in data.get("success_metrics", ())])
    lines += section("Escalation", [_escalation(one) for one in data.get("escalation", ())])
    return lines + section("Hands off to", [_hand_off(one) for one in data.get("hand_offs", ())])


def _pin(pin: ShownPin) -> list[Cell]:
    now: Cell = f"-> {pin.resolves_to}"
    if pin.problem:
        now = Span(f"-> {printable(pin.problem)}", "error")
    then = f"released with {pin.released_with}" if pin.released_with else ""
    return [Span(printable(pin.role), "name"), printable(pin.selector), now, then]


def _step(step: dict[str, Any]) -> list[Cell]:
    does = [f"{key} {step[key]}" for key in ("prompt", "agent", "when") if key in step]
    then = step.get("then", [])
    after = ", ".join([then] if isinstance(then, str) else then)
    return [
        Span(printable(step["name"]), "name"),
        printable(", ".join(does)),
        printable(f"then {after}") if after else "",
    ]


def _server(server: dict[str, Any]) -> list[Cell]:
    place = server.get("url") or server.get("command") or ""
    tools = ", ".join(server.get("tools", ()))
    return [Span(printable(server["name"]), "name"), _text(place), _text(tools)]


def _budget(budget: dict[str, Any]) -> list[list[Cell]]:
    words = ", ".join(f"{key} {value}" for key, value in budget.items())
    return [[printable(words)]] if words else []


def _guardrail(guard: dict[str, Any]) -> list[Cell]:
    looks_for = guard.get("pattern") or guard.get("prompt") or guard.get("description", "")
    return [
        Span(printable(guard["name"]), "name"),
        _text(guard.get("stage", "")),
        _text(guard.get("on_violation", "")),
        _text(looks_for),
    ]


def _metric(metric: dict[str, Any]) -> list[Cell]:
    window = f"over {metric['window']}" if "window" in metric else ""
    breach = f"on breach {metric['on_breach']}" if "on_breach" in metric else ""
    return [
        Span(printable(metric["name"]), "name"),
        _text(metric.get("target", "")),
        _text(window),
        _text(breach),
    ]


def _escalation(rule: dict[str, Any]) -> list[Cell]:
    within = f"within {rule['within']}" if "within" in rule else ""
    return [
        _text(rule["when"]),
        _text(f"to {rule['to']}"),
        _text(within),
        _text(rule.get("runbook", "")),
    ]


def _hand_off(hand_off: dict[str, Any]) -> list[Cell]:
    return [Span(_text(hand_off["to"]), "name"), _text(hand_off.get("when", ""))]


def _text(value: object) -> str:
    words = " ".join(value) if isinstance(value, list) else str(value)
    return printable(" ".join(words.split()), most=120)
