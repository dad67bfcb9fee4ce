"""`promptreg release`."""

from __future__ import annotations

from typing import Annotated

import typer

from promptreg.cli.clock import today
from promptreg.cli.options import Directory, Format, workspace
from promptreg.cli.output import check_format
from promptreg.cli.writing import DryRun, Manner, Push, carry_out
from promptreg.commands.release import ReleaseRequest, plan_release
from promptreg.errors import UsageError
from promptreg.model.version import Bump, parse_version
from promptreg.releases.releasing import Wanted

_BUMPS = ("major", "minor", "patch")
Names = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME]...", help="The prompts or agents.")
]
New = Annotated[bool, typer.Option("--new", help="Release every entry that was never released.")]
Sign = Annotated[
    bool | None,
    typer.Option(
        "--sign/--no-sign",
        help="Sign the tags with your key (default: as promptreg.yaml and git's tag.gpgSign say).",
    ),
]


def command(
    names: Names = None,
    version: Annotated[
        str, typer.Option("--version", metavar="V", help="Release as this version.")
    ] = "",
    bump: Annotated[
        str, typer.Option("--bump", metavar="B", help="major, minor or patch; never too low.")
    ] = "",
    changed: Annotated[
        bool, typer.Option("--changed", help="Release every entry that changed since its release.")
    ] = False,
    new: New = False,
    revision: Annotated[
        str, typer.Option("--from", metavar="REV", help="Release a commit other than HEAD.")
    ] = "",
    message: Annotated[
        str,
        typer.Option("--message", "-m", metavar="TEXT", help="Say what is new (default: commits)."),
    ] = "",
    sign: Sign = None,
    dry_run: DryRun = False,
    push: Push = False,
    format_: Format = "text",
    directory: Directory = None,
) -> int:
    """Tag versions of entries.

    The committed files are checked and tested first. Without a version or bump the changes since
    the last release decide: the first release is 0.1.0. A release is an annotated git tag
    NAME@vX.Y.Z that is never moved. Several entries are released together or not at all.

    Examples:
      promptreg release support/triage
      promptreg release support/triage --bump major -m "Queues are now an enum"
      promptreg release --changed --dry-run
      promptreg release --new -m "First releases"
      promptreg release support/triage --from hotfix --version 1.4.1
      promptreg release support/triage --sign
    """
    del directory
    check_format(format_, ("text", "json"))
    wanted = _wanted(version, bump, message)
    here = workspace()
    request = ReleaseRequest(tuple(names or ()), changed, revision, wanted, sign, new)
    how = Manner("release", dry_run, push, format_)
    return carry_out(here, lambda: plan_release(here, request, today()), request, how)


def _wanted(version: str, bump: str, message: str) -> Wanted:
    if version and bump:
        raise UsageError("`--version` and `--bump` can't be used together")
    if bump not in ("", *_BUMPS):
        raise UsageError(f"there is no bump `{bump}`", hint=f"one of: {', '.join(_BUMPS)}")
    number = parse_version(version) if version else None
    return Wanted(number, Bump[bump.upper()] if bump else None, message)
