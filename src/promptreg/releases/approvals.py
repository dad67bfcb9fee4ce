"""Approvals as committed: every file of an entry, and whether its signature holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from promptreg.model.approval import FOLDER, NAMESPACE, Approval, parse_approval
from promptreg.model.configuration import Configuration, Limits
from promptreg.registry.documents import parse_document
from promptreg.store.files import FileProblem
from promptreg.store.git.environment import GitEnvironment
from promptreg.store.signing import Verifier
from promptreg.store.trees import Tree


class Signed(StrEnum):
    """What is known of an approval's signature."""

    NO = "no"
    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    """Nothing says whose keys count, so nobody knows."""
    WRONG = "wrong"
    """It isn't by a key of the person, or what was signed has been changed since."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A file below `approvals/`; `approval` is None where `problem` says why."""

    path: str
    approval: Approval | None
    problem: str = ""
    signed: Signed = Signed.NO


@dataclass(frozen=True, slots=True)
class Signers:
    """Whose keys count: the bytes of the allowed-signers file; None where none is named."""

    environment: GitEnvironment
    allowed: bytes | None


def read_signers(tree: Tree, configuration: Configuration, environment: GitEnvironment) -> Signers:
    """The signers that `configuration` names, as `tree` holds them.

    A file that is named and can't be read allows nobody.
    """
    if not configuration.allowed_signers:
        return Signers(environment, None)
    try:
        content = tree.read(configuration.allowed_signers, limit=Limits().manifest_bytes)
    except FileProblem:
        content = b""
    return Signers(environment, content)


def recorded_approvals(tree: Tree, name: str, signers: Signers) -> tuple[Recorded, ...]:
    """Every approval file that lies in the folder of the entry `name`, by path."""
    folder = f"{FOLDER}/{name}/"
    paths = [
        path
        for path in tree.paths()
        if path.startswith(folder)
        and "/" not in path[len(folder) :]
        and path.endswith((".yaml", ".yml"))
    ]
    return tuple(_recorded(tree, paths, signers))


def _recorded(tree: Tree, paths: list[str], signers: Signers) -> Iterator[Recorded]:
    with Verifier(signers.environment, signers.allowed or b"") as verifier:
        for path, content in tree.read_many(paths, limit=Limits().manifest_bytes):
            if isinstance(content, FileProblem):
                yield Recorded(path, None, content.message)
                continue
            parsed = parse_document(path, content, "Approval")
            if parsed.data is None:
                yield Recorded(path, None, parsed.findings[0].message)
                continue
            approval = parse_approval(parsed.data)
            yield Recorded(path, approval, "", _signed(approval, signers, verifier))


def _signed(approval: Approval, signers: Signers, verifier: Verifier) -> Signed:
    if not approval.signature:
        return Signed.NO
    if signers.allowed is None:
        return Signed.UNVERIFIED
    holds = verifier.verify(approval.by_email, NAMESPACE, approval.signature, approval.signed)
    return Signed.VERIFIED if holds else Signed.WRONG
