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


_ON_COMMIT = ("pre-commit", "pre-merge-commit", "manual")
_ON_PUSH = ("pre-push",)


@dataclass(frozen=True, slots=True)
class Hook:
    """One hook. With `passes_files` it gets the changed files that match FILES as arguments.

    `always` runs it whatever files changed: what it judges is more than files.
    """

    id: str
    name: str
    description: str
    entry: str
    passes_files: bool = False
    always: bool = False
    stages: tuple[str, ...] = _ON_COMMIT


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
    ),
    Hook(
        "promptreg-check",
        "check what the push brings",
        "Judges what the push brings; blocks what breaks callers and isn't declared.",
        "promptreg check",
        always=True,
        stages=_ON_PUSH,
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
        f"{_when(hook)}"
        f"  pass_filenames: {str(hook.passes_files).lower()}\n"
        "  require_serial: true\n"
        f"  stages: [{', '.join(hook.stages)}]\n"
        '  minimum_pre_commit_version: "3.2.0"\n'
    )


def _when(hook: Hook) -> str:
    return "  always_run: true\n" if hook.always else f"  files: '{_FILES}'\n"
