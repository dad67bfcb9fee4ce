"""Run the abuse corpus over this promptreg and fail where a check that must hold does not.

    .venv/bin/python scripts/check_corpus.py ../shared/abuse
    .venv/bin/python scripts/check_corpus.py ../shared/abuse --only 'yaml-*' --strace

`LATER` names what belongs to work that is not done yet, with the reason; a check named there that
holds is reported too, so that the table doesn't outlive its reasons.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

CATEGORIES = {
    "policy": "policies are not evaluated yet",
    "waiver": "waivers are not applied yet",
    "agent": "the checks of agents are not complete yet",
    "experiment": "experiments are not judged yet",
    "foreign": "foreign formats are not read yet",
}
LATER: dict[tuple[str, str], str] = {
    (
        "output-format-markdown",
        "*",
    ): "it takes the report's own first line, an HTML comment by which the comment of a pull "
    "request is found again, for text of the repository; nothing of the repository is live",
    (
        "release-previous-of-another-prompt",
        "*",
    ): "it can't be built: the second prompt uses an input that it doesn't declare, and `release` "
    "refuses that; tests/releases/test_tamper.py makes the same mutation",
}
"""(case, command), with `*` and `?`: why it need not hold yet."""


def main() -> int:
    """0 where every check holds that must."""
    parser = argparse.ArgumentParser(description="Run the abuse corpus over this promptreg.")
    parser.add_argument("corpus", type=Path, help="the folder with check.py and index.tsv")
    parser.add_argument("--only", default="*", help="case ids, with * and commas")
    parser.add_argument("--strace", action="store_true", help="also watch files and connections")
    options = parser.parse_args()
    cases = chosen(options.corpus / "index.tsv", options.only.split(","))
    more = ["--strace"] if options.strace else []
    results = run(options.corpus, cases, more)
    # The corpus limits wall-clock time: what fails on a busy machine gets one more try.
    failed = sorted({str(one["id"]) for one in results if one["verdict"] != "holds"})
    if failed:
        again = run(options.corpus, failed, more)
        results = [one for one in results if one["id"] not in failed] + again
    wrong = [one for one in results if one["verdict"] != "holds" and not later(one)]
    stale = {
        known
        for known in LATER
        if (of_it := [one for one in results if matches(known, one)])
        and all(one["verdict"] == "holds" for one in of_it)
    }
    excused = sum(1 for one in results if one["verdict"] != "holds" and later(one))
    for one in wrong:
        print(one["verdict"], one["id"], one["command"], "; ".join(one["reasons"]), sep="\t")
    for known in sorted(stale):
        print("holds by now: remove it from LATER", *known, sep="\t")
    holds = sum(one["verdict"] == "holds" for one in results)
    print(f"{holds} of {len(results)} checks hold, {excused} belong to later work")
    return 1 if wrong or stale or not results else 0


def chosen(index: Path, patterns: list[str]) -> list[str]:
    """The cases to run: those that fit a pattern and whose category must hold."""
    rows = [line.split("\t") for line in index.read_text("utf-8").splitlines()]
    return [
        row[0]
        for row in rows
        if not row[0].startswith("#")
        and row[1] not in CATEGORIES
        and any(fnmatch.fnmatch(name, one) for name in row[:2] for one in patterns)
    ]


def run(corpus: Path, cases: list[str], more: list[str]) -> list[dict[str, Any]]:
    """What check.py finds out about each command of each case."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "results.json"
        tool = shutil.which("promptreg", path=str(Path(sys.executable).parent))
        words = [sys.executable, str(corpus / "check.py"), "--tool", str(tool), "--only"]
        done = subprocess.run(
            [*words, ",".join(cases), "--json", str(output), *more],
            stdout=subprocess.DEVNULL,
            check=False,
        )
        if not output.exists():
            sys.exit(f"check.py ended with {done.returncode} and wrote no results")
        results: list[dict[str, Any]] = json.loads(output.read_text("utf-8"))["results"]
        return results


def matches(known: tuple[str, str], result: dict[str, Any]) -> bool:
    """Whether an entry of `LATER` means this result."""
    command = result["command"].partition(":")[0]
    return fnmatch.fnmatch(result["id"], known[0]) and fnmatch.fnmatch(command, known[1])


def later(result: dict[str, Any]) -> bool:
    """Whether a check belongs to work that is not done yet."""
    return any(matches(known, result) for known in LATER)


if __name__ == "__main__":
    sys.exit(main())
