"""`sivuvirta report`: the report of a region's plan, one HTML file."""

from __future__ import annotations

from pathlib import Path

import click

from sivuvirta.cli.common.options import (
    json_option,
    objective_option,
    on_option,
    region_argument,
    scenario_option,
    unknowns_option,
    vintage_option,
)
from sivuvirta.cli.common.places import Place
from sivuvirta.cli.common.screen import print_json, progress, screen
from sivuvirta.cli.common.study import study, valued
from sivuvirta.cli.common.studying import studied, with_option
from sivuvirta.cli.common.writing import whole_file
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.report import write


@click.command()
@region_argument
@click.option(
    "--out", type=Place(folder=False), metavar="FILE", required=True, help="The file to write: HTML, or a workbook where it ends in .xlsx."
)
@objective_option
@vintage_option
@on_option
@scenario_option
@with_option("Some take minutes. Without it: the plan alone.")
@click.option("--horizon", metavar="NAME", help="Show the course over this horizon too, as --with pathway does over the first that fits.")
@unknowns_option
@json_option
def report(  # noqa: PLR0917 - one parameter an option
    region: str,
    out: Path,
    objective: str,
    vintage: str | None,
    on: str | None,
    scenarios: tuple[str, ...],
    studies: tuple[str, ...] | None,
    horizon: str | None,
    with_unknowns: bool,
    as_json: bool,
) -> None:
    """Write the report of the best network for REGION: map, Sankey, tables, reasons, sources in one HTML file that works offline.

    With a FILE that ends in .xlsx, a workbook: every figure a live formula over flows and coefficients, with their sources.
    """
    done = study(region, vintage, PlanOptions(objective=objective), quiet=as_json, on=on, scenarios=scenarios)
    orders = valued(done, quiet=as_json) if with_unknowns else None
    named = studies if horizon is None else (*(studies or ()), "pathway")
    found = studied(done, named, quiet=as_json, horizon=horizon)
    with progress("Writing the report …", quiet=as_json), whole_file(out) as place:
        write(done.plan, done.assessment, place, orders, found)
    if as_json:
        print_json({"written": str(out), "with": list(found.names) if found else [], "seconds": done.seconds})
        return
    screen().print(f"Report: {out}", markup=False, soft_wrap=True)
