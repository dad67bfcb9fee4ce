"""What a hand-over of an entry to another owner lacks. Pure: whoever asks brings the facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from promptreg.checks.approvals import Gate, Judged, counting
from promptreg.checks.gates import Unmet, gate_of, how_to_approve
from promptreg.model.configuration import Configuration


@dataclass(frozen=True, slots=True)
class Transfer:
    """An entry on its way from one owner to another."""

    name: str
    risk: str
    """The higher one of before and after."""
    old: str
    new: str


def transfer_gates(configuration: Configuration, transfer: Transfer) -> tuple[Gate, ...]:
    """The approval that each owner has to give; none where no environment asks for any.

    It has to be signed where an environment's gate for that risk asks for signatures. An owner
    without members can't be asked, unless it is the new one: nobody would answer for the entry.
    """
    asked = [
        gate
        for rule in configuration.environments.values()
        if (gate := gate_of(rule.approvals.get(transfer.risk))).count
    ]
    if not asked:
        return ()
    signed = any(gate.signed for gate in asked)
    old = configuration.owners.get(transfer.old)
    teams = (transfer.old, transfer.new) if old and old.members else (transfer.new,)
    return tuple(Gate(1, (team,), signed) for team in teams)


def unmet_transfer(
    configuration: Configuration, transfer: Transfer, judged: Iterable[Judged]
) -> Iterator[Unmet]:
    """Each approval that is missing, of the content with the new owner.

    `judged` are its approvals; those by authors may count, since each owner speaks for itself.
    """
    known = tuple(judged)
    for gate in transfer_gates(configuration, transfer):
        if not counting(gate, known):
            signed = "a signed" if gate.signed else "an"
            yield Unmet(
                "gate-transfer",
                f"`{transfer.name}` goes from `{transfer.old}` to `{transfer.new}`, and {signed} "
                f"approval from `{gate.teams[0]}` is missing",
                how_to_approve(transfer.name, "", gate).partition(", by ")[0]
                + " on the branch that has the new owner",
            )
