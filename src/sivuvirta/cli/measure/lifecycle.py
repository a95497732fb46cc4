"""`sivuvirta lifecycle`: the life cycle of the best network, its cases, its causes, and its inventory for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from attrs import frozen

from sivuvirta import verbs
from sivuvirta.cli.common.options import json_option, region_argument, scenario_option, seed_option, vintage_option
from sivuvirta.cli.common.places import Place
from sivuvirta.cli.common.screen import frame_rows, print_json, progress, screen
from sivuvirta.cli.common.study import load, titled
from sivuvirta.cli.common.writing import whole_file
from sivuvirta.cli.measure.scores import print_scores
from sivuvirta.domain.lifecycles import CASES, CLIMATE, Background, LifeCycle
from sivuvirta.domain.ranges import FEWEST, SCORED
from sivuvirta.errors import OptionError

_FILE = click.Path(dir_okay=False, path_type=Path)
_RUNS = f"Draws for the ranges: {FEWEST} or more, fewer tell no 5 % point; 0 for none."
_NETWORK = "Whose contributions are shown, and whose inventory is exported."


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
@click.option("--runs", type=click.IntRange(min=0), default=1000, show_default=True, metavar="N", help=_RUNS)
@seed_option
@click.option(
    "--background", metavar="SOURCE", help="Your own database: a Brightway data package (folder or ZIP), or the name of a project."
)
@click.option(
    "--suppliers", type=_FILE, metavar="FILE", help="CSV (process, supplier, amount): which of its processes stand for which of ours."
)
@click.option("--network", type=click.Choice(("proven", "potential")), default="potential", show_default=True, help=_NETWORK)
@click.option("--export", type=Place(folder=False), metavar="FILE", help="Write the inventory here as a Brightway data package (ZIP).")
@click.option("--openlca", type=Place(folder=False), metavar="FILE", help="Write the inventory here as openLCA JSON-LD (ZIP).")
@vintage_option
@scenario_option
@json_option
def lifecycle(region: str, as_json: bool, **asked: Any) -> None:
    """Score the best network of REGION over the life cycle: what it changes against today, and what it displaces, by Brightway.

    Needs the extra: pip install "sivuvirta[lifecycle]".
    """
    if asked["suppliers"] is not None and asked["background"] is None:
        raise OptionError("--suppliers says which processes of a background stand for ours; name it with --background.")
    with progress("Looking for the best network …", quiet=as_json):
        plan = verbs.plan(load(region, asked["vintage"], None, asked["scenarios"]))
    with progress("Scoring its life cycle …", quiet=as_json):
        own = _background(asked["background"], asked["suppliers"])
        found = verbs.lifecycle(plan, asked["method"], own, asked["displaced"], runs=asked["runs"], seed=asked["seed"])
    written = _write(found, _Exports(asked["network"], asked["export"], asked["openlca"]))
    if as_json:
        print_json({**_body(found, written), "scenarios": list(plan.links.region.scenarios)})
        return
    print_scores(screen(), titled(plan.links.region), found, asked["network"])
    for path in written:
        screen().print(f"Inventory of the {asked['network']} network: {path}", markup=False, soft_wrap=True)


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
        "seed": found.seed,
        "ranges": SCORED,
        "scores": frame_rows(found.scores),
        "cases": frame_rows(found.cases),
        "contributions": frame_rows(found.contributions),
        "flows": frame_rows(found.flows),
        "notes": list(found.notes),
        "written": written,
    }
