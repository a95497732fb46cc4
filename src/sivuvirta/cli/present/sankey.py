"""`sivuvirta sankey`: the flows of the best network as one picture, in tonnes, of a component, or in euros."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sivuvirta import verbs
from sivuvirta.cli.common.options import json_option, objective_option, on_option, region_argument, scenario_option, vintage_option
from sivuvirta.cli.common.places import Place
from sivuvirta.cli.common.screen import print_json, print_table, progress, screen
from sivuvirta.cli.common.study import load, titled
from sivuvirta.cli.common.writing import whole_file
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.report.drawing.drawn import picture
from sivuvirta.report.drawing.ribbons import ribbons
from sivuvirta.report.words import STATES

_OF = "t, MWh or m3; EUR: what flows cost and earn; or a component that streams are analysed for, such as Cr_total or P."
_SHOWN = 20


@click.command()
@region_argument
@click.option("--of", "measure", default="t", show_default=True, metavar="MEASURE", help=_OF)
@click.option("--state", type=click.Choice(list(STATES)), default="potential", show_default=True, help="Network that is drawn.")
@click.option("--out", type=Place(folder=False, endings=(".svg",)), metavar="FILE", help="Write the picture there, as SVG.")
@objective_option
@vintage_option
@on_option
@scenario_option
@json_option
def sankey(  # noqa: PLR0917 - one parameter an option
    region: str,
    measure: str,
    state: str,
    out: Path | None,
    objective: str,
    vintage: str | None,
    on: str | None,
    scenarios: tuple[str, ...],
    as_json: bool,
) -> None:
    """Draw the flows of the best network of REGION, or of today: sources, plants, uses and outlets, by material, component or euros.

    What is not known, such as the content of streams that nobody analysed, is hatched and at a scale of its own, never nothing.
    """
    loaded = load(region, vintage, on, scenarios)
    with progress("Looking for the best network …", quiet=as_json):
        drawing = picture(verbs.plan(loaded, PlanOptions(objective=objective)), measure, state)
    title = f"{titled(loaded)}: {STATES[state].lower()}, {drawing['name']}"
    if out is not None:
        with whole_file(out) as place:
            place.write_text(ribbons(drawing, title, drawing["told"]), encoding="utf-8")
    if as_json:
        told = {"region": loaded.name, "vintage": loaded.vintage, "law_of": loaded.day, "scenarios": list(loaded.scenarios)}
        print_json({**told, "of": measure, "state": state, **drawing, "written": None if out is None else str(out)})
        return
    _print(title, drawing)
    if out is not None:
        screen().print(f"Picture: {out}", markup=False, soft_wrap=True)


def _print(title: str, drawing: dict[str, Any]) -> None:
    names = {node["name"]: str(node["label"]) for node in drawing["nodes"]}
    rows = [[names[link["source"]], names[link["target"]], link["text"], link["evidence"]] for link in drawing["links"]]
    heads = [("From", "left"), ("To", "left"), ("A year", "right"), ("Evidence", "left")]
    print_table(screen(), title, heads, rows[:_SHOWN])
    more = f" The largest {_SHOWN} of {len(rows)}; --json has all." if len(rows) > _SHOWN else ""
    screen().print(f"{drawing['told']}{more}", markup=False, soft_wrap=True)
