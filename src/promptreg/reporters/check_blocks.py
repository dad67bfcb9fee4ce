"""What `check` shows of each entry beside its findings: facts, rendered text, the bump."""

from __future__ import annotations

from promptreg.checks.hits import Hit, said
from promptreg.checks.judgement import Judgement
from promptreg.model.data import Json
from promptreg.releases.comparison import RenderedTest
from promptreg.reporters.diff import rendered_lines
from promptreg.reporters.facts import fact_lines
from promptreg.reporters.lines import Line, plain
from promptreg.reporters.options import Block
from promptreg.reporters.values import as_json


def entry_blocks(judgement: Judgement) -> tuple[Block, ...]:
    """The blocks of one entry, for people."""
    comparison = judgement.comparison
    head = [f"needs a {judgement.bump.word} release", f"used by {said(judgement.hits)}"]
    if judgement.declaration is not None:
        head.append(f"declared: {judgement.declaration.reason}")
    facts = [one for fact in comparison.changes for one in fact_lines(fact)]
    blocks = [Block("What it needs", tuple(head), "list")]
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
