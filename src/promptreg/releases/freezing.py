"""Planning to freeze an environment, or to let it move again."""

from __future__ import annotations

from dataclasses import dataclass

from promptreg.errors import RefusedError
from promptreg.model.configuration import Configuration
from promptreg.registry.workspace import Workspace
from promptreg.releases.environment_file import with_frozen, without_frozen
from promptreg.releases.environment_writing import Edit, one_line, open_environment, plan_edit
from promptreg.releases.environments import Freeze, freeze_at
from promptreg.releases.moment import committed_at
from promptreg.releases.plan import Plan


@dataclass(frozen=True, slots=True)
class Freezing:
    """What is asked: that an environment be frozen, or not any more, and why."""

    environment: str
    reason: str
    commit: bool = True
    """False leaves the edited file to the person, for a pull request."""


def plan_freezing(workspace: Workspace, configuration: Configuration, wanted: Freezing) -> Plan:
    """The plan that lets nothing be promoted to an environment.

    Raises UsageError without a reason, RefusedError where it is frozen already.
    """
    name, reason = wanted.environment, one_line(wanted.reason)
    opened = open_environment(workspace, configuration, name, commit=wanted.commit)
    if opened.environment.frozen is not None:
        raise RefusedError(
            f"`{name}` is frozen already: {opened.environment.frozen}",
            hint=f"`promptreg unfreeze {name}` ends that",
        )
    edit = Edit(
        text=with_frozen(opened.text, name, reason),
        summary=f"{name}: frozen",
        title=f"Freeze {name}",
        trailers=(f"Promptreg-Environment: {name}", "Promptreg-Freeze: frozen"),
        reason=reason,
    )
    return plan_edit(workspace, opened, edit)


def plan_unfreezing(workspace: Workspace, configuration: Configuration, wanted: Freezing) -> Plan:
    """The plan that lets releases be promoted to an environment again.

    Raises RefusedError where it isn't frozen.
    """
    name = wanted.environment
    opened = open_environment(workspace, configuration, name, commit=wanted.commit)
    if opened.environment.frozen is None:
        raise RefusedError(
            f"`{name}` isn't frozen", hint=f"`promptreg status --env {name}` shows what runs there"
        )
    edit = Edit(
        text=without_frozen(opened.text, name),
        summary=f"{name}: not frozen any more",
        title=f"Unfreeze {name}",
        trailers=(f"Promptreg-Environment: {name}", "Promptreg-Freeze: unfrozen"),
        reason=wanted.reason,
    )
    return plan_edit(workspace, opened, edit)


def frozen_at(workspace: Workspace, commit: str, name: str) -> str:
    """Since when an environment is frozen, by whom and why, as a sentence; empty where it isn't."""
    freeze = freeze_at(workspace, commit, name)
    return said_of(name, freeze) if freeze else ""


def said_of(name: str, freeze: Freeze) -> str:
    """`production` is frozen since 2026-11-20 by Ann Example: Black Friday."""
    day = committed_at(freeze.commit)[:10]
    return f"`{name}` is frozen since {day} by {freeze.commit.author.name}: {freeze.reason}"
