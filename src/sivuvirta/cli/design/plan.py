"""`sivuvirta plan`: the best network of a region, as tables."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from sivuvirta import verbs
from sivuvirta.cli.common.amounts import AmountCommand
from sivuvirta.cli.common.options import (
    folder_option,
    json_option,
    on_option,
    region_argument,
    scenario_option,
    steps_option,
    vintage_option,
)
from sivuvirta.cli.common.places import Place
from sivuvirta.cli.common.screen import frame_rows, print_json, screen
from sivuvirta.cli.common.study import Study, emissions, noticed, print_summary, quoted_words, study
from sivuvirta.cli.common.writing import whole_folder
from sivuvirta.cli.design.planned import asked_rows, kept_rows, print_planned
from sivuvirta.cli.design.planning import plan_options
from sivuvirta.domain.plans import Network, PlanOptions
from sivuvirta.domain.prospects import LabOrders
from sivuvirta.domain.studies import Studies
from sivuvirta.plan.program.changes import made, moved
from sivuvirta.plan.saved import refuse_others
from sivuvirta.report import write
from sivuvirta.tables.harmless import harmless_frame
from sivuvirta.verbs.keeping import ENDINGS

_REPORT = "report.html"
_FIGURES = ("fates", "diverted", "money", "organisations", "carbon", "products", "transport", "roads", "investment", "grades")

_EXPORT = "Write the program too: .mps, .lp, or .tex for its equations."


@click.command(cls=AmountCommand)
@region_argument
@plan_options
@vintage_option
@on_option
@scenario_option
@steps_option
@folder_option("Write the plan's tables (CSV) and the report there.")
@click.option("--save", "kept", type=Place(folder=True), metavar="FOLDER", help="Save the plan there; `sv.reopen` opens it again.")
@click.option(
    "--export",
    "exported",
    type=Place(folder=False, endings=ENDINGS),
    metavar="FILE",
    help=_EXPORT,
)
@json_option
def plan(  # noqa: PLR0917 - one parameter an option
    region: str,
    options: PlanOptions,
    vintage: str | None,
    on: str | None,
    scenarios: tuple[str, ...],
    steps: int,
    out: Path | None,
    kept: Path | None,
    exported: Path | None,
    as_json: bool,
) -> None:
    """Find the best network for REGION, on proven evidence and with what is potential added.

    The best network so far and its proven gap are shown while it is looked for; Ctrl-C stops with it.
    """
    if kept is not None:
        refuse_others(kept, out)
    done = study(region, vintage, options, quiet=as_json, on=on, scenarios=scenarios, steps=steps)
    written = [] if out is None else write_tables(done, out)
    written += [] if kept is None else [verbs.save(done.plan, kept)]
    written += [] if exported is None else [verbs.export(done.plan, exported)]
    if as_json:
        print_json(_summary(done, written))
        return
    print_summary(done)
    print_planned(screen(), done)
    for words, place in (("Tables and report", out), ("Saved plan", kept), ("Program", exported)):
        if place is not None:
            screen().print(f"{words}: {place}", markup=False, soft_wrap=True)


def write_tables(done: Study, folder: Path, orders: LabOrders | None = None, studies: Studies | None = None) -> list[Path]:
    """The ledger, the totals, the marginal values and every table of the assessment as CSV, the order list if any, and the report."""
    frames = {
        "ledger": done.plan.potential.ledger.to_frame(),
        "ledger_proven": done.plan.proven.ledger.to_frame(),
        "ledger_today": done.plan.reference.to_frame(),
        "headline": done.assessment.headline,
        "totals": done.plan.totals(),
        "marginals": _marginals(done),
        **{name: getattr(done.assessment.potential, name) for name in _FIGURES},
        **{f"{name}_proven": getattr(done.assessment.proven, name) for name in _FIGURES},
    }
    if orders is not None:
        frames["orders"] = harmless_frame(orders.order())
    with whole_folder(folder, last=_REPORT) as place:
        for name, frame in frames.items():
            frame.to_csv(place / f"{name}.csv", index=False)
        write(done.plan, done.assessment, place / _REPORT, orders, studies)
    return [*(folder / f"{name}.csv" for name in frames), folder / _REPORT]


def _marginals(done: Study) -> pd.DataFrame:
    rows = [
        {
            "network": network.evidence,
            "constraint": one.constraint,
            "label": one.label,
            "value": one.value,
            "unit": one.unit,
            "text": one.text,
        }
        for network in (done.plan.proven, done.plan.potential)
        for one in network.marginals
    ]
    return pd.DataFrame(rows, columns=["network", "constraint", "label", "value", "unit", "text"])


def _summary(done: Study, written: list[Path]) -> dict[str, object]:
    networks = {network.evidence: _network(network) for network in (done.plan.proven, done.plan.potential)}
    return {
        "region": done.region.name,
        "vintage": done.region.vintage,
        "law_of": done.region.day,
        "scenarios": list(done.region.scenarios),
        "warnings": noticed(done.region),
        "objective": done.plan.options.objective,
        "headline": frame_rows(done.assessment.headline),
        "ranges": quoted_words(done),
        "emissions": {"unit": "t CO2e/a", **emissions(done)},
        "asked": asked_rows(done),
        **({"kept": rows} if (rows := kept_rows(done)) else {}),
        "networks": networks,
        "marginals": frame_rows(_marginals(done)),
        **({} if done.plan.options.changes is None else {"changes": frame_rows(made(done.plan)), "moved": frame_rows(moved(done.plan))}),
        "seconds": done.seconds,
        "written": [str(path) for path in written],
    }


def _network(network: Network) -> dict[str, object]:
    plain = ("status", "objective", "bound", "gap", "seconds", "method", "rows", "columns", "benefit", "carbon")
    return {**{name: getattr(network, name) for name in plain}, "ledger": frame_rows(network.ledger.to_frame())}
