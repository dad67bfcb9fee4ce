"""Rule `name-mismatch`."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.checks.context import Context
from promptreg.checks.example import PROMPT, Bad, Good
from promptreg.checks.rule import Rule
from promptreg.model.environment import FOLDER
from promptreg.model.finding import Finding, Location, Severity
from promptreg.registry.discover import ENTRY_KINDS, Found, classify

_NAMED_BY_PATH = ENTRY_KINDS | {"Environment"}


class NameMismatch(Rule):
    """A prompt, an agent or an environment is not named after its path.

    Why: people look for `support/triage` in `prompts/support/triage.prompt.yaml`, and so does
    promptreg first.
    Fix: rename it or move the file.
    """

    id = "name-mismatch"
    severity = Severity.ERROR
    since = "0.1"
    examples = (
        Good("name: greeting"),
        Bad("name: salutation", at=f"{PROMPT}:name"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        roots = context.snapshot.configuration.roots
        for document in context.snapshot.loud_documents():
            path, found = document.path, classify(document.path, roots)
            said = document.data["name"] if document.kind in _NAMED_BY_PATH else None
            if found is not None and said is not None and said != found.name:
                yield self.finding(
                    f"the file says `{found.name}`, the document says `{said}`",
                    Location(path, ("name",)),
                    key="name",
                    fix=_fix(found),
                )


def _fix(found: Found) -> str:
    if found.kind == "Environment" and "/" in found.name:
        return f"move the file: environments lie in `{FOLDER}/` itself"
    return f"write `name: {found.name}` or move the file"
