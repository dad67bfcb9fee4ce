"""What may not be read or written is told in a sentence, and a refused write changes nothing.

For root these tests drop the right to pass over permissions.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Said, Session

_CAPABILITIES = "-dac_override,-dac_read_search"
_DROP = f"setpriv --bounding-set {_CAPABILITIES} --inh-caps {_CAPABILITIES} "
_PREFIX = _DROP if os.geteuid() == 0 else ""

pytestmark = pytest.mark.skipif(
    os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may do everything here"
)


@pytest.fixture
def released(session: Session) -> Iterator[Session]:
    """A registry with a release that runs in staging, and a change that is committed."""
    for command in (
        "promptreg init",
        "git add . && git commit -qm start",
        "promptreg release welcome && promptreg promote welcome@0.1.0 --env staging",
        "echo more >> prompts/welcome.system.j2 && git commit -qam more",
    ):
        assert session.run(command).code == 0
    yield session
    session.run("chmod -R u+rwX .")


@pytest.mark.parametrize(
    ("where", "command"),
    [
        (".", "promptreg release welcome"),
        (".", "promptreg promote welcome@0.1.0 --env production"),
        (".", "promptreg promote welcome@0.1.0 --env production --no-commit"),
        (".", "promptreg rollback welcome --to 0.1.0"),
        (".", "promptreg new prompt support/triage"),
        (".", "promptreg init sub"),
        (".", "promptreg render welcome --input message=x --output text.txt"),
        (".git", "promptreg release welcome"),
        (".git", "promptreg promote welcome@0.1.0 --env production"),
        ("environments", "promptreg promote welcome@0.1.0 --env production"),
        ("prompts", "promptreg rollback welcome --to 0.1.0"),
    ],
)
def test_a_write_that_is_not_permitted_changes_nothing(
    released: Session, where: str, command: str
) -> None:
    before = _state(released)
    released.run(f"chmod -R a-w {where}")
    said = _without_rights(released, command)
    released.run(f"chmod -R u+w {where}")
    assert said.code == 2
    assert said.output.startswith("error: ")
    assert _state(released) == before


@pytest.mark.parametrize(
    ("hidden", "command"),
    [
        ("prompts", "promptreg validate"),
        ("prompts/welcome.system.j2", "promptreg validate"),
        ("prompts/welcome.prompt.yaml", "promptreg validate"),
        ("prompts", "promptreg render welcome --input message=x"),
        ("promptreg.yaml", "promptreg list"),
        (".git", "promptreg status"),
    ],
)
def test_what_may_not_be_read_is_named(released: Session, hidden: str, command: str) -> None:
    released.run(f"chmod a-rwx {hidden}")
    said = _without_rights(released, command)
    assert said.code in {1, 2}
    assert "error" in said.output


def _without_rights(session: Session, command: str) -> Said:
    return session.run(_PREFIX + command)


def _state(session: Session) -> str:
    refs = session.run("git for-each-ref && git status --short --branch && git ls-files -s")
    assert refs.code == 0
    return refs.output
