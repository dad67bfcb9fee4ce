"""How much findings weigh in this registry: its profile, and `severity:` in promptreg.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from promptreg.checks.rule import Description
from promptreg.model.configuration import FILE, Configuration
from promptreg.model.finding import Finding, Location, Severity
from promptreg.model.names import did_you_mean

_WORDS = {severity.word: severity for severity in Severity}
_OFF = "off"


def select(
    findings: Iterable[Finding], configuration: Configuration, known: Mapping[str, Description]
) -> tuple[Finding, ...]:
    """The findings as they weigh here, and those about `severity:` itself.

    `known` describes every id. Profile `minimal` keeps errors only; `strict` raises each finding
    by one step. `severity:` has the last word, except that what could not be read stays an error.
    """
    wanted = {
        rule: said
        for rule, said in configuration.severities.items()
        if rule in known and not _is_refused(known[rule], said)
    }
    kept = [
        replace(finding, severity=severity)
        for finding in findings
        if (severity := _weight(finding, configuration.profile, wanted)) is not None
    ]
    return (*kept, *_about_severities(configuration, known))


def _weight(finding: Finding, profile: str, wanted: Mapping[str, str]) -> Severity | None:
    said = wanted.get(finding.rule)
    if said is not None:
        return None if said == _OFF else _WORDS[said]
    if profile == "minimal":
        return finding.severity if finding.severity is Severity.ERROR else None
    if profile == "strict":
        return Severity(min(finding.severity + 1, Severity.ERROR))
    return finding.severity


def _is_refused(description: Description, said: str) -> bool:
    return description.is_fixed and said != Severity.ERROR.word


def _about_severities(
    configuration: Configuration, known: Mapping[str, Description]
) -> Iterator[Finding]:
    for rule, said in configuration.severities.items():
        at = Location(FILE, ("severity", rule))
        if rule not in known:
            message = f"there is no rule `{rule}`"
            fix = did_you_mean(rule, known) or "`docs/rules` lists them all"
            yield Finding("unknown-rule", Severity.ERROR, message, at, key=rule, fix=fix)
        elif _is_refused(known[rule], said):
            message = f"`{rule}` can't be lowered: it says that something was not judged"
            fix = "remove the line and mend the files"
            yield Finding("fixed-severity", Severity.ERROR, message, at, key=rule, fix=fix)
