"""A report as plain data and back, to the last detail."""

from __future__ import annotations

from typing import Any

from promptreg.checks.report import Report
from promptreg.model.stored_finding import finding_from_data, finding_to_data, number_in, text_in


def report_to_data(report: Report) -> dict[str, Any]:
    """Plain data that `report_from_data` turns back into an equal report."""
    return {
        "tree": report.tree,
        "findings": [finding_to_data(one) for one in report.findings],
        "prompts": report.prompts,
        "agents": report.agents,
        "elsewhere": report.elsewhere,
        "notes": list(report.notes),
        "excerpts": [[path, line, text] for (path, line), text in report.excerpts.items()],
        "manifests": list(report.manifests),
    }


def report_from_data(data: dict[str, Any]) -> Report:
    """Raises KeyError, TypeError or ValueError for what `report_to_data` never made."""
    return Report(
        tree=text_in(data["tree"]),
        findings=tuple(finding_from_data(one) for one in data["findings"]),
        prompts=number_in(data["prompts"]),
        agents=number_in(data["agents"]),
        elsewhere=number_in(data["elsewhere"]),
        notes=tuple(text_in(one) for one in data["notes"]),
        excerpts={
            (text_in(path), number_in(line)): text_in(text) for path, line, text in data["excerpts"]
        },
        manifests=tuple(text_in(one) for one in data["manifests"]),
    )
