"""Why a release breaks its callers, as `changes/` declared it: a part of the tag's message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from promptreg.model.declaration import Declaration
from promptreg.model.version import Bump
from promptreg.registry.snapshot import Document
from promptreg.registry.workspace import Workspace
from promptreg.releases.declared import declared_since
from promptreg.releases.ledger import latest_release, releases_of
from promptreg.releases.plan import CreateTag, Plan, Step
from promptreg.releases.releasing import within_limit


def with_declared(workspace: Workspace, plan: Plan, documents: Mapping[str, Document]) -> Plan:
    """The plan; tags of breaking releases say what `documents` declare since the one before.

    Raises RefusedError where a message becomes too long for a tag.
    """
    breaking = [
        step.release.name
        for step in plan.steps
        if isinstance(step, CreateTag) and step.required is Bump.MAJOR
    ]
    named = {str(one.data["name"]) for one in documents.values() if one.kind == "Change"}
    # Changes count from the newest release that is no pre-release.
    latest = [latest_release(releases_of(workspace.git, one)) for one in breaking if one in named]
    starts = {release.name: release.commit for release in latest if release}
    said = declared_since(workspace, documents, starts)
    return replace(plan, steps=tuple(_told(step, said) for step in plan.steps))


def _told(step: Step, said: Mapping[str, tuple[Declaration, ...]]) -> Step:
    if not isinstance(step, CreateTag) or step.release.name not in said:
        return step
    text = "\n\n".join(filter(None, (*_paragraphs(said[step.release.name]), step.text)))
    return within_limit(replace(step, text=text))


def _paragraphs(declared: Iterable[Declaration]) -> Iterable[str]:
    for one in declared:
        yield f"Breaking: {_lines(one.reason)}"
        if one.migration:
            yield f"Migration: {_lines(one.migration)}"


def _lines(text: str) -> str:
    """Without empty lines, which would make one reason look like several."""
    return "\n".join(line.rstrip() for line in text.strip().split("\n") if line.strip())
