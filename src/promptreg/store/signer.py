"""Signatures in git's own formats, made with the user's key."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from promptreg.errors import RefusedError
from promptreg.store.git.environment import GitEnvironment
from promptreg.store.git.signing_settings import SigningSettings, expanded
from promptreg.store.signature_block import SSH, SSH_BEGIN
from promptreg.store.signing import SIGN_SECONDS, run_signer

NAMESPACE = "git"
"""What git puts SSH signatures of commits and tags under."""
_PGP_BEGIN = b"-----BEGIN "
_HINT = "`git config --global user.signingKey KEY` names your key; docs/signing.md tells more"


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs as git would with `settings`; `committer` is `Name <mail>`, gpg's key by default."""

    environment: GitEnvironment = field(repr=False)
    settings: SigningSettings
    committer: str
    folder: Path
    """What a relative key file is looked for from: the top of the repository."""

    def __str__(self) -> str:
        """What people call the key."""
        return f"{self.settings.format} key {self.settings.key or f'of {self.committer}'}"

    def sign(self, payload: bytes) -> bytes:
        """The signature block over `payload`, with a final line feed.

        Raises RefusedError where none comes of it; a passphrase may be asked for.
        """
        if self.settings.format == SSH:
            return self._ssh(payload)
        words = ("--status-fd=2", "-bsau", self.settings.key or self.committer)
        program = self.settings.programs[self.settings.format]
        environment = self.environment.signing()
        done = run_signer(program, words, environment, payload, SIGN_SECONDS)
        if done is None:
            raise _not_started(program)
        made = b"\n[GNUPG:] SIG_CREATED " in b"\n" + done.stderr
        if done.returncode or not made or not done.stdout.startswith(_PGP_BEGIN):
            raise _no_signature(program, done.stderr, str(self))
        return done.stdout.replace(b"\r\n", b"\n")

    def _ssh(self, payload: bytes) -> bytes:
        """As git asks: the payload in a file, the signature in one beside it."""
        program, key = self.settings.programs[SSH], self.settings.key
        if not key:
            raise RefusedError(
                "git knows no SSH key to sign with",
                where="user.signingKey in git's configuration",
                hint=_HINT,
            )
        with TemporaryDirectory(prefix="promptreg-") as room:
            place = Path(room, "payload")
            place.write_bytes(payload)
            words = ("-Y", "sign", "-n", NAMESPACE, "-f", self._key_file(room), str(place))
            done = run_signer(program, words, self.environment.signing(), b"", SIGN_SECONDS)
            if done is None:
                raise _not_started(program)
            made = Path(room, "payload.sig")
            block = made.read_bytes() if made.is_file() else b""
        if done.returncode or not block.startswith(SSH_BEGIN):
            raise _no_signature(program, done.stderr, str(self))
        return block

    def _key_file(self, room: str) -> str:
        """The file of the key; one that is written out gets one, and its agent signs."""
        key = self.settings.key
        if key.startswith(("key::", "ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-")):
            place = Path(room, "key")
            place.write_text(key.removeprefix("key::") + "\n", encoding="utf-8")
            return str(place)
        return os.fspath(self.folder / expanded(key, self.environment.home))


def _not_started(program: str) -> RefusedError:
    return RefusedError(
        f"`{program[:200]}` can't be started, so nothing was signed and nothing was made",
        where="PATH",
        hint="install it, or name another: `git config --global gpg.program PATH`, "
        "`gpg.ssh.program` for SSH",
    )


def _no_signature(program: str, said: bytes, key: str) -> RefusedError:
    lines = [
        line
        for line in said.decode("utf-8", "replace").split("\n")
        if line.strip() and not line.startswith("[GNUPG:]")
    ]
    why = f": {lines[-1][:200]}" if lines else ""
    return RefusedError(
        f"`{program[:200]}` made no signature, so nothing was made{why}", where=key, hint=_HINT
    )
