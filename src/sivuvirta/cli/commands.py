"""The command `sivuvirta` and its sub-commands; what goes wrong is told in words, never as a traceback.

A sub-command, and what it needs, is loaded when it is called; the words that tell an error when there is one.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from sivuvirta._version import __version__
from sivuvirta.cli.catalogue import COMMANDS
from sivuvirta.cli.common.usage import JsonUsageError, asks_json, remember_json, wants_json
from sivuvirta.errors import OptionError, ReadError, SivuvirtaError, UnknownNameError

FOUND = 1  # exit code: the data or the question have no answer
USAGE = 2  # exit code: a name or option that does not exist, as click uses it
STOPPED = 130  # exit code of a program stopped by Ctrl-C


class Commands(click.Group):
    """A group whose commands are loaded when they are called, and end with a sentence and an exit code when something is wrong."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands."""
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command, loaded."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        command: click.Command = getattr(import_module(f"sivuvirta.cli.{COMMANDS[cmd_name][0]}"), cmd_name)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does; a word that is no command is told with the command that may have been meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            hint = import_module("sivuvirta.cli.synonyms").meant(args[0], COMMANDS)
            if not hint or args[0].startswith("-"):
                raise
            raise click.UsageError(f"{error.format_message().rstrip('.')}. {hint}", ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Commands with what they do, none of them loaded."""
        told = {**{name: click.Command(name, help=text) for name, (_, text) in COMMANDS.items()}, **self.commands}
        limit = formatter.width - 6 - max(map(len, told))
        with formatter.section("Commands"):
            formatter.write_dl([(name, told[name].get_short_help_str(limit)) for name in sorted(told)])

    def make_context(self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any) -> click.Context:
        """As click does; remembers whether JSON is asked for, even where the rest cannot be read."""
        as_json = asks_json(args)
        try:
            ctx = super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            if as_json:
                raise JsonUsageError(error) from error
            raise
        remember_json(ctx, as_json)
        return ctx

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; errors of ours become words on the error channel."""
        try:
            return super().invoke(ctx)
        except SivuvirtaError as error:
            import_module("sivuvirta.cli.common.failures").tell(error, as_json=wants_json(ctx))
            ctx.exit(USAGE if isinstance(error, UnknownNameError | OptionError | ReadError) else FOUND)
        except click.UsageError as error:
            if wants_json(ctx):
                raise JsonUsageError(error) from error
            raise
        except KeyboardInterrupt:
            import_module("sivuvirta.cli.common.screen").screen(err=True).print("Stopped. Nothing more was written.")
            ctx.exit(STOPPED)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sivuvirta")
def commands() -> None:
    """Turn a region's side streams into working, lawful, profitable, measured exchanges.

    REGION is the name of a bundled region (`sivuvirta regions` lists them), a folder with a data package, an .xlsx workbook or a .parquet
    folder.
    """


def main() -> None:
    """Entry point of the console script."""
    for stream in (sys.stdout, sys.stderr):  # signs such as ● must not fail on a console of another encoding
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    commands(prog_name="sivuvirta")
