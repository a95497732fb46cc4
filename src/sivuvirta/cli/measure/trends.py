"""Trends of networks on the screen: from today to the plan, and from one vintage to the next, in figures and words."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console

from sivuvirta.cli.common.screen import print_table
from sivuvirta.domain.networks import NO_CLAIM, NetworkMetrics
from sivuvirta.domain.traffic import REFERENCE
from sivuvirta.report.words import figure, number, span

_HEADS = [("Indicator", "left"), *((head, "right") for head in ("Before", "After", "Changes by", "Mean", "5 to 95 %"))]
_HEADS += [("Grade", "left"), ("", "left")]
UNSURE = NO_CLAIM
TOLD = ", of what is told"
_IN_PART = "The comparison is of what is told."
_ROUNDING = 1e-9  # relative: figures that differ by less are one


def steps(found: NetworkMetrics, *, plans: bool) -> list[tuple[str, str]]:
    """Pairs of networks that a trend leads from and to, by the names of their columns.

    Args:
        found: the networks.
        plans: from today to each network of the same vintage too; without it only from one vintage to the next, state by state.
    """
    named = list(zip(found.columns, found.networks, strict=True))
    years = list(dict.fromkeys(each.vintage for each in found.networks))
    pairs = []
    for early, late in pairwise(years):
        states = {each.name: column for column, each in named if each.vintage == early}
        pairs += [(states[each.name], column) for column, each in named if each.vintage == late and each.name in states]
    for year in years if plans else ():
        today = [column for column, each in named if each.vintage == year and each.name == REFERENCE]
        pairs += [(start, column) for start in today for column, each in named if each.vintage == year and each.name != REFERENCE]
    return pairs


def trend(found: NetworkMetrics, pairs: list[tuple[str, str]]) -> pd.DataFrame:
    """Rows of `NetworkMetrics.trend` for some pairs, with words, and whether they are of two vintages (`apart`)."""
    frames = [frame[frame["to"] == last] for first, last in pairs for frame in (found.trend(first),)]
    table = pd.concat(frames, ignore_index=True) if frames else found.trend().iloc[:0]
    year = {column: each.vintage for column, each in zip(found.columns, found.networks, strict=True)}
    apart = table["from"].map(year) != table["to"].map(year)
    return table.assign(apart=apart.astype(bool), words=[_words(row) for row in table.to_dict("records")])


def print_trend(console: Console, title: str, table: pd.DataFrame) -> None:
    """A table a pair: what changes by how much; what stays in a sentence."""
    for (first, last), part in table.groupby(["from", "to"], sort=False):
        moved = part[~part["words"].isin(["stays"])]
        print_table(console, f"{title}: from {first} to {last}", _HEADS, [_row(row) for row in moved.to_dict("records")])
        same = part[part["words"] == "stays"]["label"].tolist()
        told = [f"The same: {', '.join(same)}."] if same else []
        told += [f"{text} {_IN_PART}" for text in dict.fromkeys(part["unknown"]) if text]
        for sentence in told:
            console.print(sentence, markup=False, soft_wrap=True, style="dim")
    for sentence in claims(table):
        console.print(sentence, markup=False, soft_wrap=True, style="dim")


def claims(table: pd.DataFrame) -> list[str]:
    """What it means that no difference can be claimed, by how the two networks are drawn."""
    unsure = table[table["words"] == UNSURE]
    found = []
    if unsure["apart"].any():
        found.append("No difference can be claimed between two vintages: its range includes zero; each vintage is drawn for itself.")
    if (~unsure["apart"]).any():
        found.append("No difference can be claimed from today: its range includes zero; both are drawn together.")
    return found


def told(value: float, unit: str, *, sign: bool = False) -> str:
    """A figure of a network: yearly amounts with their unit, all others as a plain number."""
    if np.isnan(value):
        return "unknown"
    if unit.endswith("/a"):
        return figure(value, unit, sign=sign).text
    return f"{'+' if sign and value > 0 else ''}{number(value, 4)}"


def between(low: float, high: float, unit: str) -> str:
    """A range of such a figure, "" where there is none."""
    if np.isnan(low) or low == high:
        return ""
    if np.isnan(high):
        return f"{told(low, unit)} or more"
    return span(low, high, unit) if unit.endswith("/a") else f"{told(low, unit)} to {told(high, unit)}"


def _row(row: dict[Any, Any]) -> list[str]:
    unit = str(row["unit"])
    figures = [told(row[name], unit, sign=name == "difference") for name in ("before", "after", "difference")]
    ends = between(row["low"], row["high"], unit)
    return [str(row["label"]), *figures, told(row["mean"], unit, sign=True) if ends else "", ends, row["grade"], row["words"]]


def _words(row: dict[Any, Any]) -> str:
    """What the difference tells."""
    change = float(row["difference"])
    if np.isnan(change):
        return "unknown on one side" if np.isnan(row["before"]) != np.isnan(row["after"]) else "unknown"
    if abs(change) <= _ROUNDING * max(abs(row["before"]), abs(row["after"])):
        return "stays"
    if row["alarm"]:
        return UNSURE
    return f"{'grows' if change > 0 else 'falls'}{TOLD if row['unknown'] else ''}"
