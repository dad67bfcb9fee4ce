"""Rule `invalid-pattern`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from promptreg.checks.context import Context
from promptreg.checks.example import AGENT, PROMPT, Bad, Good
from promptreg.checks.rule import EntryRule, on
from promptreg.model.data import Json, Route
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Severity
from promptreg.model.prompt import Prompt
from promptreg.store.schema import schema_problems


class InvalidPattern(EntryRule):
    """A pattern of a test or a guardrail is no regular expression that promptreg runs.

    Why: it would never match. Patterns run in linear time, so look-around and back-references
    are left out.
    Fix: follow the message, and put the pattern into single quotes: YAML leaves those alone.
    """

    id = "invalid-pattern"
    severity = Severity.ERROR
    since = "0.1"
    examples = (
        Good("tests: [{name: it greets, expect: [{matches: '^Hel+o'}]}]"),
        Bad(
            "tests: [{name: it greets, expect: [{matches: 'Hel(lo'}]}]",
            at=f"{PROMPT}:tests[0].expect[0].matches",
        ),
        Bad(
            agent="guardrails: [{name: cards, stage: output, pattern: '(a)\\1', on_violation: block}]",
            at=f"{AGENT}:guardrails[0].pattern",
        ),
    )

    def check_entry(self, entry: Entry, context: Context) -> Iterator[Finding]:
        del context
        for route, pattern in _patterns(entry):
            for problem in schema_problems({"pattern": pattern}, ()):
                yield self.finding(
                    problem.message, on(entry, *route), key=problem.key, fix=problem.hint
                )


def _patterns(entry: Entry) -> Iterator[tuple[Route, str]]:
    manifest = entry.manifest
    if isinstance(manifest, Prompt):
        for test in manifest.tests:
            for one in test.expect:
                if one.kind in ("matches", "not_matches"):
                    yield one.route, str(one.value)
        return
    guardrails = cast("list[dict[str, Json]]", entry.data.get("guardrails", []))
    for index, guardrail in enumerate(guardrails):
        if "pattern" in guardrail:
            yield ("guardrails", index, "pattern"), str(guardrail["pattern"])
