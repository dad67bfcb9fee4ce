"""Replay a history through `check --base HEAD~1` and hold every answer against git's own.

python -m benchmarks.replay --commits 300 --prompts 120 --seed 1
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from benchmarks.generate import Size, generate
from benchmarks.oracle import Expected, Oracle
from promptreg.cli.app import run as promptreg
from promptreg.commands.check import Checked, CheckRequest, check
from promptreg.model.finding import Severity
from promptreg.registry.workspace import Workspace, open_workspace
from promptreg.releases.comparison import EntryComparison, Status
from promptreg.reporters.check import check_json, check_lines

_TODAY = date(2026, 1, 5)
_SAMPLED = 25
"""One commit of so many goes through the command line, too."""
_ADDED_OR_GONE = (Status.ADDED, Status.REMOVED)


@dataclass
class Replayed:
    """What a replay met; `problems` are (commit, sentence)."""

    commits: int = 0
    held: int = 0
    runs: int = 0
    """Runs of the command."""
    seconds: float = 0.0
    slowest: float = 0.0
    status: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    bumps: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[str, str]] = field(default_factory=list)


def replay(origin: Path, scratch: Path, commits: int) -> Replayed:
    """Judge the last `commits` commits of `origin`'s main, each against its first parent.

    `scratch` (not there yet) becomes a clone whose HEAD is moved from commit to commit; nothing is
    checked out but `promptreg.yaml`, which marks the root.
    """
    _git(origin, "clone", "--quiet", "--shared", "--no-checkout", str(origin), str(scratch))
    (scratch / "promptreg.yaml").write_text("", encoding="ascii")
    listed = _git(scratch, "rev-list", "--topo-order", "--reverse", "--parents", "origin/main")
    chain = [line.split() for line in listed.splitlines() if " " in line][-commits:]
    workspace, oracle = open_workspace(scratch, os.environ), Oracle(scratch)
    seen = Replayed()
    for head, base, *_ in chain:
        _git(scratch, "update-ref", "--no-deref", "HEAD", head)
        seen.commits += 1
        problems = _judged(workspace, oracle.expected(base, head), seen)
        if seen.commits % _SAMPLED == 0:
            problems += _by_command(scratch, seen)
        seen.held += not problems
        seen.problems += [(head, problem) for problem in problems]
        for problem in problems:
            print(f"{head[:12]}: {problem}", flush=True)
    return seen


def _judged(workspace: Workspace, expected: Expected, seen: Replayed) -> list[str]:
    started = time.perf_counter()
    try:
        found = check(workspace, CheckRequest("HEAD~1", _TODAY))
        parts = (found.report, found.judgements, found.comparison, found.inactive)
        check_lines(*parts, fail_on=Severity.ERROR)
        json.dumps(check_json(*parts, fail_on=Severity.ERROR))
    except Exception:
        return [f"crash: {traceback.format_exc()}"]
    taken = time.perf_counter() - started
    seen.seconds += taken
    seen.slowest = max(seen.slowest, taken)
    _count(found, seen)
    return disagreements(found, expected)


def disagreements(found: Checked, expected: Expected) -> list[str]:
    """Where the answer and git's differ: what is told nowhere, and what is told for nothing."""
    return [*_untold(found, expected), *_not_exact(found, expected)]


def _count(found: Checked, seen: Replayed) -> None:
    for one in found.judgements:
        seen.status[one.comparison.status.value] += 1
        seen.facts.update(fact.kind for fact in one.comparison.changes)
        seen.bumps[one.bump.word] += 1
    seen.rules.update(one.rule for one in found.report.findings)
    seen.files.update(f"{one.what} {one.status}" for one in found.comparison.other_files)


def _untold(found: Checked, expected: Expected) -> Iterator[str]:
    """Changed files of the registry that nothing names, and changed contents that nothing tells."""
    entries = {one.name: one for one in found.comparison.entries}
    every = found.comparison.entries  # two of one name, where manifests are twins
    named = {path for one in every for path in (*one.files, one.path, one.before_path)}
    named |= {one.path for one in found.comparison.other_files}
    named |= {one.at.path for one in found.report.findings}
    for path in sorted(expected.named - named):
        yield f"changed and named nowhere: {path!r}"
    if expected.named and not entries and not found.comparison.other_files:
        yield f"nothing changed, it says, but {sorted(expected.named)!r} did"
    moved = {one.before_name for one in entries.values()}
    for name, new in expected.after.items():
        old = expected.before.get(name)
        if old is not None and old.content != new.content:
            one = entries.get(name)
            if one is None or not (one.changes or one.problems):
                yield f"`{name}` has other contents, and no fact tells so"
        elif old is None and name not in entries:
            yield f"`{name}` is new, and nothing tells so"
    for name in expected.before.keys() - expected.after.keys() - entries.keys() - moved:
        yield f"`{name}` is gone, and nothing tells so"


def _not_exact(found: Checked, expected: Expected) -> Iterator[str]:
    """Entries told as changed though nothing in them is."""
    for one in found.comparison.entries:
        if one.status in _ADDED_OR_GONE:
            continue
        old = expected.before.get(one.before_name or one.name)
        new = expected.after.get(one.name)
        if old is None or new is None:
            continue
        if expected.bytes_changed.isdisjoint((*old.files, *new.files)):
            yield f"`{one.name}` is told as {one.status.value}, and no file of it changed"
        if old.content == new.content and _has_facts(one):
            yield f"`{one.name}` has the same contents, but there are facts: {one.changes!r:.300}"


def _has_facts(one: EntryComparison) -> bool:
    return bool(one.changes) and not one.before_name


def table(seen: Replayed) -> str:
    """What was met, for people."""
    rows = [
        f"{seen.commits} commits, {seen.seconds:.1f} s, slowest {seen.slowest:.2f} s; {seen.runs} runs of the command"
    ]
    for title, counts in (
        ("entries", seen.status),
        ("bumps", seen.bumps),
        ("other files", seen.files),
        ("facts", seen.facts),
        ("findings", seen.rules),
    ):
        rows.append(f"\n{title}: {sum(counts.values())}")
        rows += [f"{count:7}  {word}" for word, count in counts.most_common()]
    return "\n".join(rows)


def _by_command(scratch: Path, seen: Replayed) -> Iterator[str]:
    """The command itself, in the formats that show most: exit code 0 or 1."""
    for name in ("text", "markdown", "sarif"):
        output = str(scratch.parent / f"check.{name}")
        words = ["check", "-C", str(scratch), "--base", "HEAD~1", "--format", name]
        code = promptreg([*words, "--output", output])
        seen.runs += 1
        if code not in {0, 1}:
            yield f"`{' '.join(words)}` ended with {code}"


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(("git", *words), cwd=folder, capture_output=True, check=True, text=True)
    return done.stdout


def main() -> int:
    """The command line: 0 where every commit held."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replay", description=__doc__)
    parser.add_argument("--commits", type=int, default=300)
    parser.add_argument("--prompts", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        size = Size(asked.prompts, asked.commits + 1, asked.prompts * 3, asked.seed, genuine=True)
        generate(Path(place) / "origin", size)
        seen = replay(Path(place) / "origin", Path(place) / "scratch", asked.commits)
    print(table(seen))
    print(f"\n{seen.held} of {seen.commits} commits held")
    return 0 if seen.held == seen.commits >= asked.commits else 1


if __name__ == "__main__":
    sys.exit(main())
