"""Effects: jobs, value added, wages and output of spending, gross, displaced and net."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.assess.inputoutput.leontief import Solved
from sivuvirta.domain.economies import INDICATORS, KINDS
from sivuvirta.domain.inputoutput import InputOutput
from sivuvirta.domain.links import Floats
from sivuvirta.domain.words import shortened
from sivuvirta.units.ranges import HALF_WIDTH

_EUR = 1e6
_SHOWN = 4  # reasons
UNITS = {"jobs": ("posts", "post-years"), "value_added": ("EUR/a", "EUR"), "income": ("EUR/a", "EUR"), "output": ("EUR/a", "EUR")}
EFFECTS = ["indicator", "unit", "kind", "when", "gross", "displaced", "net", "low", "high", "grade", "missing"]
SECTORS = ["indicator", "unit", "when", "sector", "name", "gross", "displaced", "net"]
NOT_CLOSED = "the households of the table: wages of every sector, what households buy and take in"


@frozen(eq=False)
class Demand:
    """What is spent on each sector, EUR/a or EUR once, in money of the table's year. Shape (sectors,)."""

    gross: Floats
    displaced: Floats
    sd: Floats
    when: str
    grade: str
    missing: str


def demand(spent: pd.DataFrame, table: InputOutput, when: str, deflator: float) -> Demand:
    """Spending by sector of a table.

    Args:
        spent: as `spending` returns it.
        table: whose sectors it names; a sector that the table has not is told as missing.
        when: a year, or once.
        deflator: what turns the plan's euros into those of the table's year.
    """
    rows = spent[spent["when"] == when]
    known = rows[rows["sector"].isin(table.sectors)]
    position = {key: row for row, key in enumerate(table.sectors)}
    found = np.zeros((3, len(table.sectors)))
    for row in known.to_dict("records"):
        found[:, position[row["sector"]]] += np.array([row["gross"], row["displaced"], row["sd"]]) * deflator
    strange = sorted(set(rows["sector"]) - {*table.sectors, ""})
    reasons = [*dict.fromkeys(text for text in rows["missing"] if text), *(f"sector '{key}' in the input-output table" for key in strange)]
    grade = max([table.grade, *known["grade"].tolist(), *(["D"] if reasons else [])])
    return Demand(found[0], found[1], found[2], when, grade, counted(reasons))


def counted(reasons: list[str]) -> str:
    """What counts as 0 because it is not known, in words; "" where nothing does."""
    return f"Not known and counted as 0: {shortened(reasons, _SHOWN, '; ')}." if reasons else ""


def effects(solved: Solved, asked: Demand, spread: Mapping[str, float]) -> tuple[pd.DataFrame, pd.DataFrame]:
    r"""Effects of spending by indicator and kind, and where they arise.

    .. math:: E^{I} = v L y, \qquad E^{II} = v \bar L y, \qquad E_{net} = E(g) - E(d)    (A)

    The range joins that of prices and rates, fully correlated over sectors, with that of the table, which moves gross and displaced apart.

    Args:
        solved: the table.
        asked: y, gross (g) and displaced (d).
        spread: relative standard deviation of a multiplier, by indicator.

    Returns:
        Tables `effects` and `sectors` of `Economy`, without the column `network`.
    """
    pairs = [_indicator(solved, asked, name, spread[name]) for name in INDICATORS]
    whole = pd.DataFrame([row for rows, _ in pairs for row in rows], columns=EFFECTS)
    return whole, pd.DataFrame([row for _, rows in pairs for row in rows], columns=SECTORS)


def _indicator(solved: Solved, asked: Demand, name: str, spread: float) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Rows of one indicator: by kind, and by sector."""
    found = solved.multipliers(name)
    scale = 1 / _EUR if name == "jobs" else 1.0
    weights = {
        "direct": found.direct,
        "indirect": found.type1 - found.direct,
        "induced": found.type2 - found.type1,
        "type1": found.type1,
        "type2": found.type2,
    }
    unit = UNITS[name][asked.when == "once"]
    about: dict[str, object] = {"indicator": name, "unit": unit, "when": asked.when}
    grade, rows = max(asked.grade, solved.table.graded(name)), []
    for kind in KINDS:
        gross, displaced = (float(weights[kind] @ part) * scale for part in (asked.gross, asked.displaced))
        half = HALF_WIDTH * float(np.hypot(np.abs(weights[kind]) @ asked.sd * scale, spread * np.hypot(gross, displaced)))
        missing = asked.missing if np.isfinite(gross) else _unknown(solved.table, name)
        figures = {"gross": gross, "displaced": displaced, "net": gross - displaced}
        ends = {"low": gross - displaced - half, "high": gross - displaced + half}
        rows.append({**about, "kind": kind, **figures, **ends, "grade": grade, "missing": missing})
    return rows, list(_by_sector(solved, asked, name, scale, about))


def _unknown(table: InputOutput, name: str) -> str:
    if name != "output" and not np.isfinite(table.accounts[name][table.inside]).all():
        return f"`{name}` of every sector of the input-output table"
    return NOT_CLOSED


def _by_sector(solved: Solved, asked: Demand, name: str, scale: float, about: dict[str, object]) -> Iterator[dict[str, object]]:
    """Where the effects of type II arise; of type I where the table is not closed."""
    inverse = solved.closed if solved.table.closed else solved.open
    per = np.where(solved.table.inside, solved.multipliers(name).direct, 0.0) * scale
    gross, displaced = per * (inverse @ asked.gross), per * (inverse @ asked.displaced)
    for row in np.argsort(-np.abs(gross - displaced), kind="stable").tolist():
        if gross[row] or displaced[row]:
            both = {"gross": gross[row], "displaced": displaced[row], "net": gross[row] - displaced[row]}
            yield {**about, "sector": solved.table.sectors[row], "name": solved.table.names[row], **both}


def unknown_effects(missing: str) -> pd.DataFrame:
    """Every effect of a year as not known, with the reason."""
    rows = [
        {"indicator": name, "unit": UNITS[name][0], "kind": kind, "when": "a year", "grade": "", "missing": missing}
        for name in INDICATORS
        for kind in KINDS
    ]
    return pd.DataFrame(rows, columns=EFFECTS)


def multiplier_table(solved: Solved) -> pd.DataFrame:
    """Multipliers of every sector: posts, EUR of value added, of wages and of output per million EUR (posts) or EUR of spending."""
    table = solved.table
    parts = []
    for name in INDICATORS:
        found = solved.multipliers(name)
        unit = "posts/MEUR" if name == "jobs" else "EUR/EUR"
        parts.append(
            pd.DataFrame(
                {
                    "sector": table.sectors,
                    "name": table.names,
                    "indicator": name,
                    "unit": unit,
                    "direct": found.direct,
                    "type1": found.type1,
                    "type2": found.type2,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
