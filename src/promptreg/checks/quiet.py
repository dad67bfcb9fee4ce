"""Which prompts a run found nothing wrong with, so that the next one needn't judge them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from promptreg.model.entry import Entry
from promptreg.model.finding import Finding
from promptreg.model.prompt import Prompt
from promptreg.releases.other_files import named_by


def quiet_paths(tested: Iterable[Entry], found: Iterable[Finding]) -> Iterator[str]:
    """The manifests of those prompts among `tested` that no finding has to do with.

    Prompts that name snapshot files aren't among them: these aren't what a prompt is made of.
    """
    names, paths = set(), set()
    for finding in found:
        names.add(finding.entry)
        paths |= {finding.at.path, *(one.path for one in finding.related)}
    for entry in tested:
        is_sound = entry.name not in names and paths.isdisjoint(entry.paths)
        if is_sound and isinstance(entry.manifest, Prompt) and not named_by(entry):
            yield entry.path
