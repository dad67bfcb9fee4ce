"""The page of change rules: every kind of change, what it costs, and its example."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Pair
from promptreg.model.change import Direction
from promptreg.rules.changes.builtin import CHANGE_RULES

_NOTE = "<!-- Written by `make docs`; edit the rule, not this page. -->\n"
_INTRODUCTION = """\
# What changes cost

`promptreg diff` tells facts. `promptreg check` and `promptreg release` judge them by these rules:
each gives a kind of change an impact, and so the least bump of the next release. Before 1.0.0 a
breaking change needs a minor.

| impact | least bump | in `check` |
|---|---|---|
| breaking | major | an error, or a warning where `changes/` declares it |
| additive | minor | info |
| behavioural | minor | info |
| docs | patch | info |

*Input* is what callers supply, *output* what they consume (a tool's arguments too: whoever runs the
tool consumes them), *behaviour* what the model may do otherwise. Where it can't be decided whether a
schema accepts less or more, the change counts as breaking.

A breaking change that is intended is declared in the same range of commits:

```yaml
# changes/drop-tier.change.yaml
apiVersion: promptreg/v1
kind: Change
name: support/triage
bump: major
reason: Tiers are gone from the CRM.
owner: support-team
```
"""


def files() -> dict[str, str]:
    """`docs/changes.md`."""
    parts = [_NOTE, _INTRODUCTION, _table(), *map(_section, CHANGE_RULES)]
    return {"docs/changes.md": "\n".join(parts)}


def _table() -> str:
    rows = [
        f"| {direction} | [{rule.id}](#{rule.id}) | {rule.headline} | {rule.impact} | "
        f"{rule.impact.bump.word} |\n"
        for direction in Direction
        for rule in CHANGE_RULES
        if rule.direction is direction
    ]
    head = "| direction | rule | change | impact | bump |\n|---|---|---|---|---|\n"
    return f"## The table\n\n{head}{''.join(rows)}"


def _section(rule: ChangeRule) -> str:
    kinds = ", ".join(f"`{kind}`" for kind in rule.kinds[:6])
    more = f" and {len(rule.kinds) - 6} more" if len(rule.kinds) > 6 else ""
    effects = f" where the schema is {' or '.join(sorted(rule.effects))}" if rule.effects else ""
    return (
        f"## {rule.id}\n\n{rule.headline[:1].upper()}{rule.headline[1:]}: **{rule.impact}**.\n\n"
        f"Facts: {kinds}{more}{effects}.\n\n"
        f"**Who notices.** {rule.hits}\n\n"
        f"**What to do.** {rule.compatible[:1].upper()}{rule.compatible[1:]}.\n"
        + "".join(map(_pair, rule.pairs))
    )


def _pair(pair: Pair) -> str:
    return f"\n```yaml\n# before\n{_side(pair.old.shown())}# after\n{_side(pair.new.shown())}```\n"


def _side(files: dict[str, str]) -> str:
    if not files:
        return "# (nothing)\n"
    shown = []
    for path, text in files.items():
        name = f"# {path}\n" if len(files) > 1 or "greeting" not in path else ""
        shown.append(f"{name}{text.rstrip()}\n")
    return "".join(shown)
