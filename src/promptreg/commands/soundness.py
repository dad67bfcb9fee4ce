"""Whether entries are fit to be released: no error findings, no failing tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from promptreg.errors import RefusedError
from promptreg.model.finding import Finding, Severity
from promptreg.registry.locate import located
from promptreg.registry.snapshot import Loaded


def require_sound(loaded: Loaded, names: Iterable[str], today: date) -> None:
    """Refuse where an error concerns one of the entries. Raises RefusedError naming the first."""
    del today
    paths = {path for name in names for path in loaded.snapshot.entries[name].paths}
    own = [
        finding
        for finding in loaded.findings
        if finding.severity is Severity.ERROR and finding.at.path in paths
    ]
    if own:
        raise _refusal(located(own, loaded.snapshot.texts))


def _refusal(found: tuple[Finding, ...]) -> RefusedError:
    first = found[0]
    place = f":{first.at.place.line}:{first.at.place.column}" if first.at.place else ""
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return RefusedError(
        f"nothing was released: {first.message}{more}",
        where=f"{first.at.path}{place}",
        hint="`promptreg validate` and `promptreg test` show all that is wrong",
    )
