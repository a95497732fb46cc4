"""`sivuvirta compare`: the best network of a region under several scenarios, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd
from attrs import evolve
from rich.console import Console

from sivuvirta import verbs
from sivuvirta.cli.common.options import folder_option, json_option, objective_option, on_option, region_argument, vintage_option
from sivuvirta.cli.common.screen import frame_rows, print_blocks, print_json, progress, screen
from sivuvirta.cli.common.study import load, noticed, print_notices, titled
from sivuvirta.cli.common.writing import whole_folder
from sivuvirta.domain.comparisons import Comparison
from sivuvirta.domain.ranges import QUOTED
from sivuvirta.domain.unknowns import told
from sivuvirta.errors import OptionError
from sivuvirta.report.studies.bars import comparison_bars
from sivuvirta.report.words import UNKNOWN, number, readable, scale, span

_MOST = 12  # changes of a scenario on the screen
_DRAWN = ["mean", "low", "high"]
_TABLES = ("figures", "flows", "plants", "changes")
_SCENARIOS = "A scenario of the region's table, or a CSV file with the columns of that table; may be repeated. a+b applies both."
_RANGES = (
    "Hold the ranges, which are there without it, to the 1 000 draws of `sivuvirta ranges` however large the network; "
    "without it very large ones are drawn less often."
)


@click.command()
@region_argument
@click.option("--scenario", "scenarios", metavar="NAME_OR_FILE", multiple=True, help=_SCENARIOS)
@click.option("--all", "every", is_flag=True, help="Every scenario of the region's table; with --scenario, beside those.")
@click.option("--ranges", "ranged", is_flag=True, help=_RANGES)
@vintage_option
@on_option
@objective_option
@folder_option("Write the tables (CSV) and a picture (SVG) there.")
@json_option
def compare(region: str, as_json: bool, out: Path | None, **asked: Any) -> None:
    """Plan REGION under several scenarios, and tell what changes: figures, flows, plants side by side."""
    with progress("Planning each scenario …", quiet=as_json):
        loaded = load(region, asked["vintage"], asked["on"])
        known = list(dict.fromkeys(loaded.table("scenarios")["scenario"].tolist())) if asked["every"] else []
        chosen = list(dict.fromkeys([*known, *asked["scenarios"]]))
        if not chosen:
            none = f"'{loaded.name}' has no scenarios. Give a CSV file: --scenario FILE."
            raise OptionError(none if asked["every"] else "Give at least one --scenario, or --all for those of the region's table.")
        found = verbs.compare(loaded, [each.split("+") for each in chosen], objective=asked["objective"])
    if asked["ranged"]:
        with progress("Drawing the ranges of each scenario …", quiet=as_json):
            found = evolve(found, ranges=_drawn(found))
    written = [] if out is None else _write(found, out)
    planned = [plan.links.region for plan in found.plans]
    if as_json:
        tables = {name: frame_rows(getattr(found, name)) for name in (*_TABLES, "ranges")}
        head = {"region": loaded.name, "vintage": loaded.vintage, "law_of": loaded.day, "scenarios": list(found.names)}
        more = {"note": found.reference, "ranges_note": QUOTED, "warnings": noticed(*planned), "written": [str(path) for path in written]}
        print_json({**head, **tables, **more})
        return
    _print(screen(), titled(loaded), found)
    print_notices(*planned)
    if out is not None:
        screen().print(f"Tables: {out}", markup=False, soft_wrap=True)


def _drawn(found: Comparison) -> pd.DataFrame:
    """Ranges of the headline of every scenario, all inputs drawn together; grades stay, and so does what is not drawn."""
    frames = []
    for name, plan in zip(found.names, found.plans, strict=True):
        ends = verbs.ranges(plan).headline("potential").set_index("row")[_DRAWN]
        own = found.ranges[found.ranges["scenario"] == name].set_index("figure")
        shared = ends.index.intersection(own.index)
        own.loc[shared, _DRAWN] = ends.loc[shared].astype(float)
        frames.append(own.reset_index())
    return pd.concat(frames, ignore_index=True)[found.ranges.columns.tolist()]


def _write(found: Comparison, folder: Path) -> list[Path]:
    with whole_folder(folder, last="changes.csv") as place:
        for name in ("ranges", *_TABLES):
            getattr(found, name).to_csv(place / f"{name}.csv", index=False)
        (place / "compare.svg").write_text(comparison_bars(found), encoding="utf-8")
    return [*(folder / f"{name}.csv" for name in (*_TABLES, "ranges")), folder / "compare.svg"]


def _print(console: Console, title: str, found: Comparison) -> None:
    print_blocks(console, title, [("Figure", "left"), ("Unit", "left"), ("", "left")], list(found.names), _rows(found))
    console.print(QUOTED, markup=False, soft_wrap=True, style="dim")
    for name in found.names[1:]:
        console.print(f"\n{name}", markup=False, style="bold")
        texts = found.changes[found.changes["scenario"] == name]["text"].tolist()
        for text in dict.fromkeys(texts[:_MOST]) or ["Nothing changes."]:
            console.print(f"  {readable(text)}", markup=False, soft_wrap=True)
        if len(texts) > _MOST:
            console.print(f"  ... and {len(texts) - _MOST} more (--json or --out lists all)", markup=False, style="dim")
    console.print(f"\n{found.reference}", markup=False, soft_wrap=True, style="dim")


def _rows(found: Comparison) -> list[list[str]]:
    """Each figure in one unit: proven, with potential, and mean and range of the latter where they are known; one column a scenario."""
    ends = found.ranges.set_index(["scenario", "figure"])[[*_DRAWN, "bound"]].to_dict("index")
    rows = []
    for row in found.figures.to_dict("records"):
        if row["evidence"] not in ("proven", "total"):
            continue
        values = found.figures[found.figures["figure"] == row["figure"]][list(found.names)].to_numpy(dtype=float)
        factor, unit = scale(float(np.nanmax(np.abs(values), initial=0.0)), str(row["unit"]))
        first = row["evidence"] == "proven"
        drawn = [{} if first else ends.get((name, row["figure"]), {}) for name in found.names]
        said = [told(_told(row[name] / factor), each.get("bound", "")) for name, each in zip(found.names, drawn, strict=True)]
        rows.append([*((str(row["label"]), unit, "proven") if first else ("", "", "with potential")), *said])
        between = [span(each.get("low", np.nan) / factor, each.get("high", np.nan) / factor, "") for each in drawn]
        if any(between):
            rows.append(["", "", "mean", *(_told(each.get("mean", np.nan) / factor) for each in drawn)])
            rows.append(["", "", "5 to 95 %", *between])
    return rows


def _told(value: float) -> str:
    return UNKNOWN if np.isnan(value) else number(value)
