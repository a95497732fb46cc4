"""`sivuvirta ranges`: every figure of a plan with its mean and range, what cannot be claimed, and what to measure next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd
from rich.console import Console
from rich.status import Status

from sivuvirta import verbs
from sivuvirta.cli.common.options import (
    folder_option,
    json_option,
    on_option,
    region_argument,
    scenario_option,
    seed_option,
    vintage_option,
)
from sivuvirta.cli.common.screen import frame_rows, print_json, print_table, progress, screen
from sivuvirta.cli.common.stopping import stoppable
from sivuvirta.cli.common.study import load, titled
from sivuvirta.cli.common.writing import whole_folder
from sivuvirta.domain.ranges import Ranges
from sivuvirta.domain.unknowns import told
from sivuvirta.report.words import count, figure, readable

_POINTS = 256
_MOST = 8  # rows of a table on the screen
_FRAMES = ("figures", "measure", "beyond", "sources")
_HEADS = [("Figure", "left"), ("Network", "left"), *((head, "right") for head in ("Stated", "Mean", "5 %", "95 %"))]
_PARTS = [("Measure next", "left"), ("Carries", "right"), ("±", "right"), ("alone", "right")]
_SHOWN = {("diverted", "total"), ("products", "virgin"), ("jobs", "posts")}


@click.command()
@region_argument
@click.option("--draws", type=click.IntRange(min=2), default=1000, show_default=True, metavar="N", help="How many draws.")
@seed_option
@click.option("--sobol", is_flag=True, help="Share each range out among what it comes from: what to measure next. Needs the extra: sobol.")
@click.option(
    "--points", type=click.IntRange(min=16), default=_POINTS, show_default=True, metavar="N", help="Points of --sobol, a power of two."
)
@click.option("--by-grade", is_flag=True, help="Give what states no range that of its evidence grade; without it such figures are held.")
@scenario_option
@vintage_option
@on_option
@folder_option("Write the tables (CSV) there.")
@json_option
def ranges(  # noqa: PLR0917 - one parameter an option
    region: str,
    draws: int,
    seed: int,
    sobol: bool,
    points: int,
    by_grade: bool,
    scenarios: tuple[str, ...],
    vintage: str | None,
    on: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Give every figure of the best network of REGION its mean and range: what cannot be claimed, and what to measure next."""
    with progress("Looking for the best network …", quiet=as_json) as status:
        loaded = load(region, vintage, on, scenarios)
        plan = verbs.plan(loaded.by_grade() if by_grade else loaded)
        with stoppable(status, "Drawing", kept="the draws done so far") as watch:
            found = verbs.ranges(
                plan, tell=lambda text: _tell(text, status), stop=watch.stop, draws=draws, seed=seed, sobol=points if sobol else 0
            )
    written = [] if out is None else _write(found, out)
    if as_json:
        print_json({**_body(found), "written": [str(path) for path in written]})
        return
    _print(screen(), found)
    if out is not None:
        screen().print(f"Tables: {out}", markup=False, soft_wrap=True)


def _tell(text: str, status: Status | None) -> None:
    if status:
        status.update(f"Drawing: {text} …")


def _body(found: Ranges) -> dict[str, Any]:
    region = found.links.region
    told = {
        "region": region.name,
        "vintage": region.vintage,
        "law_of": region.day,
        "scenarios": list(region.scenarios),
        "by_grade": region.graded,
    }
    asked = {"draws": found.done, "seed": found.options.seed, "sobol": found.options.sobol}
    frames = {name: frame_rows(getattr(found, name)) for name in _FRAMES}
    return {**told, **asked, **frames, "warnings": list(found.warnings()), "notes": list(found.notes)}


def _write(found: Ranges, folder: Path) -> list[Path]:
    frames: dict[str, pd.DataFrame] = {name: getattr(found, name) for name in _FRAMES}
    with whole_folder(folder, last=f"{_FRAMES[-1]}.csv") as place:
        for name, frame in frames.items():
            frame.to_csv(place / f"{name}.csv", index=False)
    return [folder / f"{name}.csv" for name in frames]


def _print(console: Console, found: Ranges) -> None:
    title = f"{titled(found.links.region)}: {count(found.done, 'draw')} of {count(len(found.inputs), 'input')}"
    table = found.figures
    shown = [each[0] == "headline" or each in _SHOWN for each in zip(table["table"], table["row"], strict=True)]
    chosen = table[shown]
    print_table(console, title, _HEADS, [_row(row) for row in chosen.to_dict("records")])
    _say(console, "Stated: every figure at its stated value. The network is held in proportion; what a need cannot take replaces nothing.")
    for warning in found.warnings():
        console.print(f"Over-claim: {readable(warning)}", markup=False, soft_wrap=True, style="bold")
    for reason in dict.fromkeys(chosen["unknown"]):
        if reason:
            _say(console, f"Unknown: {reason}.")
    for row in chosen[chosen["missing"] != ""].to_dict("records"):
        if row["network"] == chosen["network"].iloc[-1]:
            console.print(f"{row['label']} ({row['network']}). {row['missing']}", markup=False, soft_wrap=True)
    for note in found.notes:
        _say(console, note)
    last = found.measure[found.measure["network"] == found.measure["network"].iloc[-1]] if len(found.measure) else found.measure
    for (network, name), part in last.groupby(["network", "figure"], sort=False):
        sure = part[part["total"] > part["total_error"]].head(_MOST)
        if len(sure):
            rows = [
                [str(r["label"]), f"{r['total']:.0%}", f"{r['total_error']:.0%}", f"{max(r['first'], 0.0):.0%}"] for r in frame_rows(sure)
            ]
            print_table(console, f"\n{network} network, range of {name}", _PARTS, rows)
            _say(console, str(sure["words"].iloc[0]))


def _row(row: dict[Any, Any]) -> list[str]:
    unit, signed = str(row["unit"]), row["row"] == "carbon"
    mark = " !" if row["alarm"] else ""
    texts = ["unknown" if np.isnan(row[name]) else figure(row[name], unit, sign=signed).text for name in ("value", "mean", "low", "high")]
    texts = [*(told(text, row["bound"]) if text != "unknown" else text for text in texts[:2]), *texts[2:]]
    return [f"{row['label']}{mark}", str(row["network"]), *texts]


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False, soft_wrap=True, style="dim")
