"""SSH signatures over bytes: made and judged by `ssh-keygen -Y`, whose exit code alone counts.

The one place that starts programs for signatures, gpg included.
"""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from promptreg.errors import RefusedError
from promptreg.store.git.environment import GitEnvironment
from promptreg.store.signature_block import SSH_BEGIN

_PROGRAM = "ssh-keygen"
SIGN_SECONDS = 300.0
"""A person may have to type a passphrase or touch a key."""
VERIFY_SECONDS = 20.0


def sign(environment: GitEnvironment, key: str, namespace: str, data: bytes) -> str:
    """A signature block over `data` with the key file `key` (private, or public with an agent).

    It may ask for a passphrase. Raises RefusedError where no signature comes of it.
    """
    words = ("-Y", "sign", "-n", namespace, "-f", key)
    done = run_signer(_PROGRAM, words, environment.signing(), data, SIGN_SECONDS)
    if done is None:
        raise RefusedError(
            "`ssh-keygen` can't be started, so nothing can be signed",
            where="PATH",
            hint="install OpenSSH",
        )
    if done.returncode or not done.stdout.startswith(SSH_BEGIN):
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise RefusedError(
            "`ssh-keygen` made no signature" + (f": {said[-1][:200]}" if said else ""),
            where=key,
            hint="name the key file: `--sign ~/.ssh/id_ed25519`",
        )
    return done.stdout.decode("ascii", "replace")


def can_verify(environment: GitEnvironment) -> bool:
    """Whether `ssh-keygen` is there; without it no signature can be judged."""
    return which(_PROGRAM, path=environment.hardened()["PATH"]) is not None


class Verifier:
    """Judges signatures by an allowed-signers file, given as its bytes; use it with `with`."""

    def __init__(self, environment: GitEnvironment, allowed: bytes) -> None:
        self._environment = {
            name: value
            for name, value in environment.hardened().items()
            if name in {"PATH", "LC_ALL"}
        } | {"TZ": "UTC"}
        self._allowed = allowed
        self._room: TemporaryDirectory[str] | None = None

    def __enter__(self) -> Verifier:
        return self

    def __exit__(self, *_: object) -> None:
        if self._room is not None:
            self._room.cleanup()
            self._room = None

    def verify(
        self, identity: str, namespace: str, signature: str, data: bytes, *, moment: str = ""
    ) -> bool:
        """Whether a key that the file allows `identity` made `signature` over `data`.

        Keys that the file allows for a time only count at `moment` (from `verify_time`); by
        default that is now.
        """
        if self._room is None:
            self._room = TemporaryDirectory(prefix="promptreg-")
            Path(self._room.name, "allowed").write_bytes(self._allowed)
        room = Path(self._room.name)
        block = room / "signature"
        block.write_bytes(signature.encode("utf-8", "surrogateescape"))
        allowed = str(room / "allowed")
        asked = ("verify", "-f", allowed, "-I", identity, "-n", namespace)
        words: tuple[str, ...] = ("-Y", *asked, "-s", str(block))
        if moment:
            words += ("-O", f"verify-time={moment}")
        done = run_signer(_PROGRAM, words, self._environment, data, VERIFY_SECONDS)
        return done is not None and done.returncode == 0


def verify_time(seconds: int) -> str:
    """As ssh-keygen reads a time, in UTC; a date that no calendar holds counts as the first one."""
    try:
        return datetime.fromtimestamp(max(seconds, 0), UTC).strftime("%Y%m%d%H%M%S")
    except (OverflowError, OSError, ValueError):
        return "19700101000000"


def run_signer(
    program: str, words: tuple[str, ...], environment: dict[str, str], data: bytes, seconds: float
) -> subprocess.CompletedProcess[bytes] | None:
    """Run gpg, ssh-keygen or what the user set in their place, with `data` as its input.

    `program` is an absolute path or a name on the environment's PATH. None where it can't be
    started or doesn't end in time.
    """
    found = program if program.startswith("/") else _on_path(program, environment["PATH"])
    if found is None:
        return None
    try:
        return subprocess.run(
            [found, *words],
            env=environment,
            input=data,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def _on_path(program: str, path: str) -> str | None:
    """A name with a slash would be looked for from the current folder."""
    return None if "/" in program else which(program, path=path)
