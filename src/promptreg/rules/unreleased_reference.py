"""Rule `unreleased-reference`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context, Released
from promptreg.checks.example import AGENT, DIGEST, Bad, Good
from promptreg.checks.references import mentions
from promptreg.checks.rule import Rule
from promptreg.model.finding import Finding, Severity
from promptreg.model.selector import Latest, Selector
from promptreg.model.version import Range, Version
from promptreg.releases.meaning import may_mean


class UnreleasedReference(Rule):
    """A selector asks for a release that doesn't exist yet.

    Why: the agent can't be released, and the experiment can't run, before there is one.
    Fix: release the prompt first, or name a version that is there.
    """

    id = "unreleased-reference"
    severity = Severity.WARNING
    since = "0.1"
    examples = (
        Good(agent="prompts: {hello: greeting@^1.0}", released={"greeting": {"1.0.0": DIGEST}}),
        Bad(
            agent="prompts: {hello: greeting@^1.0}",
            released={"greeting": {"0.1.0": DIGEST}},
            at=f"{AGENT}:prompts.hello",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        if context.released is None:
            return
        for mention in mentions(context):
            selector = mention.selector
            if selector is None or selector.name not in context.snapshot.entries:
                continue
            if not _is_released(selector, context.released):
                yield self.finding(
                    f"no release fits `{selector}`",
                    mention.at,
                    entry=mention.entry,
                    key=mention.text,
                    fix=f"`promptreg log {selector.name}` lists the releases",
                )


def _is_released(selector: Selector, released: Released) -> bool:
    versions = released.get(selector.name, {})
    point = selector.point
    if not isinstance(point, (Version, Range, Latest)):
        return True
    return any(may_mean(point, version) for version in versions)
