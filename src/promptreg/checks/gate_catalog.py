"""The findings of the gates, which `promote` and `check` share: what each means."""

from __future__ import annotations

from promptreg.checks.rule import Description
from promptreg.model.finding import Severity


def _gate(id_: str, summary: str, why: str, fix: str) -> Description:
    return Description(id_, Severity.ERROR, "0.1", summary, why, fix)


GATES = (
    _gate(
        "gate-approvals",
        "A release lacks approvals that its environment asks for.",
        "`environments:` in promptreg.yaml says how many people of which teams have to approve "
        "content of this risk. Whoever changed it doesn't count, nor does an approval of other "
        "content.",
        "`promptreg approvals NAME@VERSION` shows what is missing; `promptreg approve` adds it.",
    ),
    _gate(
        "gate-findings",
        "A release is put into an environment though something is wrong with it.",
        "Its files have errors, a test of it fails, or it isn't what its tag promises.",
        "Mend it and release it again; `promptreg validate --rev COMMIT` shows all that is wrong.",
    ),
    _gate(
        "gate-frozen",
        "A release is put into a frozen environment.",
        "Somebody froze it with a reason. What ran there before may run there again, and entries "
        "may be suspended. In `check` the base counts: a change that unfreezes an environment "
        "moves nothing in it yet.",
        "Wait, or run `promptreg unfreeze ENV`; let that be merged first.",
    ),
    _gate(
        "gate-lifecycle",
        "A draft or retired entry is put into an environment that doesn't take it.",
        "What is retired has come to its end. A draft may run only where nothing is protected or "
        "has to be approved.",
        "Release it with `lifecycle: active`, or promote what replaces it.",
    ),
    _gate(
        "gate-soak",
        "A release hasn't run long enough in the environment before.",
        "`soak:` in promptreg.yaml gives people time to see what goes wrong there.",
        "Wait, or let the owners of promptreg.yaml lower `soak:`.",
    ),
    _gate(
        "gate-stage",
        "A release is put into an environment before it ran in the one that comes first.",
        "`after:` in promptreg.yaml says where a release has to prove itself. In `check` only what "
        "ran there before the change counts.",
        "Promote it to the earlier environment first, and let that be merged.",
    ),
    _gate(
        "gate-transfer",
        "An entry changes its owner without the approvals of both.",
        "Where environments ask for approvals of its risk, a member of the old owner and one of "
        "the new have to approve the entry as it is with the new owner. Owners and members are "
        "those of the base. An old owner without members can't be asked.",
        "`promptreg approve NAME --as OWNER` on the branch, by a member of each.",
    ),
)
"""Sorted by id."""
