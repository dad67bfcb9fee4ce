"""Rule `wrong-digest`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.environment_pins import environment_pins
from promptreg.checks.example import DIGEST, ENVIRONMENT, Bad, Good, production
from promptreg.checks.rule import Rule
from promptreg.model.finding import Finding, Severity


class WrongDigest(Rule):
    """An environment and a release tag disagree about the digest of a release.

    Why: the tag was moved, or the environment file was edited by hand. Either way it isn't what was
    reviewed, and promptreg refuses to serve it.
    Fix: compare the tag with another clone; then promote the release that is meant.
    """

    id = "wrong-digest"
    severity = Severity.ERROR
    since = "0.1"
    examples = (
        Good(files=production("greeting", "1.0.0"), released={"greeting": {"1.0.0": DIGEST}}),
        Bad(
            files=production("greeting", "1.0.0"),
            released={"greeting": {"1.0.0": "sha256:" + "f" * 64}},
            at=f"{ENVIRONMENT}:releases.greeting.digest",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        for line in environment_pins(context):
            digest = (context.released or {}).get(line.name, {}).get(line.pin.version)
            if digest is not None and digest != line.pin.digest:
                yield self.finding(
                    f"the tag of `{line.name}` {line.pin.version} promises another digest",
                    line.at("digest"),
                    entry=line.name,
                    key=str(line.pin.version),
                    fix=f"the tag says {digest}"
                    if digest
                    else "the tag has none: it can't be read",
                )
