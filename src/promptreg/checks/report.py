"""What a run of the checks came to: what every reporter renders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from promptreg.model.finding import Finding, Severity


@dataclass(frozen=True, slots=True)
class Report:
    """Findings with their places, sorted by path, line and rule."""

    tree: str
    """What was judged, as people call it."""
    findings: tuple[Finding, ...]
    prompts: int
    """Manifests of prompts, broken ones included."""
    agents: int
    elsewhere: int = 0
    """Findings left out because they don't concern the paths that were asked about."""
    notes: tuple[str, ...] = ()
    """What was not judged, and why."""
    excerpts: Mapping[tuple[str, int], str] = field(default_factory=dict)
    """The line of every finding that has one, by path and line number."""
    manifests: tuple[str, ...] = ()
    """Paths of the manifests that were asked about, sound or not."""

    def count(self, severity: Severity) -> int:
        """How many findings weigh `severity`."""
        return sum(finding.severity is severity for finding in self.findings)

    def fails(self, fail_on: Severity) -> bool:
        """Whether a finding weighs `fail_on` or more."""
        return any(finding.severity >= fail_on for finding in self.findings)


def excerpts_of(
    findings: Iterable[Finding], texts: Mapping[str, str]
) -> dict[tuple[str, int], str]:
    """The lines that findings point to."""
    wanted: dict[str, set[int]] = {}
    for finding in findings:
        if finding.at.place is not None and finding.at.path in texts:
            wanted.setdefault(finding.at.path, set()).add(finding.at.place.line)
    found: dict[tuple[str, int], str] = {}
    for path, numbers in wanted.items():
        lines = texts[path].split("\n")
        found |= {(path, line): lines[line - 1] for line in numbers if line <= len(lines)}
    return found
