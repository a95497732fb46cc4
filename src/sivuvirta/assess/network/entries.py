"""From a ledger to entries: who gives how much of one unit to whom, and what leaves the network or is lost to use."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import evolve, frozen

from sivuvirta.assess.fates import extractive, outlet_groups
from sivuvirta.assess.network.structure import Flags
from sivuvirta.assess.network.unseen import unseen
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import EUR_TERMS, ArcKind, Codes, Floats, Ints, Texts
from sivuvirta.errors import OptionError

CARRIED = ("t", "MWh", "m3")
"""Units of amounts a year. Each is a network of its own: they are never added."""

MONEY = "EUR"

LOST = ("disposed", "released", "unknown")
"""Groups of outlets that are dissipation; what is used, treated or stocked outside leaves usable."""

_ENDS = (ArcKind.FATE, ArcKind.RESIDUE)
_OUTSIDE_TERMS = ("transport", "handling", "fee", "tax", "revenue", "purchase")


@frozen(eq=False)
class Entries:
    """Entries of one unit. Shape (entries,). A label of "" is outside the network."""

    origin: Texts
    destination: Texts
    lost: Flags  # it leaves lost to use
    flow: Ints  # row of the ledger that it comes from, whose range it shares
    share: Floats  # amount of the entry per amount of that flow, NaN where nobody knows it
    grade: Codes
    unknown: int  # flows that carry an unknown amount of the unit
    without: str  # which, and why, in words, "" where none

    def __len__(self) -> int:
        return len(self.flow)


def entries(ledger: Ledger, ends: tuple[Texts, Texts], unit: str, shares: Floats | None = None) -> Entries:
    """Entries of a ledger in a unit.

    Args:
        ledger: the flows.
        ends: label of the origin and of the destination of each flow, "" for outside. Each of shape (flows,).
        unit: t (dry), MWh or m3: what flows; EUR: what is paid, from payer to payee; else a component, by its share of what flows.
        shares: mass fraction of the component in each flow, NaN where not known; only for a component. Shape (flows,).

    Raises:
        OptionError: the unit is none of these.
    """
    if unit == MONEY:
        return _money(ledger, ends)
    carried = ledger.links.units[ledger.arc]
    if shares is None and unit not in CARRIED:
        raise OptionError(f"A network has no unit '{unit}'. It has: {', '.join((*CARRIED, MONEY))}; a component needs its shares.")
    rows = np.flatnonzero((carried == (unit if shares is None else "t")) & (ledger.amount > 0)).astype(np.int32)
    share = np.ones(len(rows)) if shares is None else shares[rows]
    missing = rows[np.isnan(share)]
    some = np.isnan(share) | (share > 0)
    kept = rows[some]
    return Entries(
        origin=ends[0][kept],
        destination=_destinations(ledger, ends)[kept],
        lost=_lost(ledger)[kept],
        flow=kept,
        share=share[some],
        grade=ledger.evidence[kept],
        unknown=len(missing),
        without=unseen(ledger, rows, missing, f"the content of {unit}"),
    )


def without_extractive(ledger: Ledger) -> Ledger:
    """The ledger without wastes of mining (List of Waste, chapter 01), which would hide everything else."""
    kept = ~extractive(ledger.links)[ledger.links.arcs.origin[ledger.arc]]
    columns = {name: getattr(ledger, name)[kept] for name in ("arc", "amount", "verdict", "grade", "evidence")}
    return evolve(ledger, **columns)


def _groups(ledger: Ledger) -> Texts:
    """What the outlet of each flow means, "" for other flows."""
    found = np.full(len(ledger), "", dtype=object)
    at = np.flatnonzero(np.isin(ledger.links.arcs.kind[ledger.arc], _ENDS))
    found[at] = outlet_groups(ledger.links, ledger.arc[at].astype(np.int64))
    return found


def _lost(ledger: Ledger) -> Flags:
    found: Flags = np.isin(_groups(ledger), LOST)
    return found


def _destinations(ledger: Ledger, ends: tuple[Texts, Texts]) -> Texts:
    """Labels of destinations; what is disposed of or put on stock ends there, at whichever site that is, and nobody takes it in."""
    return np.where(np.isin(_groups(ledger), (*LOST, "stocked")), "", ends[1])


def _money(ledger: Ledger, ends: tuple[Texts, Texts]) -> Entries:
    """What is paid. `payment` is between the two ends; every other term is with someone outside, as in the table of organisations."""
    arcs = ledger.links.arcs
    buys = np.isin(arcs.kind[ledger.arc], (ArcKind.BUY, ArcKind.REAGENT))
    bearer = np.where(buys, ends[1], ends[0])
    outside = np.full(len(ledger), "", dtype=object)
    columns = {term: arcs.eur[ledger.arc, EUR_TERMS.index(term)] for term in _OUTSIDE_TERMS}
    parts = [_paid(ends[1], ends[0], np.nan_to_num(arcs.payment[ledger.arc]))]
    parts += [_paid(bearer, outside, np.nan_to_num(rate)) for rate in columns.values()]
    dark, unpriced = arcs.unknown_eur[ledger.arc], _unpriced(ledger, ends)
    parts += [_paid(ends[1], ends[0], np.where(unpriced, np.nan, 0.0)), _paid(bearer, outside, np.where(dark, np.nan, 0.0))]
    joined = {name: np.concatenate([part[name] for part in parts]) for name in ("origin", "destination", "flow", "share")}
    flow = joined["flow"].astype(np.int32)
    missing = np.flatnonzero(dark | unpriced).astype(np.int32)
    grades: Codes = np.maximum(ledger.evidence, arcs.grade_eur[ledger.arc])
    return Entries(
        origin=joined["origin"],
        destination=joined["destination"],
        lost=np.zeros(len(flow), dtype=bool),
        flow=flow,
        share=joined["share"],
        grade=grades[flow],
        unknown=len(missing),
        without=unseen(ledger, np.arange(len(ledger), dtype=np.int32), missing, "a price, fee or rate"),
    )


def _paid(payer: Texts, payee: Texts, rate: Floats) -> Mapping[str, Texts]:
    """Entries of one term; a negative rate is paid the other way, an unknown one (NaN) by who would pay it if it were above 0."""
    rows = np.flatnonzero(rate)
    forth = ~(rate[rows] < 0)
    return {
        "origin": np.where(forth, payer[rows], payee[rows]),
        "destination": np.where(forth, payee[rows], payer[rows]),
        "flow": rows,
        "share": np.abs(rate[rows]),
    }


def _unpriced(ledger: Ledger, ends: tuple[Texts, Texts]) -> Flags:
    """Flows between two nodes whose price is not agreed anywhere; what a plant pays for a stream is in no table. Shape (flows,)."""
    links, rows = ledger.links, ledger.arc
    kind, needs = links.arcs.kind[rows], np.isin(links.arcs.kind[rows], (ArcKind.DIRECT, ArcKind.DELIVER))
    open_price = np.isin(kind, (ArcKind.FEED, ArcKind.PASS))
    agreed = links.region.table("acceptances")["price"][links.arcs.acceptance[rows[needs]]]
    offered = links.region.table("needs")["price"][links.arcs.destination[rows[needs]] - links.demand.amounts.node[0]]
    open_price[needs] = np.isnan(agreed.astype(np.float64)) & np.isnan(offered.astype(np.float64))
    market = np.zeros(len(links.nodes.id), dtype=bool)
    market[links.demand.amounts.node] = links.demand.market
    apart: Flags = (ends[0] != ends[1]) & ~market[links.arcs.destination[rows]]
    return open_price & apart
