"""What is odd about a repository: settings that start programs, histories that are swapped."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from promptreg.store.git.config import settings
from promptreg.store.git.merge_driver import DRIVER, KEY
from promptreg.store.git.process import Call, Git, run
from promptreg.store.git.refs import ref_fields
from promptreg.store.git.repository import Repository, call
from promptreg.store.git.wire import to_text

_PROGRAMS = (
    r"^(core\.(fsmonitor|sshcommand|askpass|pager|editor|gitproxy|alternaterefscommand)"
    r"|sequence\.editor|interactive\.difffilter|pager\..*|gpg\.program|gpg\..*\.program"
    r"|gpg\.ssh\.defaultkeycommand|diff\.external|diff\..*\.(command|textconv)|merge\..*\.driver"
    r"|filter\..*\.(clean|smudge|process)|(difftool|mergetool|browser|man)\..*\.(cmd|path)"
    r"|credential\.helper|credential\..*\.helper|remote\..*\.(uploadpack|receivepack|vcs)"
    r"|uploadpack\.packobjectshook|trailer\..*\.(command|cmd)|submodule\..*\.update|alias\..*)$"
)
_HARMLESS = re.compile(r"(true|false|0|1|yes|no|on|off|)\Z|git-lfs (clean|smudge|filter-process)\b")
_INCLUDES = r"^(include|includeif\..*)\.path$"


@dataclass(frozen=True, slots=True)
class Setting:
    """A value of the repository's own configuration; the key in lower case where git has it so."""

    key: str
    value: str


def version_text(git: Git) -> str:
    """`2.39.5`."""
    said = to_text(run(git, Call(("version",), seconds=20.0), Path("/")).out)
    return said.removeprefix("git version ").strip()


def program_settings(repo: Repository) -> tuple[Setting, ...]:
    """Settings of the repository that make plain git start a program of their choice."""
    return tuple(
        Setting(key, value)
        for key, value in settings(repo, _PROGRAMS)
        if not _HARMLESS.match(value)
        and _starts_something(key, value)
        and (key, value) != (KEY, DRIVER)
    )


def settings_in_tree(repo: Repository) -> tuple[Setting, ...]:
    """Includes and hook folders that lie among the files that a pull request changes."""
    found = []
    for key, value in settings(repo, rf"{_INCLUDES}|^core\.hookspath$"):
        base = repo.top_level if key == "core.hookspath" else repo.common_dir
        place = Path(os.path.realpath(base / Path(value).expanduser()))
        inside = place.is_relative_to(repo.top_level)
        if inside and not place.is_relative_to(repo.common_dir):
            found.append(Setting(key, value))
    return tuple(found)


def replaced_objects(repo: Repository) -> int:
    """How many objects git shows others in place of."""
    return len(ref_fields(repo, ("refs/replace/",), ("refname",)))


def has_grafts(repo: Repository) -> bool:
    """Whether a file gives commits other parents."""
    try:
        return (repo.common_dir / "info" / "grafts").stat().st_size > 0
    except OSError:
        return False


def hooks_folder(repo: Repository) -> Path:
    """Where git looks for hooks."""
    chosen = settings(repo, r"^core\.hookspath$")
    if not chosen:
        return repo.common_dir / "hooks"
    return repo.top_level / Path(chosen[-1][1]).expanduser()


def remote_tags(repo: Repository, remote: str) -> dict[str, str]:
    """The object of each tag (full names) at `remote`, asked for in the user's own environment.

    Raises GitError where the remote doesn't answer. Nothing is fetched.
    """
    asked = Call(
        ("ls-remote", "--tags", "--refs", "--", remote),
        settings=("protocol.ext.allow=never",),
        variables=(("GIT_TERMINAL_PROMPT", "0"),),
        seconds=60.0,
        own=True,
    )
    lines = to_text(call(repo, asked).out).split("\n")
    pairs = (line.partition("\t") for line in lines if line)
    return {name: oid for oid, _, name in pairs if name.startswith("refs/tags/")}


def _starts_something(key: str, value: str) -> bool:
    if key.startswith("alias."):
        return value.startswith("!")
    if key.startswith("submodule."):
        return value.startswith("!")
    return key != "core.fsmonitor" or value not in {"true", "false"}
