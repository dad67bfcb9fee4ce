"""Whether entries are fit to be released: no error findings, no failing tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from promptreg.commands.validate import Request, validate_tree
from promptreg.errors import RefusedError
from promptreg.model.finding import Finding, Severity
from promptreg.registry.snapshot import Snapshot
from promptreg.store.trees import Tree


def require_sound(tree: Tree, snapshot: Snapshot, names: Iterable[str], today: date) -> None:
    """Refuse where an error concerns one of the entries. Raises RefusedError naming the first."""
    own = errors_of(tree, snapshot, names, today)
    if own:
        raise _refusal(own)


def errors_of(
    tree: Tree, snapshot: Snapshot, names: Iterable[str], today: date
) -> tuple[Finding, ...]:
    """The errors that concern one of the entries, failing tests included.

    `snapshot` is one of `tree` and holds at least these entries.
    """
    names = set(names)
    paths = {path for name in names for path in snapshot.entries[name].paths}
    report = validate_tree(tree, Request(today, tuple(sorted(paths))))
    return tuple(
        finding
        for finding in report.findings
        if finding.severity is Severity.ERROR
        and (finding.at.path in paths or finding.entry in names)
    )


def _refusal(found: tuple[Finding, ...]) -> RefusedError:
    first = found[0]
    place = f":{first.at.place.line}:{first.at.place.column}" if first.at.place else ""
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return RefusedError(
        f"nothing was released: {first.message}{more}",
        where=f"{first.at.path}{place}",
        hint="`promptreg validate` shows all that is wrong",
    )
