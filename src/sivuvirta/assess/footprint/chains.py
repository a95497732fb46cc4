r"""What plants do with what they take, per unit: their own emissions, what they buy, what their products replace.

.. math:: c_p = \frac{e_p + \sum_{r} x_r c_r + \sum_{d} x_d (h_d - \rho_d b_d) + \sum_{o} x_o (h_o + w_o)
                + \sum_{q} x_{pq} (h_{pq} + c_q)}{\sum_{f} x_f}

with :math:`e` a plant's own emissions, :math:`r` reagents, :math:`d` deliveries to needs with carriage :math:`h`, ratio :math:`\rho` and
:math:`b` the factor of what the need would buy, :math:`o` residues with their outlet, :math:`q` plants behind, :math:`f` feeds.
All kg CO2e per unit of feed, whichever stream it is of. Variances go the same way, with the squares of the amounts.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from attrs import frozen

from sivuvirta.domain.ledger import Ledger, sums
from sivuvirta.domain.links import CO2_TERMS, ArcKind, Flags, Floats, Ints, Links
from sivuvirta.domain.unknowns import Unknown

_PURCHASE = CO2_TERMS.index("purchase")

Unknowns = tuple[Unknown, ...]


def displaced_by(links: Links, arc: int) -> tuple[float, float, Unknowns]:
    """What a delivery to a need replaces, kg CO2e per unit sent (negative), its variance, and what is not known of it."""
    arcs, need = links.arcs, int(links.arcs.destination[arc])
    bought = np.flatnonzero((arcs.kind == ArcKind.BUY) & (arcs.destination == need))
    if len(bought) == 0:
        return 0.0, 0.0, (Unknown(f"what {links.nodes.name[need]} would use instead", adds=False),)
    ratio, buy = float(arcs.ratio[arc]), int(bought[0])
    missing = (Unknown(f"emission factor of {links.nodes.name[arcs.origin[buy]]}", adds=False),) if arcs.unknown_co2[buy] else ()
    return -ratio * float(arcs.co2[buy, _PURCHASE]), (ratio * float(arcs.co2_sd[buy, _PURCHASE])) ** 2, missing


def gaps(links: Links, arc: int) -> Unknowns:
    """What is not known of the emission of a flow: its own, which adds, and what it replaces outside the region, which takes away."""
    arcs, name = links.arcs, links.nodes.name[links.arcs.origin[arc]]
    own = (Unknown(f"emission of {name}", adds=True),) if arcs.unknown_co2[arc] else ()
    return (*own, Unknown(f"what {name} replaces", adds=False)) if arcs.unknown_displaced[arc] else own


def _joined(*parts: Unknowns) -> Unknowns:
    return tuple(dict.fromkeys(each for part in parts for each in part))


@frozen(eq=False, slots=False)
class Chain:
    """Plants of a ledger, seen from a system: what they deliver to needs of the system itself is in its purchases, and no credit."""

    ledger: Ledger
    own: Flags  # nodes of the system

    @property
    def _links(self) -> Links:
        return self.ledger.links

    @cached_property
    def _arcs(self) -> Ints:
        return np.flatnonzero(self.ledger.per_arc() > 0).astype(np.int32)

    def _of(self, *kinds: ArcKind) -> Ints:
        return self._arcs[np.isin(self._links.arcs.kind[self._arcs], kinds)]

    @cached_property
    def _flow(self) -> Floats:
        return self.ledger.per_arc()

    @cached_property
    def _beyond(self) -> tuple[Floats, Floats, dict[int, Unknowns]]:
        """Kg CO2e a year of each node that is a plant, without plants behind it; variance; what is not known. Shapes (nodes,)."""
        links, works = self._links, self._links.works
        arcs, count = links.arcs, len(links.nodes.id)
        whole, variance, missing = np.zeros(count), np.zeros(count), dict[int, Unknowns]()
        activity = self.ledger.operations.activity
        whole[works.node] = activity * works.co2.sum(axis=1)
        variance[works.node] = ((activity[:, None] * works.co2_sd) ** 2).sum(axis=1)
        for plant in np.flatnonzero((activity > 0) & works.unknown_co2).tolist():
            missing[int(works.node[plant])] = (Unknown(f"emissions of {links.nodes.name[works.node[plant]]}", adds=True),)
        for arc in self._of(ArcKind.REAGENT, ArcKind.DELIVER, ArcKind.RESIDUE, ArcKind.PASS).tolist():
            node = int(arcs.destination[arc] if arcs.kind[arc] == ArcKind.REAGENT else arcs.origin[arc])
            value, spread, why = self._each(arc)
            whole[node] += self._flow[arc] * value
            variance[node] += self._flow[arc] ** 2 * spread
            if why:
                missing[node] = _joined(missing.get(node, ()), why)
        return whole, variance, missing

    def _each(self, arc: int) -> tuple[float, float, Unknowns]:
        arcs = self._links.arcs
        value, variance = float(arcs.co2[arc].sum()), float((arcs.co2_sd[arc] ** 2).sum())
        why = gaps(self._links, arc)
        if arcs.kind[arc] == ArcKind.DELIVER and not self.own[arcs.destination[arc]]:
            more, spread, unknown = displaced_by(self._links, arc)
            return value + more, variance + spread, _joined(why, unknown)
        return value, variance, why

    @cached_property
    def _fed(self) -> Floats:
        arcs = self._links.arcs
        feeds = self._of(ArcKind.FEED, ArcKind.PASS)
        return sums(arcs.destination[feeds], self._flow[feeds], len(self._links.nodes.id))

    @cached_property
    def _per_feed(self) -> tuple[Floats, Floats, dict[int, Unknowns]]:
        """c_p of each node, its variance, what is not known; plants behind plants are followed to their end."""
        arcs = self._links.arcs
        whole, variance, missing = self._beyond
        passes, fed = self._of(ArcKind.PASS), np.where(self._fed > 0, self._fed, np.nan)
        start, end, flow = arcs.origin[passes], arcs.destination[passes], self._flow[passes]
        value, spread = np.nan_to_num(whole / fed), np.nan_to_num(variance / fed**2)
        for _ in range(len(passes)):  # arcs stand in any order, so a chain may need as many rounds as it has links
            value = np.nan_to_num((whole + sums(start, flow * value[end], len(fed))) / fed)
            spread = np.nan_to_num((variance + sums(start, flow**2 * spread[end], len(fed))) / fed**2)
            for origin, destination in zip(start.tolist(), end.tolist(), strict=True):
                if destination in missing:
                    missing[origin] = _joined(missing.get(origin, ()), missing[destination])
        return value, spread, missing

    def per_unit(self, arc: int) -> tuple[float, float, Unknowns]:
        """What the plant that a feed goes into does with a unit of it: kg CO2e, variance, what is not known."""
        value, variance, missing = self._per_feed
        node = int(self._links.arcs.destination[arc])
        return float(value[node]), float(variance[node]), missing.get(node, ())

    def own_per_output(self, arc: int) -> tuple[float, float, Unknowns]:
        """A plant's own emissions and reagents per unit that it delivers: kg CO2e, variance, what is not known."""
        links, arcs, node = self._links, self._links.arcs, int(self._links.arcs.origin[arc])
        plant = int(np.flatnonzero(links.works.node == node)[0])
        activity, reagents = float(self.ledger.operations.activity[plant]), self._of(ArcKind.REAGENT)
        reagents = reagents[arcs.destination[reagents] == node]
        own = activity * float(links.works.co2[plant].sum()) + float(self._flow[reagents] @ arcs.co2[reagents].sum(axis=1))
        variance = activity**2 * float((links.works.co2_sd[plant] ** 2).sum())
        variance += float(self._flow[reagents] ** 2 @ (arcs.co2_sd[reagents] ** 2).sum(axis=1))
        missing: Unknowns = (
            (Unknown(f"emissions of {links.nodes.name[node]}", adds=True),) if activity > 0 and links.works.unknown_co2[plant] else ()
        )
        missing = _joined(missing, *(gaps(links, each) for each in reagents.tolist()))
        made = self._of(ArcKind.DELIVER, ArcKind.PASS)
        whole = float(self._flow[made][arcs.origin[made] == node].sum())
        return (own / whole, variance / whole**2, missing) if whole > 0 else (0.0, 0.0, missing)
