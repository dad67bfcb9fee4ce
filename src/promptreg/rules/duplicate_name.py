"""Rule `duplicate-name`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from promptreg.checks.context import Context
from promptreg.checks.example import PROMPT, Bad, Example, Good
from promptreg.checks.rule import Rule
from promptreg.model.finding import Finding, Location, Severity


class DuplicateName(Rule):
    """Two manifests carry the same name.

    Why: a selector would mean two things, so neither prompt nor agent is loaded; of environments,
    policies and experiments one would hide the other.
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
        for name, paths in _shared(context):
            first, *others = sorted(paths)
            for path in others:
                yield self.finding(
                    f"the name `{name}` is taken",
                    Location(path, ("name",)),
                    key=name,
                    fix="rename one of them",
                    related=(Location(first, ("name",), note="the other one"),),
                )


def _shared(context: Context) -> Iterator[tuple[str, Sequence[str]]]:
    yield from context.snapshot.duplicates.items()
    for kind in ("Environment", "Experiment", "Policy"):
        named: defaultdict[str, list[str]] = defaultdict(list)
        for document in context.documents(kind):
            named[str(document.data["name"])].append(document.path)
        yield from ((name, paths) for name, paths in named.items() if len(paths) > 1)
