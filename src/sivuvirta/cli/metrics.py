"""`sivuvirta metrics`: the region's flows as a network, today and planned, and who stands between others."""

from __future__ import annotations

from typing import Any

import click
import numpy as np
from rich.console import Console

from sivuvirta import verbs
from sivuvirta.cli.options import json_option, region_argument
from sivuvirta.cli.screen import frame_rows, print_json, print_table, progress, screen
from sivuvirta.cli.study import load, titled
from sivuvirta.domain.networks import LEVELS, NetworkMetrics
from sivuvirta.report.words import figure

_MOST = 8  # nodes on the screen


@click.command()
@region_argument
@click.option("--level", type=click.Choice(LEVELS), default="site", show_default=True, help="What a node of the network is.")
@click.option(
    "--unit",
    default="t",
    show_default=True,
    metavar="UNIT",
    help="What is counted: t, MWh, m3, EUR, or a component such as Cr_total. Units are never added.",
)
@click.option("--extractive", is_flag=True, help="Count wastes of mining too; they are so large that they hide everything else.")
@click.option("--vintage", "vintages", multiple=True, metavar="NAME", help="Year of the register, for example 2018; may be repeated.")
@json_option
def metrics(region: str, level: str, unit: str, extractive: bool, vintages: tuple[str, ...], as_json: bool) -> None:
    """Measure the flows of REGION as a network, today and planned: links, cycles, organisation, robustness, central nodes."""
    with progress("Measuring the network …", quiet=as_json):
        plans = [verbs.plan(load(region, vintage)) for vintage in vintages or (None,)]
        ledgers = [ledger for plan in plans for ledger in (plan.reference, plan.proven.ledger, plan.potential.ledger)]
        found = verbs.metrics(ledgers, level, unit, extractive)
    if as_json:
        print_json(_body(region, found))
        return
    title = ", ".join(titled(plan.links.region) for plan in plans)
    _print(screen(), title, found)


def _body(region: str, found: NetworkMetrics) -> dict[str, Any]:
    networks = {
        column: {
            "vintage": one.vintage,
            "indicators": frame_rows(one.indicators),
            "nodes": frame_rows(one.nodes),
            "notes": list(one.notes),
        }
        for column, one in zip(found.columns, found.networks, strict=True)
    }
    return {"region": region, "level": found.level, "unit": found.unit, "networks": networks, "trend": frame_rows(found.trend())}


def _print(console: Console, title: str, found: NetworkMetrics) -> None:
    columns = [("Indicator", "left"), *((name, "right") for name in found.columns), ("Range of the last", "right"), ("Grade", "left")]
    rows = [_row(indicator, found) for indicator in found.networks[-1].indicators["indicator"]]
    print_table(console, f"{title}: network of {found.level}s in {found.unit}", columns, rows)
    central = found.networks[-1].nodes.head(_MOST)
    heads = [("Most central", "left"), ("Takes from", "right"), ("Gives to", "right"), ("Stands between", "right"), ("by flow", "right")]
    print_table(console, "", heads, [_node(row) for row in central.itertuples()])
    for column, one in zip(found.columns, found.networks, strict=True):
        for note in one.notes:
            console.print(f"{column}: {note}", markup=False, soft_wrap=True, style="dim")


def _row(indicator: str, found: NetworkMetrics) -> list[str]:
    table = found.networks[-1].indicators
    last = table[table["indicator"] == indicator].to_dict("records")[0]
    unit, low, high = str(last["unit"]), float(last["low"]), float(last["high"])
    span = (
        ""
        if np.isnan(low) or low == high
        else f"{_text(low, unit)} or more"
        if np.isnan(high)
        else f"{_text(low, unit)} … {_text(high, unit)}"
    )
    return [
        str(last["label"]),
        *(_bounded(_text(one[indicator], unit), one.bound(indicator)) for one in found.networks),
        span,
        str(last["grade"]),
    ]


def _bounded(text: str, bound: str) -> str:
    return f"{bound} {text}" if bound == "at least" else f"{text} ({bound})" if bound else text


def _text(value: float, unit: str) -> str:
    if np.isnan(value):
        return "unknown"
    if unit.endswith("/a"):
        return figure(value, unit).text
    return f"{value:.4g}"


def _node(row: Any) -> list[str]:
    return [row.name, str(row.takes_from), str(row.gives_to), f"{row.betweenness:g}", f"{row.betweenness_by_flow:g}"]
