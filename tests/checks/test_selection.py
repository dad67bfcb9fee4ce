"""How much a finding weighs in a registry."""

from __future__ import annotations

import pytest

from promptreg.checks.rule import Description
from promptreg.checks.selection import select
from promptreg.model.configuration import Configuration
from promptreg.model.finding import Finding, Location, Severity

E, W, I = Severity.ERROR, Severity.WARNING, Severity.INFO  # noqa: E741 - short in tables


def _known(id_: str, severity: Severity, *, is_fixed: bool = False) -> Description:
    return Description(id_, severity, "0.1", "It is.", "So.", "Do.", is_fixed=is_fixed)


KNOWN = {
    one.id: one
    for one in (
        _known("hint", I),
        _known("smell", W),
        _known("wrong", E),
        _known("unread", E, is_fixed=True),
    )
}
FOUND = tuple(Finding(one.id, one.severity, "m", Location("p")) for one in KNOWN.values())


def _weights(profile: str = "recommended", **severities: str) -> dict[str, Severity]:
    configuration = Configuration(profile=profile, severities=severities)
    return {one.rule: one.severity for one in select(FOUND, configuration, KNOWN)}


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("recommended", {"hint": I, "smell": W, "wrong": E, "unread": E}),
        ("strict", {"hint": W, "smell": E, "wrong": E, "unread": E}),
        ("minimal", {"wrong": E, "unread": E}),
    ],
)
def test_profiles(profile: str, expected: dict[str, Severity]) -> None:
    assert _weights(profile) == expected


@pytest.mark.parametrize("profile", ["recommended", "strict", "minimal"])
def test_severity_has_the_last_word(profile: str) -> None:
    found = _weights(profile, hint="error", smell="info", wrong="off")
    assert found == {"hint": E, "smell": I, "unread": E}


def test_an_unknown_rule_is_named_with_the_nearest() -> None:
    *_, last = select((), Configuration(severities={"smel": "off"}), KNOWN)
    assert (last.rule, last.at) == (
        "unknown-rule",
        Location("promptreg.yaml", ("severity", "smel")),
    )
    assert last.fix == "did you mean `smell`?"


@pytest.mark.parametrize("said", ["off", "info", "warning"])
def test_what_was_not_judged_cannot_be_lowered(said: str) -> None:
    assert _weights(unread=said) == {**_weights(), "fixed-severity": E}


def test_saying_that_it_is_an_error_is_fine() -> None:
    assert _weights(unread="error") == _weights()
