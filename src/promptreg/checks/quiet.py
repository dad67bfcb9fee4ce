"""Which prompts a run found nothing wrong with, so that the next one needn't judge them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from promptreg.model.entry import Entry
from promptreg.model.finding import Finding
from promptreg.model.prompt import Prompt
from promptreg.releases.other_files import named_by


def quiet_paths(tested: Iterable[Entry], found: Iterable[Finding]) -> Iterator[str]:
    """The manifests of those prompts among `tested` that no finding has to do with.

    Prompts that name other entries or snapshot files, or a day, aren't among them: what is found
    about these hangs on more than what they are made of.
    """
    names, paths = set(), set()
    for finding in found:
        names.add(finding.entry)
        paths |= {finding.at.path, *(one.path for one in finding.related)}
    for entry in tested:
        is_sound = entry.name not in names and paths.isdisjoint(entry.paths)
        if is_sound and isinstance(entry.manifest, Prompt) and not _names_more(entry):
            yield entry.path


def _names_more(entry: Entry) -> bool:
    one = entry.manifest
    return bool(one.replaced_by or one.renamed_from or one.sunset or named_by(entry))
