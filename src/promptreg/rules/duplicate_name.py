"""Rule `duplicate-name`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.example import PROMPT, Bad, Example, Good
from promptreg.checks.rule import Rule
from promptreg.model.finding import Finding, Location, Severity


class DuplicateName(Rule):
    """Two manifests carry the same name.

    Why: a selector would mean two things, so neither of them is loaded.
    Fix: rename one of them.
    """

    id = "duplicate-name"
    severity = Severity.ERROR
    since = "0.1"
    is_fixed = True
    examples = (
        Good("name: greeting"),
        Bad(
            "name: greeting",
            files={"prompts/greeting/prompt.yaml": Example(prompt="name: greeting").tree()[PROMPT]},
            at="prompts/greeting/prompt.yaml:name",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for name, paths in context.snapshot.duplicates.items():
            first, *others = sorted(paths)
            for path in others:
                yield self.finding(
                    f"the name `{name}` is taken",
                    Location(path, ("name",)),
                    key=name,
                    fix="rename one of them",
                    related=(Location(first, ("name",), note="the other one"),),
                )
