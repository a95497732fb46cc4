"""`sivuvirta lifecycle`: the life cycle of the best network, its cases, its causes, and its inventory for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np
from attrs import frozen
from rich.console import Console

from sivuvirta import verbs
from sivuvirta.cli.options import json_option, region_argument, vintage_option
from sivuvirta.cli.places import Place
from sivuvirta.cli.screen import frame_rows, print_json, print_table, progress, screen
from sivuvirta.cli.study import load
from sivuvirta.cli.writing import whole_file
from sivuvirta.domain.lifecycles import CASES, CLIMATE, Background, LifeCycle
from sivuvirta.domain.ranges import SCORED
from sivuvirta.errors import OptionError
from sivuvirta.report.words import figure

_MOST = 10  # causes on the screen
_FILE = click.Path(dir_okay=False, path_type=Path)


@frozen
class _Exports:
    """Where the inventory of which network is written."""

    network: str
    package: Path | None
    openlca: Path | None


@click.command()
@region_argument
@click.option("--method", default=CLIMATE, show_default=True, metavar="NAME", help="climate, or a method of the background.")
@click.option("--displaced", type=click.Choice(CASES), default="expected", show_default=True, help="End of the range of what is displaced.")
@click.option("--runs", type=click.IntRange(min=0), default=1000, show_default=True, metavar="N", help="Draws for the ranges; 0 for none.")
@click.option(
    "--background", metavar="SOURCE", help="Your own database: a Brightway data package (folder or ZIP), or the name of a project."
)
@click.option(
    "--suppliers", type=_FILE, metavar="FILE", help="CSV (process, supplier, amount): which of its processes stand for which of ours."
)
@click.option("--network", type=click.Choice(("proven", "potential")), default="potential", show_default=True, help="What is exported.")
@click.option("--export", type=Place(folder=False), metavar="FILE", help="Write the inventory here as a Brightway data package (ZIP).")
@click.option("--openlca", type=Place(folder=False), metavar="FILE", help="Write the inventory here as openLCA JSON-LD (ZIP).")
@vintage_option
@json_option
def lifecycle(  # noqa: PLR0917 - one parameter an option
    region: str,
    method: str,
    displaced: str,
    runs: int,
    background: str | None,
    suppliers: Path | None,
    network: str,
    export: Path | None,
    openlca: Path | None,
    vintage: str | None,
    as_json: bool,
) -> None:
    """Score the best network of REGION over the life cycle: what it changes against today, and what it displaces, by Brightway.

    Needs the extra: pip install "sivuvirta[lifecycle]".
    """
    if suppliers is not None and background is None:
        raise OptionError("--suppliers says which processes of a background stand for ours; name it with --background.")
    with progress("Looking for the best network …", quiet=as_json):
        plan = verbs.plan(load(region, vintage))
    with progress("Scoring its life cycle …", quiet=as_json):
        found = verbs.lifecycle(plan, method, _background(background, suppliers), displaced, runs=runs)
    written = _write(found, _Exports(network, export, openlca))
    if as_json:
        print_json(_body(found, written))
        return
    _print(screen(), found)
    for path in written:
        screen().print(f"Inventory of the {network} network: {path}", markup=False, soft_wrap=True)


def _background(source: str | None, suppliers: Path | None) -> Background | None:
    if source is None:
        return None
    return Background(source) if suppliers is None else Background(source, _suppliers(suppliers))


def _suppliers(path: Path) -> dict[str, tuple[Any, float]]:
    from sivuvirta.lifecycle.suppliers import read_suppliers  # noqa: PLC0415 - only where a background is named

    return read_suppliers(path)


def _write(found: LifeCycle, asked: _Exports) -> list[str]:
    from sivuvirta.lifecycle.openlca import write_openlca  # noqa: PLC0415 - Brightway is an extra, and the verb has found it
    from sivuvirta.lifecycle.packages import write_package  # noqa: PLC0415

    inventory, written = found.inventories[asked.network], []
    for path, write in ((asked.package, write_package), (asked.openlca, write_openlca)):
        if path is not None:
            with whole_file(path) as place:
                write(inventory, place)
            written.append(str(path))
    return written


def _body(found: LifeCycle, written: list[str]) -> dict[str, Any]:
    return {
        "region": found.name,
        "vintage": found.vintage,
        "method": found.method,
        "unit": found.unit,
        "displaced": found.displaced,
        "runs": found.runs,
        "ranges": SCORED,
        "scores": frame_rows(found.scores),
        "cases": frame_rows(found.cases),
        "contributions": frame_rows(found.contributions),
        "flows": frame_rows(found.flows),
        "written": written,
    }


_SCORES = [("Network", "left"), ("", "left"), ("Score", "right"), ("5 %", "right"), ("95 %", "right")]
_CASES = [("Network", "left"), *((case.capitalize(), "right") for case in CASES)]
_CAUSES = [("Cause", "left"), ("Kind", "left"), ("Score", "right")]


def _print(console: Console, found: LifeCycle) -> None:
    """Scores, cases, largest causes of the potential network, and what is not known."""
    scores = [
        [row["network"], row["system"], *(_text(row[name], row["unit"]) for name in ("value", "low", "high"))]
        for row in frame_rows(found.scores)
    ]
    print_table(console, f"{found.name}, {found.vintage}: {found.method}, {found.unit} a year", _SCORES, scores)
    unit = f"{found.unit}/a"
    by_case = {(row["network"], row["case"]): _text(row["change"], unit) for row in frame_rows(found.cases)}
    print_table(
        console, "Change, by what is displaced", _CASES, [[name, *(by_case[name, case] for case in CASES)] for name in found.inventories]
    )
    parts = found.contributions
    for view, title in (("emitter", "Where the potential network changes it"), ("activity", "Flows and plants that cause it")):
        chosen = parts[(parts["network"] == "potential") & (parts["view"] == view)].head(_MOST)
        rows = [[row["name"], row["kind"], _text(row["score"], unit)] for row in frame_rows(chosen)]
        if rows:
            print_table(console, title, _CAUSES, rows)
    console.print(SCORED, markup=False, soft_wrap=True, style="dim")
    for note in dict.fromkeys(found.scores["unknown"]):
        if note:
            console.print(note, markup=False, soft_wrap=True)


def _text(value: float, unit: str) -> str:
    return "unknown" if np.isnan(value) else figure(float(value), unit).text
