"""Filters that a repository's configuration names: no write runs one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Site


@pytest.mark.parametrize("scope", ["--local", "--worktree"])
@pytest.mark.parametrize("key", ["clean", "process"])
@pytest.mark.parametrize("name", ["x", "a=b.C"])
def test_a_write_runs_no_filter(site: Site, name: str, key: str, scope: str) -> None:
    """When git writes its index it looks again, through filters, at files as new as that."""
    site.release()
    for path in site.path.rglob("*.yaml"):
        os.utime(path, (site.clock[0], site.clock[0]))
    site.run("update-index", "--refresh")
    os.utime(site.path / ".git" / "index", (site.clock[0] - 1, site.clock[0] - 1))
    mark, program = site.path.parent / "ran", site.path.parent / "filter"
    program.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
    program.chmod(0o755)
    site.run("config", "extensions.worktreeConfig", "true")
    site.run("config", scope, f"filter.{name}.{key}", str(program))
    site.run("config", scope, f"filter.{name}.required", "true")
    (site.path / ".git" / "info" / "attributes").write_text(f"* filter={name}\n")
    site.promote("support/triage@0.1.0")
    assert not mark.exists()
    assert site.runs() == {"support/triage": "0.1.0"}
