"""The five figures of a plan beside today, each with its range and grade."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.assess.evidence import bearing_grade
from sivuvirta.assess.fates import used_weight
from sivuvirta.assess.roads.haulage import loads
from sivuvirta.assess.spread import amount_sd, carbon_sd, cash_sd
from sivuvirta.assess.terms import cost, emissions
from sivuvirta.assess.unknowns import carbon_change, change_grade, missing, money_change
from sivuvirta.domain.changes import change
from sivuvirta.domain.grades import Grade
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Floats
from sivuvirta.domain.ranges import includes_zero
from sivuvirta.domain.unknowns import NEITHER, blind, bound, said, unaccounted, unknown_emissions
from sivuvirta.units.ranges import HALF_WIDTH

LABELS = {
    "used_today": ("Used today", "t/a"),
    "could_be_used": ("Could be used", "t/a"),
    "benefit": ("Worth to the region", "EUR/a"),
    "carbon": ("Change of emissions", "t CO2e/a"),
    "trucks": ("Loaded trucks", "loads/d"),
}
"""Name and unit of each figure. Amounts are dry, without extractive waste, energy and water."""

CLAIMS = {"benefit": 1, "carbon": -1}
"""Figures that claim a benefit: above 0, or below it."""

PAIR = tuple(f"{name}{end}" for name in ("proven", "potential", "total") for end in ("", "_mean", "_low", "_high"))
"""Columns of proven + potential."""


@frozen
class Value:
    """A figure with its standard deviation."""

    value: float
    sd: float

    @property
    def low(self) -> float:
        """5 % point."""
        return self.value - HALF_WIDTH * self.sd

    @property
    def high(self) -> float:
        """95 % point."""
        return self.value + HALF_WIDTH * self.sd


def values(planned: Ledger, reference: Ledger) -> dict[str, Value]:
    """The five figures of a ledger.

    Used amounts and trucks vary with the amounts of the streams they come from (one independent draw a stream), worth and carbon with the
    coefficients on fixed flows; quantities vary through scenarios that solve the plan anew.
    """
    used, trucks = used_weight(planned.links), loads(planned.links)
    carbon = change(emissions(reference), emissions(planned))
    return {
        "used_today": _amount(reference, None, used),
        "could_be_used": _amount(planned, None, used),
        "benefit": Value(float(change(cost(planned), cost(reference))), float(np.linalg.norm(cash_sd(planned, reference)))),
        "carbon": Value(float(carbon) / 1000, float(np.linalg.norm(carbon_sd(planned, reference))) / 1000),
        "trucks": _amount(planned, None, trucks),
    }


def headline(planned: Ledger, reference: Ledger) -> pd.DataFrame:
    """The five figures of a ledger against the reference.

    Returns:
        Columns figure, label, unit, today, value, low, high (5 and 95 %), grade: at least 95 % of the figure rests on it or a better one,
        and D where something in it is not known; bound: how the whole stands to this known part (at least | at most | neither); unknown:
        what that is, in words; alarm: a benefit whose range includes zero.
    """
    figures, today, grade = values(planned, reference), _today(reference), _grades(planned, reference)
    unknown, bounds = _unknown(planned, reference), _bounds(planned, reference)
    rows = [
        (
            name,
            label,
            unit,
            today[name],
            figures[name].value,
            figures[name].low,
            figures[name].high,
            grade[name],
            bounds[name],
            unknown[name],
        )
        for name, (label, unit) in LABELS.items()
    ]
    table = pd.DataFrame(rows, columns=["figure", "label", "unit", "today", "value", "low", "high", "grade", "bound", "unknown"])
    table = _lost(table, planned, reference, ("value", "low", "high", "bound"))
    return table.assign(alarm=over_claimed(table["figure"], table["value"], table["low"], table["high"]))


def proven_and_potential(proven: Ledger, potential: Ledger, reference: Ledger) -> pd.DataFrame:
    """The five figures as proven + potential: what is sure, what could be added, and both together.

    Returns:
        Columns figure, label, unit, today, then proven, potential and total each with _low and _high, grade, sure_bound, bound,
        unknown and alarm (of the total); `mean` of draws is not known here, where there are none (`draws` is 0).
        What is potential is the difference of the two networks, with common draws.
    """
    sure, added, whole = values(proven, reference), _added(potential, proven), values(potential, reference)
    today, grade, unknown = _today(reference), _grades(potential, reference), _unknown(potential, reference)
    bounds = {"proven": _bounds(proven, reference), "bound": _bounds(potential, reference)}
    rows = [
        {
            "figure": name,
            "label": label,
            "unit": unit,
            "today": today[name],
            **_columns("proven", sure[name]),
            **_columns("potential", added[name]),
            **_columns("total", whole[name]),
            "grade": grade[name],
            "sure_bound": bounds["proven"][name],
            "bound": bounds["bound"][name],
            "unknown": unknown[name],
        }
        for name, (label, unit) in LABELS.items()
    ]
    table = pd.DataFrame(rows).assign(draws=0)
    whole_columns = tuple(name for name in PAIR if not name.startswith("proven"))
    table = _lost(table, potential, reference, (*whole_columns, "bound"))
    table = _lost(table, proven, reference, (*PAIR, "bound", "sure_bound"))
    return table.assign(alarm=over_claimed(table["figure"], table["total"], table["total_low"], table["total_high"]))


def _lost(table: pd.DataFrame, planned: Ledger, reference: Ledger, columns: tuple[str, ...]) -> pd.DataFrame:
    """What is counted against today is unknown where the plan moves what goes today nobody knows where; the reason in words."""
    reason = blind(planned.links, unaccounted(planned, reference))
    rows = table["figure"].isin(CLAIMS).to_numpy() & bool(reason)
    told = table.copy()
    for name in columns:
        told.loc[rows, name] = "" if name in ("bound", "sure_bound") else np.nan
    told.loc[rows, "grade"] = Grade.D.name
    told.loc[rows, "unknown"] = f"Unknown: {reason}."
    return told


def over_claimed(figure: pd.Series, value: pd.Series, low: pd.Series, high: pd.Series) -> Any:
    """Whether each figure claims a benefit (money saved, emissions avoided) that may as well be none."""
    claims = figure.map(CLAIMS).fillna(0.0) * value > 0
    return np.asarray(claims & includes_zero(value, low, high), dtype=bool)


def _columns(name: str, figure: Value) -> dict[str, float]:
    return {name: figure.value, f"{name}_mean": np.nan, f"{name}_low": figure.low, f"{name}_high": figure.high}


def _added(potential: Ledger, proven: Ledger) -> dict[str, Value]:
    """What the potential network adds to the proven one."""
    change = values(potential, proven)
    used, trucks = used_weight(potential.links), loads(potential.links)
    return {
        "used_today": Value(0.0, 0.0),
        "could_be_used": _amount(potential, proven, used),
        "benefit": change["benefit"],
        "carbon": change["carbon"],
        "trucks": _amount(potential, proven, trucks),
    }


def _today(reference: Ledger) -> dict[str, float]:
    used = float(used_weight(reference.links) @ reference.per_arc())
    trucks = float(loads(reference.links) @ reference.per_arc())
    return {"used_today": used, "could_be_used": used, "benefit": 0.0, "carbon": 0.0, "trucks": trucks}


def _amount(ledger: Ledger, less: Ledger | None, weight: Floats) -> Value:
    flow = ledger.per_arc() - (0.0 if less is None else less.per_arc())
    return Value(float(weight @ flow), amount_sd(ledger, less, weight))


def _grades(planned: Ledger, reference: Ledger) -> dict[str, str]:
    used, trucks = used_weight(planned.links), loads(planned.links)
    return {
        "used_today": bearing_grade(reference.grade, used[reference.arc] * reference.amount),
        "could_be_used": bearing_grade(planned.grade, used[planned.arc] * planned.amount),
        "benefit": change_grade(money_change(planned, reference)),
        "carbon": change_grade(carbon_change(planned, reference)),
        "trucks": bearing_grade(planned.grade, trucks[planned.arc] * planned.amount),
    }


def _unknown(planned: Ledger, reference: Ledger) -> dict[str, str]:
    """What counts as 0 in a figure because it is not known, in words; nothing for the figures that are amounts."""
    return {
        **dict.fromkeys(LABELS, ""),
        "benefit": missing(money_change(planned, reference)),
        "carbon": said(unknown_emissions(planned, reference)),
    }


def _bounds(planned: Ledger, reference: Ledger) -> dict[str, str]:
    """How each figure stands to its known part; a price or fee that is not known may act either way."""
    money = NEITHER if money_change(planned, reference).unknown.any() else ""
    return {**dict.fromkeys(LABELS, ""), "benefit": money, "carbon": bound(unknown_emissions(planned, reference))}
