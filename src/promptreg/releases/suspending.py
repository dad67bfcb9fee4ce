"""Planning to take an entry out of an environment, and who is in its way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from promptreg.errors import PromptregError, RefusedError
from promptreg.model.configuration import Configuration
from promptreg.model.environment import Environment, Pin
from promptreg.model.names import did_you_mean
from promptreg.model.selector import InEnvironment, parse_selector
from promptreg.model.version import Version, parse_version
from promptreg.registry.users import users_of
from promptreg.registry.workspace import Workspace
from promptreg.releases.environment_file import with_suspension
from promptreg.releases.environment_writing import Edit, one_line, open_environment, plan_edit
from promptreg.releases.ledger import find_release
from promptreg.releases.plan import Plan
from promptreg.store.git.repository import head

_MOST_USERS = 20


@dataclass(frozen=True, slots=True)
class Suspending:
    """What is asked: that an entry be taken out of an environment, and why."""

    name: str
    environment: str
    reason: str
    commit: bool = True
    """False leaves the edited file to the person, for a pull request."""


def plan_suspending(workspace: Workspace, configuration: Configuration, wanted: Suspending) -> Plan:
    """The plan that takes an entry out; its notes name who uses it there, and the way back.

    Raises UsageError without a reason, RefusedError where it doesn't run there.
    """
    name, environment, reason = wanted.name, wanted.environment, one_line(wanted.reason)
    opened = open_environment(workspace, configuration, environment, commit=wanted.commit)
    pin = opened.environment.releases.get(name)
    if pin is None:
        raise _not_there(opened.environment, name)
    edit = Edit(
        text=with_suspension(opened.text, environment, name, reason),
        summary=f"{name}: {pin.version} -> suspended",
        title=f"Suspend {name} in {environment}",
        trailers=(
            f"Promptreg-Environment: {environment}",
            f"Promptreg-Suspend: {name} {pin.version}",
        ),
        reason=reason,
    )
    plan = plan_edit(workspace, opened, edit)
    users = tuple(_users(workspace, configuration, opened.environment, name))
    more = (f"and {len(users) - _MOST_USERS} more",) if len(users) > _MOST_USERS else ()
    back = f"`promptreg rollback {name} --env {environment}` puts {pin.version} back"
    return replace(plan, notes=(*plan.notes, *users[:_MOST_USERS], *more, back))


def _not_there(environment: Environment, name: str) -> RefusedError:
    out = environment.suspended.get(name)
    if out is not None:
        return RefusedError(
            f"`{name}` is suspended in `{environment.name}` already: {out.reason}",
            hint=f"`promptreg rollback {name} --env {environment.name}` puts it back",
        )
    return RefusedError(
        f"`{name}` doesn't run in `{environment.name}`",
        hint=did_you_mean(name, environment.releases)
        or f"`promptreg status --env {environment.name}` shows what runs there",
    )


def _users(
    workspace: Workspace, configuration: Configuration, environment: Environment, name: str
) -> Iterator[str]:
    """A sentence for each agent that runs there and uses it, and each document that selects it."""
    for agent, pin in environment.releases.items():
        for role, version in _pinned(workspace, agent, pin, name):
            yield (
                f"`{agent}` {pin.version} runs in `{environment.name}` and was released with "
                f"`{name}` {version} (`{role}`), which it keeps"
            )
    tree = workspace.revision(head(workspace.git).commit)
    for user in users_of(tree, configuration, name):
        if user.route != "replaced_by" and _selects(user.selector, environment.name):
            yield (
                f"`{user.name}` selects `{user.selector}` ({user.path}, `{user.route}`), which "
                "fails from now on"
            )


def _pinned(workspace: Workspace, agent: str, pin: Pin, name: str) -> Iterator[tuple[str, Version]]:
    try:
        release = find_release(workspace.git, agent, pin.version)
    except PromptregError:
        return  # `status` and `verify` tell it
    for one in release.pins:
        if one.name == name:
            yield one.role, parse_version(one.version)


def _selects(selector: str, environment: str) -> bool:
    return parse_selector(selector).point == InEnvironment(environment)
