"""`sivuvirta futures`: the best network of a region under many draws of what is not known well."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd
from rich.console import Console

from sivuvirta import verbs
from sivuvirta.cli.options import folder_option, json_option, on_option, region_argument, scenario_option, vintage_option
from sivuvirta.cli.places import Place
from sivuvirta.cli.screen import frame_rows, print_json, print_table, progress, screen
from sivuvirta.cli.study import load, titled
from sivuvirta.cli.writing import whole_folder
from sivuvirta.domain.ensembles import BUILDS, LIMITS, Ensemble, Outcome
from sivuvirta.report.words import count, figure

_FRAMES = ("figures", "links", "plants", "inputs", "structures", "draws", "limits")
_MOST = 10  # rows of a table on the screen


@click.command()
@region_argument
@click.option("--draws", type=click.IntRange(min=2), default=1000, show_default=True, metavar="N", help="How many draws.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, metavar="N", help="Equal seeds give equal draws and results."
)
@click.option(
    "--builds", type=click.Choice(BUILDS), default="fixed", show_default=True, help="fixed: as the plan builds; free: anew in each draw."
)
@click.option(
    "--limits",
    type=click.Choice(LIMITS),
    default="drawn",
    show_default=True,
    help="drawn: a mix is judged by what the draw says it contains; bounds: by the bounds that verdicts use.",
)
@click.option("--processes", type=click.IntRange(min=1), metavar="N", help="Processes that solve draws; without it one a core.")
@click.option("--scheduler", metavar="ADDRESS", help="Solve on a Dask cluster, for example tcp://host:8786. Needs the extra: cluster.")
@click.option(
    "--resume",
    type=Place(folder=True),
    metavar="FOLDER",
    help="Keep results there as they come; what is there already is not done again.",
)
@scenario_option
@vintage_option
@on_option
@folder_option("Write the tables (CSV) there.")
@json_option
def futures(  # noqa: PLR0917 - one parameter an option
    region: str,
    draws: int,
    seed: int,
    builds: str,
    limits: str,
    processes: int | None,
    scheduler: str | None,
    resume: Path | None,
    scenarios: tuple[str, ...],
    vintage: str | None,
    on: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Draw what is not known well in REGION many times: benefit with its range and tail, sure and unsure links, what is worth knowing."""
    with progress("Looking for the best network …", quiet=as_json) as status:
        loaded = load(region, vintage, on, scenarios)
        found = verbs.futures(
            loaded,
            tell=lambda text: status.update(f"{text} …") if status else None,
            draws=draws,
            seed=seed,
            builds=builds,
            limits=limits,
            processes=processes,
            scheduler=scheduler,
            folder=None if resume is None else str(resume),
        )
    written = [] if out is None else _write(found, out)
    if as_json:
        told = {"region": loaded.name, "vintage": loaded.vintage, "law_of": loaded.day, "scenarios": list(loaded.scenarios)}
        asked = {"draws": draws, "seed": seed, "builds": builds, "limits": limits, "start": found.start}
        networks = {name: _body(one) for name, one in found.networks.items()}
        print_json({**told, **asked, "networks": networks, "written": [str(path) for path in written]})
        return
    _print(screen(), f"{titled(loaded)}: {count(draws, 'draw')} of {count(len(found.inputs), 'input')}, builds {builds}", found)
    if found.done_before:
        screen().print(f"{found.done_before} of {found.chunks} chunks were in {resume} already.", markup=False, style="dim")
    if out is not None:
        screen().print(f"Tables: {out}", markup=False, soft_wrap=True)


def _body(one: Outcome) -> dict[str, Any]:
    frames = {name: frame_rows(getattr(one, name)) for name in _FRAMES if name != "draws"}
    return {**frames, "perfect_information": one.perfect, "perfect_information_error": one.perfect_error}


