"""Reading `promptreg.yaml`: without a sound one nothing else is read."""

from __future__ import annotations

from typing import cast

from promptreg.errors import RegistryError
from promptreg.model.configuration import FILE, Configuration, Limits, parse_configuration
from promptreg.model.data import Json, format_route
from promptreg.model.finding import Finding, Severity
from promptreg.registry.documents import parse_document
from promptreg.store import yaml
from promptreg.store.files import FileProblem
from promptreg.store.trees import Tree


def read_configuration(tree: Tree) -> Configuration:
    """The configuration of the registry in `tree`.

    Raises RegistryError where there is none, or where it can't be used: an unreadable
    configuration stops every command, so that nothing is judged by guessed settings.
    """
    return judged_configuration(tree)[0]


def judged_configuration(tree: Tree) -> tuple[Configuration, tuple[Finding, ...]]:
    """Like `read_configuration`, with the warnings that there are about a usable one."""
    try:
        content = tree.read(FILE, limit=Limits().manifest_bytes)
    except FileProblem as problem:
        if problem.rule != "missing":
            raise RegistryError(f"`{FILE}` can't be read: {problem.message}") from None
        raise RegistryError(
            f"there is no `{FILE}` in {tree.label}",
            hint="`promptreg init` makes a registry here; `-C DIR` names one elsewhere",
        ) from None
    parsed = parse_document(FILE, content, "Registry")
    if parsed.data is None:
        raise _unusable(parsed.text or "", parsed.findings)
    _check_stages(parsed.text or "", parsed.data)
    return parse_configuration(parsed.data), parsed.findings


def _unusable(text: str, findings: tuple[Finding, ...]) -> RegistryError:
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    first = errors[0]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return RegistryError(
        f"`{FILE}` can't be used: {first.message}{more}", where=_where(text, first), hint=first.fix
    )


def _where(text: str, finding: Finding) -> str:
    place = finding.at.place or yaml.locate(text, finding.at.route)
    route = format_route(finding.at.route)
    return f"{FILE}:{place.line}:{place.column}" + (f" ({route})" if route else "")


def _check_stages(text: str, data: dict[str, Json]) -> None:
    stages = cast("dict[str, dict[str, str]]", data.get("environments", {}))
    for name, rule in stages.items():
        problem = _stage_problem(name, rule.get("after", ""), stages)
        if problem:
            place = yaml.locate(text, ("environments", name, "after"))
            raise RegistryError(
                f"`{FILE}` can't be used: {problem}", where=f"{FILE}:{place.line}:{place.column}"
            )


def _stage_problem(name: str, after: str, stages: dict[str, dict[str, str]]) -> str:
    if after and after not in stages:
        return f"environment `{name}` comes after `{after}`, which isn't there"
    seen = {name}
    while after in stages and after not in seen:
        seen.add(after)
        after = stages[after].get("after", "")
    return f"environment `{name}` comes after itself" if after == name else ""
