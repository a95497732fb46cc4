"""`sivuvirta metrics`: the region's flows as a network, today and planned, who stands between others, and how it changes."""

from __future__ import annotations

from typing import Any

import click
import pandas as pd
from rich.console import Console

from sivuvirta import verbs
from sivuvirta.cli.common.options import json_option, region_argument, scenario_option
from sivuvirta.cli.common.screen import frame_rows, print_json, print_table, progress, screen
from sivuvirta.cli.common.study import load, titled
from sivuvirta.cli.measure.trends import between, print_trend, steps, told, trend
from sivuvirta.domain.networks import LEVELS, NO_CLAIM, NetworkFigures, NetworkMetrics
from sivuvirta.domain.traffic import REFERENCE
from sivuvirta.report.words import number

_MOST = 8  # nodes on the screen
_UNIT = "What is counted: t, MWh, m3, EUR, or a component such as Cr_total. Units are never added."
_VINTAGE = "Year of the register, for example 2018; give it again for the trend from one to the next."


@click.command()
@region_argument
@click.option("--level", type=click.Choice(LEVELS), default="site", show_default=True, help="What a node of the network is.")
@click.option("--unit", default="t", show_default=True, metavar="UNIT", help=_UNIT)
@click.option("--extractive", is_flag=True, help="Count wastes of mining too; they are so large that they hide everything else.")
@click.option("--trend", "trended", is_flag=True, help="Tell what changes from today to the plan, with ranges and in words.")
@click.option("--vintage", "vintages", multiple=True, metavar="NAME", help=_VINTAGE)
@scenario_option
@json_option
def metrics(region: str, as_json: bool, **asked: Any) -> None:
    """Measure the flows of REGION as a network, today and planned: links, cycles, organisation, robustness, central nodes."""
    with progress("Measuring the network …", quiet=as_json):
        plans = [verbs.plan(load(region, vintage, None, asked["scenarios"])) for vintage in asked["vintages"] or (None,)]
        found = verbs.metrics(plans, asked["level"], asked["unit"], asked["extractive"])
    changes = trend(found, steps(found, plans=asked["trended"] or as_json))
    if as_json:
        print_json({"region": region, "scenarios": list(asked["scenarios"]), **_body(found, changes)})
        return
    title = " and ".join(dict.fromkeys([titled(plans[0].links.region), *(str(plan.links.region.vintage) for plan in plans[1:])]))
    _print(screen(), title, found)
    print_trend(screen(), f"{plans[0].links.region.title or region}, network of {found.level}s in {found.unit}", changes)


def _body(found: NetworkMetrics, changes: pd.DataFrame) -> dict[str, Any]:
    networks = {
        column: {
            "vintage": one.vintage,
            "indicators": frame_rows(one.indicators),
            "nodes": frame_rows(one.nodes),
            "notes": list(one.notes),
        }
        for column, one in zip(found.columns, found.networks, strict=True)
    }
    return {
        "level": found.level,
        "unit": found.unit,
        "networks": networks,
        "trend": frame_rows(found.trend()),
        "changes": frame_rows(changes),
    }


def _print(console: Console, title: str, found: NetworkMetrics) -> None:
    columns = [("Indicator", "left"), *((name, "right") for name in found.columns), ("Grade", "left")]
    unsure = _unsure(found)
    rows = [_row(indicator, found, unsure) for indicator in found.networks[-1].indicators["indicator"]]
    print_table(console, f"{title}: network of {found.level}s in {found.unit}", columns, rows)
    if unsure:
        console.print(f"= today: {NO_CLAIM}, for the range of the difference from today, drawn together, includes zero.", markup=False)
    central = found.networks[-1].nodes.head(_MOST)
    heads = [("Most central", "left"), ("Takes from", "right"), ("Gives to", "right"), ("Stands between", "right"), ("by flow", "right")]
    print_table(console, f"Who stands between others, {found.columns[-1]}", heads, [_node(row) for row in central.itertuples()])
    for column, one in zip(found.columns, found.networks, strict=True):
        for note in one.notes:
            console.print(f"{column}: {note}", markup=False, soft_wrap=True, style="dim")


def _unsure(found: NetworkMetrics) -> set[tuple[str, str]]:
    """Networks and indicators that cannot be told from today's of the same vintage."""
    changes = trend(found, steps(found, plans=True)) if len(found.networks) > 1 else pd.DataFrame()
    marked = changes[changes["alarm"] & changes["from"].str.startswith(REFERENCE)] if len(changes) else changes
    return {(row["to"], row["indicator"]) for row in marked.to_dict("records") if not row["to"].startswith(REFERENCE)}


def _row(indicator: str, found: NetworkMetrics, unsure: set[tuple[str, str]]) -> list[str]:
    table = found.networks[-1].indicators
    last = table[table["indicator"] == indicator].to_dict("records")[0]
    unit = str(last["unit"])
    told_of = zip(found.columns, found.networks, strict=True)
    values = [f"{_figure(one, indicator, unit)}{chr(10) + '= today' if (name, indicator) in unsure else ''}" for name, one in told_of]
    return [str(last["label"]), *values, str(last["grade"])]


def _figure(one: NetworkFigures, indicator: str, unit: str) -> str:
    """An indicator of one network, its 5 to 95 % and the mean of its draws below it where there are any."""
    row = one.indicators[one.indicators["indicator"] == indicator].to_dict("records")[0]
    span = between(float(row["low"]), float(row["high"]), unit)
    text = _bounded(told(one[indicator], unit), one.bound(indicator))
    return f"{text}\n{span}\nmean {told(float(row['mean']), unit)}" if span else text


def _bounded(text: str, bound: str) -> str:
    return f"{bound} {text}" if bound == "at least" else f"{text} ({bound})" if bound else text


def _node(row: Any) -> list[str]:
    return [row.name, str(row.takes_from), str(row.gives_to), number(row.betweenness), number(row.betweenness_by_flow)]
