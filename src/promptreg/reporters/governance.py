"""What a git host has to enforce: for people, or as a CODEOWNERS file."""

from __future__ import annotations

from promptreg.registry.governance import Governance
from promptreg.reporters.lines import Line, Span, line
from promptreg.reporters.printable import printable

_HEAD = (
    "# Written by `promptreg governance export --format codeowners`; promptreg.yaml says who.",
    "# The host has to know the addresses. The last line that fits a file counts.",
)


def codeowners_text(found: Governance) -> str:
    """The file, to be saved as .github/CODEOWNERS."""
    return "\n".join((*_HEAD, *_code_owners(found))) + "\n"


def governance_lines(found: Governance) -> list[Line]:
    """Three parts: reviews, branches and tags, and what only the host can do."""
    lines = [line(Span("CODEOWNERS", "name"))]
    lines += [line("  ", one) for one in _code_owners(found)]
    for protection in found.protections:
        lines += [line(), line(Span(printable(protection.subject), "name"))]
        lines += [line("  ", printable(rule, most=600)) for rule in protection.rules]
    lines += [line(), line(Span("What only the host can enforce", "name"))]
    lines += [line("  ", one) for one in found.host_only]
    lines += [line("note: ", printable(note)) for note in found.notes]
    return lines


def _code_owners(found: Governance) -> list[str]:
    width = max((len(one.pattern) for one in found.code_owners), default=0)
    return [
        f"{printable(one.pattern, most=600):<{width}} "
        f"{printable(' '.join(one.people), most=20_000)}"
        for one in found.code_owners
    ]
