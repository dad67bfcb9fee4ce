"""What a release lacks before an environment may run it. Pure: whoever asks brings the facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from promptreg.checks.approvals import Gate, Judged, counting
from promptreg.model.configuration import EnvironmentRule
from promptreg.model.data import Json
from promptreg.model.prompt import Lifecycle
from promptreg.releases.moment import moment

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class Unmet:
    """A requirement that doesn't hold; `id` is that of the finding in `check`."""

    id: str
    message: str
    fix: str

    @property
    def text(self) -> str:
        """All of it on two lines."""
        return f"{self.message} [{self.id}]\n  {self.fix}"


@dataclass(frozen=True, slots=True)
class Stay:
    """A time in which a release ran in an environment, in seconds since 1970."""

    since: int
    until: int | None
    """None: it still runs there."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A release on its way into an environment."""

    name: str
    version: str
    risk: str
    """The higher one of the release and of what it replaces."""
    lifecycle: Lifecycle
    """As it was released."""
    lifecycle_now: Lifecycle | None
    """As the entry stands today; None where it is gone."""
    approvals: tuple[Judged, ...]
    stays: tuple[Stay, ...]
    """In the stage before; empty where the environment has none."""
    frozen: str = ""
    """Since when the environment is frozen, by whom and why; empty where it isn't."""

    @property
    def shown(self) -> str:
        """Name and version, for a sentence."""
        return f"`{self.name}` {self.version}".rstrip()


def unmet_requirements(rule: EnvironmentRule, facts: Facts, now: int) -> tuple[Unmet, ...]:
    """Everything that keeps a release out of an environment; `now` is in seconds since 1970."""
    return (
        *unmet_freeze(rule.name, facts.frozen),
        *_lifecycle(rule, facts),
        *_stage(rule, facts, now),
        *unmet_approvals(rule, facts),
    )


def unmet_freeze(environment: str, frozen: str) -> tuple[Unmet, ...]:
    """What keeps everything out of a frozen environment."""
    fix = f"`promptreg unfreeze {environment}` ends that, in a commit of its own"
    return (Unmet("gate-frozen", frozen, fix),) if frozen else ()


def unmet_approvals(rule: EnvironmentRule, facts: Facts) -> tuple[Unmet, ...]:
    """The approvals that are missing for the entry's risk, if any are."""
    gate = gate_of(rule.approvals.get(facts.risk))
    missing = approvals_missing(gate, facts.approvals)
    if not missing:
        return ()
    message = f"{facts.shown} ({facts.risk} risk) needs {missing}"
    fix = how_to_approve(facts.name, facts.version, gate)
    return (Unmet("gate-approvals", message, fix),)


def gate_of(data: Json) -> Gate:
    """The gate that a mapping of a document, found to fit its schema, describes."""
    said = cast("dict[str, Any]", data or {})
    return Gate(said.get("count", 0), tuple(said.get("from", ())), said.get("signed", False))


def approvals_missing(gate: Gate, judged: Sequence[Judged]) -> str:
    """What is missing at a gate as the end of a sentence; empty where it is met."""
    people = counting(gate, judged)
    if len(people) >= gate.count:
        return ""
    signed = "signed " if gate.signed else ""
    teams = " or ".join(f"`{team}`" for team in gate.teams)
    what = f"{gate.count} {signed}approval{'s' if gate.count > 1 else ''}"
    has = f"{len(people)} ({', '.join(people)})" if people else "none"
    return f"{what}{f' from {teams}' if teams else ''} and has {has}"


def how_to_approve(name: str, version: str, gate: Gate) -> str:
    """The command that adds an approval at a gate."""
    team = f" --as {gate.teams[0]}" if gate.teams else ""
    selector = f"{name}@{version}" if version else name
    signed = " --sign KEY" if gate.signed else ""
    return f"`promptreg approve {selector}{team}{signed}`, by a member who isn't its author"


def seconds_of(soak: str) -> int:
    """`90s`, `15m`, `24h`, `2d` in seconds; 0 for nothing."""
    return int(soak[:-1]) * _SECONDS[soak[-1]] if soak else 0


def longest_stay(stays: Sequence[Stay], now: int) -> int:
    """The longest time that a release ran without a break, in seconds."""
    lengths = [(now if one.until is None else one.until) - one.since for one in stays]
    return max(0, *lengths) if lengths else 0


def _lifecycle(rule: EnvironmentRule, facts: Facts) -> Iterator[Unmet]:
    if Lifecycle.RETIRED in {facts.lifecycle, facts.lifecycle_now}:
        yield Unmet(
            "gate-lifecycle",
            f"`{facts.name}` is retired, so nothing new of it may run",
            "promote what replaces it",
        )
    elif facts.lifecycle is Lifecycle.DRAFT and (rule.protected or rule.approvals):
        yield Unmet(
            "gate-lifecycle",
            f"{facts.shown} is a draft, and `{rule.name}` runs none",
            "write `lifecycle: active` and release it again",
        )


def _stage(rule: EnvironmentRule, facts: Facts, now: int) -> Iterator[Unmet]:
    if not rule.after:
        return
    if not facts.stays:
        yield Unmet(
            "gate-stage",
            f"{facts.shown} hasn't run in `{rule.after}`, which comes before `{rule.name}`",
            f"`promptreg promote {facts.name}@{facts.version} --env {rule.after}` first",
        )
        return
    needed, had = seconds_of(rule.soak), longest_stay(facts.stays, now)
    if had >= needed:
        return
    running = [one for one in facts.stays if one.until is None]
    fix = f"let it run in `{rule.after}` for {rule.soak}"
    if running:
        fix = f"it may be promoted from {moment(running[0].since + needed)} on"
    yield Unmet(
        "gate-soak",
        f"{facts.shown} has run in `{rule.after}` for {_told(had)} of the {rule.soak} "
        f"that `{rule.name}` asks for",
        fix,
    )


def _told(seconds: int) -> str:
    for unit in ("d", "h", "m"):
        if seconds >= _SECONDS[unit]:
            return f"{seconds // _SECONDS[unit]}{unit}"
    return f"{seconds}s"
