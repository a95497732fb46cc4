"""Vintages: the main figures over the years as lines with their ranges as bands, each dot leading to its sources."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pandas as pd

from sivuvirta.domain.vintages import Vintages
from sivuvirta.report.following.basis import Basis
from sivuvirta.report.studies.axes import Axis, axis
from sivuvirta.report.studies.blocks import Block, Mark, Pictures, Plot, Section, Words
from sivuvirta.report.studies.frames import GRADE, NETWORKS, RANGE, framed
from sivuvirta.report.tables import Column, records
from sivuvirta.report.words import figure, listed, span

_FRAME = (64.0, 14.0, 540.0, 268.0)
_LEFT, _TOP, _RIGHT, _BOTTOM = _FRAME
_INSET = 36.0  # px between the frame and the first year
_LOOKS = {"today": "middle", "proven": "curve", "potential": "dashed"}
_TITLED = {"today": "today", "proven": "the plan proven", "potential": "with potential"}
_MOST = 6  # sources of a dot; the row of the table names all
_ZERO = ("benefit", "carbon")  # figures against today, whose zero is drawn


def vintages(found: Vintages) -> Section:
    """The section of vintages."""
    several = len(found.names) > 1
    lead = f"The main figures of {listed(list(found.names))}, each vintage planned with the same options on what its register states."
    blocks: list[Block] = []
    if several:
        figures = list(dict.fromkeys(found.figures["figure"]))
        blocks += [Pictures(tuple(drawn for name in figures if (drawn := picture(found, name)) is not None))]
        blocks += [
            Words("Between two vintages nothing is known: a line only leads from one to the next. A click on a dot tells its sources.")
        ]
    columns = (
        Column("label", "Figure", "name"),
        Column("vintage", "Vintage"),
        Column("network", "Network"),
        Column("value", "Figure of the year", "number", "*"),
        RANGE,
        GRADE,
        Column("unknown", "Not known", "long"),
    )
    table = framed("vintages-table", "Main figures by vintage.", found.figures, columns, "Figures")
    return Section("vintages-section", "Vintages", "How do the years compare?", lead, (*blocks, table))


def picture(found: Vintages, name: str) -> Plot | None:
    """One figure over the years; None where no year knows it."""
    rows = {network: part for network in _LOOKS if len(part := found.of(name, network).dropna(subset=["value"]))}
    if not rows:
        return None
    drawn = pd.concat(rows.values())
    unit, label = str(drawn["unit"].iloc[0]), str(drawn["label"].iloc[0])
    up = axis(drawn[["value", "low", "high"]].to_numpy(float).ravel().tolist(), unit, _BOTTOM, _TOP, zero=name in _ZERO)
    years = sorted({int(year) for year in found.figures["year"]})
    across = _time(years)
    last = list(rows)[-1]
    marks = [Mark("line", ((_LEFT, up.at(0.0)), (_RIGHT, up.at(0.0))), "zero")] if name in _ZERO else []
    marks += band(rows[last], across, up)
    for network, part in rows.items():
        marks += course(part, network, across, up)
    networks = [_TITLED[network] for network in rows]
    told = [f"{row['vintage']} {NETWORKS[row['network']]} {figure(row['value'], unit).text}" for row in records(drawn)]
    keys = [(look, NETWORKS[network]) for network, look in _LOOKS.items() if network in rows]
    keys += [("band", f"5 to 95 %, {NETWORKS[last]}")] if rows[last][["low", "high"]].notna().all(axis=None) else []
    ticks = tuple((across(year), str(year)) for year in years)
    title = f"{label}, {years[0]} to {years[-1]}: {listed(networks)}"
    return Plot(title, "; ".join(told), "Vintage", f"{label}, {up.unit}", ticks, up.ticks, tuple(marks), tuple(keys))


def band(part: pd.DataFrame, across: Callable[[float], float], up: Axis) -> list[Mark]:
    """The range over the years as a surface; none where one year has no range."""
    ends = part[["low", "high"]].to_numpy(float)
    if len(part) < 2 or not all(math.isfinite(end) for end in ends.ravel()):
        return []
    places = [across(year) for year in part["year"]]
    low = [(place, up.at(end)) for place, end in zip(places, ends[:, 0].tolist(), strict=True)]
    high = [(place, up.at(end)) for place, end in zip(places, ends[:, 1].tolist(), strict=True)]
    return [Mark("line", (*low, *reversed(high)), "band")]


def course(part: pd.DataFrame, network: str, across: Callable[[float], float], up: Axis) -> list[Mark]:
    """A line from vintage to vintage, and a dot for each that tells its figure, range and sources."""
    places = [(across(year), up.at(value)) for year, value in zip(part["year"], part["value"], strict=True)]
    marks = [Mark("line", tuple(places), _LOOKS[network])] if len(places) > 1 else []
    for place, row in zip(places, records(part), strict=True):
        unit = str(row["unit"])
        between = span(row["low"], row["high"], unit)
        title = f"{row['vintage']}, {NETWORKS[network]}: {figure(row['value'], unit).text}{f', {between}' if between else ''}"
        look = "ink" if network == "today" else "point"
        marks.append(Mark("dot", (place,), look, title, radius=4.5, basis=_basis(row, title)))
    return marks


def _basis(row: dict[str, object], title: str) -> Basis:
    named = [each for each in str(row["sources"]).split("; ") if each]
    more = len(named) - _MOST
    words = f"{title}. Grade {row['grade']}; planned on the register of {row['vintage']}."
    if more > 0:
        words += f" The {_MOST} sources that most of its rows name stand here; the row of the table below has {more} more."
    return Basis(words, sources=tuple(named[:_MOST]), missing=str(row["unknown"]).rstrip("."))


def _time(years: Sequence[int]) -> Callable[[float], float]:
    """Place of a year across the frame, px."""
    first, wide = years[0], (years[-1] - years[0]) or 1

    def at(year: float) -> float:
        return round(_LEFT + _INSET + (year - first) / wide * (_RIGHT - _LEFT - 2 * _INSET), 1)

    return at
