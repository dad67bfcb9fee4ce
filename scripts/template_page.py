"""What templates may use: from the table that the sandbox itself is built from."""

from __future__ import annotations

from promptreg.templates import limits
from promptreg.templates.allowed import LOOP, METHODS, WORDS
from promptreg.worker.limits import Limits

_HEAD = """\
<!-- Written by `make docs` from src/promptreg/templates/; edit scripts/template_page.py. -->

# Templates

Templates are [Jinja](https://jinja.palletsprojects.com/en/stable/templates/) in a sandbox. The text of a
message stands in the manifest (`content:`) or in a file (`template:`) whose name ends in `.j2`, `.jinja`,
`.jinja2`, `.md` or `.txt`.

```yaml
messages:
  - role: system
    template: triage.system.j2      # beside the manifest, else below a `templates:` root
  - role: user
    content: "{{ message }}"
```

## What a template sees

- The prompt's inputs, and nothing else: no environment variables, no files, no clock. The same
  inputs give the same bytes.
- An optional input without a default is `none` where the caller leaves it out: `{% if subject %}`.
- A name that isn't declared under `inputs:` is a finding (`undeclared-input`), not an empty text.
- Placeholders are lists of messages that the caller passes; templates don't see them.
- Text is kept as written; only one final newline is dropped. Trim with `{%-` and `-%}`.

## Sharing text

`{% include %}`, `{% import %}`, `{% from … import %}` and `{% extends %}` take a literal name: first
looked for in the folder of the file that names it (for text in a manifest: in the manifest's), then below
the `templates:` roots of `promptreg.yaml` (`partials` and the registry's root where it says nothing). A changed partial
changes the digest of each prompt that reaches it, so each of them needs a new release.

## Text that others wrote

Mark such inputs `untrusted: true`, keep them out of system messages and put them between tags that
their text can't close. In `examples/partials/fence.j2` there are macros for that.

- Inputs are data: Jinja in an input's value is not run, and a value can't open a message of its own.
- `tojson` writes JSON as it is: it does **not** escape `<`, `>`, `&` or `'`, because a prompt is no
  HTML page. So a text in JSON can hold `</message>`: where tags fence off the JSON, replace `<`, as
  `(value | tojson).replace("<", "\\\\u003c")` does, which JSON readers undo.
"""
_KINDS = (("tag", "Tags"), ("global", "Functions"), ("filter", "Filters"), ("test", "Tests"))


def files() -> dict[str, str]:
    """`docs/templates.md`."""
    parts = [_HEAD, "## What is there\n"]
    for kind, title in _KINDS:
        names = [word.name for word in WORDS if word.kind == kind and not word.refused]
        parts.append(f"**{title}**: {_words(names)}.\n")
    for type_, methods in METHODS.items():
        parts.append(f"**Methods of `{type_.__name__}`**: {_words(sorted(methods))}.\n")
    parts.append(f"**In a loop**, of `loop`: {_words(sorted(LOOP))}.\n")
    rows = "".join(
        f"| {word.kind} | `{word.name}` | {word.refused} |\n" for word in WORDS if word.refused
    )
    parts.append(
        f"What Jinja has and templates here don't:\n\n| | name | why |\n|---|---|---|\n{rows}"
    )
    parts.append(_limits())
    return {"docs/templates.md": "\n".join(parts)}


def _words(names: list[str]) -> str:
    return " ".join(f"`{name}`" for name in names)


def _limits() -> str:
    worker = Limits()
    rows = (
        ("a template's text", f"{limits.MAX_SOURCE:,} bytes"),
        ("a rendered prompt", f"{limits.MAX_OUTPUT:,} bytes"),
        ("loops, calls and filters of one rendering", f"{limits.MAX_STEPS:,}"),
        ("`range`", f"{limits.MAX_RANGE:,} numbers"),
        ("items of a list", f"{limits.MAX_ITEMS:,}"),
        ("nested blocks", f"{limits.MAX_BLOCK_DEPTH}"),
        ("branches of an `if`", f"{limits.MAX_BRANCHES}"),
        ("filters in a chain", f"{limits.MAX_FILTERS}"),
        ("includes and imports of a template", f"{limits.MAX_REFERENCES}"),
        ("nested includes", f"{limits.MAX_INCLUDE_DEPTH}"),
        ("nested calls of macros", f"{limits.MAX_CALL_DEPTH}"),
        ("parts of a template's syntax tree", f"{limits.MAX_NODES:,}"),
        ("levels of an expression", f"{limits.MAX_EXPRESSION_DEPTH}"),
        ("columns of padding", f"{limits.MAX_WIDTH:,}"),
        ("CPU time of one rendering", f"{worker.cpu_seconds} s"),
        ("time of one rendering", f"{worker.wall_seconds:g} s"),
        ("memory of one rendering", f"{worker.memory_bytes >> 20} MB"),
    )
    table = "".join(f"| {what} | {most} |\n" for what, most in rows)
    return (
        "## Limits\n\nA template that goes beyond is a finding `limit-exceeded`; the process that "
        f"renders it is killed where nothing else ends it.\n\n| what | most |\n|---|---|\n{table}"
    )
