"""Years: what lasts of an exchange and of a programme, year by year and cumulated, with the range of its draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.assess.benefits.claimed import Programme
from sivuvirta.assess.benefits.rows import ENDS
from sivuvirta.assess.benefits.sums import NAN, Book
from sivuvirta.domain.benefits import ALL, FIRST_YEAR, ONCE, Attribution
from sivuvirta.domain.links import Floats
from sivuvirta.domain.ranges import includes_zero

_FIGURES = ("value", "cumulated", "attributed", "attributed_cumulated")
_ATTRIBUTED = ("attributed", "attributed_cumulated")
YEARS = [
    *("state", "exchange", "programme", "indicator", "unit", "year", "factor"),
    *(name for figure in _FIGURES for name in (figure, *(f"{figure}_{end}".removeprefix("value_") for end in ENDS))),
    *("alarm", "scheme", "note"),
]
_UNDATED = "how long a part of it lasts is not stated"


def years(
    exchanges: pd.DataFrame, told: Mapping[str, Attribution], every: Sequence[Programme], keys: Sequence[str], book: Book | None
) -> pd.DataFrame:
    r"""Year by year and cumulated, by exchange and by programme.

    .. math:: V^s_{py} = \sum_{j \in p} f_{jy} B^s_j

    with f the persistence and B the benefit of exchange j in draw s, so that a programme's ends are those of its sum.

    Args:
        exchanges: sheets of the exchanges of one state.
        told: shares and factors by exchange.
        every: programmes, the first of all exchanges.
        keys: exchanges in the order of the book.
        book: the ledger taken apart; None without a reference.
    """
    rows: list[dict[str, Any]] = []
    for each in exchanges.to_dict("records"):
        of = told.get(each["exchange"]) or Attribution(NAN, "")
        rows += _lasting(each, of, {"exchange": each["exchange"], "programme": ""})
    by_exchange = pd.DataFrame(rows, columns=YEARS)
    summing = _Summing({key: row for row, key in enumerate([*keys, ""])}, {key: of.share for key, of in told.items()}, book)
    parts = [by_exchange]
    for programme in every:
        members = [*programme.exchanges] + ([""] if not programme.key else [])
        parts.append(_summed(by_exchange, members, programme.key or ALL, summing))
    return _marked(pd.concat([part for part in parts if len(part)], ignore_index=True)) if rows else by_exchange


def _lasting(row: Mapping[Any, Any], of: Attribution, head: Mapping[str, str]) -> list[dict[str, Any]]:
    once = row["indicator"] in ONCE
    factors = (1.0,) if once or not of.factors else of.factors
    note = "once" if once else "" if of.factors else FIRST_YEAR
    cumulated = np.cumsum(factors)
    return [
        {
            **head,
            "state": row["state"],
            "indicator": row["indicator"],
            "unit": row["unit"].removesuffix("/a") if not once else row["unit"],
            "year": year,
            "factor": factor,
            "value": factor * row["value"],
            "cumulated": total * row["value"],
            "attributed": factor * row["attributed"],
            "attributed_cumulated": total * row["attributed"],
            **_ends(row, factor, float(total)),
            "scheme": of.scheme,
            "note": note,
        }
        for year, (factor, total) in enumerate(zip(factors, cumulated.tolist(), strict=True), 1)
    ]


def _ends(row: Mapping[Any, Any], factor: float, total: float) -> dict[str, float]:
    """Mean and ends of an exchange's year and of its sum so far; none where the figure is not known."""
    known = NAN if np.isnan(row["value"]) else 1.0
    return {
        **{end: known * factor * row[end] for end in ENDS},
        **{f"cumulated_{end}": known * total * row[end] for end in ENDS},
        **{f"attributed_{end}": factor * row[f"attributed_{end}"] for end in ENDS},
        **{f"attributed_cumulated_{end}": total * row[f"attributed_{end}"] for end in ENDS},
    }


