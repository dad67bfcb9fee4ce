"""Rule `missing-file`."""

from __future__ import annotations

from collections.abc import Iterator, Set

from promptreg.checks.context import Context
from promptreg.checks.example import AGENT, Bad, Good
from promptreg.checks.rule import AgentRule, on
from promptreg.model.agent import Agent
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Severity
from promptreg.model.names import did_you_mean


class MissingFile(AgentRule):
    """An agent names a use case or a runbook that isn't in the registry.

    Why: a runbook that is looked for during an incident has to be there.
    Fix: add the file, or correct the path; it is relative to the registry's root.
    """

    id = "missing-file"
    severity = Severity.ERROR
    since = "0.1"
    tells_absence = True
    examples = (
        Good(agent="use_case: use_cases/helper.md", files={"use_cases/helper.md": "# Helper\n"}),
        Bad(agent="use_case: use_cases/helper.md", at=f"{AGENT}:use_case"),
    )

    def check_agent(self, entry: Entry, agent: Agent, context: Context) -> Iterator[Finding]:
        files = context.snapshot.files
        for reference in agent.files:
            if reference.text not in files:
                yield self.finding(
                    f"there is no file `{reference.text}`",
                    on(entry, *reference.route),
                    key=reference.text,
                    fix=did_you_mean(reference.text, _like(reference.text, files))
                    or "add it; the path is relative to the registry's root",
                )


def _like(path: str, files: Set[str]) -> list[str]:
    ending = path.rpartition(".")[2]
    return [file for file in files if file.endswith(ending)]
