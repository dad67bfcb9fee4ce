"""Characters that templates write as escapes: their raw text is clean, what they render is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Location, Place, Severity
from promptreg.model.prompt import Prompt
from promptreg.store.codepoints import Suspect, check_text
from promptreg.store.text import describe, key_of
from promptreg.templates.analysis import Analysis


def escape_findings(
    entries: Mapping[str, Entry],
    templates: Mapping[str, str],
    analysis_of: Callable[[str], Analysis],
) -> Iterator[Finding]:
    """Findings for quoted texts of templates, by path, and of the entries' own inline texts."""
    for path, text in sorted(templates.items()):
        for place, suspect in _suspects(text, analysis_of):
            yield _finding(suspect, Location(path, place=place))
    for entry in entries.values():
        sources = entry.manifest.sources() if isinstance(entry.manifest, Prompt) else ()
        for source in sources:
            for place, suspect in _suspects(source.inline or "", analysis_of):
                at = Location(entry.path, source.route, inside=place)
                yield replace(_finding(suspect, at), entry=entry.name)


def _suspects(text: str, analysis_of: Callable[[str], Analysis]) -> Iterator[tuple[Place, Suspect]]:
    """Each odd code point of each literal once, with the place of the literal."""
    if "\\" not in text:
        return  # no escapes; what stands there as itself was judged when the text was read
    for value, place in analysis_of(text).literals:
        yield from {one.codepoint: (place, one) for one in check_text(value)}.values()


def _finding(suspect: Suspect, at: Location) -> Finding:
    is_error = suspect.severity is Severity.ERROR
    return Finding(
        rule="forbidden-character" if is_error else "suspicious-character",
        severity=suspect.severity,
        message=f"an escape makes {describe(suspect.codepoint)}: {suspect.why}",
        at=at,
        key=key_of(suspect.codepoint),
        fix="delete the escape",
    )
