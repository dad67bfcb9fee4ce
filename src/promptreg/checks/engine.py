"""Rules over a registry."""

from __future__ import annotations

from collections.abc import Iterable

from promptreg.checks.context import Context
from promptreg.checks.rule import Rule
from promptreg.errors import ChangedError
from promptreg.model.finding import Finding


class RuleFailed(Exception):  # noqa: N818 - a bug in promptreg or a plug-in, never a verdict
    """A rule raised, or spoke for another one. Nothing can be said about the registry."""


def run(rules: Iterable[type[Rule]], context: Context) -> tuple[Finding, ...]:
    """All findings of all rules. Raises RuleFailed: a broken rule is never a pass.

    Raises ChangedError where files change that are read only when a rule asks for them.
    """
    alone = tuple(context.alone())
    return tuple(
        finding
        for rule in rules
        for finding in _run_one(rule, alone if rule.sees_one_entry else (context,))
    )


def _run_one(rule: type[Rule], contexts: Iterable[Context]) -> tuple[Finding, ...]:
    try:
        found = tuple(finding for one in contexts for finding in rule().check(one))
    except ChangedError:
        raise  # what is read when it is asked for may have changed meanwhile; that is no bug
    except Exception as error:
        told = RuleFailed(f"the rule `{rule.id}` failed: {type(error).__name__}: {error}")
        raise told.with_traceback(error.__traceback__) from error
    for finding in found:
        if finding.rule != rule.id:
            raise RuleFailed(f"the rule `{rule.id}` made a finding of `{finding.rule}`")
    return found
