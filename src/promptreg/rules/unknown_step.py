"""Rule `unknown-step`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.example import AGENT, Bad, Good
from promptreg.checks.rule import AgentRule, on
from promptreg.model.agent import Agent
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Severity
from promptreg.model.names import did_you_mean


class UnknownStep(AgentRule):
    """A step of an agent names a role or a next step that the agent doesn't have.

    Why: the run ends there, or never comes there.
    Fix: name a role under `prompts:`, or a step under `steps:`.
    """

    id = "unknown-step"
    severity = Severity.ERROR
    since = "0.1"
    examples = (
        Good(
            agent="prompts: {hello: greeting}\n"
            "steps: [{name: first, prompt: hello, then: last}, {name: last, prompt: hello}]"
        ),
        Bad(
            agent="prompts: {hello: greeting}\nsteps: [{name: first, prompt: helo}]",
            at=f"{AGENT}:steps[0].prompt",
        ),
        Bad(
            agent="prompts: {hello: greeting}\nsteps: [{name: first, prompt: hello, then: lst}]",
            at=f"{AGENT}:steps[0].then",
        ),
        Bad(
            agent="prompts: {hello: greeting}\n"
            "steps: [{name: first, prompt: hello}, {name: first, prompt: hello}]",
            at=f"{AGENT}:steps[1].name",
        ),
    )

    def check_agent(self, entry: Entry, agent: Agent, context: Context) -> Iterator[Finding]:
        del context
        roles = [role for role, _ in agent.prompts]
        kinds = (
            (agent.step_roles, roles, "role"),
            (agent.step_successors, agent.step_names, "step"),
        )
        for references, known, word in kinds:
            where = "prompts" if word == "role" else "steps"
            for reference in references:
                if reference.text not in known:
                    yield self.finding(
                        f"there is no {word} `{reference.text}`",
                        on(entry, *reference.route),
                        key=reference.text,
                        fix=did_you_mean(reference.text, known) or f"add it under `{where}:`",
                        related=(on(entry, where, note="declared here"),) if known else (),
                    )
        for index, name in enumerate(agent.step_names):
            first = agent.step_names.index(name)
            if first < index:
                yield self.finding(
                    f"two steps are named `{name}`",
                    on(entry, "steps", index, "name"),
                    key=name,
                    fix="rename one of them",
                    related=(on(entry, "steps", first, "name", note="the first one"),),
                )
