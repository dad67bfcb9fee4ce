"""Files that were found broken when a tree was loaded."""

from __future__ import annotations

from promptreg.model.finding import Finding, Location, Place, Severity
from promptreg.registry.locate import located
from promptreg.registry.snapshot import Loaded


def broken_manifests(loaded: Loaded) -> dict[str, Finding]:
    """Paths of the manifests that make no entry, each with the first thing that is wrong.

    The finding's `entry` is the name that the manifest has, or that its path says.
    """
    snapshot = loaded.snapshot
    found = {}
    for path, name in snapshot.expected_names.items():
        if path not in snapshot.documents:
            first = error_at(loaded, path)
            message = first.message if first else "it can't be read"
            rule, at = (first.rule, first.at) if first else ("unreadable-file", Location(path))
            found[path] = Finding(rule, Severity.ERROR, message, at, name)
    for name, paths in snapshot.duplicates.items():
        who = " and ".join(f"`{path}`" for path in paths)
        for path in paths:
            at = Location(path, place=Place(1, 1))
            message = f"{len(paths)} manifests are named `{name}`: {who}"
            found[path] = Finding("duplicate-name", Severity.ERROR, message, at, name)
    return found


def error_at(loaded: Loaded, path: str) -> Finding | None:
    """The first error in the file at `path`, with its place; None where there is none."""
    mine = [
        finding
        for finding in loaded.findings
        if finding.at.path == path and finding.severity is Severity.ERROR
    ]
    return next(iter(located(mine, loaded.snapshot.texts)), None)
