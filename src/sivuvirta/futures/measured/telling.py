"""Telling: draws of figures as a table with mean and range, alarms where a benefit may be none, and words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from sivuvirta.domain.links import Floats
from sivuvirta.domain.ranges import RangesOptions, includes_zero, without_tail
from sivuvirta.futures.measured.network import Networks
from sivuvirta.futures.measured.undrawn import undrawn

COLUMNS = ["network", "table", "row", "label", "unit", "value", "mean", "sd", "low", "high", "alarm", "unknown", "bound", "missing"]
_ALWAYS = {("headline", None), ("diverted", "total"), ("products", "virgin"), ("jobs", "posts")}
"""Figures that are told although they are 0 in every draw; None is any row."""

WORDS = {
    "benefit": "what the network is worth",
    "carbon": "the emissions",
    "could_be_used": "what could be used",
    "trucks": "the loaded trucks",
    "diverted": "what is diverted",
    "virgin": "the primary product bought less",
}
_CERTAIN = 1e-12  # relative spread that is rounding


class Figures:
    """Gathers draws of all figures that are sums over flows."""

    def __init__(self, over: Networks) -> None:
        self.over = over
        self.middle = over.figures(np.zeros((1, len(over.found))))[0]
        self.parts: dict[str, list[Floats]] = {name: [] for name in over.planned}

    def add(self, values: Mapping[str, Floats]) -> None:
        """Some more draws, (draws, rows) by network."""
        for name, part in values.items():
            self.parts[name].append(part)

    def frame(self) -> tuple[pd.DataFrame, dict[tuple[str, str, str], Floats]]:
        """The table, and the draws of its rows."""
        rows, samples = [], {}
        for name, parts in self.parts.items():
            values, reasons, zero = np.concatenate(parts), self.over.unknown(name), self.over.counted_zero(name)
            for at, (table, row) in enumerate(self.over.rows):
                value = float(self.middle[name][0, at])
                told = (table, row.key) in _ALWAYS or (table, None) in _ALWAYS
                if not (told or value or values[:, at].any()):
                    continue
                draws = np.full(len(values), np.nan) if reasons[at] else values[:, at]
                samples[name, table, row.key] = draws
                stated = np.nan if reasons[at] else value
                rows.append(
                    (
                        name,
                        table,
                        row.key,
                        row.label,
                        row.unit,
                        *told_of(stated, draws, row.claim),
                        reasons[at],
                        *zero.get((table, row.key), ("", "")),
                    )
                )
        return pd.DataFrame(rows, columns=COLUMNS), samples


def told_of(value: float, draws: Floats, claim: int) -> tuple[float, float, float, float, float, bool]:
    """Value, mean, standard deviation, 5 and 95 % points, and whether a claimed benefit may be none.

    Args:
        value: at the middle of all inputs.
        draws: the figure in each; NaN is left out.
        claim: 1 where above 0 is a benefit, -1 where below, 0 where neither.
    """
    known = draws[np.isfinite(draws)]
    if not len(known) or np.isnan(value):
        return np.nan, np.nan, np.nan, np.nan, np.nan, False
    low, high = (float(point) for point in np.quantile(known, (0.05, 0.95)))
    sd = float(known.std(ddof=1)) if len(known) > 1 else 0.0
    if sd <= _CERTAIN * float(np.abs(known).max(initial=0.0)):
        sd = 0.0
    alarm = bool(claim * value > 0 and includes_zero(value, low, high))
    return value, float(known.mean()), sd, low, high, alarm


def measured_words(row: Mapping[Any, Any]) -> str:
    """What measuring an input would tell, in words.

    Args:
        row: of the table of parts.
    """
    named = str(row["label"])
    article = "" if named.startswith("what ") else "the "
    return f"Measure {article}{named}: it carries {max(row['total'], 0.0):.0%} of the range of {WORDS[str(row['figure'])]}."


def notes(over: Networks, done: int, options: RangesOptions) -> tuple[str, ...]:
    """What a reader has to know of the draws."""
    stated = over.found.ways.unexplained
    told = [f"Stopped after {done} of {options.draws} draws."] if done < options.draws else []
    if few := without_tail(done):
        told.append(few)
    if stated == 1:
        told.append("1 way keeps its length: it is stated or over no known road.")
    elif stated:
        told.append(f"{stated} ways keep their length: they are stated or over no known road.")
    return (*told, *undrawn(over.at.links, over.at.ledgers))
