"""Measures: what a plan can be best at, defined once for its program and for its ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from attrs import frozen

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import ArcKind, Floats, Links, NodeKind
from sivuvirta.links.outlets import DISPOSAL

Coefficient = Callable[[Links], Floats]


@frozen(eq=False)
class Measure:
    r"""A sum over flows and plants.

    .. math:: m = \sum_a m_a x_a + \sum_p m_p X_p \; (+ \sum_p fixed_p)

    `sign` is 1 where less is better, -1 where more is.
    """

    name: str  # as in `options.objective`
    unit: str  # a year
    text: str
    arc: Coefficient  # per unit on each arc, shape (arcs,)
    activity: Coefficient  # per unit of activity, shape (plants,)
    builds: bool = False  # counts what is built too: its annuity and fixed cost
    sign: float = 1.0

    def of(self, ledger: Ledger) -> float:
        """The measure of a ledger, from its flows and plants alone."""
        done = ledger.operations
        flows = ledger.amount @ self.arc(ledger.links)[ledger.arc]
        fixed = float(done.fixed.sum() + done.ways.sum()) if self.builds else 0.0
        return float(flows + done.activity @ self.activity(ledger.links) + fixed)


def disposal_share(links: Links, kinds: Sequence[str] = DISPOSAL) -> Floats:
    """1 for an arc on which tonnes go to landfill, stock or another disposal, else 0. Shape (arcs,)."""
    table, nodes = links.region.table("fates"), links.nodes
    disposing = set(table["fate"][np.isin(table["kind"].astype(str), kinds)].tolist())
    fates = np.flatnonzero(nodes.kind == int(NodeKind.FATE))
    is_disposal = np.zeros(len(nodes.id), dtype=bool)
    is_disposal[fates] = [key in disposing for key in nodes.id[fates].tolist()]
    share: Floats = (is_disposal[links.arcs.destination] & (links.units == "t")).astype(float)
    return share


def _money(links: Links) -> Floats:
    return np.asarray(links.arcs.eur @ np.ones(links.arcs.eur.shape[1]))


def _emission(links: Links) -> Floats:
    return np.asarray(links.arcs.co2 @ np.ones(links.arcs.co2.shape[1]))


def _bought(links: Links) -> Floats:
    """1 for an arc over which a tonne of primary product is bought, by a need or a plant."""
    arcs = links.arcs
    buys = np.isin(arcs.kind, (ArcKind.BUY, ArcKind.REAGENT)) & (links.nodes.kind[arcs.origin] == NodeKind.PRODUCT)
    return np.asarray(buys & (links.nodes.unit[arcs.origin] == "t"), dtype=float)


def _vehicle_km(links: Links) -> Floats:
    return links.arcs.vehicle_km


def _no_flow(links: Links) -> Floats:
    return np.zeros(len(links.arcs))


def _no_plant(links: Links) -> Floats:
    return np.zeros(len(links.works))


_ALL = (
    Measure("value", "EUR", "cost", _money, lambda links: np.asarray(links.works.eur.sum(axis=1)), builds=True),
    Measure("co2", "kg CO2e", "emissions", _emission, lambda links: np.asarray(links.works.co2.sum(axis=1))),
    Measure("diversion", "t", "landfill, stock and other disposal", disposal_share, _no_plant),
    Measure("virgin", "t", "primary product bought", _bought, _no_plant),
    Measure("jobs", "posts", "posts at plants", _no_flow, lambda links: np.nan_to_num(links.works.staff), sign=-1.0),
    Measure("traffic", "km", "loaded vehicle-kilometres on roads", _vehicle_km, _no_plant),
)

MEASURES: Mapping[str, Measure] = {measure.name: measure for measure in _ALL}
"""Every measure by its name. What is not known of a plant or haul counts nothing in posts and kilometres."""
