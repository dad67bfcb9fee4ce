"""The merge driver for environment files, as git's attributes and configuration name it.

The attribute is committed; the configuration belongs to each clone, since it says what is run.
"""

from __future__ import annotations

from promptreg.store.git.process import Call, run
from promptreg.store.git.repository import Repository, ask, located
from promptreg.store.git.wire import to_text

NAME = "promptreg-environment"
ATTRIBUTE = f"environments/*.yaml merge={NAME}"
"""The line of `.gitattributes` in the registry's folder."""
KEY = f"merge.{NAME}.driver"
DRIVER = "promptreg merge-environment %O %A %B %P"
COMMAND = f'git config {KEY} "{DRIVER}"'
"""What a person runs once in each clone."""


def configured_driver(repo: Repository) -> str:
    """What git would run here, by the user's and the repository's configuration; "" for nothing."""
    wanted = located(repo, Call(("config", "--get", KEY), own=True))
    answer = run(repo.git, wanted, repo.top_level)
    return to_text(answer.out).removesuffix("\n") if answer.code == 0 else ""


def configure_driver(repo: Repository) -> None:
    """Write the driver into the repository's configuration. Raises GitError where that fails."""
    title = "environments of promptreg, merged by entry"
    for key, value in ((f"merge.{NAME}.name", title), (KEY, DRIVER)):
        ask(repo, "config", "--local", "--replace-all", key, value)
