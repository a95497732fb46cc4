"""`sivuvirta plan`: the best network of a region, as tables."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from sivuvirta.cli.options import folder_option, json_option, objective_option, region_argument, vintage_option
from sivuvirta.cli.screen import frame_rows, print_json, screen
from sivuvirta.cli.study import Study, print_summary, study
from sivuvirta.domain.plans import Network, PlanOptions
from sivuvirta.report import write

_FIGURES = ("fates", "diverted", "money", "organisations", "carbon", "products", "transport", "roads", "investment", "grades")


@click.command()
@region_argument
@objective_option
@vintage_option
@click.option("--budget", type=click.FloatRange(min=0), metavar="EUR", help="Investment at most.")
@click.option("--co2-limit", type=float, metavar="T", help="Emissions of the whole network at most, t CO2e a year.")
@folder_option("Write the plan's tables (CSV) and the report there.")
@json_option
def plan(  # noqa: PLR0917 - one parameter an option
    region: str, objective: str, vintage: str | None, budget: float | None, co2_limit: float | None, out: Path | None, as_json: bool
) -> None:
    """Find the best network for REGION, on proven evidence and with what is potential added."""
    options = PlanOptions(objective=objective, budget=budget, co2_limit=co2_limit)
    done = study(region, vintage, options, quiet=as_json)
    written = [] if out is None else write_tables(done, out)
    if as_json:
        print_json(_summary(done, written))
        return
    print_summary(done)
    if out is not None:
        screen().print(f"Tables and report: {out}", markup=False, soft_wrap=True)


def write_tables(done: Study, folder: Path) -> list[Path]:
    """The ledger, the totals, the marginal values and every table of the assessment as CSV, and the report."""
    folder.mkdir(parents=True, exist_ok=True)
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
    written = []
    for name, frame in frames.items():
        path = folder / f"{name}.csv"
        frame.to_csv(path, index=False)
        written.append(path)
    return [*written, write(done.plan, done.assessment, folder / "report.html")]


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
        "objective": done.plan.options.objective,
        "headline": frame_rows(done.assessment.headline),
        "networks": networks,
        "marginals": frame_rows(_marginals(done)),
        "seconds": done.seconds,
        "written": [str(path) for path in written],
    }


def _network(network: Network) -> dict[str, object]:
    plain = ("status", "objective", "bound", "gap", "seconds", "method", "rows", "columns", "benefit", "carbon")
    return {**{name: getattr(network, name) for name in plain}, "ledger": frame_rows(network.ledger.to_frame())}
