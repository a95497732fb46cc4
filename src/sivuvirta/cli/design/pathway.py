"""`sivuvirta pathway`: the best course of a region over a horizon, as tables."""

from __future__ import annotations

from math import isinf, isnan
from pathlib import Path
from typing import Any

import click
import pandas as pd

from sivuvirta import verbs
from sivuvirta.cli.common.amounts import Amount, AmountCommand
from sivuvirta.cli.common.options import folder_option, json_option, objective_option, region_argument, scenario_option
from sivuvirta.cli.common.reach_years import explained
from sivuvirta.cli.common.screen import frame_rows, print_json, print_table, progress, say_unknown, screen
from sivuvirta.cli.common.stopping import stoppable
from sivuvirta.cli.common.study import BEST_SO_FAR, load
from sivuvirta.cli.common.writing import whole_folder
from sivuvirta.cli.design.planning import held_options, years_options
from sivuvirta.domain.controls import Control
from sivuvirta.domain.pathways import LEADS, Course, Pathway, PathwayOptions
from sivuvirta.domain.region import Region
from sivuvirta.errors import InfeasibleError
from sivuvirta.lp.watch import Watch
from sivuvirta.plan.program.objective import UNITS
from sivuvirta.report.words import figure

_LOOKING = "Planning year by year …"
_MOST = 5  # values of limits on the screen; all are in the tables
_LEADS = "Which end of a legal lead time a route waits for before it carries; none: it carries at once."
_PRICE = "Shadow price of carbon where a year of the horizon says none, EUR per t CO2e."
_CO2 = "Emissions over the whole horizon at most, t CO2e, less what the network displaces outside the region. Without it: no limit."


@click.command(cls=AmountCommand)
@region_argument
@click.option("--horizon", metavar="NAME", help="Horizon of the region's table `periods`; without it the only one there is.")
@objective_option
@click.option("--budget", type=Amount(least=0), metavar="EUR", help="Investment over the whole horizon at most, EUR. Without it: no limit.")
@click.option("--co2-limit", type=Amount(), metavar="T", help=_CO2)
@click.option("--carbon-price", type=Amount(least=0), default=0.0, metavar="EUR", help=_PRICE)
@years_options
@held_options
@click.option("--potential-only", is_flag=True, help="Plan only with potential, where likely and unknown routes help.")
@click.option("--leads", type=click.Choice(LEADS), default="high", show_default=True, help=_LEADS)
@click.option("--gap", type=Amount(least=0), default=1e-3, show_default=True, metavar="PART", help="Part of the benefit left open at most.")
@click.option("--time-limit", type=Amount(least=1), default=300.0, show_default=True, metavar="S", help="Seconds for each solve at most.")
@scenario_option
@folder_option("Write the course's tables (CSV) there.")
@json_option
def pathway(  # noqa: PLR0917 - one parameter an option
    region: str,
    horizon: str | None,
    objective: str,
    budget: float | None,
    co2_limit: float | None,
    carbon_price: float,
    asked: dict[str, Any],
    controls: tuple[Control, ...],
    potential_only: bool,
    leads: str,
    gap: float,
    time_limit: float,
    scenarios: tuple[str, ...],
    out: Path | None,
    as_json: bool,
) -> None:
    """Plan REGION over years and seasons: what flows when, what is built when, what is stocked, within budgets and lead times.

    Budget, emissions and changes are limited over the whole horizon, all else in each year; a year of table `periods` with a limit of its
    own keeps that one instead.

    What you fix, forbid or bound holds in every year, or in one: --bound '2026: gld > road_base = ..500', --build '2026: kiln'.
    """
    evidence = "potential" if potential_only else "both"
    limits: dict[str, Any] = {"budget": budget, "co2_limit": co2_limit, "carbon_price": carbon_price, "controls": controls}
    options = PathwayOptions(objective=objective, evidence=evidence, leads=leads, gap=gap, time_limit=time_limit, **limits, **asked)
    unit = "EUR, discounted," if objective == "value" else UNITS[objective]
    with progress(_LOOKING, quiet=as_json) as status, stoppable(status, _LOOKING, unit) as watch:
        loaded = load(region, None, None, scenarios)
        done = _planned(loaded, horizon, options, watch)
    written = [] if out is None else _write(done, out)
    if as_json:
        print_json({**_summary(done, written), "scenarios": list(loaded.scenarios)})
        return
    _print(done, loaded.scenario)
    if out is not None:
        screen().print(f"Tables: {out}", markup=False, soft_wrap=True)


