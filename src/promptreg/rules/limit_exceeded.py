"""Rule `limit-exceeded`."""

from __future__ import annotations

from promptreg.checks.example import PROMPT, Bad, Good
from promptreg.rules.template_problem_rule import TemplateProblemRule


class LimitExceeded(TemplateProblemRule):
    """A file, document or template is larger, deeper or wider than promptreg reads.

    Why: what is judged in CI must not be able to stop CI. Whatever is beyond a bound is not judged.
    Fix: make it smaller; `limits:` in promptreg.yaml sets how large files may be.
    """

    id = "limit-exceeded"
    examples = (
        Good("messages: [{role: user, content: 'Hello'}]"),
        Bad(registry="limits: {manifest_bytes: 100}", at=PROMPT),
    )
