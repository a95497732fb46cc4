"""Arguments and options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from sivuvirta.cli.common.places import Place
from sivuvirta.cli.common.usage import remember_json
from sivuvirta.domain.pathways import OF_ONE_YEAR
from sivuvirta.domain.plans import OBJECTIVES

Command = Callable[..., Any]


def region_argument(command: Command) -> Command:
    """REGION: a bundled name or a path."""
    return click.argument("region")(command)


def vintage_option(command: Command) -> Command:
    """--vintage: which of the region's years."""
    return click.option("--vintage", metavar="NAME", help="Year of the register, for example 2018; without it the region's default.")(
        command
    )


def on_option(command: Command) -> Command:
    """--on: the day whose law is applied."""
    text = "Day whose law is applied, for example 2017-06-30; without it the last day of the year shown."
    return click.option("--on", metavar="DATE", help=text)(command)


def scenario_option(command: Command) -> Command:
    """--scenario: what is otherwise than registered."""
    text = "A scenario of the region's table, or a CSV file with the columns of that table; give it again for several, applied in order."
    return click.option("--scenario", "scenarios", metavar="NAME_OR_FILE", multiple=True, help=text)(command)


def seed_option(command: Command) -> Command:
    """--seed: of draws."""
    text = "Equal seeds give equal draws and results."
    return click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, metavar="N", help=text)(command)


def steps_option(command: Command) -> Command:
    """--steps: plants that a route may pass."""
    text = "Plants that a route may pass."
    return click.option("--steps", type=click.IntRange(min=1), default=1, show_default=True, metavar="N", help=text)(command)


def _one_year(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        raise click.UsageError(f"`{ctx.info_name}` asks about one year. {OF_ONE_YEAR}", ctx)


def one_year(command: Command) -> Command:
    """--horizon, which a command about one year does not take: it says what to ask instead."""
    text = "Not taken: what is asked is of one year; the message says what to ask over years."
    return click.option("--horizon", metavar="NAME", hidden=True, expose_value=False, callback=_one_year, help=text)(command)


def objective_option(command: Command) -> Command:
    """--objective: what the plan is best at."""
    text = (
        "value: most euros for the region. co2: least emissions. diversion: fewest tonnes to landfill and stock. virgin: least primary "
        "product bought. jobs: most posts at plants. traffic: fewest loaded vehicle-kilometres."
    )
    return click.option("--objective", type=click.Choice(OBJECTIVES), default="value", show_default=True, help=text)(command)


def unknowns_option(command: Command) -> Command:
    """--unknowns: the report says what missing tests are worth."""
    text = "Work out which missing test is worth most, and say so in the report; takes a while."
    return click.option("--unknowns", "with_unknowns", is_flag=True, help=text)(command)


def json_option(command: Command) -> Command:
    """--json: machine-readable output on stdout, nothing else."""
    return click.option(
        "--json", "as_json", is_flag=True, is_eager=True, callback=_remember, help="Print JSON on stdout and nothing else."
    )(command)


def folder_option(help: str) -> Callable[[Command], Command]:  # noqa: A002
    """--out: a folder."""
    return click.option("--out", type=Place(folder=True), metavar="FOLDER", help=help)


def _remember(ctx: click.Context, _: click.Parameter, value: bool) -> bool:
    remember_json(ctx, value)
    return value