def _planned(region: Region, horizon: str | None, options: PathwayOptions, watch: Watch) -> Pathway:
    try:
        return verbs.pathway(region, horizon, options, watch=watch)
    except InfeasibleError as error:
        raise explained(error, (region, horizon), options, watch) from error


def _print(done: Pathway, scenario: str | None) -> None:
    console = screen()
    rows = []
    for sure, whole in zip(frame_rows(done.proven.money), frame_rows(done.potential.money), strict=True):
        amounts = [
            figure(sure["benefit"], "EUR/a").text,
            figure(_less(whole["benefit"], sure["benefit"]), "EUR/a", sign=True).text,
            figure(whole["carbon"], "t CO2e/a", sign=True).text,
            figure(whole["invested"], "EUR").text,
        ]
        rows.append([str(whole["year"]), *amounts])
    heads = ("Benefit, proven", "Potential", "Carbon, together", "Investment begun")
    title = ", ".join(filter(None, (done.name, done.horizon.name, scenario)))
    print_table(console, title, [("Year", "left"), *((head, "right") for head in heads)], rows)
    built = [
        [str(row["decided"]), str(row["name"]), f"{row['from']} to {row['until']}", figure(row["capex"], "EUR").text]
        for row in frame_rows(done.potential.builds)
    ]
    if built:
        columns = [("Decided", "left"), ("Plant", "left"), ("Stands", "left"), ("Investment", "right")]
        print_table(console, "Built, with potential", columns, built)
    proven, more = done.proven.benefit, done.potential.benefit - done.proven.benefit
    text = f"{figure(proven, 'EUR').text} proven, {figure(more, 'EUR', sign=True).text} potential"
    console.print(f"Benefit over the horizon, discounted to {done.years[0]}: {text}.", markup=False, soft_wrap=True)
    say_unknown(more, done.matches[0].links)
    limits = [one.text for one in done.potential.marginals if one.constraint != "supply"]
    for text in limits[:_MOST]:
        console.print(text, markup=False, soft_wrap=True)
    for note in done.notes:
        console.print(note, markup=False, soft_wrap=True, style="dim")
    solved = ", ".join(_solved(course) for course in (done.proven, done.potential))
    console.print(f"{len(done.horizon.periods)} periods; {solved}.", markup=False, soft_wrap=True, style="dim")


def _less(whole: float | None, part: float | None) -> float | None:
    """What is more, None where it is not known."""
    return None if whole is None or part is None else whole - part


def _solved(course: Course) -> str:
    if isnan(course.gap):
        return f"{course.evidence} {course.status}"
    status = BEST_SO_FAR if course.status == "feasible" else course.status
    if isinf(course.gap):
        return f"{course.evidence} {status} (stopped before any bound was proven, {course.seconds:.1f} s)"
    return f"{course.evidence} {status} (gap {course.gap:.2%}, {course.seconds:.1f} s)"


def _frames(done: Pathway) -> dict[str, pd.DataFrame]:
    frames = {"totals": done.totals()}
    for course in (done.proven, done.potential):
        end = "" if course is done.potential else "_proven"
        frames |= {f"flows{end}": done.flows(course.evidence)}
        frames |= {f"{name}{end}": getattr(course, name) for name in ("money", "builds", "stocks")}
        frames |= {f"marginals{end}": _marginals(course)}
    return frames


def _write(done: Pathway, folder: Path) -> list[Path]:
    frames = _frames(done)
    with whole_folder(folder, last="totals.csv") as place:
        for name, frame in reversed(frames.items()):
            frame.to_csv(place / f"{name}.csv", index=False)
    return [folder / f"{name}.csv" for name in frames]


def _summary(done: Pathway, written: list[Path]) -> dict[str, object]:
    return {
        "region": done.name,
        "horizon": done.horizon.name,
        "objective": done.options.objective,
        "periods": [period.name for period in done.horizon.periods],
        "totals": frame_rows(done.totals()),
        "courses": {course.evidence: _course(course) for course in (done.proven, done.potential)},
        "notes": list(done.notes),
        "written": [str(path) for path in written],
    }


def _marginals(course: Course) -> pd.DataFrame:
    columns = ["constraint", "label", "value", "unit", "text"]
    return pd.DataFrame([[getattr(one, name) for name in columns] for one in course.marginals], columns=columns)


def _course(course: Course) -> dict[str, object]:
    plain = ("status", "objective", "bound", "gap", "seconds", "method", "rows", "columns", "benefit")
    frames = {name: frame_rows(getattr(course, name)) for name in ("money", "builds", "stocks")}
    return {**{name: getattr(course, name) for name in plain}, **frames, "marginals": frame_rows(_marginals(course))}
