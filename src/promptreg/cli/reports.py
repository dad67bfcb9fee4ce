"""A report in several formats at once: which goes where, and writing them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from promptreg.checks.report import Report
from promptreg.cli.output import check_format, show, write
from promptreg.errors import UsageError
from promptreg.model.finding import Severity
from promptreg.reporters.findings_text import text_lines
from promptreg.reporters.formats import FORMATS, render
from promptreg.reporters.options import ReportOptions

Formats = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help=f"{', '.join(FORMATS)}; can be repeated, with an `--output` each. Default: text.",
    ),
]
Outputs = Annotated[
    list[Path] | None,
    typer.Option(
        "--output",
        metavar="FILE",
        help="Write the result to FILE. With one fewer than formats, the first one is printed.",
    ),
]
Target: TypeAlias = tuple[str, Path | None]

_ENDINGS = {
    ".json": {"json", "sarif", "gitlab"},
    ".md": {"markdown"},
    ".sarif": {"sarif"},
    ".txt": {"text", "github"},
    ".xml": {"junit"},
}


def pair_up(formats: Sequence[str], outputs: Sequence[Path]) -> tuple[Target, ...]:
    """Each format with its file, in the order given; with one file fewer the first is printed.

    Raises UsageError where they don't pair, or where a file's ending tells that it was meant for
    another of several formats: the order between two options is not known here.
    """
    formats = [check_format(one, tuple(FORMATS)) for one in formats] or ["text"]
    missing = len(formats) - len(outputs)
    if missing not in (0, 1):
        raise UsageError(
            f"{len(formats)} `--format` and {len(outputs)} `--output` don't pair",
            hint="give each format a file, or all but the first, which is printed",
        )
    if len({*outputs}) < len(outputs):
        raise UsageError("two formats can't be written to one file")
    targets = tuple(zip(formats, [*[None] * missing, *outputs], strict=True))
    if len(targets) > 1:
        _check_endings(targets)
    return targets


def write_reports(report: Report, targets: Sequence[Target], options: ReportOptions) -> None:
    """Write every format to its file, or to standard output. Raises OSError where it can't be."""
    for name, output in targets:
        if name == "text":
            show(text_lines(report), output)  # coloured where a terminal shows it
        else:
            write(render(name, report, options), output)


def severity(word: str) -> Severity:
    """The severity of a word. Raises UsageError that lists them."""
    words = {severity.word: severity for severity in Severity}
    if word not in words:
        raise UsageError(f"there is no severity `{word}`", hint="one of: error, warning, info")
    return words[word]


def _check_endings(targets: Sequence[Target]) -> None:
    for name, output in targets:
        meant = _ENDINGS.get(output.suffix, {name}) if output else {name}
        if name not in meant:
            raise UsageError(
                f"`{output}` would be written as {name}",
                hint="the format that is printed comes first, then each format with its file",
            )
