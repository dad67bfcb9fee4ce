"""Prompts that aren't read until somebody asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from promptreg.checks.context import Context
from promptreg.checks.engine import run
from promptreg.checks.rule import Rule
from promptreg.errors import ChangedError
from promptreg.model.configuration import Limits
from promptreg.model.finding import Finding, Severity
from promptreg.registry.load import load
from promptreg.registry.quiet import QuietPrompts
from promptreg.registry.quiet_note import line_of
from promptreg.registry.snapshot import Snapshot
from promptreg.store.content_ids import content_ids
from promptreg.store.trees import MemoryTree
from promptreg.store.watched import WatchedTree

MANIFEST = "prompts/hello.prompt.yaml"
TEMPLATE = "prompts/hello.j2"
FILES = {
    "promptreg.yaml": (
        "apiVersion: promptreg/v1\nkind: Registry\nname: example\nowners: {team: {contact: x}}\n"
    ),
    MANIFEST: (
        "apiVersion: promptreg/v1\nkind: Prompt\nname: hello\ndescription: Greets.\nowner: team\n"
        "lifecycle: active\nrisk: low\nmessages: [{role: user, template: hello.j2}]\n"
    ),
    TEMPLATE: "Hello",
}
LIMIT = Limits().manifest_bytes


def _notes() -> dict[str, bytes]:
    """What a run over FILES keeps."""
    quiet = QuietPrompts(dict)
    load(MemoryTree(FILES), quiet=quiet)
    quiet.add({MANIFEST: None})
    return {name: line_of(note) for name, note in quiet.news.items()}


def _believing(tree: MemoryTree) -> tuple[Snapshot, WatchedTree]:
    """`tree`, which is FILES, loaded by who needn't read them to know that."""
    names = content_ids(tree, [MANIFEST, TEMPLATE], limit=LIMIT)
    watched = WatchedTree(tree, "sha1", {(path, LIMIT): name for path, name in names.items()})
    return load(watched, quiet=QuietPrompts(_notes)).snapshot, watched


def test_what_is_made_late_is_what_would_have_been_loaded() -> None:
    lazy, _ = _believing(MemoryTree(FILES))
    whole = load(MemoryTree(FILES)).snapshot

    assert set(lazy.quiet) == {"hello"}
    (quiet,), (entry,) = lazy.quiet.values(), whole.entries.values()
    assert (quiet.name, quiet.path, quiet.paths) == (entry.name, entry.path, entry.paths)
    assert (quiet.resolved, quiet.manifest.lifecycle) == (entry.resolved, entry.manifest.lifecycle)
    assert (lazy.entries, lazy.documents) == (whole.entries, whole.documents)
    assert (lazy.closures, lazy.unresolved) == (whole.closures, whole.unresolved)
    assert (lazy.texts, lazy.unreached) == (whole.texts, whole.unreached)


class _Asking(Rule):
    """A rule asks for an entry.

    Why: some do.
    Fix: nothing.
    """

    id = "asking"
    severity = Severity.INFO
    since = "0.1"
    examples = ()

    def check(self, context: Context) -> Iterator[Finding]:
        yield self.finding(context.snapshot.entries["hello"].path, None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed",
    [
        {**FILES, MANIFEST: "name: [broken"},
        {**FILES, MANIFEST: FILES[MANIFEST].replace("name: hello", "name: other")},
        {path: text for path, text in FILES.items() if path != MANIFEST},
        {path: text for path, text in FILES.items() if path != TEMPLATE},
    ],
)
def test_what_changed_before_it_was_asked_for_is_an_error_and_no_bug(
    changed: dict[str, str],
) -> None:
    files: dict[str, bytes | str] = {**FILES}
    snapshot, watched = _believing(MemoryTree(files))
    files.clear()
    files.update(changed)

    with pytest.raises(ChangedError, match="changed while it was read"):
        run([_Asking], Context(snapshot, date(2026, 1, 5), lambda _schema, _value: ()))
    assert not watched.is_steady
