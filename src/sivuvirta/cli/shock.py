"""`sivuvirta shock`: what the best network of a region loses when a node or a link is gone."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
from rich.console import Console

from sivuvirta import verbs
from sivuvirta.cli.options import (
    folder_option,
    json_option,
    objective_option,
    on_option,
    region_argument,
    scenario_option,
    vintage_option,
)
from sivuvirta.cli.screen import frame_rows, print_json, print_table, progress, screen
from sivuvirta.cli.study import load, titled
from sivuvirta.cli.writing import whole_folder
from sivuvirta.domain.shocks import NODES, SUBJECTS, Shock, Shocks
from sivuvirta.report.bars import shock_bars
from sivuvirta.report.words import count, figure


@click.command()
@region_argument
@click.option(
    "--of",
    multiple=True,
    type=click.Choice(SUBJECTS),
    help="What is taken out; may be repeated. Without it all but paths; path: a legal path is refused.",
)
@click.option("--only", multiple=True, metavar="ID", help="Only this one; may be repeated. A link is ORIGIN > DESTINATION.")
@click.option("--evidence", type=click.Choice(["proven", "potential"]), default="potential", show_default=True, help="Network tested.")
@click.option("--limit", type=click.IntRange(min=1), default=15, show_default=True, metavar="N", help="Shocks shown at most.")
@scenario_option
@vintage_option
@on_option
@objective_option
@folder_option("Write the tables (CSV) and a picture (SVG) there.")
@json_option
def shock(  # noqa: PLR0917 - one parameter an option
    region: str,
    of: tuple[str, ...],
    only: tuple[str, ...],
    evidence: str,
    limit: int,
    scenarios: tuple[str, ...],
    vintage: str | None,
    on: str | None,
    objective: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Take each node and used link out of the best network of REGION: loss, what stops, cheapest repair, what to store.

    What is built stays. The loss is that of a year; storage is for each month until what is gone returns.
    """
    with progress("Looking for the best network …", quiet=as_json) as status:
        loaded = load(region, vintage, on, scenarios)
        found = verbs.shock(
            loaded,
            of or NODES,
            only,
            evidence,
            lambda text: status.update(f"Without {text} …") if status else None,
            objective=objective,
        )
    written = [] if out is None else _write(found, out)
    if as_json:
        tables = {"shocks": found.to_frame(), "cascades": found.cascades(), "storage": found.storage()}
        told = {"region": loaded.name, "vintage": loaded.vintage, "law_of": loaded.day, "scenarios": list(loaded.scenarios)}
        figures = {"evidence": evidence, "benefit": found.network.benefit, "seconds": found.seconds, "note": found.counted}
        print_json({**told, **figures, **{name: frame_rows(frame) for name, frame in tables.items()}, "written": [str(p) for p in written]})
        return
    _print(screen(), titled(loaded), found, limit)
    if out is not None:
        screen().print(f"Tables: {out}", markup=False, soft_wrap=True)


def _write(found: Shocks, folder: Path) -> list[Path]:
    frames = {"shocks": found.to_frame(), "cascades": found.cascades(), "storage": found.storage()}
    with whole_folder(folder, last="storage.csv") as place:
        for name, frame in frames.items():
            frame.to_csv(place / f"{name}.csv", index=False)
        (place / "shocks.svg").write_text(shock_bars(found), encoding="utf-8")
    return [*(folder / f"{name}.csv" for name in frames), folder / "shocks.svg"]


_COLUMNS = [
    ("Without", "left"),
    ("", "left"),
    ("Loss", "right"),
    ("of the benefit", "right"),
    ("Before repair", "right"),
    ("Emissions", "right"),
    ("Keep a month", "right"),
]


def _print(console: Console, title: str, found: Shocks, limit: int) -> None:
    used = [one for one in found.shocks if one.used]
    print_table(console, title, _COLUMNS, [_cells(found, one) for one in used[:limit]])
    for one in used[:3]:
        console.print(f"\n{one.name} ({one.subject} {one.id})", markup=False, style="bold")
        console.print(one.text, markup=False, soft_wrap=True)
    shown = f", the worst {limit} shown" if len(used) > limit else ""
    unused = len(found) - len(used)
    text = f"\n{count(len(found), 'test')} in {found.seconds:.1f} s: {len(used)} matter{shown}; {unused} cost nothing. {found.counted}"
    console.print(text, markup=False, soft_wrap=True, style="dim")


def _cells(found: Shocks, one: Shock) -> list[str]:
    shown = one.id if one.subject == "path" else one.name
    if np.isnan(one.loss):
        return [shown, one.subject, "no plan", "", "", "", ""]
    share = f"{100 * one.loss / found.network.benefit:.0f} %" if found.network.benefit > 0 else ""
    before = "no plan" if np.isnan(one.alone) else figure(one.alone, "EUR/a").text
    keep = sum(each.month for each in one.storage if each.side == "keep" and each.unit == "t")
    emissions = figure(one.carbon / 1000.0, "t CO2e/a", sign=True).text
    return [shown, one.subject, figure(one.loss, "EUR/a").text, share, before, emissions, figure(keep, "t").text if keep else ""]