@frozen(eq=False)
class _Summing:
    """Sums of exchanges draw by draw."""

    rows: Mapping[str, int]  # of the book, by exchange; "" is what belongs to none
    share: Mapping[str, float]  # that is claimed of each
    book: Book | None

    def ends(self, indicator: str, figure: str, weight: Mapping[str, float], size: float) -> dict[str, float] | None:
        """Mean and ends of a weighted sum of exchanges; None where the indicator is not drawn.

        Args:
            indicator: of the sheet.
            figure: of _FIGURES; of what is attributed each exchange counts its share, and what belongs to none nothing.
            weight: factor of each exchange.
            size: of what is summed.
        """
        if self.book is None or indicator not in self.book.drawn:
            return None
        mine = figure in _ATTRIBUTED
        held = {key: factor * (self.share.get(key, 0.0) if mine else 1.0) for key, factor in weight.items()}
        rows = np.array([self.rows[key] for key in held], dtype=np.int64)
        return self.book.points(indicator, rows, np.array([*held.values()], dtype=np.float64), size=size)


def _summed(rows: pd.DataFrame, members: Sequence[str], programme: str, summing: _Summing) -> pd.DataFrame:
    """Years of a programme: of its exchanges together; an exchange that has ended counts nothing, one that nobody dates is not known."""
    own = rows[rows["exchange"].isin(members) & ~((rows["exchange"] == "") & (rows["value"] == 0.0))]
    if own.empty:
        return pd.DataFrame(columns=YEARS)
    own = own.assign(undated=own["note"] == FIRST_YEAR)
    own.loc[own["exchange"] == "", [name for name in YEARS if name.startswith("attributed")]] = 0.0
    found = [_of_indicator(part, summing) for _, part in own.groupby(["state", "indicator", "unit"], sort=False)]
    schemes = ", ".join(dict.fromkeys(each for each in own["scheme"] if each))
    return pd.concat(found, ignore_index=True).assign(exchange="", programme=programme, factor=NAN, scheme=schemes)


def _of_indicator(own: pd.DataFrame, summing: _Summing) -> pd.DataFrame:
    """Years of one indicator of a programme."""
    head = {name: own[name].iloc[0] for name in ("state", "indicator", "unit")}
    undated = bool(own["undated"].any())
    note = _UNDATED if undated else "once" if head["indicator"] in ONCE else ""
    rows: list[dict[str, Any]] = []
    for year in sorted(set(own["year"].tolist())):
        now, so_far = own[own["year"] == year], own[own["year"] <= year]
        known = not (year > 1 and undated)
        told = {**head, "year": year, "note": note}
        for figure, part in zip(_FIGURES, (now, so_far) * 2, strict=True):
            yearly = figure.removesuffix("_cumulated") if figure in _ATTRIBUTED else "value"
            told |= _figure(figure, part, yearly, summing) if known else dict.fromkeys(_columns(figure), NAN)
        rows.append(told)
    return pd.DataFrame(rows)


def _columns(figure: str) -> list[str]:
    """A figure with its mean and ends, as columns."""
    return [figure, *(f"{figure}_{end}".removeprefix("value_") for end in ENDS)]


def _figure(figure: str, part: pd.DataFrame, yearly: str, summing: _Summing) -> dict[str, float]:
    """Sum of years of exchanges, unknown where a part is, with mean and ends; of claims, which are not drawn, ends add up."""
    value = float(part[yearly].sum(skipna=False))
    counted = part.groupby("exchange", sort=False)["factor"].sum()
    indicator, weight = str(part["indicator"].iloc[0]), {str(key): float(factor) for key, factor in counted.items()}
    ends = None if np.isnan(value) else summing.ends(indicator, figure, weight, size=float(part[yearly].abs().sum()))
    if ends is None:
        names = _columns(yearly)[1:]
        sums = [NAN if np.isnan(value) else float(part[name].sum(skipna=False)) for name in names]
        ends = dict(zip(ENDS, sums, strict=True))
    return dict(zip(_columns(figure), (value, *(ends[end] for end in ENDS)), strict=True))


def _marked(rows: pd.DataFrame) -> pd.DataFrame:
    """Years with an alarm where the range of a benefit includes zero."""
    value: Floats = rows["value"].to_numpy(dtype=float)
    alarm = (value > 0) & includes_zero(value, rows["low"], rows["high"])
    return rows.assign(alarm=np.asarray(alarm, dtype=bool))[YEARS]
