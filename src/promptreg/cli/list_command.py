"""`promptreg list`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.options import Directory, NoCache, Output, wants_cache, workspace
from promptreg.cli.output import check_format, show, talk, write
from promptreg.commands.list_entries import Wanted, list_entries
from promptreg.errors import UsageError
from promptreg.model.names import did_you_mean
from promptreg.model.prompt import Lifecycle
from promptreg.reporters.entry_list import Listing, broken_note, list_lines
from promptreg.reporters.printable import printable, without_commands
from promptreg.reporters.values import result_text

_KINDS = ("prompt", "agent")
_LIFECYCLES = tuple(one.value for one in Lifecycle)

_Label = Annotated[
    list[str] | None,
    typer.Option("--label", metavar="KEY=VALUE", help="Only with this label. Repeatable."),
]
_Lifecycle = Annotated[
    str,
    typer.Option(
        "--lifecycle", metavar="WORD", help="Only draft, active, deprecated or retired ones."
    ),
]


def command(
    kind: Annotated[
        str, typer.Option("--kind", metavar="KIND", help="Only this kind: prompt or agent.")
    ] = "",
    owner: Annotated[str, typer.Option("--owner", metavar="OWNER", help="Only this owner's.")] = "",
    label: _Label = None,
    lifecycle: _Lifecycle = "",
    environment: Annotated[
        str, typer.Option("--env", "-e", metavar="ENV", help="Only what runs in ENV.")
    ] = "",
    revision: Annotated[
        str,
        typer.Option("--rev", metavar="REV", help="Of a git revision. Default: the working tree."),
    ] = "",
    format_: Annotated[
        str,
        typer.Option("--format", metavar="FORMAT", help="text, json or names."),
    ] = "text",
    output: Output = None,
    no_cache: NoCache = False,
    directory: Directory = None,
) -> int:
    """List prompts and agents, their releases and where they run.

    Manifests that can't be read are named on stderr; the others are listed all the same.

    Examples:
      promptreg list
      promptreg list --kind prompt --owner support-team --label domain=support
      promptreg list --env production --format json
      promptreg list --rev HEAD~1 --format names
    """
    del directory
    check_format(format_, ("text", "json", "names"))
    _check_word(kind, _KINDS, "--kind")
    _check_word(lifecycle, _LIFECYCLES, "--lifecycle")
    wanted = Wanted(kind, owner, lifecycle, environment, tuple(map(_label, label or ())))
    cached = wants_cache(no_cache=no_cache)
    listing = list_entries(workspace(), wanted, revision=revision, cached=cached)
    if format_ == "json":
        write(result_text("list", listing), output)
    elif format_ == "names":
        write("".join(f"{entry.name}\n" for entry in listing.entries), output)
    else:
        show(list_lines(listing), output)
    _tell(listing, wanted)
    return 0


def _label(text: str) -> tuple[str, str]:
    key, mark, value = text.partition("=")
    if not mark or not key or not value:
        raise UsageError(f"`{text}` is no label", where="--label", hint="write --label KEY=VALUE")
    return key, value


def _check_word(word: str, known: tuple[str, ...], option: str) -> None:
    if word and word not in known:
        near = did_you_mean(word, known) or f"one of: {', '.join(known)}"
        raise UsageError(f"`{word}` is not known here", where=option, hint=near)


def _tell(listing: Listing, wanted: Wanted) -> None:
    notes = [] if listing.entries or listing.broken else [_nothing(listing, wanted)]
    notes += [printable(note, most=400) for note in listing.notes]
    if listing.broken:
        notes.append(broken_note(listing.broken))
    for note in notes:
        talk(without_commands(f"note: {note}"))


def _nothing(listing: Listing, wanted: Wanted) -> str:
    if wanted != Wanted():
        return f"nothing in the {listing.tree} fits"
    return f"the {listing.tree} has no prompts or agents; `promptreg new prompt NAME` makes one"
