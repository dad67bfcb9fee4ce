"""What people do to a registry, one commit at a time.

An edit changes a Registry and says what it did, or None where there was nothing to do it to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from benchmarks.edits import contract, files, ledger, metadata, odd, words
from benchmarks.registry import Registry

Edit: TypeAlias = Callable[[Registry], str | None]

EDITS: tuple[tuple[int, Edit], ...] = (
    (24, words.wording),
    (10, words.partial),
    (3, words.nested_partial),
    (4, words.locale),
    (4, words.inline_content),
    (4, words.message),
    (4, contract.input_added),
    (4, contract.input_removed),
    (3, contract.input_renamed),
    (4, contract.input_retyped),
    (5, contract.enum),
    (4, contract.default),
    (5, contract.output_field),
    (3, contract.tool),
    (4, contract.model),
    (8, metadata.description),
    (5, metadata.labels),
    (4, metadata.state),
    (4, metadata.tests),
    (6, metadata.comment),
    (4, metadata.key_order),
    (4, metadata.line_ends),
    (2, metadata.executable),
    (5, files.other_layout),
    (4, files.rename),
    (2, files.misplaced),
    (4, files.delete),
    (8, files.add),
    (3, files.template_renamed),
    (2, files.partial_moved),
    (2, files.shadow),
    (4, files.unrelated),
    (3, files.configuration),
    (6, ledger.promote),
    (3, ledger.pin),
    (3, ledger.agent),
    (2, ledger.declare),
    (4, odd.broken),
    (8, odd.repaired),
    (2, odd.hostile_name),
    (2, odd.missing_template),
    (2, odd.twin),
    (1, odd.not_utf8),
)
"""Each edit with how often people do it."""
