"""Rule `unknown-reference`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.example import AGENT, PROMPT, Bad, Good
from promptreg.checks.references import Mention, broken_names, environment_names, mentions
from promptreg.checks.rule import Rule, on
from promptreg.model.finding import Finding, Severity
from promptreg.model.names import did_you_mean
from promptreg.model.selector import InEnvironment, Selector, WorkingTree


class UnknownReference(Rule):
    """A manifest names a prompt, an agent or an environment that isn't there.

    Why: the agent or experiment fails when it needs it.
    Fix: correct the name. An entry that was renamed says so by `renamed_from:`. A reference to a
    manifest that can't be read is not reported: the findings about that file come first.
    """

    id = "unknown-reference"
    severity = Severity.ERROR
    since = "0.1"
    tells_absence = True
    examples = (
        Good(agent="prompts: {hello: greeting}"),
        Bad(agent="prompts: {hello: greting}", at=f"{AGENT}:prompts.hello"),
        Bad(agent="prompts: {hello: 'greeting@prod'}", at=f"{AGENT}:prompts.hello"),
        Bad(agent="prompts: {hello: helper}", at=f"{AGENT}:prompts.hello"),
        Bad("replaced_by: salutation", at=f"{PROMPT}:replaced_by"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        unjudged = broken_names(context.snapshot)
        for mention in mentions(context):
            if mention.selector is None:
                yield self.finding(
                    mention.problem,
                    mention.at,
                    entry=mention.entry,
                    key=mention.text,
                    fix=mention.hint,
                )
                continue
            if mention.selector.name not in unjudged:
                yield from self._target(mention, mention.selector, context)
            yield from self._environment(mention, mention.selector, context)
        entries = context.snapshot.entries
        for entry in context.snapshot.outlines():
            name = entry.manifest.replaced_by
            if name and name not in entries and name not in unjudged:
                yield self.finding(
                    f"there is no prompt or agent `{name}`",
                    on(entry, "replaced_by"),
                    entry=entry.name,
                    key=name,
                    fix=did_you_mean(name, entries),
                )

    def _target(self, mention: Mention, selector: Selector, context: Context) -> Iterator[Finding]:
        name = selector.name
        target = context.snapshot.outline_of(name)
        word = mention.wants.lower()
        if target is None:
            is_released = name in (context.released or {})
            if is_released and not isinstance(selector.point, WorkingTree):
                return
            outlines = context.snapshot.outlines()
            fitting = [one.name for one in outlines if one.kind == mention.wants]
            yield self.finding(
                f"there is no {word} `{name}`",
                mention.at,
                entry=mention.entry,
                key=name,
                fix=did_you_mean(name, fitting) or _renamed(name, context),
            )
        elif target.kind != mention.wants:
            has, needs = _ARTICLES[target.kind], _ARTICLES[mention.wants]
            yield self.finding(
                f"`{name}` is {has}; {needs} is needed here",
                mention.at,
                entry=mention.entry,
                key=name,
                related=(on(target, "kind", note="it is here"),),
            )

    def _environment(
        self, mention: Mention, selector: Selector, context: Context
    ) -> Iterator[Finding]:
        point = selector.point
        known = environment_names(context.snapshot)
        if isinstance(point, InEnvironment) and point.environment not in known:
            declared = ", ".join(f"`{name}`" for name in sorted(known)[:5])
            yield self.finding(
                f"there is no environment `{point.environment}`",
                mention.at,
                entry=mention.entry,
                key=f"@{point.environment}",
                fix=did_you_mean(point.environment, known)
                or (f"there is {declared}" if declared else "declare it in promptreg.yaml"),
            )


_ARTICLES = {"Agent": "an agent", "Prompt": "a prompt"}


def _renamed(name: str, context: Context) -> str:
    now = (one.name for one in context.snapshot.outlines() if one.manifest.renamed_from == name)
    first = min(now, default="")
    return f"it is `{first}` now" if first else ""
