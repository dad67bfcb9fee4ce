"""Bounds of templates: how large, how deep, how long. HARDENING names the reasons."""

from __future__ import annotations

MAX_SOURCE = 256 * 1024
"""Bytes of one template's text."""
MAX_NODES = 20_000
"""Nodes of a template's syntax tree."""
MAX_EXPRESSION_DEPTH = 50
MAX_BLOCK_DEPTH = 16
"""Nested blocks; Python itself compiles no more than 20 nested loops."""
MAX_PROBLEMS = 100
"""Problems that are named in one template."""
MAX_FILTERS = 30
"""Filters in one chain."""
MAX_WIDTH = 10_000
"""Columns that text is padded, indented or wrapped to."""
MAX_NUMBER = 2**63
"""Literal numbers are smaller."""

MAX_BRANCHES = 100
"""Branches of one `if`."""
MAX_REFERENCES = 500
"""Includes, imports and `extends` of one template."""
MAX_VISIBLE = 100_000
"""Names that the references of one template, or the visits of one closure, see in all."""
MAX_VISITS = 2_000
"""Templates that one closure goes through, repeated includes counted."""
MAX_FOLLOWED = 20_000
"""References that one closure follows, those to templates it has been through counted."""
MAX_INCLUDE_DEPTH = 40

MAX_OUTPUT = 1_000_000
"""Bytes of a rendered prompt."""
MAX_PRODUCED = 16_000_000
"""Characters that a rendering may write on the way, captured text included."""
MAX_STEPS = 200_000
"""Iterations, calls and filters of one rendering."""
MAX_ITEMS = 100_000
"""Items of a list, and parts of a value that is turned into text."""
MAX_RANGE = 10_000
MAX_CALL_DEPTH = 100
"""Nested calls of macros and recursive loops."""
MAX_VALUE_DEPTH = 100
"""Nested lists and objects of a value that is turned into text."""
MAX_BITS = 4_096
"""Binary digits of a number."""
