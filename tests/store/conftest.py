"""What the tests of reading and writing share."""

from __future__ import annotations

from pathlib import Path

import pytest

from promptreg.store.git.environment import GitEnvironment
from promptreg.store.git.process import Git, find_git


@pytest.fixture
def git(sealed_environ: dict[str, str]) -> Git:
    """git as promptreg starts it, in the sealed room."""
    return find_git(GitEnvironment.of(sealed_environ))


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    """A file that hostile code would create."""
    return tmp_path / "PWNED"
