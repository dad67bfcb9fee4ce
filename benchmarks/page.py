"""The tables of `docs/performance.md`, from the JSON of the last full run.

python -m benchmarks.page [--check]
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "performance.md"
RESULTS = ROOT / "benchmarks" / "results" / "last.json"
_UNITS = {"cpu": "CPU", "wall": "time", "peak": "memory"}


def rewritten(page: str, found: dict[str, Any]) -> str:
    """The page with every table between its marks made anew. Raises ValueError without marks."""
    for name, table in (("ratios", _ratios), ("growth", _growth), ("machine", _machine)):
        begin, end = f"<!-- {name}: written by `make bench-page` -->", f"<!-- end of {name} -->"
        shape = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        place = shape.search(page)
        if place is None:
            raise ValueError(f"the page has no place for {name}")
        before, after = page[: place.start()], page[place.end() :]
        page = f"{before}{begin}\n\n{table(found)}\n\n{end}{after}"
    return page


def ratio_text(ratio: float) -> str:
    """`1.42`, or `1/17` where something costs much less than what it is measured against."""
    return f"1/{1 / ratio:.3g}" if ratio < 0.2 else f"{ratio:.2f}"


def number(value: float, unit: str) -> str:
    """A cost in the unit that suits it."""
    if unit == "peak":
        return f"{value:.0f} MB"
    return f"{value:.3g} s" if value >= 1 else f"{value * 1000:.3g} ms"


def _ratios(found: dict[str, Any]) -> str:
    lines = [
        "| id | what | against | goal | ratio | reached | costs | floor | of | runs |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in found["rows"]:
        cells = (
            row["id"],
            row["what"],
            row["against"],
            f"≤ {ratio_text(row['goal'])}",
            ratio_text(row["ratio"]),
            "yes" if row["reached"] else "**no**",
            number(row["cost"], row["unit"]),
            number(row["floor"], row["unit"]),
            _UNITS[row["unit"]],
            "–" if row["runs"] is None else str(row["runs"]),
        )
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", *(f"- Not taken: {one['id']}, {one['why']}." for one in found["missing"])]
    return "\n".join(lines).rstrip()


def _growth(found: dict[str, Any]) -> str:
    blocks = []
    for of in dict.fromkeys(curve["of"] for curve in found["growth"]):
        curves = [curve for curve in found["growth"] if curve["of"] == of]
        counts = [point["count"] for point in max((c["points"] for c in curves), key=len)]
        lines = [
            f"| command | {' | '.join(f'{count:,} {of}' for count in counts)} | exponents |",
            "|---" * (len(counts) + 2) + "|",
        ]
        for curve in curves:
            cells = [
                f"{number(one['cpu'], 'cpu')}, {one['peak']:.0f} MB" for one in curve["points"]
            ]
            cells += ["–"] * (len(counts) - len(cells))
            exponents = ", ".join(f"{one:.2f}" for one in curve["exponents"])
            lines.append(f"| `{curve['command']}` | {' | '.join(cells)} | {exponents} |")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _machine(found: dict[str, Any]) -> str:
    machine = found["machine"]
    load = ", ".join(str(one) for one in machine["load"])
    return (
        f"Taken on {found['taken']}: {machine['cores']} cores, Python {machine['python']}, git "
        f"{machine['git']}, Typer {machine['typer']}; load averages at the end {load}."
    )


def main() -> int:
    """Write the page, or tell whether it is as it would be written."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only tell whether it fits the JSON")
    asked = parser.parse_args()
    page = PAGE.read_text(encoding="utf-8")
    wanted = rewritten(page, json.loads(RESULTS.read_text(encoding="utf-8")))
    if asked.check:
        return int(page != wanted)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
