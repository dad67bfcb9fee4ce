"""`approvals`: who approved an entry's content, what counts, and what environments still need."""

from __future__ import annotations

from datetime import datetime

from promptreg.checks.approval_status import Approvals, Given, Need
from promptreg.checks.approvals import Judged, counting, gate_reason
from promptreg.checks.gates import Facts, Unmet, gate_of, unmet_approvals, unmet_requirements
from promptreg.commands.approve import approvable
from promptreg.commands.gating import Grounds, approved, committed_grounds, facts_of
from promptreg.model.configuration import EnvironmentRule
from promptreg.registry.workspace import Workspace
from promptreg.releases.resolve import Resolved


def approvals(workspace: Workspace, selector: str, now: datetime) -> Approvals:
    """The approvals of the content that `selector` names (a plain name: what HEAD holds).

    Raises SelectorError for what doesn't exist, RefusedError where the history is cut off.
    """
    found = approvable(workspace, selector)
    grounds = committed_grounds(workspace)
    content, judged = approved(grounds, found)
    seconds = int(now.timestamp())
    return Approvals(
        name=found.entry.name,
        version=found.release.version if found.release else None,
        digest=content.digest,
        risk=found.entry.manifest.risk,
        authors=tuple(sorted(content.authors)),
        approvals=tuple(_given(one) for one in judged),
        environments=tuple(
            _need(grounds, rule, found, judged, seconds)
            for rule in grounds.configuration.environments.values()
        ),
    )


def _given(one: Judged) -> Given:
    said = one.recorded.approval
    return Given(
        path=one.recorded.path,
        name=said.by_name if said else "",
        email=said.by_email if said else "",
        team=said.team if said else "",
        at=said.at if said else "",
        digest=said.digest if said else "",
        note=said.note if said else "",
        signed=one.recorded.signed.value,
        counts=not one.reason,
        reason=one.reason,
    )


def _need(
    grounds: Grounds, rule: EnvironmentRule, found: Resolved, judged: tuple[Judged, ...], now: int
) -> Need:
    facts = facts_of(grounds, rule, found, judged)
    gate = gate_of(rule.approvals.get(facts.risk))
    return Need(
        environment=rule.name,
        count=gate.count,
        teams=gate.teams,
        signed=gate.signed,
        given=counting(gate, judged),
        left_out=tuple(
            f"{one.person}: {reason}"
            for one in judged
            if not one.reason and (reason := gate_reason(gate, one))
        ),
        missing=_missing(rule, facts, now),
    )


def _missing(rule: EnvironmentRule, facts: Facts, now: int) -> tuple[Unmet, ...]:
    return unmet_requirements(rule, facts, now) if facts.version else unmet_approvals(rule, facts)
