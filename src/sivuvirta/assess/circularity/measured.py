"""Indicators from what enters and leaves a subject and what is told of it: ISO 59020, CTI, circular material use."""

from __future__ import annotations

import math

from sivuvirta.assess.circularity.asked import Asked, Compute, Found, amounts, summed, times
from sivuvirta.assess.circularity.book import reach
from sivuvirta.assess.circularity.intervals import Range, quotient, share, total, weighted

SECONDARY = ("recycled_content", "reused_content", "renewable_content")
"""What makes an inflow circular."""

RECOVERED = ("reused", "recycled", "composted")
"""What counts as recovered after use: reuse with repair and remanufacture, recycling, biological recovery; energy recovery does not."""


_BOUGHT = "Of the purchases that the register names."


def mean_content(*quantities: str) -> Compute:
    """Mean share of some contents in what enters, %."""

    def compute(asked: Asked) -> Found:
        flows = asked.inflows()
        found = weighted(amounts(flows), [summed(asked.figure(each, flow.material) for each in quantities) for flow in flows])
        return asked.told(found.times(100.0), _BOUGHT)

    return compute


def mean_fate(*quantities: str) -> Compute:
    """Mean share of some fates in what leaves as products, %."""

    def compute(asked: Asked) -> Found:
        flows = asked.flows("outflow")
        found = weighted(amounts(flows), [summed(asked.of_product(flow, each) for each in quantities) for flow in flows])
        return asked.told(found.times(100.0), "Of products; side streams are in the shares of the hierarchy.")

    return compute


def ratio(over: str, under: str, unit: float = 100.0) -> Compute:
    """One figure by another, a share of it where `unit` is 100."""

    def compute(asked: Asked) -> Found:
        return asked.told(quotient(asked.figure(over), asked.figure(under), 1.0 if unit == 100.0 else math.inf).times(unit))

    return compute


def _circular_outflow(asked: Asked) -> Range:
    flows = asked.flows("outflow")
    shares = []
    for flow in flows:
        potential, actual = asked.of_product(flow, "recovery_potential"), summed(asked.of_product(flow, each) for each in RECOVERED)
        shares.append(times(potential, actual))
    return weighted(amounts(flows), shares)


def cti_outflow(asked: Asked) -> Found:
    """Circular outflow: recovery potential by actual recovery, %."""
    return asked.told(_circular_outflow(asked).times(100.0), "Of products; reuse, recycling and biological recovery count.")


def cti_circularity(asked: Asked) -> Found:
    """Mean of circular inflow and outflow by mass, %."""
    flows = asked.inflows()
    enters = weighted(amounts(flows), [summed(asked.figure(each, flow.material) for each in SECONDARY) for flow in flows])
    leaves = _circular_outflow(asked)
    masses = [total(amounts(flows)), total(amounts(asked.flows("outflow")))]
    return asked.told(weighted(masses, [enters, leaves]).times(100.0), _BOUGHT)


def cti_water(asked: Asked) -> Found:
    """Mean of the circular shares of water in and out, %."""
    ways = [("water_circular_in", "water_withdrawn"), ("water_circular_out", "water_discharged")]
    shares = [quotient(asked.figure(over), asked.figure(under), 1.0) for over, under in ways]
    return asked.told(total(shares).times(50.0))


def recovery_type(quantity: str) -> Compute:
    """Share of one way of recovery in all that is recovered, %."""

    def compute(asked: Asked) -> Found:
        flows, recovered, shares = asked.flows("outflow"), [], []
        for flow in flows:
            ways, amount = {each: asked.of_product(flow, each) for each in RECOVERED}, reach(flow.amount)
            recovered.append(times(amount, summed(ways.values())))
            shares.append(share(ways[quantity], total([part for each, part in ways.items() if each != quantity])))
        return asked.told(weighted(recovered, shares).times(100.0))

    return compute


def productivity(asked: Asked) -> Found:
    """Revenue per tonne of linear inflow, EUR/t."""
    flows = asked.inflows()
    linear = []
    for flow in flows:
        circular, amount = summed(asked.figure(each, flow.material) for each in SECONDARY), reach(flow.amount)
        linear.append(times(amount, Range(1.0 - circular.value, 1.0 - circular.high, 1.0 - circular.low)))
    return asked.told(quotient(asked.figure("revenue"), total(linear)), _BOUGHT)


def circular_material_use(asked: Asked) -> Found:
    """Circular use of material by all use of material, %; consumption is that of the region."""
    used = (asked.figure("recycled_waste"), asked.figure("imported_for_recycling"), asked.figure("exported_for_recycling"))
    recycled, imported, exported = used
    ends = (recycled.low - imported.high + exported.low, recycled.high - imported.low + exported.high)
    circular = Range(recycled.value - imported.value + exported.value, max(ends[0], 0.0), ends[1])
    if circular.known and circular.value < 0:
        asked.missing.append("a circular use above 0: more waste is imported for recycling than is recycled")
    return asked.told(share(circular, asked.figure("material_consumption")).times(100.0))
