"""What `check` shows of each entry beside its findings: facts, rendered text, the bump."""

from __future__ import annotations

from collections.abc import Iterable

from promptreg.checks.hits import Hit, said
from promptreg.checks.judgement import Judgement
from promptreg.model.data import Json
from promptreg.releases.comparison import RenderedTest, Status
from promptreg.reporters.diff import rendered_lines
from promptreg.reporters.facts import fact_lines
from promptreg.reporters.lines import Line, plain
from promptreg.reporters.options import Block
from promptreg.reporters.values import as_json


def comment_blocks(judgements: Iterable[Judgement], room: int) -> dict[str, tuple[Block, ...]]:
    """The blocks of all entries by name, those with the highest bump first.

    Once they fill `room` characters the rest have no texts: nobody would see them, and to find the
    words that differ takes its time.
    """
    found: dict[str, tuple[Block, ...]] = {}
    for one in sorted(judgements, key=lambda one: (-one.bump, one.name)):
        blocks = entry_blocks(one) if room > 0 else (_need(one),)
        found[one.name] = blocks
        room -= sum(len(text) for block in blocks for text in block.lines)
    return found


def entry_blocks(judgement: Judgement) -> tuple[Block, ...]:
    """The blocks of one entry, for people."""
    comparison = judgement.comparison
    facts = [one for fact in comparison.changes for one in fact_lines(fact)]
    blocks = [_need(judgement)]
    if facts:
        blocks.append(Block("What changed", _lines(facts), "text"))
    rendered = (
        Block(_title(test), _lines(rendered_lines(test)), "text")
        for test in comparison.rendered
        if test.differs
    )
    return (*blocks, *rendered)


def judgement_json(judgement: Judgement) -> Json:
    """One entry of the JSON of `check`."""
    comparison = judgement.comparison
    return {
        "name": comparison.name,
        "kind": comparison.kind,
        "status": comparison.status.value,
        "path": comparison.path,
        "bump": judgement.bump.word,
        "declared": judgement.declaration.reason if judgement.declaration else "",
        "before_name": comparison.before_name,
        "before_path": comparison.before_path,
        "hits": [_hit_json(hit) for hit in judgement.hits],
        "problems": [as_json(problem) for problem in comparison.problems],
        "changes": [
            {
                "rule": verdict.rule.id,
                "impact": verdict.impact.value,
                "kind": verdict.change.kind,
                "direction": verdict.rule.direction.value,
                "route": as_json(verdict.change.route),
                "path": verdict.change.path,
                "message": verdict.message,
            }
            for verdict in judgement.verdicts
        ],
    }


def need(judgement: Judgement) -> str:
    """`a major release` and the like; nothing can be said of what can't be compared."""
    status = judgement.comparison.status
    if status is Status.REMOVED:
        return "no release: it is removed"
    if status is Status.BROKEN:
        return "a look: it can't be compared"
    if status is Status.UNCHANGED_CONTENT and not judgement.verdicts:
        return "no release: only comments, key order or line ends changed"
    least = "at least " if judgement.comparison.problems else ""
    return f"{least}a {judgement.bump.word} release"


def _need(judgement: Judgement) -> Block:
    lines = [f"needs {need(judgement)}", f"used by {said(judgement.hits)}"]
    if judgement.declaration is not None:
        lines.append(f"declared: {judgement.declaration.reason}")
    lines += [f"{one.side}: {one.path}: {one.message}" for one in judgement.comparison.problems]
    return Block("What it needs", tuple(lines), "list")


def _hit_json(hit: Hit) -> Json:
    return {
        "agent": hit.agent,
        "path": hit.at.path if hit.at else "",
        "environments": list(hit.environments),
    }


def _title(test: RenderedTest) -> str:
    locale = f", {test.locale}" if test.locale else ""
    return f"Rendered: {test.test}{locale}"


def _lines(lines: list[Line]) -> tuple[str, ...]:
    return tuple(plain(lines).rstrip("\n").split("\n"))
