r"""Multipliers that a region states itself (table `multipliers`), sector by sector, before those of its input-output table.

.. math:: E_k = \sum_s m_{ks} y_s, \qquad m^{I} = m^{direct} + m^{indirect}, \qquad m^{II} = m^{I} + m^{induced}

A kind that is not stated follows from the others where these two sums give it. A sector without a row is answered by the input-output
table; where there is none it counts as 0 and is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from attrs import field, frozen

from sivuvirta.assess.inputoutput.effects import EFFECTS, UNITS, counted
from sivuvirta.assess.inputoutput.leontief import Solved
from sivuvirta.assess.inputoutput.prices import deflator, relative_sd
from sivuvirta.domain.economies import INDICATORS, KINDS
from sivuvirta.domain.links import Floats
from sivuvirta.domain.region import Region
from sivuvirta.links.money import price_year
from sivuvirta.units.ranges import HALF_WIDTH, SPREAD

_MILLION = 1e6
_PER_MILLION = {"1/MEUR": 1 / _MILLION, "posts/MEUR": 1 / _MILLION}  # of posts; others are EUR per EUR
_PLAIN = {"1": 1.0, "EUR/EUR": 1.0, "MEUR/MEUR": 1.0}
_SUMS = (("type1", "direct", "indirect"), ("type2", "type1", "induced"))  # the first is the sum of the others

Pair = tuple[float, float]  # a multiplier per EUR of the plan, and its standard deviation


@frozen(eq=False)
class Stated:
    """Multipliers of a region's own, per EUR of the plan's price year."""

    found: Mapping[tuple[str, str], Mapping[str, Pair]]  # by indicator and sector, by kind
    grade: str  # the worst of the rows
    about: str  # where they are of and from, in words
    faults: tuple[str, ...] = field(default=())  # rows that cannot be used, in words

    @property
    def indicators(self) -> tuple[str, ...]:
        """Indicators that some sector has a multiplier for."""
        return tuple(name for name in INDICATORS if any(key[0] == name for key in self.found))


def stated(region: Region) -> Stated | None:
    """The multipliers of a region's own table, None where it has none; the library's are estimates of other areas and are not used."""
    table = region.tables.get("multipliers")
    rows = [] if table is None else [row for row in table.rows() if row["indicator"] in INDICATORS]
    if not rows:
        return None
    found: dict[tuple[str, str], dict[str, Pair]] = {}
    years: dict[tuple[str, str, str], float] = {}
    faults = []
    for row in rows:
        name, sector, kind = str(row["indicator"]), str(row["sector"]), str(row["kind"])
        unit = (_PER_MILLION if name == "jobs" else _PLAIN).get(str(row["unit"]))
        if unit is None:
            faults.append(f"unit '{row['unit']}' of {name} of '{sector}' in table `multipliers`")
            continue
        if name == "jobs" and deflator(region, float(row["year"]))[1]:
            faults.append(f"a price index for {row['year']:.0f} and {price_year(region):.0f}, so the euros of both count as one")
        if years.get((name, sector, kind), -np.inf) < row["year"]:
            years[name, sector, kind] = row["year"]
            found.setdefault((name, sector), {})[kind] = _pair(region, row, unit)
    whole = {key: _completed(kinds) for key, kinds in found.items()}
    return Stated(whole, max(str(row["grade"]) for row in rows), _about(rows), tuple(dict.fromkeys(faults))) if whole else None


def _pair(region: Region, row: Mapping[str, Any], unit: float) -> Pair:
    """A multiplier per EUR of the plan: posts per EUR of another year take that year's prices, EUR per EUR take none."""
    ratio = deflator(region, float(row["year"]))[0] if row["indicator"] == "jobs" else 1.0
    value = float(row["value"]) * unit * ratio
    ends = (row["low"], row["high"])
    wide = np.nan if None in ends else (float(row["high"]) - float(row["low"])) / SPREAD * unit * ratio
    return value, wide if np.isfinite(wide) else abs(value) * relative_sd(region, str(row["grade"]))


def _completed(kinds: Mapping[str, Pair]) -> dict[str, Pair]:
    """All kinds that follow from those that are stated."""
    found = dict(kinds)
    for _ in _SUMS:
        for whole, first, second in _SUMS:
            if whole not in found and first in found and second in found:
                found[whole] = (found[first][0] + found[second][0], float(np.hypot(found[first][1], found[second][1])))
            for part, other in ((first, second), (second, first)):
                if part not in found and whole in found and other in found:
                    found[part] = (found[whole][0] - found[other][0], float(np.hypot(found[whole][1], found[other][1])))
    return found


