"""SSH signatures over bytes: made and judged by `ssh-keygen -Y`, whose exit code alone counts."""

from __future__ import annotations

import subprocess
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from promptreg.errors import RefusedError
from promptreg.store.git.environment import GitEnvironment

_PROGRAM = "ssh-keygen"
_SIGN_SECONDS = 300.0
"""A person may have to type a passphrase or touch a key."""
_VERIFY_SECONDS = 20.0


def sign(environment: GitEnvironment, key: str, namespace: str, data: bytes) -> str:
    """A signature block over `data` with the key file `key` (private, or public with an agent).

    Runs in the user's own environment, since it may ask for a passphrase. Raises RefusedError where
    no signature comes of it.
    """
    words = ("-Y", "sign", "-n", namespace, "-f", key)
    done = _run(words, environment.own(), data, _SIGN_SECONDS)
    if done is None:
        raise RefusedError(
            "`ssh-keygen` can't be started, so nothing can be signed",
            where="PATH",
            hint="install OpenSSH",
        )
    if done.returncode or not done.stdout.startswith(b"-----BEGIN SSH SIGNATURE-----"):
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise RefusedError(
            "`ssh-keygen` made no signature" + (f": {said[-1][:200]}" if said else ""),
            where=key,
            hint="name the key file: `--sign ~/.ssh/id_ed25519`",
        )
    return done.stdout.decode("ascii", "replace")


class Verifier:
    """Judges signatures by an allowed-signers file, given as its bytes; use it with `with`."""

    def __init__(self, environment: GitEnvironment, allowed: bytes) -> None:
        self._environment = {
            name: value
            for name, value in environment.hardened().items()
            if name in {"PATH", "LC_ALL"}
        }
        self._allowed = allowed
        self._room: TemporaryDirectory[str] | None = None

    def __enter__(self) -> Verifier:
        return self

    def __exit__(self, *_: object) -> None:
        if self._room is not None:
            self._room.cleanup()
            self._room = None

    def verify(self, identity: str, namespace: str, signature: str, data: bytes) -> bool:
        """Whether a key that the file allows `identity` made `signature` over `data`."""
        if self._room is None:
            self._room = TemporaryDirectory(prefix="promptreg-")
            Path(self._room.name, "allowed").write_bytes(self._allowed)
        room = Path(self._room.name)
        block = room / "signature"
        block.write_bytes(signature.encode("utf-8", "surrogateescape"))
        allowed = str(room / "allowed")
        words = ("-Y", "verify", "-f", allowed, "-I", identity, "-n", namespace, "-s", str(block))
        done = _run(words, self._environment, data, _VERIFY_SECONDS)
        return done is not None and done.returncode == 0


def _run(
    words: tuple[str, ...], environment: dict[str, str], data: bytes, seconds: float
) -> subprocess.CompletedProcess[bytes] | None:
    program = which(_PROGRAM, path=environment["PATH"])
    if program is None:
        return None
    try:
        return subprocess.run(
            [program, *words],
            env=environment,
            input=data,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
