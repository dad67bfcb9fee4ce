"""Names of files that are refused before anything reads them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from promptreg.model.configuration import Configuration
from promptreg.model.finding import Finding, Location, Severity
from promptreg.registry.discover import classify
from promptreg.registry.texts import ENDINGS
from promptreg.store.paths import path_problem

_RULE = "bad-file-name"


def file_name_findings(files: Iterable[str], configuration: Configuration) -> Iterator[Finding]:
    """Findings for the registry's own files; what lies outside its folders is left alone.

    A name is refused where some file system can't hold it, where two names would be one file on
    another, or where it could act on a terminal or a log.
    """
    folders = (*configuration.roots, *configuration.template_roots)
    prefixes = tuple(folder + "/" for folder in folders if folder != ".")
    seen: dict[str, str] = {}
    for path in files:
        if not path.startswith(prefixes) and not _is_ours_anywhere(path, configuration):
            continue
        if problem := path_problem(path):
            yield Finding(_RULE, Severity.ERROR, problem, Location(path))
        folded = unicodedata.normalize("NFC", path).casefold()
        if folded in seen:
            message = "two names that are one file where case or Unicode form doesn't count"
            related = (Location(seen[folded], note="the other one"),)
            yield Finding(_RULE, Severity.ERROR, message, Location(path), related=related)
        seen.setdefault(folded, path)


def _is_ours_anywhere(path: str, configuration: Configuration) -> bool:
    """Whether a registry without folders of its own (`roots: [.]`) reads the file."""
    if "." not in configuration.roots:
        return False
    return path.endswith(ENDINGS) or classify(path, (".",)) is not None