def _about(rows: list[dict[str, Any]]) -> str:
    places, sources = (dict.fromkeys(str(row[name]) for row in rows if row[name]) for name in ("geography", "source"))
    years = sorted({f"{row['year']:.0f}" for row in rows})
    return f"{', '.join(places) or 'the region'}, {', '.join(years)}, grade {max(str(row['grade']) for row in rows)} ({', '.join(sources)})"


def multiplier_rows(own: Stated) -> pd.DataFrame:
    """Rows of table `multipliers` of `Economy`: posts per million EUR of the plan, or EUR per EUR; NaN is not stated."""
    rows = []
    for (name, sector), kinds in own.found.items():
        scale = _MILLION if name == "jobs" else 1.0
        told = {kind: scale * kinds[kind][0] if kind in kinds else np.nan for kind in ("direct", "type1", "type2")}
        rows.append({"sector": sector, "name": sector, "indicator": name, "unit": "posts/MEUR" if name == "jobs" else "EUR/EUR", **told})
    return pd.DataFrame(rows)


def answered(own: Stated, spent: pd.DataFrame, when: str, region: Region, solved: Solved | None) -> pd.DataFrame:
    """Effects of spending by the indicators that a region's own multipliers answer.

    Args:
        own: the multipliers.
        spent: as `spending` returns it, in euros of the plan.
        when: a year, or once.
        region: whose prices and uncertainties hold.
        solved: its input-output table, for sectors that the multipliers leave out.

    Returns:
        Rows of table `effects` of `Economy`, without the column `network`.
    """
    rows = spent[spent["when"] == when]
    sums = rows.groupby("sector")[["gross", "displaced", "sd"]].sum()
    sums = sums[sums.index != ""]
    grades = [str(each) for each in rows[rows["sector"] != ""]["grade"]]
    reasons = [*dict.fromkeys(text for text in rows["missing"] if text), *own.faults]
    found = []
    for name in own.indicators:
        others = _of_table(solved, name, region)
        for kind in KINDS:
            pairs = [own.found.get((name, sector), others.get(sector, {})).get(kind) for sector in sums.index]
            blind = [sector for sector, pair in zip(sums.index, pairs, strict=True) if pair is None]
            lacks = [*reasons, *(f"multiplier '{kind}' of sector '{sector}'" for sector in blind)]
            grade = max([own.grade, *grades, *([solved.table.graded(name)] if solved and len(blind) < len(pairs) and others else [])])
            about = {"indicator": name, "unit": UNITS[name][when == "once"], "kind": kind, "when": when}
            if pairs and len(blind) == len(pairs):
                found.append({**about, "grade": "", "missing": lacks[-1]})
                continue
            weight = np.array([pair or (0.0, 0.0) for pair in pairs], dtype=float).reshape(-1, 2)
            told = {"grade": "D" if lacks else grade, "missing": counted(lacks)}
            found.append({**about, **_figures(sums, weight), **told})
    return pd.DataFrame(found, columns=EFFECTS)


def _figures(sums: pd.DataFrame, weight: Floats) -> dict[str, float]:
    """Gross, displaced and net with 5 and 95 % points: sectors fully correlated, money and multipliers apart, gross and displaced apart."""
    gross, displaced, noise = (sums[name].to_numpy(dtype=float) for name in ("gross", "displaced", "sd"))
    value, sd = weight[:, 0], weight[:, 1]
    net = float(value @ (gross - displaced))
    half = HALF_WIDTH * float(np.sqrt((np.abs(value) @ noise) ** 2 + (sd @ gross) ** 2 + (sd @ displaced) ** 2))
    return {"gross": float(value @ gross), "displaced": float(value @ displaced), "net": net, "low": net - half, "high": net + half}


def _of_table(solved: Solved | None, name: str, region: Region) -> dict[str, dict[str, Pair]]:
    """Multipliers of an input-output table, per EUR of the plan."""
    if solved is None:
        return {}
    found, table = solved.multipliers(name), solved.table
    unit = deflator(region, table.year)[0] / _MILLION if name == "jobs" else 1.0
    spread = relative_sd(region, table.graded(name))
    kinds = {
        "direct": found.direct,
        "indirect": found.type1 - found.direct,
        "induced": found.type2 - found.type1,
        "type1": found.type1,
        "type2": found.type2,
    }
    return {
        sector: {
            kind: (float(values[at]) * unit, abs(float(values[at])) * unit * spread)
            for kind, values in kinds.items()
            if np.isfinite(values[at])
        }
        for at, sector in enumerate(table.sectors)
    }
