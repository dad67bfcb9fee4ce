"""Judging the signatures that git appends to tags: whose they are, and whether they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from promptreg.store.git.environment import GitEnvironment
from promptreg.store.signature_block import OPENPGP, SSH, ends_object, split_signature
from promptreg.store.signer import NAMESPACE
from promptreg.store.signing import VERIFY_SECONDS, run_signer, verify_time

_STATUS = re.compile(r"^\[GNUPG:\] (\w+) ?(.*)$", re.MULTILINE)
_BAD = ("BADSIG", "REVKEYSIG")
_FINGERPRINT = re.compile(r"(SHA256:[A-Za-z0-9+/]+)")


class State(StrEnum):
    """What came of a signature."""

    UNSIGNED = "unsigned"
    GOOD = "good"
    UNKNOWN = "unknown"
    """It holds perhaps, but nothing here says that its key counts."""
    WRONG = "wrong"
    """What was signed has been changed, or the key was revoked."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A signature's state, who made it as far as that is known, and why it isn't good."""

    state: State
    signer: str = ""
    key: str = ""
    """The key's fingerprint."""
    why: str = ""


class Judge:
    """Judges signatures; use it with `with`. Programs are the user's, never a repository's.

    `allowed` are the bytes of an allowed-signers file, None where nothing says whose SSH keys count.
    """

    def __init__(
        self, environment: GitEnvironment, programs: dict[str, str], allowed: bytes | None
    ) -> None:
        self._environment = environment.signing() | {"TZ": "UTC"}
        self._programs = programs
        self._allowed = allowed
        self._room = TemporaryDirectory(prefix="promptreg-")

    def __enter__(self) -> Judge:
        Path(self._room.name, "allowed").write_bytes(self._allowed or b"")
        return self

    def __exit__(self, *_: object) -> None:
        self._room.cleanup()

    def judge(self, content: bytes, seconds: int) -> Judged:
        """What a tag object's signature is worth; `seconds` is when it says that it was made."""
        payload, signature, format_ = split_signature(content)
        if not signature:
            return Judged(State.UNSIGNED)
        if not ends_object(signature):
            return Judged(State.WRONG, why="something that isn't signed follows its signature")
        place = Path(self._room.name, "signature")
        place.write_bytes(signature)
        if format_ == SSH:
            return self._ssh(payload, str(place), seconds)
        return self._gpg(payload, str(place), format_)

    def _ssh(self, payload: bytes, place: str, seconds: int) -> Judged:
        allowed = str(Path(self._room.name, "allowed"))
        when = f"-Overify-time={verify_time(seconds)}"
        said, started = self._keygen(("check-novalidate", "-n", NAMESPACE, "-s", place), payload)
        if not started:
            return Judged(State.UNKNOWN, why=f"`{self._programs[SSH][:200]}` can't be asked")
        if said is None:
            return Judged(State.WRONG, why="its signature doesn't fit what the tag says")
        match = _FINGERPRINT.search(said)
        key = match[1] if match else ""
        if self._allowed is None:
            return Judged(State.UNKNOWN, key=key, why="nothing says whose SSH keys count")
        found, _ = self._keygen(("find-principals", "-f", allowed, "-s", place, when), b"")
        for name in (found or "").split("\n"):
            words = ("verify", "-f", allowed, "-I", name, "-n", NAMESPACE, "-s", place, when)
            if name and self._keygen(words, payload)[0] is not None:
                return Judged(State.GOOD, name, key)
        return Judged(State.UNKNOWN, key=key, why=f"its key {key} is nobody's that may sign")

    def _keygen(self, words: tuple[str, ...], payload: bytes) -> tuple[str | None, bool]:
        """What ssh-keygen says, None where it doesn't agree; and whether it could be asked."""
        done = run_signer(
            self._programs[SSH], ("-Y", *words), self._environment, payload, VERIFY_SECONDS
        )
        if done is None or done.returncode:
            return None, done is not None
        return done.stdout.decode("utf-8", "replace"), True

    def _gpg(self, payload: bytes, place: str, format_: str) -> Judged:
        program = self._programs[format_]
        options = ["--batch", "--no-tty", "--status-fd=1"]
        # Nothing is fetched: a key that isn't here is unknown.
        options += ["--no-auto-key-retrieve"] if format_ == OPENPGP else ["--disable-dirmngr"]
        words = (*options, "--verify", place, "-")
        done = run_signer(program, words, self._environment, payload, VERIFY_SECONDS)
        if done is None:
            return Judged(State.UNKNOWN, why=f"`{program[:200]}` can't be asked")
        said = _STATUS.findall(done.stdout.decode("utf-8", "replace"))
        status: dict[str, str] = dict(reversed(said))
        key = status.get("VALIDSIG", status.get("ERRSIG", "")).partition(" ")[0]
        for word in _BAD:
            if word in status:
                who = status[word].partition(" ")[2]
                why = (
                    "its key was revoked"
                    if word == "REVKEYSIG"
                    else "its signature doesn't fit what the tag says"
                )
                return Judged(State.WRONG, who, key, why)
        if done.returncode == 0 and "GOODSIG" in status and "TRUST_NEVER" not in status:
            return Judged(State.GOOD, status["GOODSIG"].partition(" ")[2], key)
        if "NODATA" in status or "BADARMOR" in status or not said:
            return Judged(State.WRONG, key=key, why="its signature can't be read")
        why = f"its key {key} isn't among yours" if "NO_PUBKEY" in status else "it isn't trusted"
        for word, told in (("EXPKEYSIG", "its key has expired"), ("EXPSIG", "it has expired")):
            why = told if word in status else why
        return Judged(State.UNKNOWN, key=key, why=why)
