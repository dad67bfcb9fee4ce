"""Who writes: git's own order of variables, repository, user and system configuration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from promptreg.errors import GitError
from promptreg.store.git.commits import Signature
from promptreg.store.git.failures import failure
from promptreg.store.git.process import Call, Git, run
from promptreg.store.git.repository import Repository, located
from promptreg.store.git.wire import to_text

_IDENT = re.compile(r"(.*) <(.*)> -?\d+ [+-]\d+\n?\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Identity:
    """A name and an e-mail address, as git writes them."""

    name: str
    email: str

    def at(self, now: datetime) -> Signature:
        """This identity at `now`, which knows its zone."""
        if now.tzinfo is None:
            raise ValueError("`now` has no time zone")
        return Signature(self.name, self.email, int(now.timestamp()), now.strftime("%z")[:5])


@dataclass(frozen=True, slots=True)
class Identities:
    """Who wrote a change and who puts it into the history; mostly the same person."""

    author: Identity
    committer: Identity


def identities(repo: Repository) -> Identities:
    """Author and committer; GitError with the commands that set them where they are missing.

    A name that git would make up from the machine's is not taken.
    """
    return Identities(_ident(repo, "GIT_AUTHOR_IDENT"), _ident(repo, "GIT_COMMITTER_IDENT"))


def known_email(git: Git, folder: Path) -> str:
    """The author's e-mail address as git knows it in `folder`, a repository or none; else ""."""
    wanted = Call(("var", "GIT_AUTHOR_IDENT"), settings=("user.useConfigOnly=true",), own=True)
    answer = run(git, wanted, folder)
    match = _IDENT.match(to_text(answer.out)) if answer.code == 0 else None
    return match[2].strip() if match else ""


def signature_variables(author: Signature, committer: Signature) -> tuple[tuple[str, str], ...]:
    """The environment variables that make git write these two."""
    found = []
    for role, who in (("AUTHOR", author), ("COMMITTER", committer)):
        found += [
            (f"GIT_{role}_NAME", who.name),
            (f"GIT_{role}_EMAIL", who.email),
            # `@` marks seconds; small numbers would be taken for something else.
            (f"GIT_{role}_DATE", f"@{who.seconds} {who.zone}"),
        ]
    return tuple(found)


def signature_line(who: Signature) -> str:
    """`Name <email> 1700000000 +0100`, as it stands in commits and tags."""
    return f"{_clean(who.name)} <{_clean(who.email)}> {who.seconds} {who.zone}"


def _ident(repo: Repository, variable: str) -> Identity:
    # Only here and for `push` may git read the user's own configuration; `var` runs nothing.
    wanted = Call(("var", variable), settings=("user.useConfigOnly=true",), own=True)
    answer = run(repo.git, located(repo, wanted), repo.top_level)
    match = _IDENT.match(to_text(answer.out)) if answer.code == 0 else None
    if match and match[1].strip() and match[2].strip():
        return Identity(match[1], match[2])
    if answer.code not in {0, 128}:
        raise failure("var", answer, repo.top_level)
    raise GitError(
        "git doesn't know who you are",
        where=str(repo.top_level),
        hint="run `git config --global user.name NAME` and "
        "`git config --global user.email ADDRESS`",
    )


def _clean(text: str) -> str:
    """As git does it: no line breaks or angle brackets, no crud at the ends."""
    kept = "".join(char for char in text if char not in "\n\0<>")
    return kept.strip(" .,:;<>\"\\'\t\r")
