"""Signing what a plan writes, as the user's git configuration says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from promptreg.errors import RefusedError
from promptreg.registry.workspace import Workspace
from promptreg.releases.plan import CommitFiles, CreateTag, Plan
from promptreg.releases.tag import MAX_TAG_BYTES
from promptreg.store.git.commits import Signature
from promptreg.store.git.identity import Identity, identities
from promptreg.store.git.repository import Repository
from promptreg.store.git.signing_settings import SigningSettings, signing_settings
from promptreg.store.signature_block import SSH
from promptreg.store.signer import Signer


def signed_plan(workspace: Workspace, plan: Plan, *, asked: bool | None, demanded: bool) -> Plan:
    """The plan with its tags to be signed, where that is asked for, demanded or configured.

    `asked` is what the person said, None for nothing. Raises RefusedError where a demanded
    signature is declined, or git knows no key.
    """
    if asked is False and demanded:
        raise RefusedError(
            "this registry takes signed releases only",
            where="`signed_releases:` in promptreg.yaml",
            hint="leave out `--no-sign`",
        )
    settings = signing_settings(workspace.git)
    wanted = demanded or settings.tags if asked is None else asked
    if not wanted:
        return plan
    _require_key(settings)
    signer = _signer(workspace.git, identities(workspace.git).committer, settings)
    steps = tuple(
        replace(step, signed=True) if isinstance(step, CreateTag) else step for step in plan.steps
    )
    return replace(plan, steps=steps, notes=(*plan.notes, f"signed with the {signer}"))


def tag_contents(repo: Repository, plan: Plan, committer: Signature) -> list[bytes]:
    """The tag objects of a plan in its order, signed where it says so.

    Raises RefusedError where a signature can't be made or is too long; nothing is stored before.
    """
    steps = [step for step in plan.steps if isinstance(step, CreateTag)]
    signed = any(step.signed for step in steps)
    signer = _signer(repo, committer, signing_settings(repo)) if signed else None
    contents = []
    for step in steps:
        content = step.content(committer)
        if step.signed and signer is not None:
            content += signer.sign(content)
        if len(content) > MAX_TAG_BYTES:
            raise RefusedError(
                f"the signature of `{step.release.name}` makes its tag too long; nothing was made",
                where=str(signer),
                hint=f"a tag has at most {MAX_TAG_BYTES // 1024} KB; a shorter message leaves room",
            )
        contents.append(content)
    return contents


def commit_signer(
    repo: Repository, plan: Plan, committer: Signature
) -> Callable[[bytes], bytes] | None:
    """What signs the commits of a plan where `commit.gpgSign` says so, else None."""
    if not any(isinstance(step, CommitFiles) for step in plan.steps):
        return None
    settings = signing_settings(repo)
    return _signer(repo, committer, settings).sign if settings.commits else None


def _signer(repo: Repository, committer: Identity | Signature, settings: SigningSettings) -> Signer:
    who = f"{committer.name} <{committer.email}>"
    return Signer(repo.git.environment, settings, who, repo.top_level)


def _require_key(settings: SigningSettings) -> None:
    if settings.format == SSH and not settings.key:
        raise RefusedError(
            "git knows no SSH key to sign with",
            where="user.signingKey in git's configuration",
            hint="`git config --global user.signingKey ~/.ssh/id_ed25519.pub`",
        )
