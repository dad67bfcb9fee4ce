"""Rule `undeclared-input`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.example import PROMPT, Bad, Good
from promptreg.checks.rule import Rule, on
from promptreg.checks.template_findings import template_location, template_problems
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Location, Severity
from promptreg.model.names import did_you_mean
from promptreg.model.prompt import Prompt
from promptreg.templates.closure import Use


class UndeclaredInput(Rule):
    """A template uses a variable that the prompt doesn't declare.

    Why: callers read `inputs:` to learn what to pass; a hidden input fails at run time.
    Fix: declare it under `inputs:`, or remove it from the template.
    """

    id = "undeclared-input"
    severity = Severity.ERROR
    since = "0.1"
    examples = (
        Good(
            "messages: [{role: user, content: 'Hello {{ who }}'}]\n"
            "inputs: {who: {type: string, description: Whom to greet.}}"
        ),
        Bad(
            "messages: [{role: user, content: 'Hello {{ who }}'}]",
            at=f"{PROMPT}:messages[0].content",
        ),
        Bad(
            "messages: [{role: user, template: greeting.j2}]",
            files={"prompts/greeting.j2": "Hello\n{{ who }}\n"},
            at="prompts/greeting.j2:2:4",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for entry, prompt in context.prompts():
            known = declared_names(prompt)
            for route, closure in context.snapshot.closures[entry.name].items():
                for use in closure.variables:
                    if use.name not in known:
                        at = template_location(entry, route, use.path, use.place)
                        yield self._undeclared(entry, prompt, use, at)
        for problem, at, name in template_problems(context.snapshot, self.id):
            yield self.finding(problem.message, at, entry=name, key=problem.key, fix=problem.fix)

    def _undeclared(self, entry: Entry, prompt: Prompt, use: Use, at: Location) -> Finding:
        near = did_you_mean(use.name, declared_names(prompt))
        whose = "" if at.path == entry.path else f" by `{entry.name}`"
        return self.finding(
            f"`{use.name}` is used but not declared{whose}",
            at,
            entry=entry.name,
            key=use.name,
            fix=near or f"add `{use.name}` under `inputs:` or remove it from the template",
            related=(on(entry, "inputs", note="declared here"),) if prompt.inputs else (),
        )


def declared_names(prompt: Prompt) -> frozenset[str]:
    """What a prompt's templates may use: its inputs and placeholders."""
    return frozenset(
        [one.name for one in prompt.inputs] + [one.name for one in prompt.placeholders()]
    )
