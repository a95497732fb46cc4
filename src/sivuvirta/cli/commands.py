"""The command `sivuvirta` and its sub-commands; what goes wrong is told in words, never as a traceback."""

from __future__ import annotations

import sys
from typing import Any

import click

from sivuvirta._version import __version__
from sivuvirta.cli.alerts import alerts
from sivuvirta.cli.check import check
from sivuvirta.cli.convert import convert
from sivuvirta.cli.evaluate import evaluate
from sivuvirta.cli.failures import JsonUsageError, asks_json, tell
from sivuvirta.cli.gaps import gaps
from sivuvirta.cli.indicators import indicators
from sivuvirta.cli.lifecycle import lifecycle
from sivuvirta.cli.match import match
from sivuvirta.cli.metrics import metrics
from sivuvirta.cli.new import new
from sivuvirta.cli.options import remember_json, wants_json
from sivuvirta.cli.plan import plan
from sivuvirta.cli.prefill import prefill
from sivuvirta.cli.reconcile import reconcile
from sivuvirta.cli.regions import regions
from sivuvirta.cli.report import report
from sivuvirta.cli.run import run
from sivuvirta.cli.screen import screen
from sivuvirta.cli.screening import screen as screening
from sivuvirta.cli.search import search
from sivuvirta.cli.suggest import suggest
from sivuvirta.cli.unknowns import unknowns
from sivuvirta.errors import OptionError, ReadError, SivuvirtaError, UnknownNameError

FOUND = 1  # exit code: the data or the question have no answer
USAGE = 2  # exit code: a name or option that does not exist, as click uses it
STOPPED = 130  # exit code of a program stopped by Ctrl-C


class Commands(click.Group):
    """A group whose commands end with a sentence and an exit code when something is wrong."""

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
            tell(error, as_json=wants_json(ctx))
            ctx.exit(USAGE if isinstance(error, UnknownNameError | OptionError | ReadError) else FOUND)
        except click.UsageError as error:
            if wants_json(ctx):
                raise JsonUsageError(error) from error
            raise
        except KeyboardInterrupt:
            screen(err=True).print("Stopped. Nothing more was written.")
            ctx.exit(STOPPED)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sivuvirta")
def commands() -> None:
    """Turn a region's side streams into working, lawful, profitable, measured exchanges.

    REGION is the name of a bundled region (`sivuvirta regions` lists them), a folder with a data package, an .xlsx workbook or a .parquet
    folder.
    """


for _command in (
    run,
    check,
    new,
    match,
    screening,
    plan,
    report,
    reconcile,
    indicators,
    lifecycle,
    metrics,
    convert,
    regions,
    suggest,
    unknowns,
    gaps,
    evaluate,
    prefill,
    search,
    alerts,
):
    commands.add_command(_command)


def main() -> None:
    """Entry point of the console script."""
    for stream in (sys.stdout, sys.stderr):  # signs such as ● must not fail on a console of another encoding
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    commands(prog_name="sivuvirta")
