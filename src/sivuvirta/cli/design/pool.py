"""`sivuvirta pool`: the best network where what plants mix stays mixed, or a published pooling problem."""

from __future__ import annotations

from typing import Any

import click
import numpy as np
import pandas as pd
from rich.console import Console

from sivuvirta import cases, verbs
from sivuvirta.cli.common.amounts import Amount, AmountCommand
from sivuvirta.cli.common.options import json_option, on_option, vintage_option
from sivuvirta.cli.common.screen import frame_rows, print_json, print_table, progress, screen
from sivuvirta.cli.common.study import load, titled
from sivuvirta.domain.plans import Network
from sivuvirta.domain.pooling import METHODS, PooledPlan, PoolingAnswer, PoolingOptions, Progress
from sivuvirta.report.words import figure

_SOLVED = ("status", "objective", "bound", "gap", "seconds", "method")


@click.command(cls=AmountCommand)
@click.argument("region", metavar="REGION")
@click.option("--method", type=click.Choice(METHODS), default="auto", show_default=True, help="auto takes scip where it is installed.")
@click.option("--gap", type=Amount(least=0), default=1e-4, show_default=True, metavar="PART", help="Gap that is small enough.")
@click.option(
    "--time-limit", type=Amount(least=0), default=300.0, show_default=True, metavar="SECONDS", help="Stop then, with the best found."
)
@vintage_option
@on_option
@json_option
def pool(  # noqa: PLR0917 - one parameter an option
    region: str, method: str, gap: float, time_limit: float, vintage: str | None, on: str | None, as_json: bool
) -> None:
    """Find the best network of REGION, or flows of a published CASE, where what plants mix stays mixed."""
    published = region in cases.poolings()
    source = region if published else load(region, vintage, on)
    with progress("Mixing …", quiet=as_json) as status:

        def tell(now: Progress) -> None:
            if status is not None:
                status.update(f"Mixing … best {now.incumbent:,.6g}, bound {now.bound:,.6g}")

        options = PoolingOptions(method=method, gap=gap, time_limit=time_limit, watch=tell)
        found = verbs.pool(source, options)
    if isinstance(found, PoolingAnswer):
        _case(region, found, as_json)
    else:
        _region(found, as_json)


def _case(name: str, found: PoolingAnswer, as_json: bool) -> None:
    if as_json:
        solved = {key: getattr(found, key) for key in _SOLVED}
        print_json({"case": name, **solved, "flows": frame_rows(found.flows()), "qualities": frame_rows(found.compositions())})
        return
    console = screen()
    _headline(console, name, found)
    _table(console, "Flows", found.flows())
    _table(console, "Qualities", found.compositions().dropna(subset="value"))


def _region(found: PooledPlan, as_json: bool) -> None:
    networks = {"proven": found.plan.proven, "potential": found.plan.potential}
    apart = {"proven": found.batches.proven, "potential": found.batches.potential}
    if as_json:
        body = {name: {**_solved(network), "in_batches": _solved(apart[name])} for name, network in networks.items()}
        tables = {name: frame_rows(getattr(found, name)) for name in ("compositions", "limits")}
        ledgers = {name: frame_rows(network.ledger.to_frame()) for name, network in networks.items()}
        print_json({"region": found.plan.links.region.name, "networks": body, **tables, "ledgers": ledgers})
        return
    console = screen()
    for name, network in networks.items():
        _headline(console, f"{titled(found.plan.links.region)}, {name}", network)
        benefits = [figure(one.benefit, "EUR/a").text for one in (network, apart[name])]
        console.print(f"  benefit {benefits[0]}; in batches {benefits[1]}", markup=False)
    names = dict(zip(found.plan.links.nodes.id, found.plan.links.nodes.name, strict=True))
    mixes, limits = found.compositions, found.limits
    _table(console, "What mixes consist of", mixes.assign(**{key: mixes[key].replace(names) for key in ("plant", "input")}))
    _table(console, "Limits on what needs get", limits.assign(need=limits["need"].replace(names)))


def _solved(network: Network) -> dict[str, Any]:
    return {name: getattr(network, name) for name in (*_SOLVED, "benefit", "carbon")}


def _headline(console: Console, title: str, found: PoolingAnswer | Network) -> None:
    told = [
        f"cost {figure(value, 'EUR/a').full}" if isinstance(found, Network) else f"{value:,.6g}" for value in (found.objective, found.bound)
    ]
    text = f"{title}: {found.status}, {told[0]}, bound {told[1].removeprefix('cost ')}, gap {found.gap:.2g}"
    console.print(f"{text} ({found.method}, {found.seconds:.1f} s)", markup=False, soft_wrap=True)


def _table(console: Console, title: str, frame: pd.DataFrame) -> None:
    if frame.empty:
        return
    heads = [(str(name).capitalize(), "right" if frame[name].dtype.kind == "f" else "left") for name in frame.columns]
    rows = [[_cell(cell) for cell in row] for row in frame.itertuples(index=False)]
    print_table(console, title, heads, rows)


def _cell(value: Any) -> str:
    if not isinstance(value, float):
        return str(value)
    return "" if np.isnan(value) else f"{value:,.4g}"
