"""Which approvals count for some content, and why the others don't."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from promptreg.model.approval import is_among
from promptreg.model.configuration import Owner
from promptreg.releases.approvals import Recorded, Signed


@dataclass(frozen=True, slots=True)
class Content:
    """What is approved: an entry's content, and whose change it is."""

    name: str
    digest: str
    authors: frozenset[str]
    """Lower-case e-mail addresses."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An approval, and why it can't count; `reason` is empty where it can."""

    recorded: Recorded
    reason: str

    @property
    def person(self) -> str:
        """Who it is by; empty where the file can't be read."""
        return self.recorded.approval.person if self.recorded.approval else ""


@dataclass(frozen=True, slots=True)
class Gate:
    """How many people have to approve, members of which teams, signed or not."""

    count: int
    teams: tuple[str, ...] = ()
    """Empty: any team."""
    signed: bool = False


def judged_approvals(
    recorded: Iterable[Recorded], content: Content, owners: Mapping[str, Owner]
) -> tuple[Judged, ...]:
    """Each approval with why it can't count for `content`."""
    return tuple(Judged(one, next(_reasons(one, content, owners), "")) for one in recorded)


def counting(gate: Gate, judged: Iterable[Judged]) -> tuple[str, ...]:
    """The people whose approvals count at a gate, sorted, each once."""
    return tuple(sorted({one.person for one in judged if not gate_reason(gate, one)}))


def gate_reason(gate: Gate, judged: Judged) -> str:
    """Why an approval doesn't count at this gate; empty where it does."""
    approval = judged.recorded.approval
    if judged.reason or approval is None:
        return judged.reason or judged.recorded.problem
    if gate.teams and approval.team not in gate.teams:
        return f"it is in the name of `{approval.team}`"
    if gate.signed and judged.recorded.signed is not Signed.VERIFIED:
        return "it isn't signed" if judged.recorded.signed is Signed.NO else _UNKNOWN_KEYS
    return ""


_UNKNOWN_KEYS = "nothing says whose keys count (`allowed_signers:` in promptreg.yaml)"


def _reasons(recorded: Recorded, content: Content, owners: Mapping[str, Owner]) -> Iterator[str]:
    approval = recorded.approval
    if approval is None:
        yield f"it can't be read: {recorded.problem}"
        return
    if approval.name != content.name:
        yield f"it approves `{approval.name}`"
    if approval.path != recorded.path:
        yield f"its file has to be `{approval.path}`"
    if approval.digest != content.digest:
        yield "it approves other content"
    if recorded.signed is Signed.WRONG:
        yield "its signature doesn't hold"
    team = owners.get(approval.team)
    if team is None:
        yield f"there is no owner `{approval.team}`"
    elif not is_among(approval.by_email, team.members):
        yield f"{approval.by_email} is no member of `{approval.team}`"
    if approval.person in content.authors:
        yield "it is by an author of the change"
