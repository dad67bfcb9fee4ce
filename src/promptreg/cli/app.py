"""The Typer application: a group that imports a command's module when it is called."""

from __future__ import annotations

import importlib
import inspect
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from promptreg import __version__
from promptreg.cli.table import COMMANDS
from promptreg.errors import UsageError


class _LazyGroup(TyperGroup):
    # Typer's context class moved between its versions, hence Any.
    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return [command.name for command in COMMANDS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        known = {command.name: command for command in COMMANDS}
        if cmd_name not in known:
            return None
        module = importlib.import_module(f"promptreg.cli.{known[cmd_name].module}_command")
        if hasattr(module, "app"):
            return typer.main.get_command(module.app)
        return build(cmd_name, module.command)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in {command.name for command in COMMANDS}:
            from promptreg.model.names import did_you_mean  # noqa: PLC0415 - only for an error

            near = did_you_mean(args[0], (command.name for command in COMMANDS))
            raise UsageError(
                f"there is no command `{args[0]}`", hint=near or "`promptreg --help` lists them"
            )
        return super().resolve_command(ctx, args)


class _Command(TyperCommand):
    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        # Typer puts what is required into braces; `SELECTOR` says it as everybody does.
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]


def build(name: str, function: Any) -> TyperCommand:
    """The command behind a function whose docstring is its help.

    What follows a line `Examples:` is printed as it stands.
    """
    text, _, examples = inspect.cleandoc(function.__doc__ or "").partition("Examples:\n")
    epilog = f"\b\nExamples:\n{examples}" if examples else None
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name, cls=_Command, help=text.strip(), epilog=epilog)(function)
    command = typer.main.get_command(app)
    if not isinstance(command, TyperCommand):
        raise TypeError(f"`{name}` is no single command")
    return command


app = typer.Typer(
    cls=_LazyGroup,
    name="promptreg",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="A git repository as the registry for prompts and agents.",
)


def _print_version(value: bool) -> None:
    if value:
        sys.stdout.write(f"promptreg {__version__}\n")
        raise typer.Exit


def enter(folder: Path | None) -> Path | None:
    """Go to the folder that `-C` names, as git does: later paths are relative to it."""
    if folder is not None:
        try:
            os.chdir(folder)
        except OSError as error:
            raise typer.BadParameter(f"can't go to `{folder}`: {error.strerror}") from None
    return folder


class _Settings:
    """What options before the command set for the whole run."""

    def __init__(self) -> None:
        self.debug = False


def _want_traceback(context: typer.Context, value: bool) -> bool:
    # As the option is read: the command's own module may be what fails.
    if isinstance(context.obj, _Settings):
        context.obj.debug = value
    return value


@app.callback()
def _root(
    directory: Annotated[
        Path | None, typer.Option("-C", metavar="DIR", callback=enter, help="Run in DIR.")
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_print_version, is_eager=True)
    ] = False,
    debug: Annotated[
        bool,
        typer.Option(
            "--debug", callback=_want_traceback, help="Print the traceback of a bug in promptreg."
        ),
    ] = False,
) -> None:
    del directory, version, debug


def run(words: list[str]) -> int:
    """Run one command line; every failure becomes a sentence and an exit code."""
    settings = _Settings()
    try:
        answer = app(words, prog_name="promptreg", standalone_mode=False, obj=settings)
    except BaseException as error:
        from promptreg.cli.failure import exit_code_of  # noqa: PLC0415 - only for an error

        return exit_code_of(error, debug=settings.debug)
    return answer if isinstance(answer, int) else 0
