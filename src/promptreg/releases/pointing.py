"""Planning a promotion or a roll-back: an environment's file in a commit of its own."""

from __future__ import annotations

from dataclasses import dataclass

from promptreg.errors import RefusedError
from promptreg.model.configuration import Configuration
from promptreg.model.environment import Environment, Pin
from promptreg.registry.workspace import Workspace
from promptreg.releases.environment_file import with_pin
from promptreg.releases.environment_writing import Edit, open_environment, plan_edit
from promptreg.releases.environments import (
    Move,
    environment_at,
    environments_line,
    moves,
    unknown_environment,
)
from promptreg.releases.plan import Plan
from promptreg.releases.tag import Release


@dataclass(frozen=True, slots=True)
class Pointing:
    """What is asked: `environment` shall point to `releases`, and why."""

    verb: str
    """`promote` or `roll back`."""
    environment: str
    releases: tuple[Release, ...]
    reason: str
    commit: bool = True
    """False leaves the edited file to the person, for a pull request."""


def plan_pointing(workspace: Workspace, configuration: Configuration, wanted: Pointing) -> Plan:
    """The plan that makes `wanted` so; what was suspended runs again.

    Raises RefusedError where there is nothing to do or no branch to do it on, SelectorError for an
    unknown environment.
    """
    opened = open_environment(workspace, configuration, wanted.environment, commit=wanted.commit)
    before, text = opened.environment, opened.text
    moved = [one for one in wanted.releases if before.releases.get(one.name) != _pin(one)]
    if not moved:
        names = ", ".join(f"`{one.name}` {one.version}" for one in wanted.releases)
        raise RefusedError(
            f"{names} runs in `{wanted.environment}` already",
            hint=f"`promptreg status --env {wanted.environment}` shows what runs there",
        )
    for release in moved:
        text = with_pin(text, wanted.environment, release.name, _pin(release))
    edit = Edit(
        text=text,
        summary="; ".join(_said(release, before) for release in moved),
        title=_title(wanted, moved),
        trailers=_trailers(wanted, moved, before),
        reason=wanted.reason,
    )
    return plan_edit(workspace, opened, edit)


def ran_before(workspace: Workspace, configuration: Configuration, name: str, env: str) -> Pin:
    """The release of `name` that ran in `env` before the one that runs there now.

    Of what is suspended that is what was suspended. A release that was rolled back doesn't count
    any more: from 1, 2, 3 the way goes back to 2 and then to 1; nor does one that was suspended and
    didn't come back. Raises RefusedError where nothing is left to go back to.
    """
    if env not in configuration.environments:
        raise unknown_environment(configuration, env)
    line = environments_line(workspace, configuration)
    out = environment_at(workspace, configuration, env, line.commit).suspended.get(name)
    own = [move for move in moves(workspace, line.commit, env) if move.name == name]
    if out is not None:
        if all(move.after != out.pin for move in own):
            # The line was written by hand; no gate has seen what it names.
            raise RefusedError(
                f"`{env}` says that {out.pin.version} of `{name}` is suspended, and it never ran",
                hint=f"`promptreg promote {name}@{out.pin.version} --env {env}` asks the gates",
            )
        return out.pin
    if not own or own[0].after is None:
        raise RefusedError(
            f"`{name}` doesn't run in `{env}`",
            hint=f"`promptreg status --env {env}` shows what runs there",
        )
    before = _earlier(own)
    if before is None:
        raise RefusedError(
            f"nothing that ran in `{env}` before {own[0].after.version} of `{name}` is left",
            hint=f"`--to VERSION` names a release; `promptreg log {name}` lists what ran and why",
        )
    return before


def _earlier(own: list[Move]) -> Pin | None:
    """Newest first: where the newest move is a roll-back, the one that it took back is skipped."""
    now = own[0].after
    stack: list[Pin] = []
    suspended: Pin | None = None
    for move in reversed(own):
        if move.after is None:
            suspended = move.before if move.suspended else None
            continue
        if suspended is not None and suspended != move.after and suspended in stack:
            # Taken out, and something else came in its place: nobody goes back to it unasked.
            stack.remove(suspended)
        suspended = None
        if move.after in stack:
            # Back to something that ran before: what came after it was taken back.
            del stack[stack.index(move.after) + 1 :]
        else:
            stack.append(move.after)
    return stack[-2] if len(stack) > 1 and stack[-1] == now else None


def _pin(release: Release) -> Pin:
    return Pin(release.version, release.digest)


def _said(release: Release, before: Environment) -> str:
    pin, out = before.releases.get(release.name), before.suspended.get(release.name)
    ran = f"{out.pin.version} (suspended)" if out else str(pin.version) if pin else "nothing"
    return f"{release.name}: {ran} -> {release.version}"


def _names(releases: list[Release]) -> str:
    shown = ", ".join(f"{release.name}@{release.version}" for release in releases[:3])
    return shown + (f" and {len(releases) - 3} more" if len(releases) > 3 else "")


def _title(wanted: Pointing, moved: list[Release]) -> str:
    if wanted.verb == "promote":
        return f"Promote {_names(moved)} to {wanted.environment}"
    return f"Roll back {wanted.environment} to {_names(moved)}"


def _trailers(wanted: Pointing, moved: list[Release], before: Environment) -> tuple[str, ...]:
    trailers = [f"Promptreg-Environment: {wanted.environment}"]
    for release in moved:
        pin = before.releases.get(release.name)
        ran = pin.version if pin else "none"
        trailers.append(f"Promptreg-Move: {release.name} {ran} -> {release.version}")
    return tuple(trailers)
