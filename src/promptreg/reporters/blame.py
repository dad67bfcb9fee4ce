"""Where each line of an entry came from."""

from __future__ import annotations

from promptreg.releases.origins import Blame, BlamedFile
from promptreg.reporters.lines import Line, Span, line
from promptreg.reporters.printable import printable, printable_lines


def blame_lines(blame: Blame) -> list[Line]:
    """A block for each file: commit, release, day, author, line."""
    lines: list[Line] = []
    for one in blame.files:
        lines += [line(), *_file_lines(one)] if lines else _file_lines(one)
    return lines


def _file_lines(one: BlamedFile) -> list[Line]:
    version = max((len(str(origin.version or "-")) for origin in one.lines), default=0)
    by = max((len(_name(origin.by)) for origin in one.lines), default=0)
    return [
        line(Span(printable(one.path), "name")),
        *(
            line(
                Span(f"{origin.commit[:10]} ", "dim"),
                Span(f"{origin.version or '-'!s:<{version}} ", "good"),
                Span(f"{origin.date[:10]} {_name(origin.by):<{by}} ", "dim"),
                Span(f"{origin.number:>4} ", "dim"),
                printable_lines(origin.text)[0],
            )
            for origin in one.lines
        ),
    ]


def _name(by: str) -> str:
    return printable(by.partition(" <")[0], most=20)
