"""Seasons: how a year's amounts spread over its months."""

from __future__ import annotations

import numpy as np
import pandas as pd
from attrs import evolve

from sivuvirta.domain.links import Amounts, ArcKind, Floats, Links
from sivuvirta.domain.region import Region
from sivuvirta.links.codes import positions
from sivuvirta.units.months import is_season, months


def calendar(season: str | None) -> Floats:
    """1 for each month of a season, else 0. Shape (12,)."""
    bits = months(season)
    return np.array([float(bits >> month & 1) for month in range(12)])


def profiles(region: Region, table: str) -> Floats:
    """Share of its year's amount that each stream or need has in each month.

    Where the vintage gives amounts by parts of the year, those spread over their own months; else the amount spreads over the months of the
    season; else over all. A part that does not name months by number spreads over the season too.

    Args:
        region: the region at its vintage.
        table: "streams" or "needs".

    Returns:
        Shape (subjects, 12); each row sums to 1.
    """
    subjects, register = region.table(table), region.table("quantities")
    usual = np.array([calendar(season) for season in subjects["season"].tolist()]).reshape(len(subjects), 12)
    usual /= usual.sum(axis=1, keepdims=True)
    subject = positions(subjects[subjects.key[0]], register["subject"])
    chosen = (register["table"] == table) & (register["vintage"] == region.vintage) & (subject >= 0) & ~np.isnan(register["value"])
    whole = np.isin(subject, subject[chosen & pd.isna(register["period"])])
    amount = np.zeros_like(usual)
    for row in np.flatnonzero(chosen & ~whole).tolist():
        period, at = str(register["period"][row]), int(subject[row])
        spread = calendar(period) if is_season(period) else usual[at]
        amount[at] += float(register["value"][row]) * spread / spread.sum()
    total = amount.sum(axis=1, keepdims=True)
    return np.where(total > 0, amount / np.where(total > 0, total, 1.0), usual)


def part_of_year(links: Links, when: Floats) -> Links:
    """Links whose amounts are those of some months: supply, demand and today's flows; everything per unit, and every most, stays.

    Args:
        links: of the whole year.
        when: 1 for each month that is in it, shape (12,).
    """
    share = np.ones(len(links.nodes.id))
    streams, needs = links.supply.node, links.demand.amounts.node
    share[streams] = profiles(links.region, "streams") @ when
    share[needs] = profiles(links.region, "needs") @ when
    arcs = links.arcs
    end = np.where(arcs.kind == ArcKind.BUY, arcs.destination, arcs.origin)
    demand = links.demand
    return evolve(
        links,
        supply=_times(links.supply, share[streams]),
        demand=evolve(demand, amounts=_times(demand.amounts, share[needs])),
        arcs=evolve(arcs, today=arcs.today * share[end]),
    )


def _times(amounts: Amounts, share: Floats) -> Amounts:
    return evolve(amounts, value=amounts.value * share, low=amounts.low * share, high=amounts.high * share)
