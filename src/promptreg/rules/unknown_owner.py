"""Rule `unknown-owner`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from promptreg.checks.context import Context
from promptreg.checks.example import AGENT, PROMPT, REGISTRY, Bad, Good
from promptreg.checks.rule import Rule
from promptreg.model.agent import Agent
from promptreg.model.configuration import FILE, Configuration
from promptreg.model.data import Route
from promptreg.model.finding import Finding, Location, Severity
from promptreg.model.names import did_you_mean


class UnknownOwner(Rule):
    """Something names an owner that promptreg.yaml doesn't declare.

    Why: nobody can be asked, and an approval by nobody can't be given.
    Fix: declare the owner under `owners:` in promptreg.yaml, or name one that is there.
    """

    id = "unknown-owner"
    severity = Severity.ERROR
    since = "0.1"
    examples = (
        Good("owner: team", registry="owners: {team: {contact: team@example.com}}"),
        Bad("owner: taem", at=f"{PROMPT}:owner"),
        Bad(agent="escalation: [{when: sev1, to: oncall}]", at=f"{AGENT}:escalation[0].to"),
        Bad(
            registry="environments: {production: {owners: [oncall]}}",
            at=f"{REGISTRY}:environments.production.owners[0]",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        known = context.snapshot.configuration.owners
        for owner, at, entry in _named(context):
            if owner not in known:
                yield self.finding(
                    f"there is no owner `{owner}`",
                    at,
                    entry=entry,
                    key=owner,
                    fix=did_you_mean(owner, known) or f"add `{owner}` under `owners:` in {FILE}",
                    related=(Location(FILE, ("owners",), note="declared here"),),
                )


def _named(context: Context) -> Iterator[tuple[str, Location, str]]:
    for entry in context.snapshot.loud_entries():
        yield entry.manifest.owner, Location(entry.path, ("owner",)), entry.name
        if isinstance(entry.manifest, Agent):
            for reference in entry.manifest.owners:
                yield reference.text, Location(entry.path, reference.route), entry.name
    for document in context.documents("Experiment"):
        yield str(document.data["owner"]), Location(document.path, ("owner",)), ""
    for owner, route in _in_configuration(context.snapshot.configuration):
        yield owner, Location(FILE, route), ""


def _in_configuration(configuration: Configuration) -> Iterator[tuple[str, Route]]:
    for name, rule in configuration.environments.items():
        route: Route = ("environments", name)
        for index, owner in enumerate(rule.owners):
            yield owner, (*route, "owners", index)
        for risk, gate in cast("dict[str, Any]", rule.approvals).items():
            for index, owner in enumerate(gate.get("from", ()) if risk[:2] != "x-" else ()):
                yield owner, (*route, "approvals", risk, "from", index)
    for index, waiver in enumerate(configuration.waivers):
        yield waiver.owner, ("waivers", index, "owner")
