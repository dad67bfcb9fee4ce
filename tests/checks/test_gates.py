"""What keeps a release out of an environment: tables of facts, no git."""

from __future__ import annotations

from dataclasses import replace

import pytest

from promptreg.checks.approvals import Content, Gate, counting, gate_reason, judged_approvals
from promptreg.checks.gate_catalog import GATES
from promptreg.checks.gates import (
    Facts,
    Stay,
    gate_of,
    longest_stay,
    seconds_of,
    unmet_requirements,
)
from promptreg.model.approval import Approval, approval_path
from promptreg.model.configuration import EnvironmentRule, Owner
from promptreg.model.data import Json
from promptreg.model.prompt import Lifecycle
from promptreg.releases.approvals import Recorded, Signed

DIGEST = "sha256:" + "a" * 64
OTHER = "sha256:" + "b" * 64
OWNERS = {
    "governance": Owner("governance", "", ("G1@example.com", "g2@example.com", "both@example.com")),
    "platform": Owner("platform", "", ("p@example.com", "both@example.com")),
}
CONTENT = Content("a/b", DIGEST, frozenset({"author@example.com"}))
HOUR = 3600


def given(
    email: str = "g1@example.com",
    team: str = "governance",
    *,
    signed: Signed = Signed.NO,
    name: str = "a/b",
    digest: str = DIGEST,
    path: str = "",
) -> Recorded:
    approval = Approval(name, digest, "1.0.0", "N", email, team, "", "", "", b"")
    return Recorded(path or approval_path(name, digest, email), approval, "", signed)


@pytest.mark.parametrize(
    ("recorded", "reason"),
    [
        (given(), ""),
        (given("G1@Example.com"), ""),
        (given(signed=Signed.VERIFIED), ""),
        (given(signed=Signed.UNVERIFIED), ""),
        (given(signed=Signed.WRONG), "its signature doesn't hold"),
        (given(name="a/c"), "it approves `a/c`"),
        (given(digest=OTHER), "it approves other content"),
        (given(path="approvals/a/b/x.yaml"), "its file has to be `approvals/a/b/aaaaaaaaaaaa-"),
        (given(team="nobody"), "there is no owner `nobody`"),
        (given("p@example.com"), "p@example.com is no member of `governance`"),
        (Recorded("approvals/a/b/x.yaml", None, "no YAML"), "it can't be read: no YAML"),
    ],
)
def test_what_counts_and_why_not(recorded: Recorded, reason: str) -> None:
    (judged,) = judged_approvals([recorded], CONTENT, OWNERS)
    assert judged.reason.startswith(reason)
    assert bool(judged.reason) == bool(reason)


def test_an_author_can_not_approve_the_own_change() -> None:
    content = replace(CONTENT, authors=frozenset({"g1@example.com"}))
    (judged,) = judged_approvals([given("G1@example.com")], content, OWNERS)
    assert judged.reason == "it is by an author of the change"


@pytest.mark.parametrize(
    ("gate", "recorded", "people"),
    [
        (Gate(1), [given()], 1),
        (Gate(2), [given(), given("g2@example.com")], 2),
        (Gate(2), [given(), given("G1@EXAMPLE.com")], 1),
        (Gate(1, ("platform",)), [given()], 0),
        (Gate(1, ("platform",)), [given("both@example.com", "platform")], 1),
        (Gate(1, ("platform",)), [given("both@example.com", "governance")], 0),
        (Gate(1, ("platform", "governance")), [given(), given("p@example.com", "platform")], 2),
        (Gate(1, signed=True), [given()], 0),
        (Gate(1, signed=True), [given(signed=Signed.UNVERIFIED)], 0),
        (Gate(1, signed=True), [given(signed=Signed.VERIFIED)], 1),
        (Gate(1), [given(digest=OTHER)], 0),
        (Gate(1), [], 0),
    ],
)
def test_people_are_counted_once_and_only_where_asked(
    gate: Gate, recorded: list[Recorded], people: int
) -> None:
    judged = judged_approvals(recorded, CONTENT, OWNERS)
    assert len(counting(gate, judged)) == people
    assert sum(not gate_reason(gate, one) for one in judged) >= people


