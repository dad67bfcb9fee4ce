"""`approve`: record a person's approval of what an entry consists of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from promptreg.errors import RefusedError
from promptreg.model.approval import is_among, same_person
from promptreg.model.configuration import Owner
from promptreg.model.names import did_you_mean
from promptreg.model.selector import AtRevision, WorkingTree, parse_selector
from promptreg.registry.configuration import read_configuration
from promptreg.registry.workspace import Workspace
from promptreg.releases.approving import Approving, plan_approval
from promptreg.releases.authors import authors_of
from promptreg.releases.ledger import releases_of
from promptreg.releases.plan import Plan
from promptreg.releases.preconditions import require_committed
from promptreg.releases.resolve import Resolved, resolve
from promptreg.store.git.identity import Identity, identities
from promptreg.store.git.repository import head


@dataclass(frozen=True, slots=True)
class ApproveRequest:
    """What to approve, in whose name, and how."""

    selector: str
    team: str = ""
    """The owner; empty where the person is a member of only one."""
    key: str = ""
    """The key file to sign with; empty for no signature."""
    note: str = ""
    commit: bool = True


def plan_approve(workspace: Workspace, request: ApproveRequest, now: datetime) -> Plan:
    """What `approve` would write, for the person that git knows as the author here.

    Teams and members are those that HEAD's promptreg.yaml names. Raises RefusedError where the
    person can't approve in that name or has done so already, SelectorError for what doesn't exist.
    """
    found = approvable(workspace, request.selector)
    owners = read_configuration(workspace.revision(head(workspace.git).commit)).owners
    person = identities(workspace.git).author
    team = _team(person, request.team, owners)
    version = found.release.version if found.release else None
    notes: tuple[str, ...] = ()
    releases = releases_of(workspace.git, found.entry.name)
    authors = authors_of(workspace, found.entry, found.commit, releases, version)
    if same_person(person.email) in authors:
        notes = (f"{person.email} is an author of this change, so a gate won't count the approval",)
    return plan_approval(
        workspace,
        Approving(
            name=found.entry.name,
            digest=found.entry.digest(),
            version=str(version or ""),
            by=person,
            team=team,
            at=now.isoformat(timespec="seconds"),
            note=request.note,
            key=request.key,
            commit=request.commit,
        ),
        notes,
    )


def approvable(workspace: Workspace, selector: str) -> Resolved:
    """The content that a selector names for an approval; a plain name is what HEAD holds.

    A plain name whose content is released is that release. Raises RefusedError where the entry's
    files differ from HEAD's.
    """
    asked = parse_selector(selector)
    if not isinstance(asked.point, WorkingTree):
        return resolve(workspace, asked)
    found = resolve(workspace, replace(asked, point=AtRevision("HEAD")))
    require_committed(workspace, [found.entry], hint="commit them first: content is approved")
    digest = found.entry.digest()
    for release in reversed(releases_of(workspace.git, asked.name)):
        if release.digest == digest and not release.problem:
            return resolve(workspace, replace(asked, point=release.version))
    return found


def _team(person: Identity, asked: str, owners: Mapping[str, Owner]) -> str:
    mine = [name for name, owner in owners.items() if is_among(person.email, owner.members)]
    listed = ", ".join(f"`{name}`" for name in mine)
    if asked and asked not in owners:
        raise RefusedError(
            f"there is no owner `{asked}`",
            where="`owners:` in promptreg.yaml",
            hint=did_you_mean(asked, owners)
            or f"there is {', '.join(f'`{one}`' for one in owners)}",
        )
    if not mine:
        raise RefusedError(
            f"{person.email} is a member of no team, so it can't approve anything",
            where="`owners:` in promptreg.yaml",
            hint="`members:` of an owner lists its people; the committed file counts",
        )
    if asked and asked not in mine:
        raise RefusedError(
            f"{person.email} is no member of `{asked}`",
            where="`owners:` in promptreg.yaml",
            hint=f"`--as` may name {listed}",
        )
    if not asked and len(mine) > 1:
        raise RefusedError(
            f"{person.email} is a member of more than one team",
            where="`owners:` in promptreg.yaml",
            hint=f"`--as` says in whose name: {listed}",
        )
    return asked or mine[0]
