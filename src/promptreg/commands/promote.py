"""`promote` and `rollback`: point an environment to a release."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from promptreg.commands.gating import Grounds, committed_grounds, ran_there, require_gates
from promptreg.errors import RefusedError, UsageError
from promptreg.model.environment import Pin
from promptreg.model.prompt import Lifecycle
from promptreg.model.selector import Selector, WorkingTree, parse_selector
from promptreg.model.version import Version
from promptreg.registry.configuration import read_configuration
from promptreg.registry.workspace import Workspace
from promptreg.releases.ledger import find_release
from promptreg.releases.plan import Plan
from promptreg.releases.pointing import Pointing, plan_pointing, ran_before
from promptreg.releases.resolve import load_release, resolve_release
from promptreg.releases.restoring import plan_restoring


@dataclass(frozen=True, slots=True)
class PromoteRequest:
    """Selectors of releases, the environment, and why."""

    selectors: tuple[str, ...]
    environment: str
    reason: str = ""
    commit: bool = True


@dataclass(frozen=True, slots=True)
class RollbackRequest:
    """What to put back: in an environment, or (without one) in the files of the entry."""

    name: str
    environment: str = ""
    to: Version | None = None
    reason: str = ""
    commit: bool = True


def plan_promotion(workspace: Workspace, request: PromoteRequest, now: datetime) -> Plan:
    """What `promote` would write. The digest of every release is recomputed first.

    Raises SelectorError or RefusedError where a release can't be promoted, or a gate of the
    environment isn't open for it.
    """
    configuration = read_configuration(workspace.working_tree())
    chosen = []
    for text in request.selectors:
        selector = parse_selector(text)
        if isinstance(selector.point, WorkingTree):
            raise UsageError(
                f"`{text}` names no release",
                hint=f"write `{text}@VERSION` or `{text}@latest`",
            )
        chosen.append(load_release(workspace, resolve_release(workspace, selector)))
    if len({one.entry.name for one in chosen}) < len(chosen):
        raise UsageError("an entry is named twice", hint="an environment runs one release of each")
    releases = tuple(one.release for one in chosen if one.release)
    wanted = Pointing("promote", request.environment, releases, request.reason, request.commit)
    plan = plan_pointing(workspace, configuration, wanted)
    grounds = committed_grounds(workspace)
    notes = require_gates(grounds, request.environment, chosen, now)
    return replace(plan, notes=(*plan.notes, *notes))


def plan_rollback(workspace: Workspace, request: RollbackRequest, now: datetime) -> Plan:
    """What `rollback` would write: an environment's file, or the files of an earlier release.

    A release that never ran in the environment has to pass its gates. Raises RefusedError where there is nothing to go back to.
    """
    selector = parse_selector(request.name)
    if not isinstance(selector.point, WorkingTree):
        raise UsageError(
            f"`{request.name}` names a version", hint=f"write `{selector.name} --to VERSION`"
        )
    if request.environment:
        return _in_environment(workspace, selector, request, now)
    if request.to is None:
        raise UsageError(
            "name the environment to roll back, or the version whose files to restore",
            hint=f"`promptreg rollback {selector.name} --env ENV`, or `--to VERSION`",
        )
    release = find_release(workspace.git, selector.name, request.to)
    resolved = load_release(workspace, release)
    return plan_restoring(workspace, resolved, request.reason, commit=request.commit)


def _in_environment(
    workspace: Workspace, selector: Selector, request: RollbackRequest, now: datetime
) -> Plan:
    configuration = read_configuration(workspace.working_tree())
    version = request.to
    if version is None:
        pin = ran_before(workspace, configuration, selector.name, request.environment)
        version = pin.version
    release = find_release(workspace.git, selector.name, version)
    if request.to is None and release.digest != pin.digest:
        raise RefusedError(
            f"the tag of `{selector.name}` {version} isn't the release that ran before",
            where=f"tag `{release.tag}`",
            hint="compare it with another clone: `git ls-remote --tags origin`",
        )
    resolved = load_release(workspace, release)
    wanted = Pointing("roll back", request.environment, (release,), request.reason, request.commit)
    plan = plan_pointing(workspace, configuration, wanted)
    grounds = committed_grounds(workspace)
    if request.to is not None:
        pin = Pin(release.version, release.digest)
        if not ran_there(grounds.moves(request.environment), release.name, pin):
            require_gates(grounds, request.environment, (resolved,), now)
    return replace(plan, notes=(*plan.notes, *_warnings(grounds, request)))


def _warnings(grounds: Grounds, request: RollbackRequest) -> Iterator[str]:
    """What doesn't keep anybody from rolling back, but should be known."""
    if frozen := grounds.frozen(request.environment):
        yield f"{frozen}; what ran there before may run there again"
    entry = grounds.entry(request.name)
    if entry is not None and entry.manifest.lifecycle is Lifecycle.RETIRED:
        yield f"`{request.name}` is retired"