def facts(
    *recorded: Recorded,
    risk: str = "low",
    lifecycle: Lifecycle = Lifecycle.ACTIVE,
    now: Lifecycle | None = Lifecycle.ACTIVE,
    stays: tuple[Stay, ...] = (),
) -> Facts:
    judged = judged_approvals(recorded, CONTENT, OWNERS)
    return Facts("a/b", "1.0.0", risk, lifecycle, now, judged, stays)


def rule(
    after: str = "", soak: str = "", *, protected: bool = False, **gates: int
) -> EnvironmentRule:
    approvals: dict[str, Json] = {
        risk: {"count": count, "from": ["governance"]} for risk, count in gates.items()
    }
    return EnvironmentRule("production", after, (), approvals, soak, protected)


DRAFT, RETIRED = Lifecycle.DRAFT, Lifecycle.RETIRED
RUNS, RAN = (Stay(0, None),), (Stay(0, HOUR),)


@pytest.mark.parametrize(
    ("asked", "known", "unmet"),
    [
        (rule(), facts(), []),
        (rule(), facts(lifecycle=DRAFT, now=DRAFT), []),
        (rule(protected=True), facts(lifecycle=DRAFT), ["gate-lifecycle"]),
        (rule(high=1), facts(lifecycle=DRAFT), ["gate-lifecycle"]),
        (rule(), facts(lifecycle=RETIRED), ["gate-lifecycle"]),
        (rule(), facts(now=RETIRED), ["gate-lifecycle"]),
        (rule(protected=True), facts(lifecycle=Lifecycle.DEPRECATED), []),
        (rule(), facts(now=None), []),
        (rule("staging"), facts(), ["gate-stage"]),
        (rule("staging"), facts(stays=RUNS), []),
        (rule("staging"), facts(stays=RAN), []),
        (rule("staging", "2h"), facts(stays=RUNS), []),
        (rule("staging", "1d"), facts(stays=RUNS), ["gate-soak"]),
        (rule("staging", "2h"), facts(stays=RAN), ["gate-soak"]),
        (rule("staging", "2h"), facts(stays=(*RAN, *RAN)), ["gate-soak"]),
        (rule("staging", "2h"), facts(), ["gate-stage"]),
        (rule(high=1), facts(), []),
        (rule(high=1), facts(risk="high"), ["gate-approvals"]),
        (rule(high=1), facts(given(), risk="high"), []),
        (rule(high=2), facts(given(), risk="high"), ["gate-approvals"]),
        (rule(high=0), facts(risk="high"), []),
        (
            rule("staging"),
            replace(facts(), frozen="`e` is frozen since 2026-01-05"),
            ["gate-frozen", "gate-stage"],
        ),
        (
            rule("staging", high=1),
            facts(risk="high", lifecycle=DRAFT),
            ["gate-lifecycle", "gate-stage", "gate-approvals"],
        ),
    ],
)
def test_what_is_missing(asked: EnvironmentRule, known: Facts, unmet: list[str]) -> None:
    found = unmet_requirements(asked, known, 2 * HOUR)
    assert [one.id for one in found] == unmet
    assert all(one.message and one.fix for one in found)
    assert {one.id for one in found} <= {one.id for one in GATES}


def test_the_messages_say_what_to_do() -> None:
    (soak,) = unmet_requirements(rule("staging", "1d"), facts(stays=RUNS), 2 * HOUR)
    assert "has run in `staging` for 2h of the 1d" in soak.message
    assert soak.fix == "it may be promoted from 1970-01-02T00:00:00+00:00 on"
    (soak,) = unmet_requirements(rule("staging", "999999999d"), facts(stays=RUNS), 2 * HOUR)
    assert soak.fix == "it may be promoted from @86399999913600 on"
    (approvals,) = unmet_requirements(rule(high=2), facts(given(), risk="high"), 0)
    assert approvals.message == (
        "`a/b` 1.0.0 (high risk) needs 2 approvals from `governance` and has 1 (g1@example.com)"
    )
    assert "promptreg approve a/b@1.0.0 --as governance" in approvals.fix


def test_times() -> None:
    assert [seconds_of(text) for text in ("", "9s", "15m", "24h", "2d")] == [
        0, 9, 900, 86_400, 172_800,
    ]  # fmt: skip
    assert longest_stay((), 9) == 0
    assert longest_stay((Stay(0, 3), Stay(4, None)), 9) == 5
    assert longest_stay((Stay(9, 3),), 9) == 0
    assert gate_of(None) == Gate(0)
