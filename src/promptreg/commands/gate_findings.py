"""What a change does to environments, held against their gates as the base has them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from promptreg.checks.gates import Unmet, unmet_requirements
from promptreg.commands.check_range import Range
from promptreg.commands.gating import Grounds, facts_of, ran_there, unsound
from promptreg.commands.transfer import missing_approvals
from promptreg.errors import PromptregError
from promptreg.model.configuration import Configuration, EnvironmentRule
from promptreg.model.entry import Entry
from promptreg.model.environment import Pin, environment_path
from promptreg.model.finding import Finding, Location, Severity
from promptreg.registry.workspace import Workspace
from promptreg.releases.approvals import read_signers
from promptreg.releases.comparing import Sides
from promptreg.releases.resolve import load_release
from promptreg.releases.tag import of_version


def gate_findings(
    workspace: Workspace, span: Range, sides: Sides, settings: Configuration | None, now: datetime
) -> Iterator[Finding]:
    """A finding for each gate that isn't open for what the head does: releases and hand-overs.

    Teams, gates, allowed signers and the history of environments are those of the base; approvals
    may come with the change. What is frozen on the base's branch by now stops a change that began
    earlier. What ran in an environment before may run there again. An environment that only the head
    knows is judged by what the head says of it.
    """
    moved, handed = tuple(_moved(sides)), tuple(_handed_over(sides))
    if not moved and not handed:
        return
    head = sides.head.snapshot.configuration
    configuration = settings or head
    tree = span.head if settings is None else span.base
    signers = read_signers(tree, configuration, workspace.git.git.environment)
    grounds = Grounds(workspace, configuration, signers, span.head, span.base.commit, span.tip)
    for before, after in handed:
        for unmet in missing_approvals(grounds, before, after):
            at = Location(after.path, ("owner",))
            key = f"{before.manifest.owner} {unmet.message.rpartition(' from ')[2]}"
            yield Finding(
                unmet.id, Severity.ERROR, unmet.message, at, after.name, key, fix=unmet.fix
            )
    for environment, name, pin in moved:
        rule = configuration.environments.get(environment) or head.environments.get(environment)
        if rule is None or ran_there(grounds.moves(environment), name, pin):
            continue
        for unmet in _unmet(grounds, rule, (name, pin), now):
            yield Finding(
                rule=unmet.id,
                severity=Severity.ERROR,
                message=unmet.message,
                at=Location(environment_path(environment), ("releases", name)),
                entry=name,
                key=environment,
                fix=unmet.fix,
            )


def _moved(sides: Sides) -> Iterator[tuple[str, str, Pin]]:
    """Environment, entry and release of each pointer that is new or another one."""
    old = sides.base.snapshot.environments
    for name, environment in sorted(sides.head.snapshot.environments.items()):
        before = old[name].releases if name in old else {}
        for entry, pin in environment.releases.items():
            if before.get(entry) != pin:
                yield name, entry, pin


def _handed_over(sides: Sides) -> Iterator[tuple[Entry, Entry]]:
    """Entries that have another owner now, renamed ones included."""
    old = sides.base.snapshot.entries
    for after in sides.head.snapshot.loud_entries():
        before = old.get(after.name) or old.get(after.manifest.renamed_from)
        if before is not None and before.manifest.owner != after.manifest.owner:
            yield before, after


def _unmet(
    grounds: Grounds, rule: EnvironmentRule, wanted: tuple[str, Pin], now: datetime
) -> tuple[Unmet, ...]:
    name, pin = wanted
    release = of_version(grounds.ledger.releases_of(name), pin.version)
    if release is None or release.problem or release.digest != pin.digest:
        return ()  # other rules tell it: `unknown-release`, `wrong-digest`
    try:
        chosen = load_release(grounds.workspace, release, grounds.trees)
    except PromptregError as problem:
        fix = "compare the tag with another clone: `git ls-remote --tags origin`"
        return (Unmet("gate-findings", problem.what, fix),)
    facts = facts_of(grounds, rule, chosen)
    return (
        *unmet_requirements(rule, facts, int(now.timestamp())),
        *unsound(grounds, chosen, now),
    )
