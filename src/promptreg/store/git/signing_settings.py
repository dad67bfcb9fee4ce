"""How the user signs, as their git configuration says.

What only names things (the format, the key, whether to sign) may stand in any scope. What is run or
decides whose keys count is taken from the system's and the user's own configuration and the command
line, never from the repository's: whoever hands over a repository would choose it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from promptreg.errors import RefusedError
from promptreg.store.git.process import Call
from promptreg.store.git.repository import USERS_OWN, Repository, call
from promptreg.store.git.wire import to_text
from promptreg.store.signature_block import OPENPGP, SSH, X509

PROGRAMS = {OPENPGP: "gpg", SSH: "ssh-keygen", X509: "gpgsm"}
"""What git runs where nothing else is set, by format."""

_KEYS = (
    r"^(user\.signingkey|gpg\.(format|program)|gpg\.(openpgp|x509|ssh)\.program"
    r"|gpg\.ssh\.allowedsignersfile|tag\.(gpgsign|forcesignannotated)|commit\.gpgsign)$"
)
_TRUE = frozenset({"true", "yes", "on"})


@dataclass(frozen=True, slots=True)
class SigningSettings:
    """What git would sign with, and whether it would without being asked."""

    format: str = OPENPGP
    key: str = ""
    """`user.signingKey` as it stands; empty where git would choose by the committer."""
    tags: bool = False
    commits: bool = False
    programs: dict[str, str] = field(default_factory=lambda: dict(PROGRAMS))
    allowed_signers: str = ""
    """The user's own file of allowed signers, a path; empty where none is set."""


def signing_settings(repo: Repository) -> SigningSettings:
    """The settings that hold in `repo`. Raises RefusedError for a format that git doesn't know."""
    words = ("config", "--show-scope", "--includes", "-z", "--get-regexp", _KEYS)
    answer = call(repo, Call(words, own=True), codes=(0, 1))
    fields = to_text(answer.out).split("\0")
    any_scope: dict[str, str] = {}
    own: dict[str, str] = {}
    for scope, record in zip(fields[::2], fields[1::2], strict=False):
        key, mark, value = record.partition("\n")
        any_scope[key] = value if mark else "true"
        if scope in USERS_OWN:
            own[key] = any_scope[key]
    format_ = any_scope.get("gpg.format", OPENPGP)
    if format_ not in PROGRAMS:
        raise RefusedError(
            f"git has no signature format `{format_[:40]}`",
            where="gpg.format in git's configuration",
            hint=f"one of: {', '.join(PROGRAMS)}",
        )
    home = repo.git.environment.home
    return SigningSettings(
        format=format_,
        key=any_scope.get("user.signingkey", ""),
        tags=_is_true(any_scope, "tag.gpgsign") or _is_true(any_scope, "tag.forcesignannotated"),
        commits=_is_true(any_scope, "commit.gpgsign"),
        programs={name: _program(own, name, home) for name in PROGRAMS},
        allowed_signers=expanded(own.get("gpg.ssh.allowedsignersfile", ""), home),
    )


def expanded(path: str, home: str) -> str:
    """`path` with `~/` as git reads it."""
    return f"{home.rstrip('/')}/{path[2:]}" if path.startswith("~/") and home else path


def _program(own: dict[str, str], format_: str, home: str) -> str:
    short = own.get("gpg.program", "") if format_ == OPENPGP else ""
    return expanded(own.get(f"gpg.{format_}.program", "") or short or PROGRAMS[format_], home)


def _is_true(settings: dict[str, str], key: str) -> bool:
    value = settings.get(key, "").lower()
    return value in _TRUE or (value.isdigit() and int(value) != 0)