def _write(found: Ensemble, folder: Path) -> list[Path]:
    frames: dict[str, pd.DataFrame] = {
        f"{name}_{evidence}": getattr(one, name) for evidence, one in found.networks.items() for name in _FRAMES
    }
    with whole_folder(folder, last=f"{next(reversed(frames))}.csv") as place:
        for name, frame in frames.items():
            frame.to_csv(place / f"{name}.csv", index=False)
    return [folder / f"{name}.csv" for name in frames]


_FIGURES = [("", "left"), ("Network", "left"), *((head, "right") for head in ("Plan", "Mean", "5 %", "50 %", "95 %", "Tail"))]
_LINKS = [("Link", "left"), ("Used in", "right"), ("Plan", "right"), ("5 %", "right"), ("95 %", "right")]
_PLANTS = [("Plant", "left"), ("Built or run in", "right"), ("Plan", "right"), ("5 %", "right"), ("95 %", "right")]
_INPUTS = [("Not known well", "left"), ("Correlation", "right"), ("Worth knowing, at most", "right")]
_BUILT = [("Structure", "left"), ("Mean benefit", "right"), ("Tail", "right"), ("Mean regret", "right"), ("Builds", "left")]


def _print(console: Console, title: str, found: Ensemble) -> None:
    rows = []
    for evidence, one in found.networks.items():
        for row in frame_rows(one.figures):
            names = ("plan", "mean", "p5", "p50", "p95", "tail_mean")
            rows.append([_WORDS[row["figure"]], evidence, *(_text(row[name], row["unit"]) for name in names)])
    print_table(console, title, _FIGURES, sorted(rows, key=lambda row: row[0]))
    missing = int((~found.potential.draws["feasible"]).sum())
    if missing:
        console.print(f"In {count(missing, 'draw')} no potential network keeps all promises; they are not in the ranges.", markup=False)
    one = found.potential
    links = one.links[(one.links["probability"] < 1) | (one.links["plan"] == 0)].head(_MOST)
    print_table(console, "\nPotential network: links that not every draw has", _LINKS, [_link(row) for row in frame_rows(links)])
    plants = one.plants[one.plants["probability"] > 0].head(_MOST)
    print_table(console, "\nPlants", _PLANTS, [[row["plant"], *_often(row, "")] for row in frame_rows(plants)])
    inputs = [[row["label"], f"{row['correlation']:+.2f}", _money(row["knowing"], row["knowing_error"])] for row in frame_rows(one.inputs)]
    print_table(console, "\nWhat the benefit hangs on", _INPUTS, inputs[:_MOST])
    print_table(console, "\nStructures, held in every draw", _BUILT, [_structure(row) for row in frame_rows(one.structures)])
    if found.options.builds == "fixed":
        return
    console.print(
        f"\nKnowing everything before building would be worth {_money(one.perfect, one.perfect_error)} at most.",
        markup=False,
        soft_wrap=True,
    )


_WORDS = {"benefit": "Benefit", "co2": "Emissions"}


def _link(row: dict[str, Any]) -> list[str]:
    return [f"{row['origin']} > {row['destination']}", *_often(row, row["unit"])]


def _often(row: dict[str, Any], unit: str) -> list[str]:
    return [f"{100 * row['probability']:.0f} %", *(_text(row[name], unit) for name in ("plan", "p5", "p95"))]


def _structure(row: dict[str, Any]) -> list[str]:
    money = [_text(row[name], "EUR/a") for name in ("mean", "tail_mean", "regret_mean")]
    return [row["structure"], *money, row["built"]]


def _money(value: float | None, error: float | None) -> str:
    if value is None or np.isnan(value):
        return "unknown"
    told = figure(value, "EUR/a").text
    return told if not error else f"{told} ± {figure(error, 'EUR/a').text}"


def _text(value: float | None, unit: str) -> str:
    if value is None or not np.isfinite(value):
        return "none"
    return figure(value / 1000.0, "t CO2e/a").text if unit == "kg CO2e/a" else figure(value, unit).text if unit else f"{value:,.0f}"
