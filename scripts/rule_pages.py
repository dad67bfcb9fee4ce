"""A page for every rule id, from the rule's class or the catalogue, and an index of them."""

from __future__ import annotations

from datetime import date

from promptreg.checks.example import Bad, Example
from promptreg.checks.rule import Description
from promptreg.commands.validate import Request, validate_tree
from promptreg.reporters.findings_text import finding_lines
from promptreg.reporters.lines import plain
from promptreg.rules.builtin import descriptions
from promptreg.rules.changes.builtin import CHANGE_RULES
from promptreg.store.trees import MemoryTree

_NOTE = "<!-- Written by `make docs`; edit the rule, not this page. -->\n"
_TODAY = date(2026, 1, 1)
_INTRODUCTION = """\
# Rules

`promptreg validate` judges a registry by these, `promptreg verify` and `lock --check` its releases. Each finding names its rule; the page says why it
matters and how to mend it.

What a rule weighs is set in `promptreg.yaml`:

```yaml
profile: recommended        # minimal: errors only; strict: each finding weighs one step more
severity:
  unused-input: error       # error, warning, info or off
```

`severity:` has the last word. Rules marked *fixed* can't be lowered: their findings say that
something could not be read, so that nothing in it was judged, or that a release isn't what it was.

With `promptreg validate PATH...`, as the pre-commit hook runs it, the whole registry is judged and a
finding is told when it concerns one of the paths: it lies there, a related place does, or the entry
that it is about consists of that file (a partial, say). With `promptreg.yaml` among the paths
everything is told. Findings of rules marked *absence* are always told: the file whose removal caused
them can't be passed any more. pre-commit runs no hook for a commit that only deletes files; the same
check in CI sees those.
"""


def files() -> dict[str, str]:
    """`docs/rules/`: a page for each id, and the index."""
    changes = {rule.id for rule in CHANGE_RULES}
    known = {id_: one for id_, one in descriptions().items() if id_ not in changes}
    pages = {f"docs/rules/{id_}.md": _page(one) for id_, one in known.items()}
    return {"docs/rules/README.md": _index(known), **pages}


def _index(known: dict[str, Description]) -> str:
    rows = [
        f"| [{id_}]({id_}.md) | {_weight(one)} | {one.summary} |\n" for id_, one in known.items()
    ]
    table = "| rule | severity | what it finds |\n|---|---|---|\n"
    return f"{_NOTE}\n{_INTRODUCTION}\n{table}{''.join(rows)}"


def _weight(one: Description) -> str:
    marks = [one.severity.word]
    marks += ["fixed"] * one.is_fixed + ["absence"] * one.tells_absence
    return ", ".join(marks)


def _page(one: Description) -> str:
    parts = [
        f"{_NOTE}\n# {one.id}\n\n{one.summary}\n",
        f"Severity: {_weight(one)}. Since {one.since}.\n",
        f"**Why.** {_sentence(one.why)}\n",
        f"**Fix.** {_sentence(one.fix)}\n",
        *(_example(one, example) for example in one.examples),
    ]
    return "\n".join(parts)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _example(one: Description, example: Example) -> str:
    title = "Found" if isinstance(example, Bad) else "Passes"
    shown = example.shown()
    blocks = "".join(_block(path, text) for path, text in shown.items())
    if not shown:
        blocks = "A manifest without it.\n"
    if example.released is not None:
        tags = ", ".join(
            f"`{name}@v{version}`" for name, known in example.released.items() for version in known
        )
        blocks += f"\nRelease tags: {tags}.\n"
    said = f"\n```text\n{_finding(one, example)}```\n" if isinstance(example, Bad) else ""
    return f"## {title}\n\n{blocks}{said}"


def _block(path: str, text: str) -> str:
    language = "yaml" if path.endswith(".yaml") else "jinja"
    comment = f"# {path}" if language == "yaml" else f"{{# {path} #}}"
    return f"```{language}\n{comment}\n{text.rstrip()}\n```\n"


def _finding(one: Description, example: Example) -> str:
    report = validate_tree(MemoryTree(example.tree()), Request(_TODAY), example.known)
    found = next(finding for finding in report.findings if finding.rule == one.id)
    return plain(finding_lines(found, report))
