"""Which files are documents, told by their paths alone."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.registry.discover import Found, classify, discover

ROOTS = ("prompts", "agents", "policies", "environments", "approvals")
SEGMENTS = st.sampled_from(
    (
        *("prompts", "environments", "a", "prompt", "a.prompt", "a.b", "..", ".a", "a.", "\udc80"),
        *("prompt.yaml", "a.prompt.yaml", "a.agent.yml", ".yaml", ".yml", "..yaml", "a.yaml.md"),
        *("prompt.yaml.yaml", "a.YAML", "yaml", "a.prompt.yaml~", "a .prompt.yaml", "a..yml"),
    )
)
PATHS = st.lists(SEGMENTS, min_size=1, max_size=4).map("/".join)


@given(PATHS, st.sampled_from((ROOTS, (".",), (*ROOTS, "."), ("prompts/a", "prompts"), ())))
@settings(deadline=None, max_examples=300)
def test_a_document_ends_as_paths_end(path: str, roots: tuple[str, ...]) -> None:
    suffix = PurePosixPath(path).suffix
    found = classify(path, roots)
    if found is None:
        return
    assert suffix in (".yaml", ".yml")
    below = [root for root in roots if root == "." or PurePosixPath(path).is_relative_to(root)]
    assert below
    inner = path if below[0] == "." else path.removeprefix(f"{below[0]}/")
    assert inner.removesuffix(suffix).startswith(found.name)


@given(PATHS)
@settings(deadline=None, max_examples=300)
def test_every_yaml_file_of_an_environments_folder_is_one(path: str) -> None:
    whole = f"environments/{path}"
    suffix = PurePosixPath(whole).suffix
    found = classify(whole, ROOTS)
    if suffix in (".yaml", ".yml"):
        assert found == Found(whole, "Environment", path.removesuffix(suffix))
    else:
        assert found is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("prompts/support/triage.prompt.yaml", ("Prompt", "support/triage")),
        ("prompts/support/triage/prompt.yml", ("Prompt", "support/triage")),
        ("agents/desk.agent.yaml", ("Agent", "desk")),
        ("promptsx/a.prompt.yaml", None),
        ("prompts/.yaml", None),
        ("prompts/a.yaml", None),
    ],
)
def test_what_a_path_says(path: str, expected: tuple[str, str] | None) -> None:
    found = discover([path], ROOTS)
    assert [(one.kind, one.name) for one in found] == ([expected] if expected else [])
