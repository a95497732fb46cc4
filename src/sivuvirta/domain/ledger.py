"""The ledger of flows: from node, to node, material, amount a year, status, evidence. Every figure is computed from it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from attrs import field, frozen

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import ArcKind, Codes, Floats, Ints, Links
from sivuvirta.domain.provenance import ranges, sources

NO_REFERENCE = "there is no reference to compare with: what flows today is not known"
"""Why a benefit, a saving or a difference is not known where nobody says what flows today."""


def sums(group: npt.NDArray[Any], weights: Floats, count: int) -> Floats:
    """Sum of the weights of each group 0 .. count - 1; a group without members is 0. Shape (count,)."""
    return np.bincount(group, weights=weights, minlength=count).astype(np.float64, copy=False)


@frozen(eq=False)
class Operations:
    """What plants do in a ledger. Shape (plants,), in the order of links.works."""

    activity: Floats  # units of activity a year
    size: Floats  # capacity newly built, 0 where none
    built: npt.NDArray[np.bool_]
    capex: Floats  # EUR of investment
    fixed: Floats  # EUR/a: annuity, fixed opex, explicit fixed cost
    ways: Floats = field(factory=lambda: np.zeros(0))  # EUR/a of fixed cost of each of `links.ways`; empty where none is paid


@frozen(eq=False, slots=False)
class Ledger:
    """Flows of one year over the arcs of `links`; only arcs that carry something have a row. Shape (flows,)."""

    links: Links
    name: str  # "reference", "proven", "planned" ...
    status: str  # observed | planned | reference
    arc: Ints  # row of links.arcs
    amount: Floats  # t dry, MWh or m3 a year
    verdict: Codes  # Verdict of the route it belongs to, -1 for today's outlets and purchases
    grade: Codes  # worst grade of amount, evidence, route and coefficients
    operations: Operations
    evidence: Codes = field()  # the same without the coefficients, which differ between money and emission

    @evidence.default
    def _evidence(self) -> Codes:
        return self.grade

    def __len__(self) -> int:
        return len(self.arc)

    def per_arc(self) -> Floats:
        """Amount on every arc of `links`, 0 where nothing flows, so that two ledgers can be subtracted. Shape (arcs,)."""
        return sums(self.arc, self.amount, len(self.links.arcs))

    def way_cost(self) -> Floats:
        """Fixed cost of ways in use, EUR per unit on each arc: what a row of `links` costs, shared by the flows over it. Shape (arcs,)."""
        arcs, cost = self.links.arcs, np.zeros(len(self.links.arcs))
        if not self.operations.ways.any():
            return cost
        flow, fixed = self.per_arc(), np.append(self.operations.ways, 0.0)
        whole = sums(arcs.fixed_group + 1, np.where(arcs.fixed_group >= 0, flow, 0.0), len(fixed))
        used = (arcs.fixed_group >= 0) & (flow > 0)
        cost[used] = fixed[arcs.fixed_group[used]] / whole[arcs.fixed_group[used] + 1]
        return cost

    def way_capex(self) -> Floats:
        """EUR of investment in each of `links.ways`: what it takes if used at all, and what grows with its flows. Shape (ways,)."""
        ways, arcs, paid = self.links.ways, self.links.arcs, self.operations.ways
        if not paid.any():
            return np.zeros(len(ways))
        once = np.divide(ways.capex, ways.fixed, out=np.zeros(len(ways)), where=ways.fixed > 0)
        grown = sums(arcs.fixed_group[self.arc] + 1, self.amount * arcs.capex[self.arc], len(ways) + 1)[1:]
        return once * paid + grown

    @property
    def tells(self) -> bool:
        """Whether it says of any stream where it goes; where all go nobody knows where, there is nothing to compare with."""
        links = self.links
        streams = links.supply.node[np.nan_to_num(links.supply.value) > 0]
        if len(streams) == 0:
            return True
        fates = links.region.table("fates")
        known = fates["fate"][fates["kind"] != "unaccounted"]
        leaving = self.arc[(links.arcs.kind[self.arc] == ArcKind.FATE) & np.isin(links.arcs.origin[self.arc], streams)]
        return bool(np.isin(links.nodes.id[links.arcs.destination[leaving]].astype(str), known.astype(str)).any())

    @property
    def invested(self) -> float:
        """EUR of investment in plants and in pipes."""
        return float(self.operations.capex.sum() + self.way_capex().sum())

    def to_frame(self) -> pd.DataFrame:
        """One row a flow: origin, destination, material, amount with its range, unit, status, verdict, grade, sources."""
        low, high = ranges(self.links, self.arc, self.amount)
        links, arcs, nodes = self.links, self.links.arcs, self.links.nodes
        origin, destination = arcs.origin[self.arc], arcs.destination[self.arc]
        return pd.DataFrame(
            {
                "kind": [ArcKind(kind).name.lower() for kind in arcs.kind[self.arc]],
                "origin": [nodes.label(row) for row in origin],
                "destination": [nodes.label(row) for row in destination],
                "origin_name": nodes.name[origin],
                "destination_name": nodes.name[destination],
                "material": [links.materials[row] for row in arcs.material[self.arc]],
                "amount": self.amount,
                "low": low,
                "high": high,
                "unit": [f"{unit}/a" for unit in links.units[self.arc]],
                "as_sent": self.amount * arcs.sent[self.arc],
                "km": arcs.km[self.arc],
                "status": self.status,
                "verdict": ["" if code < 0 else Verdict(code).word for code in self.verdict],
                "grade": [Grade(code).name for code in self.grade],
                "sources": sources(links, self.arc),
            }
        )
