"""Rules about templates themselves: the loader finds the problems, these tell them."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.rule import Rule
from promptreg.checks.template_findings import template_problems
from promptreg.model.finding import Finding, Severity


class TemplateProblemRule(Rule):
    """What the loader found about templates, under this rule's id."""

    severity = Severity.ERROR
    since = "0.1"
    is_fixed = True

    def check(self, context: Context) -> Iterator[Finding]:
        for problem, at, name in template_problems(context.snapshot, self.id):
            yield self.finding(problem.message, at, entry=name, key=problem.key, fix=problem.fix)
