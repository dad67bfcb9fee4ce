"""Whether entries are fit to be released: no error findings, no failing tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from promptreg.commands.validate import Request
from promptreg.errors import RefusedError
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Severity
from promptreg.registry.snapshot import Loaded
from promptreg.releases.known import KnownReleases
from promptreg.store.trees import Tree


def require_sound(tree: Tree, loaded: Loaded, names: Iterable[str], today: date) -> None:
    """Refuse where an error concerns one of the entries. Raises RefusedError naming the first.

    `loaded` is all of `tree`.
    """
    own = errors_of(tree, loaded, [loaded.snapshot.entries[name] for name in names], today)
    if own:
        raise _refusal(own)


def errors_of(
    tree: Tree, loaded: Loaded, entries: Sequence[Entry], today: date
) -> tuple[Finding, ...]:
    """The errors that concern one of the entries, failing tests included.

    `loaded` is all of `tree`, and the entries are some of it.
    """
    # Rules, Jinja and schemas take longer to import than `approvals` takes.
    from promptreg.commands.judged import judge_loaded, report_of  # noqa: PLC0415 - see above

    names = frozenset(one.name for one in entries)
    paths = {path for one in entries for path in one.paths}
    request = Request(today, tuple(sorted(paths)), tested=names)
    judged = judge_loaded(tree, loaded, request, KnownReleases)
    report = report_of(judged, judged.findings, request)
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
