"""What `verify` says: findings, what they rest on, and what tags alone can't show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from promptreg.checks.report import Report
from promptreg.model.data import Json
from promptreg.model.finding import Severity
from promptreg.releases.anchors import Anchor
from promptreg.releases.signatures import Signed
from promptreg.releases.tag import Release
from promptreg.reporters.findings_json import finding_json
from promptreg.reporters.findings_text import count_spans, finding_lines, many
from promptreg.reporters.lines import Line, Span, line
from promptreg.reporters.printable import printable
from promptreg.reporters.values import as_json
from promptreg.store.signatures import State

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Verification:
    """The findings, and what they rest on."""

    report: Report
    releases: tuple[Release, ...]
    anchors: tuple[Anchor, ...]
    unremembered: tuple[Release, ...]
    """Releases that only their own tag vouches for."""
    signed: tuple[Signed, ...] = ()
    """Releases with a signature, and what it is worth."""


def verify_lines(found: Verification) -> list[Line]:
    """For people."""
    report, releases, anchors = found.report, found.releases, found.anchors
    unremembered = found.unremembered
    lines = [one for finding in report.findings for one in finding_lines(finding, report)]
    lines.append(_summary(report, releases))
    if anchors and releases:
        used = [one for one in anchors if one.releases or one.kind == "remote"]
        said = ", ".join(["the chains of tags", *map(_anchor, used)])
        lines.append(line(Span("compared with: ", "dim"), said))
    lines += _signed(found.signed)
    if unremembered:
        names = ", ".join(one.tag for one in unremembered[:_SHOWN])
        more = len(unremembered) - _SHOWN
        names += f" and {more} more" if more > 0 else ""
        lines.append(
            line(
                Span("not remembered: ", "dim"),
                f"{names}; if such a tag were deleted or made anew whole, nothing here would show it",
            )
        )
    return lines


def verify_json(found: Verification, *, fail_on: Severity) -> dict[str, Json]:
    """For programs (schema `output/verify`)."""
    report, releases = found.report, found.releases
    return {
        "schema": "promptreg/verify/v1",
        "ok": not report.fails(fail_on),
        "fail_on": fail_on.word,
        "releases": len(releases),
        "entries": len({one.name for one in releases}),
        "errors": report.count(Severity.ERROR),
        "warnings": report.count(Severity.WARNING),
        "infos": report.count(Severity.INFO),
        "anchors": [as_json(one) for one in found.anchors],
        "unremembered": [one.tag for one in found.unremembered],
        "signatures": [_signature(one) for one in found.signed],
        "notes": list(report.notes),
        "findings": [finding_json(finding) for finding in report.findings],
    }


def _signed(signed: Sequence[Signed]) -> list[Line]:
    """Who signed, those with the most releases first."""
    good = Counter(one.judged.signer for one in signed if one.judged.state is State.GOOD)
    if not good:
        return []
    named = [f"{printable(who)} ({many(n, 'release')})" for who, n in good.most_common(_SHOWN)]
    more = len(good) - _SHOWN
    said = ", ".join(named) + (f" and {more} more" if more > 0 else "")
    return [line(Span("signed by: ", "dim"), said)]


def _signature(one: Signed) -> dict[str, Json]:
    judged = one.judged
    return {
        "tag": one.release.tag,
        "state": judged.state.value,
        "signer": judged.signer,
        "key": judged.key,
        "why": judged.why,
    }


def _summary(report: Report, releases: Sequence[Release]) -> Line:
    entries = len({one.name for one in releases})
    judged = f"{many(len(releases), 'release')} of {many(entries, 'entry', 'entries')}"
    spans = count_spans(report)
    if not releases:
        return line(*spans, "; no release was verified") if spans else line("There are no releases")
    return line(*(spans or [Span("No findings", "good")]), f" in {judged}")


def _anchor(one: Anchor) -> str:
    count = many(one.releases, "release")
    if one.kind == "environment":
        state = f" of commit {one.commit[:12]}" if one.commit else " as edited"
        return f"environment `{one.name}`{state} ({count})"
    if one.kind == "history":
        branch = one.name.removeprefix("refs/heads/").removeprefix("refs/remotes/")
        where = f"on `{printable(branch)}`" if branch else f"up to {one.commit[:12]}"
        return f"the environments' history {where} ({count})"
    return f"{'remote ' if one.kind == 'remote' else ''}`{printable(one.name)}` ({count})"
