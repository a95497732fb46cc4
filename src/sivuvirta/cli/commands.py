"""The command `sivuvirta` and its sub-commands; what goes wrong is told in words, never as a traceback."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from sivuvirta._version import __version__
from sivuvirta.cli.check import check
from sivuvirta.cli.convert import convert
from sivuvirta.cli.match import match
from sivuvirta.cli.new import new
from sivuvirta.cli.options import wants_json
from sivuvirta.cli.plan import plan
from sivuvirta.cli.regions import regions
from sivuvirta.cli.report import report
from sivuvirta.cli.run import run
from sivuvirta.cli.screen import problem_rows, screen
from sivuvirta.errors import CheckError, InfeasibleError, OptionError, ReadError, SivuvirtaError, UnknownNameError

FOUND = 1  # exit code: the data or the question have no answer
USAGE = 2  # exit code: a name or option that does not exist, as click uses it
STOPPED = 130  # exit code of a program stopped by Ctrl-C


class Commands(click.Group):
    """A group whose commands end with a sentence and an exit code when something is wrong."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; errors of ours become words on the error channel."""
        try:
            return super().invoke(ctx)
        except SivuvirtaError as error:
            _tell(error, as_json=wants_json(ctx))
            ctx.exit(USAGE if isinstance(error, UnknownNameError | OptionError | ReadError) else FOUND)
        except KeyboardInterrupt:
            screen(err=True).print("Stopped. Nothing more was written.")
            ctx.exit(STOPPED)


def _tell(error: SivuvirtaError, *, as_json: bool) -> None:
    if as_json:
        body: dict[str, Any] = {"error": type(error).__name__, "message": str(error)}
        if isinstance(error, CheckError):
            body["problems"] = problem_rows(error.problems)
        if isinstance(error, InfeasibleError):
            body["conflicts"] = list(error.conflicts)
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
        return
    screen(err=True).print(str(error), markup=False, highlight=False, soft_wrap=True)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sivuvirta")
def commands() -> None:
    """Turn a region's side streams into working, lawful, profitable, measured exchanges.

    REGION is the name of a bundled region (`sivuvirta regions` lists them), a folder with a data package, an .xlsx workbook or a .parquet
    folder.
    """


for _command in (run, check, new, match, plan, report, convert, regions):
    commands.add_command(_command)


def main() -> None:
    """Entry point of the console script."""
    for stream in (sys.stdout, sys.stderr):  # signs such as ● must not fail on a console of another encoding
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    commands(prog_name="sivuvirta")
