"""Benefit and emissions of a pathway in steps: each year holds for those that it stands for, with its range and the sources behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sivuvirta.domain.pathways import Pathway
from sivuvirta.report.following.basis import Basis
from sivuvirta.report.studies.axes import Axis, axis
from sivuvirta.report.studies.blocks import Mark, Plot
from sivuvirta.report.tables import records
from sivuvirta.report.words import figure, span

FRAME = (64.0, 14.0, 540.0, 268.0)
_LEFT, _TOP, _RIGHT, _BOTTOM = FRAME
_INSET = 24.0  # px between the frame and the first year
_MOST = 6  # sources of a dot
_LABELS = {"benefit": "Benefit", "carbon": "Emissions against what would go on"}
_LOOKS = {"proven": ("curve", "proven"), "potential": ("dashed", "with potential")}


def yearly(found: Pathway, told: pd.DataFrame, name: str) -> Plot:
    """One figure over the years, proven and with potential, the range of the latter as a band.

    Args:
        found: the pathway.
        told: its years, as `assess.yearly.years` tells them.
        name: benefit | carbon.
    """
    rows = told[told["figure"] == name]
    unit, label = str(rows["unit"].iloc[0]), _LABELS[name]
    up = axis(rows[["value", "low", "high"]].to_numpy(float).ravel().tolist(), unit, _BOTTOM, _TOP, zero=True)
    ends_in = float(found.years[-1]) + float(found.potential.money["years"].iloc[-1])
    across = time((*found.years, ends_in))
    marks = [Mark("line", ((_LEFT, up.at(0.0)), (_RIGHT, up.at(0.0))), "zero")]
    whole = rows[rows["network"] == "potential"]
    wide = _band(whole, lambda part: _steps(part, across, ends_in), up)
    marks += wide
    for network, (look, words) in _LOOKS.items():
        part = rows[rows["network"] == network]
        marks.append(Mark("line", _lifted(_steps(part, across, ends_in), part["value"].tolist(), up), look))
        marks += [_dot(row, (across(row["year"]), up.at(float(row["value"]))), words) for row in records(part)]
    last = [
        f"{figure(float(part['value'].iloc[-1]), unit).text} {_LOOKS[str(key)][1]}" for key, part in rows.groupby("network", sort=False)
    ]
    text = f"{label} by year; in {found.years[-1]} {' and '.join(last)}. The table has every year."
    ticks = tuple((across(year), str(year)) for year in spaced(found.years))
    keys = [*_LOOKS.values(), *([("band", "5 to 95 % with potential, the flows held")] if wide else [])]
    return Plot(label, text, "Year", f"{label}, {up.unit}", ticks, up.ticks, tuple(marks), tuple(keys))


def _steps(part: pd.DataFrame, across: Callable[[float], float], ends_in: float) -> list[tuple[float, float]]:
    """Where each year begins and ends, px."""
    places = [across(float(year)) for year in part["year"]]
    return list(zip(places, [*places[1:], across(ends_in)], strict=True))


def _lifted(steps: Sequence[tuple[float, float]], values: Sequence[float], up: Axis) -> tuple[tuple[float, float], ...]:
    """Both ends of each step at the height of its value."""
    return tuple((place, up.at(value)) for ends, value in zip(steps, values, strict=True) for place in ends)


def _band(part: pd.DataFrame, steps: Callable[[pd.DataFrame], list[tuple[float, float]]], up: Axis) -> list[Mark]:
    """The range as a surface; none where a year that differs from 0 has none."""
    ends = part[["low", "high"]].fillna({"low": 0.0, "high": 0.0}) if (part["value"] == 0).all() else part[["low", "high"]]
    if not np.isfinite(ends.to_numpy(float)).all() or (ends["low"] == ends["high"]).all():
        return []
    low, high = (_lifted(steps(part), ends[name].tolist(), up) for name in ("low", "high"))
    return [Mark("line", (*low, *reversed(high)), "band")]


def _dot(row: dict[str, Any], place: tuple[float, float], words: str) -> Mark:
    unit = str(row["unit"])
    between = span(row["low"], row["high"], unit)
    title = f"{row['year']}, {words}: {figure(float(row['value']), unit).text}{f', 5 to 95 %: {between}' if between else ''}"
    return Mark("dot", (place,), "point", title, radius=4.0, basis=_basis(row, title))


def _basis(row: dict[str, Any], title: str) -> Basis:
    """What a year rests on: the sources that most of its flows name."""
    named = [each for each in str(row["sources"]).split("; ") if each]
    more = len(named) - _MOST
    grade = f"Grade {row['grade']}. " if row["grade"] else ""
    told = f"{title}. {grade}A year of the best course, all years planned together."
    if more > 0:
        told += f" The {_MOST} sources that most of its flows name stand here; {more} more stand behind others."
    return Basis(told, sources=tuple(named[:_MOST]), missing=str(row["unknown"] or "").rstrip("."))


def time(years: Sequence[float]) -> Callable[[float], float]:
    """Place of a year across the frame, px."""
    first, wide = years[0], (years[-1] - years[0]) or 1

    def at(year: float) -> float:
        return round(_LEFT + _INSET + (year - first) / wide * (_RIGHT - _LEFT - 2 * _INSET), 1)

    return at


def spaced(years: Sequence[int], most: int = 6) -> Sequence[int]:
    """Years that are named, so that their names do not touch."""
    return years[:: -(-len(years) // most)]
