"""`freeze`, `unfreeze` and `suspend`: what an environment may not run for the time being."""

from __future__ import annotations

from promptreg.errors import UsageError
from promptreg.model.selector import WorkingTree, parse_selector
from promptreg.registry.configuration import read_configuration
from promptreg.registry.workspace import Workspace
from promptreg.releases.freezing import Freezing, plan_freezing, plan_unfreezing
from promptreg.releases.plan import Plan
from promptreg.releases.suspending import Suspending, plan_suspending


def plan_freeze(workspace: Workspace, request: Freezing) -> Plan:
    """What `freeze` would write.

    Raises UsageError without a reason, SelectorError for an unknown environment, RefusedError where
    it is frozen already.
    """
    return plan_freezing(workspace, read_configuration(workspace.working_tree()), request)


def plan_unfreeze(workspace: Workspace, request: Freezing) -> Plan:
    """What `unfreeze` would write.

    Raises SelectorError for an unknown environment, RefusedError where it isn't frozen.
    """
    return plan_unfreezing(workspace, read_configuration(workspace.working_tree()), request)


def plan_suspend(workspace: Workspace, request: Suspending) -> Plan:
    """What `suspend` would write; its notes name who uses the entry there.

    Raises UsageError without a reason, SelectorError for an unknown environment, RefusedError where
    the entry doesn't run there.
    """
    selector = parse_selector(request.name)
    if not isinstance(selector.point, WorkingTree):
        raise UsageError(
            f"`{request.name}` names a version",
            hint=f"`promptreg suspend {selector.name} --env {request.environment}` takes out the "
            "one that runs",
        )
    return plan_suspending(workspace, read_configuration(workspace.working_tree()), request)
