"""`transfer`: hand an entry over to another owner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from promptreg.checks.approvals import Content, judged_approvals
from promptreg.checks.gates import Unmet
from promptreg.checks.transfers import Transfer, transfer_gates, unmet_transfer
from promptreg.commands.gating import Grounds, committed_grounds
from promptreg.commands.lifecycle import require_no_new_errors
from promptreg.errors import RefusedError
from promptreg.model.configuration import higher_risk
from promptreg.model.entry import Entry
from promptreg.model.names import did_you_mean
from promptreg.model.prompt import Lifecycle
from promptreg.registry.users import users_in
from promptreg.registry.workspace import Workspace
from promptreg.releases.approvals import recorded_approvals
from promptreg.releases.deployed import deployed
from promptreg.releases.ledger import releases_of
from promptreg.releases.manifest_writing import (
    ManifestChange,
    OpenedManifest,
    open_manifest,
    plan_change,
)
from promptreg.releases.plan import Plan


@dataclass(frozen=True, slots=True)
class TransferRequest:
    """The entry, its new owner, and why."""

    name: str
    owner: str
    reason: str = ""
    commit: bool = True


def plan_transfer(workspace: Workspace, request: TransferRequest, today: date) -> Plan:
    """What `transfer` would write; its notes name what the new owner takes over.

    Where environments ask for approvals of that risk, both owners have to have approved the content
    with the new owner, unless the commit is left to a pull request, where `check` asks for them.
    Raises RefusedError.
    """
    opened = open_manifest(workspace, request.name)
    entry = opened.entry
    old = entry.manifest.owner
    _require_owner(opened, request.owner)
    change = ManifestChange(
        values={"owner": request.owner},
        summary=f"{entry.name}: {old} -> {request.owner}",
        title=f"Transfer {entry.name} to {request.owner}",
        trailers=(f"Promptreg-Owner: {entry.name} {old} -> {request.owner}",),
        reason=request.reason,
        commit=request.commit,
    )
    after = require_no_new_errors(opened, change, today)
    grounds = committed_grounds(workspace)
    unmet = tuple(missing_approvals(grounds, entry, after))
    if unmet and request.commit:
        raise _refusal(request, unmet)
    asked = tuple(f"`check` will ask: {one.message}" for one in unmet)
    return plan_change(workspace, opened, change, (*_taken_over(workspace, opened), *asked))


def missing_approvals(grounds: Grounds, before: Entry, after: Entry) -> Iterator[Unmet]:
    """What a change of owner lacks; nothing where the owner stays or no environment asks."""
    old, new = before.manifest, after.manifest
    transfer = Transfer(after.name, higher_risk(old.risk, new.risk), old.owner, new.owner)
    if old.owner == new.owner or not transfer_gates(grounds.configuration, transfer):
        return
    content = Content(after.name, after.digest(), frozenset())
    recorded = recorded_approvals(grounds.tree, after.name, grounds.signers)
    judged = judged_approvals(recorded, content, grounds.configuration.owners)
    yield from unmet_transfer(grounds.configuration, transfer, judged)


def _require_owner(opened: OpenedManifest, owner: str) -> None:
    owners = opened.configuration.owners
    if owner not in owners:
        raise RefusedError(
            f"there is no owner `{owner[:100]}`",
            where="`owners:` in the committed promptreg.yaml",
            hint=did_you_mean(owner, owners)
            or f"there is {', '.join(f'`{one}`' for one in owners)}",
        )
    if opened.entry.manifest.owner == owner:
        raise RefusedError(
            f"`{opened.entry.name}` belongs to `{owner}` already", where=opened.entry.path
        )


def _taken_over(workspace: Workspace, opened: OpenedManifest) -> Iterator[str]:
    """What the new owner should know: ends, unreleased changes, where it runs, who uses it."""
    entry, manifest = opened.entry, opened.entry.manifest
    if manifest.lifecycle is Lifecycle.DEPRECATED:
        until = f", and ends on {manifest.sunset}" if manifest.sunset else ""
        use = f"; use `{manifest.replaced_by}`" if manifest.replaced_by else ""
        yield f"it is deprecated{until}{use}"
    users = users_in(opened.snapshot.documents.values()).get(entry.name, ())
    for user in users:
        if user.route == "replaced_by":
            yield f"`{user.name}` is to be replaced by it: {user.path}"
    releases = releases_of(workspace.git, entry.name)
    if not releases:
        yield "it was never released"
    elif releases[-1].digest != entry.digest():
        yield f"it has changes that aren't released since {releases[-1].version}"
    found, problems = deployed(workspace, opened.configuration)
    for one in found.get(entry.name, ()):
        yield f"it runs in `{one.environment}` ({one.version})"
    yield from problems
    for user in users:
        if user.route != "replaced_by":
            yield f"`{user.name}` uses it: {user.path}, `{user.route}`"
    if any(path.rpartition("/")[2] == "CODEOWNERS" for path in opened.snapshot.files):
        yield "`promptreg governance export` writes CODEOWNERS with the new owner"


def _refusal(request: TransferRequest, unmet: tuple[Unmet, ...]) -> RefusedError:
    again = f"`promptreg transfer {request.name} --to {request.owner} --no-commit`"
    return RefusedError(
        f"`{request.name}` can't be handed over yet",
        where="`environments:` in the committed promptreg.yaml",
        hint="\n".join(
            (
                *(one.text for one in unmet),
                f"in a pull request: {again}, commit it, and let each owner approve it there",
            )
        ),
    )
