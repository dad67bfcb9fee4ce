"""The ratios, by subject."""

from __future__ import annotations

from benchmarks.rows.history import GROUPS as HISTORY
from benchmarks.rows.rendering import GROUPS as RENDERING
from benchmarks.rows.row import Group
from benchmarks.rows.start_up import GROUPS as START_UP
from benchmarks.rows.validating import GROUPS as VALIDATING
from benchmarks.rows.writing import GROUPS as WRITING

GROUPS: tuple[Group, ...] = (*START_UP, *VALIDATING, *HISTORY, *WRITING, *RENDERING)
"""In the order in which they are measured."""
