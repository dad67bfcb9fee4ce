"""`schema`: the JSON Schemas of our files and of our JSON output."""

from __future__ import annotations

from promptreg.errors import UsageError
from promptreg.store.schema_files import KINDS, output_kinds, output_schema_text, schema_text

OUTPUT = "output/"


def schema_names() -> tuple[str, ...]:
    """What `schema` takes: the kinds in lower case, then `output/VERB`."""
    return (*(kind.lower() for kind in KINDS), *(OUTPUT + verb for verb in output_kinds()))


def schema(name: str) -> str:
    """The text of a JSON Schema 2020-12; case doesn't count.

    Raises UsageError where there is none of the name, with the nearest ones.
    """
    asked = name.lower()
    kind = next((kind for kind in KINDS if kind.lower() == asked), None)
    if kind is not None:
        return schema_text(kind)
    known = schema_names()
    if asked not in known:
        from promptreg.model.names import did_you_mean  # noqa: PLC0415 - only for an error

        raise UsageError(
            f"there is no schema `{name[:100]}`",
            hint=did_you_mean(asked, known) or f"one of: {', '.join(known)}",
        )
    return output_schema_text(asked.removeprefix(OUTPUT))
