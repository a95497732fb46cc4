"""`sivuvirta run`: the whole line on one region, from check to report."""

from __future__ import annotations

import time
from pathlib import Path

import click

from sivuvirta.cli.common.options import (
    folder_option,
    json_option,
    objective_option,
    on_option,
    region_argument,
    scenario_option,
    unknowns_option,
    vintage_option,
)
from sivuvirta.cli.common.screen import frame_rows, print_json, progress, screen
from sivuvirta.cli.common.study import print_summary, study, valued
from sivuvirta.cli.common.studying import compared, say, studied, with_option
from sivuvirta.cli.design.plan import write_tables
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.report.words import count


@click.command()
@region_argument
@vintage_option
@on_option
@scenario_option
@objective_option
@folder_option("Where to write; build/REGION-VINTAGE without it.")
@with_option("none: nothing. Without it: the scenarios that speak of the year shown, if that takes less than about 30 s.")
@unknowns_option
@json_option
def run(  # noqa: PLR0917 - one parameter an option
    region: str,
    vintage: str | None,
    on: str | None,
    scenarios: tuple[str, ...],
    objective: str,
    out: Path | None,
    studies: tuple[str, ...] | None,
    with_unknowns: bool,
    as_json: bool,
) -> None:
    """Check REGION, match, plan, assess, and write tables and the report."""
    started = time.perf_counter()
    done = study(region, vintage, PlanOptions(objective=objective), quiet=as_json, on=on, scenarios=scenarios)
    folder = out or Path("build") / "-".join((done.region.name, str(done.region.vintage), *done.region.scenarios))
    orders = valued(done, quiet=as_json) if with_unknowns else None
    found, word = compared(done, quiet=as_json) if studies is None else (studied(done, studies, quiet=as_json), "")
    with progress("Writing the report …", quiet=as_json):
        written = write_tables(done, folder, orders, found)
    seconds = time.perf_counter() - started
    if as_json:
        print_json(
            {
                "region": done.region.name,
                "vintage": done.region.vintage,
                "scenarios": list(done.region.scenarios),
                "with": list(found.names) if found else [],
                "headline": frame_rows(done.assessment.headline),
                "seconds": {**done.seconds, "all": seconds},
                "report": str(written[-1]),
            }
        )
        return
    console = screen()
    print_summary(done)
    say(word)
    if done.region.warnings:
        text = f"{count(len(done.region.warnings), 'warning')} in the data: sivuvirta check {region}"
        console.print(text, markup=False, soft_wrap=True, style="dim")
    console.print(f"Report: {written[-1]}  ({seconds:.1f} s)", markup=False, soft_wrap=True, style="bold")
