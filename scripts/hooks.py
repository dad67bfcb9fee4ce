"""The hooks that pre-commit and prek offer, as one table."""

from __future__ import annotations

from dataclasses import dataclass

_FILES = "|".join(
    (
        r"(^|/)promptreg\.yaml$",
        r"(^|/)models\.yaml$",
        r"(^|/|\.)(prompt|agent)\.ya?ml$",
        r"\.(policy|experiment|change)\.ya?ml$",
        r"(^|/)(environments|approvals)/.*\.ya?ml$",
        r"\.(j2|jinja|jinja2)$",
        r"(^|/)(prompts|partials)/.*\.(md|txt)$",
    )
)
"""What a registry is made of, wherever it lies in the repository."""


@dataclass(frozen=True, slots=True)
class Hook:
    """One hook. With `passes_files` it gets the changed files that match FILES as arguments."""

    id: str
    name: str
    description: str
    entry: str
    passes_files: bool


HOOKS = (
    Hook(
        "promptreg-validate",
        "validate prompts and agents",
        "Judges the registry as it would be committed; tells what concerns the changed files.",
        "promptreg validate --tracked",
        passes_files=True,
    ),
    Hook(
        "promptreg-test",
        "test prompts",
        "Runs the tests that all prompts declare.",
        "promptreg test",
        passes_files=False,
    ),
)


def files() -> dict[str, str]:
    """`.pre-commit-hooks.yaml`."""
    head = "# Written by `make docs` from scripts/hooks.py. Hooks read; none writes or stages a file.\n"
    return {".pre-commit-hooks.yaml": head + "".join(_entry(hook) for hook in HOOKS)}


def _entry(hook: Hook) -> str:
    return (
        f"- id: {hook.id}\n"
        f"  name: {hook.name}\n"
        f"  description: {hook.description}\n"
        f"  entry: {hook.entry}\n"
        "  language: python\n"
        f"  files: '{_FILES}'\n"
        f"  pass_filenames: {str(hook.passes_files).lower()}\n"
        "  require_serial: true\n"
        "  stages: [pre-commit, pre-merge-commit, manual]\n"
        '  minimum_pre_commit_version: "3.2.0"\n'
    )
