"""Planning an approval: a file of its own in a commit of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass

from promptreg.errors import RefusedError
from promptreg.model.approval import NAMESPACE, approval_path, signed_bytes
from promptreg.model.data import Json
from promptreg.model.digest import API_VERSION
from promptreg.registry.documents import parse_document
from promptreg.registry.workspace import Workspace
from promptreg.releases.environment_writing import commit_message
from promptreg.releases.plan import CommitFiles, EditFiles, FileEdit, Plan
from promptreg.store.git.identity import Identity
from promptreg.store.git.repository import head
from promptreg.store.signing import sign
from promptreg.store.yaml_scalars import NotJsonError, resolve


@dataclass(frozen=True, slots=True)
class Approving:
    """What is approved, by whom, and how it is recorded."""

    name: str
    digest: str
    version: str
    """Empty for content that isn't released."""
    by: Identity
    team: str
    at: str
    """ISO 8601 with a zone."""
    note: str = ""
    key: str = ""
    """The key file to sign with; empty for no signature."""
    commit: bool = True


def plan_approval(workspace: Workspace, wanted: Approving, notes: tuple[str, ...] = ()) -> Plan:
    """The plan that records an approval; with a key it is signed here.

    Raises RefusedError where the person has approved the content already, HEAD is detached, or no
    signature comes of the key.
    """
    now = head(workspace.git)
    if not now.branch:
        raise RefusedError(
            "HEAD is detached, so there is no branch to commit the approval to",
            hint="`git switch BRANCH` goes to one",
        )
    path = approval_path(wanted.name, wanted.digest, wanted.by.email)
    if path in workspace.revision(now.commit).paths():
        raise RefusedError(
            f"{wanted.by.email} has approved this content of `{wanted.name}` already",
            where=path,
            hint=f"`promptreg approvals {wanted.name}` shows who has approved what",
        )
    document = _document(wanted)
    _require_valid(path, document)
    if wanted.key:
        environment = workspace.git.git.environment
        block = sign(environment, wanted.key, NAMESPACE, signed_bytes(document))
        document["signature"] = block
    what = f"{wanted.name} {wanted.version}".rstrip()
    summary = f"{path}: {wanted.by.email} approves {what} as {wanted.team}"
    edit = FileEdit(workspace.prefix + path, approval_text(document).encode(), summary)
    title = f"Approve {what} as {wanted.team}"
    if not wanted.commit:
        return Plan(title, (EditFiles((edit,)),), (*notes, "the file is written, not committed"))
    trailers = (
        f"Promptreg-Approves: {wanted.name} {wanted.version or 'unreleased'} {wanted.digest}",
        f"Promptreg-As: {wanted.team}",
    )
    message = commit_message(title, trailers, wanted.note)
    return Plan(title, (CommitFiles(now.branch, now.commit, (edit,), message),), notes)


def approval_text(document: dict[str, Json]) -> str:
    """The document as YAML: a key a line, the signature as a block."""
    lines = []
    for key, value in document.items():
        if key == "signature":
            lines.append("signature: |")
            lines += [f"  {line}" for line in str(value).rstrip("\n").split("\n")]
        elif isinstance(value, dict):
            lines.append(f"{key}:")
            lines += [f"  {inner}: {_scalar(str(text))}" for inner, text in value.items()]
        else:
            lines.append(f"{key}: {_scalar(str(value))}")
    return "\n".join(lines) + "\n"


def _require_valid(path: str, document: dict[str, Json]) -> None:
    """Refuse what nobody could read again, such as an address without `@`."""
    parsed = parse_document(path, approval_text(document).encode(), "Approval")
    if parsed.data != document:
        said = parsed.findings[0].message if parsed.findings else "it would be read differently"
        raise RefusedError(f"the approval can't be recorded: {said}", where=path)


def _document(wanted: Approving) -> dict[str, Json]:
    document: dict[str, Json] = {
        "apiVersion": API_VERSION,
        "kind": "Approval",
        "name": wanted.name,
        "digest": wanted.digest,
        "version": wanted.version,
        "by": {"name": wanted.by.name, "email": wanted.by.email},
        "as": wanted.team,
        "at": wanted.at,
        "note": wanted.note,
    }
    return {key: value for key, value in document.items() if value != ""}


def _scalar(text: str) -> str:
    """The text as a YAML scalar: bare where that is plainly safe, else as a JSON string."""
    bare = text.isascii() and all(char.isalnum() or char in "._/@+-" for char in text)
    if bare and text[:1].isalnum():
        try:
            if resolve(text) == text:
                return text
        except NotJsonError:
            pass
    return json.dumps(text, ensure_ascii=False)
