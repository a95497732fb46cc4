"""Indicators from what enters and leaves a subject and what is told of it: ISO 59020, CTI, circular material use."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from sivuvirta.assess.circularity.asked import Asked, Compute, Found, amounts, summed, times
from sivuvirta.assess.circularity.intervals import Range, exact, quotient, share, total, weighted
from sivuvirta.assess.circularity.masses import Flow, Side, reach
from sivuvirta.domain.indicators import AT_LEAST, NAN

SECONDARY = ("recycled_content", "reused_content", "renewable_content")
"""What makes an inflow circular."""

RECOVERED = ("reused", "recycled", "composted")
"""What counts as recovered after use: reuse with repair and remanufacture, recycling, biological recovery; energy recovery does not."""


_WASTE = "Side streams count by where they end in the waste hierarchy; what goes to soil as a fertiliser is recycled there."


def mean_content(*quantities: str) -> Compute:
    """Mean share of some contents in what enters, %."""

    def compute(asked: Asked) -> Found:
        flows = asked.entering()
        found = weighted(amounts(flows), [_content(asked, flow.material, quantities) for flow in flows])
        blanks = [(each.words, _content(asked, each.material, quantities)) for each in asked.book.blanks(asked.level, asked.subject)]
        note = asked.book.counted(asked.level, asked.subject)
        return asked.partly(found.times(100.0), [(words, share.times(100.0)) for words, share in blanks], note)

    return compute


def _content(asked: Asked, material: str | None, quantities: Sequence[str]) -> Range:
    return summed(asked.figure(each, material) for each in quantities)


def mean_fate(quantity: str) -> Compute:
    """Mean share of one fate in what leaves, %; `_OF_SIDES` says which shares of side streams count in it."""

    def compute(asked: Asked) -> Found:
        products, sides = asked.leaving()
        shares = [asked.of_product(flow, quantity) for flow in products] + [exact(_OF_SIDES[quantity](side)) for side in sides]
        return _left(asked, weighted(_masses(products, sides), shares))

    return compute


_OF_SIDES: dict[str, Callable[[Side], float]] = {
    "reused": lambda side: side.reuse,
    "recycled": lambda side: side.recycling,
    "composted": lambda _: 0.0,
}


def _masses(products: Sequence[Flow], sides: Sequence[Side]) -> list[Range]:
    return [*amounts(products), *(reach(side.amount) for side in sides)]


def _left(asked: Asked, found: Range) -> Found:
    """A share of what leaves; at least that, where nobody knows where some of it goes."""
    sides = asked.book.sides(asked.level, asked.subject)
    lost = [side for side in sides if side.unaccounted > 0]
    told = asked.told(found.times(100.0), f"Of products and side streams. {_WASTE} {asked.book.closure(asked.level, asked.subject)}")
    if not lost or not told.range.known:
        return told
    words = tuple(f"where {side.unaccounted * side.amount.value:,.0f} t/a of {side.amount.name} go today" for side in lost)
    return Found(Range(told.range.value, told.range.low, NAN), told.inputs, words, told.note, AT_LEAST)


def ratio(over: str, under: str, unit: float = 100.0) -> Compute:
    """One figure by another, a share of it where `unit` is 100."""

    def compute(asked: Asked) -> Found:
        return asked.told(quotient(asked.figure(over), asked.figure(under), 1.0 if unit == 100.0 else math.inf).times(unit))

    return compute


def _circular_outflow(asked: Asked) -> tuple[list[Range], Range]:
    """Masses that leave, and their circular share."""
    products, sides = asked.leaving()
    shares = []
    for flow in products:
        potential, actual = asked.of_product(flow, "recovery_potential"), summed(asked.of_product(flow, each) for each in RECOVERED)
        shares.append(times(potential, actual))
    masses = _masses(products, sides)
    return masses, weighted(masses, [*shares, *(exact(side.reuse + side.recycling) for side in sides)])


def cti_outflow(asked: Asked) -> Found:
    """Circular outflow: of products recovery potential by actual recovery, of side streams what is reused and recycled, %."""
    return _left(asked, _circular_outflow(asked)[1])


def cti_circularity(asked: Asked) -> Found:
    """Mean of circular inflow and outflow by mass, %."""
    flows = asked.inflows()
    enters = weighted(amounts(flows), [_content(asked, flow.material, SECONDARY) for flow in flows])
    masses, leaves = _circular_outflow(asked)
    return _left(asked, weighted([total(amounts(flows)), total(masses)], [enters, leaves]))


def cti_water(asked: Asked) -> Found:
    """Mean of the circular shares of water in and out, %."""
    ways = [("water_circular_in", "water_withdrawn"), ("water_circular_out", "water_discharged")]
    shares = [quotient(asked.figure(over), asked.figure(under), 1.0) for over, under in ways]
    return asked.told(total(shares).times(50.0))


def recovery_type(quantity: str) -> Compute:
    """Share of one way of recovery in all that is recovered, %."""

    def compute(asked: Asked) -> Found:
        (products, sides), recovered, shares = asked.leaving(), [], []
        for flow in products:
            ways, amount = {each: asked.of_product(flow, each) for each in RECOVERED}, reach(flow.amount)
            recovered.append(times(amount, summed(ways.values())))
            shares.append(share(ways[quantity], total([part for each, part in ways.items() if each != quantity])))
        for side in sides:
            if side.reuse + side.recycling > 0:
                recovered.append(reach(side.amount).times(side.reuse + side.recycling))
                shares.append(exact(_OF_SIDES[quantity](side) / (side.reuse + side.recycling)))
            if side.unaccounted > 0:
                asked.missing.append(f"where {side.unaccounted * side.amount.value:,.0f} t/a of {side.amount.name} go today")
        return asked.told(weighted(recovered, shares).times(100.0), f"Of products and side streams. {_WASTE}")

    return compute


def productivity(asked: Asked) -> Found:
    """Revenue per tonne of linear inflow, EUR/t."""
    flows = asked.inflows()
    linear = []
    for flow in flows:
        circular, amount = _content(asked, flow.material, SECONDARY), reach(flow.amount)
        linear.append(times(amount, Range(1.0 - circular.value, 1.0 - circular.high, 1.0 - circular.low)))
    return asked.told(quotient(asked.figure("revenue"), total(linear)), asked.book.counted(asked.level, asked.subject))


def circular_material_use(asked: Asked) -> Found:
    """Circular use of material by all use of material, %; consumption is that of the region."""
    used = (asked.figure("recycled_waste"), asked.figure("imported_for_recycling"), asked.figure("exported_for_recycling"))
    recycled, imported, exported = used
    ends = (recycled.low - imported.high + exported.low, recycled.high - imported.low + exported.high)
    circular = Range(recycled.value - imported.value + exported.value, max(ends[0], 0.0), ends[1])
    if circular.known and circular.value < 0:
        asked.missing.append("a circular use above 0: more waste is imported for recycling than is recycled")
    return asked.told(share(circular, asked.figure("material_consumption")).times(100.0))
