"""The signatures that commits and tags carry, and whether a key that counted then made them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from promptreg.errors import GitError
from promptreg.model.audit import Proof
from promptreg.store.git.environment import GitEnvironment
from promptreg.store.git.objects import ObjectReader
from promptreg.store.git.wire import to_bytes, to_text
from promptreg.store.signature_block import BEGINS, ends_object, split_signature
from promptreg.store.signer import NAMESPACE
from promptreg.store.signing import Verifier, can_verify, verify_time

_MOST_BYTES = 1024 * 1024
_HEADER = re.compile(rb"^gpgsig(?:-sha256)? (.*(?:\n .*)*)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Claim:
    """A signature and what it is over."""

    kind: str
    block: str
    data: bytes


def read_claims(reader: ObjectReader, oids: Iterable[str]) -> dict[str, Claim]:
    """The signatures among commits and tags, by object; those without one have no key."""
    found = {}
    for read in reader.read_many(dict.fromkeys(oids), limit=_MOST_BYTES, go_on=True):
        content = read.data or b""
        claim = _of_tag(content) if read.kind == "tag" else _of_commit(content)
        if claim is not None:
            found[read.oid] = claim
    return found


def ssh_key(block: str) -> str:
    """The fingerprint of the key that an SSH signature names, as `ssh-keygen -l` prints it."""
    body = "".join(line for line in block.splitlines() if not line.startswith("-----"))
    try:
        data = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return ""
    size = int.from_bytes(data[10:14], "big")
    key = data[14 : 14 + size]
    if data[:6] != b"SSHSIG" or len(key) != size or not size:
        return ""
    return "SHA256:" + base64.b64encode(sha256(key).digest()).decode("ascii").rstrip("=")


class Judge:
    """Judges signatures by the signers that counted when they were made; use it with `with`.

    Only what the repository itself says counts, so that every clone gives the same answer: an
    OpenPGP signature, whose keys lie in somebody's key ring, stays `unverified`.
    """

    def __init__(self, environment: GitEnvironment) -> None:
        self._environment = environment
        self._verifiers: dict[bytes, Verifier] = {}
        self._known: dict[tuple[str, str, bytes, bytes | None], Proof] = {}

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_: object) -> None:
        for verifier in self._verifiers.values():
            verifier.__exit__()
        self._verifiers.clear()

    def commit(self, claim: Claim | None, email: str, seconds: int, allowed: bytes | None) -> Proof:
        """The proof of a commit or tag that `email` made; `allowed` are the signers, or None."""
        if claim is None:
            return Proof()
        if claim.kind != "ssh":
            return Proof(claim.kind, "", "unverified")
        if allowed is not None and not ends_object(to_bytes(claim.block)):
            return Proof("ssh", ssh_key(claim.block), "wrong")  # what follows it isn't signed
        return self._ssh(claim, (email, NAMESPACE), verify_time(seconds), allowed)

    def approval(
        self,
        signed: tuple[str, bytes],
        identity: tuple[str, str],
        seconds: int | None,
        allowed: bytes | None,
    ) -> Proof:
        """The proof of an approval: `signed` is its signature, or "", and what that is over.

        `identity` is (e-mail address, namespace), `seconds` when it says that it was made.
        """
        block, data = signed
        if not block:
            return Proof()
        moment = "" if seconds is None else verify_time(seconds)
        return self._ssh(Claim("ssh", block, data), identity, moment, allowed)

    def _ssh(
        self, claim: Claim, identity: tuple[str, str], moment: str, allowed: bytes | None
    ) -> Proof:
        key = ssh_key(claim.block)
        if allowed is None:
            return Proof("ssh", key, "unverified")
        known = (claim.block, " ".join((*identity, moment)), claim.data, allowed)
        if known not in self._known:
            holds = self._verifier(allowed).verify(
                *identity, claim.block, claim.data, moment=moment
            )
            self._known[known] = Proof("ssh", key, "verified" if holds else "wrong")
        return self._known[known]

    def _verifier(self, allowed: bytes) -> Verifier:
        if not self._verifiers and not can_verify(self._environment):
            raise GitError(
                "`ssh-keygen` isn't there, so signatures can't be judged",
                where="PATH",
                hint="install OpenSSH",
            )
        if allowed not in self._verifiers:
            self._verifiers[allowed] = Verifier(self._environment, allowed)
        return self._verifiers[allowed]


def _of_commit(content: bytes) -> Claim | None:
    head, _, body = content.partition(b"\n\n")
    head += b"\n"
    match = _HEADER.search(head)
    if match is None:
        return None
    block = match[1].replace(b"\n ", b"\n")
    return Claim(_kind(block), to_text(block), _HEADER.sub(b"", head) + b"\n" + body)


def _of_tag(content: bytes) -> Claim | None:
    payload, block, format_ = split_signature(content)
    return Claim(format_, to_text(block), payload) if block else None


def _kind(block: bytes) -> str:
    return next((kind for begin, kind in BEGINS.items() if block.startswith(begin)), "other")
