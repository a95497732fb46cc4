"""Indicators of a product through its life: recycled content, recycling at the end of life, recyclability, MCI; and of a portfolio."""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve

from sivuvirta.assess.circularity import mci as method
from sivuvirta.assess.circularity.asked import Asked, Compute, Found, amounts, times
from sivuvirta.assess.circularity.intervals import UNKNOWN, Range, corners, quotient, total, weighted
from sivuvirta.assess.circularity.masses import reach
from sivuvirta.assess.circularity.named import at_or_below
from sivuvirta.domain.indicators import AT_LEAST, NAN


def _stated(asked: Asked, quantity: str) -> Range | None:
    """A share that is told of the product itself."""
    stated = asked.book.figure("product", asked.subject, quantity) if asked.level == "product" else None
    if stated is None:
        return None
    asked.inputs[stated.row] = stated
    return reach(stated)


def _feedstock(asked: Asked, quantity: str) -> Range:
    """Share of all that goes into making a product, told of it or by its inputs: the same inputs as in the circular inflow."""
    stated = _stated(asked, quantity)
    if stated is not None:
        return stated
    flows = asked.inflows()
    return weighted(amounts(flows), [asked.figure(quantity, flow.material) for flow in flows])


def recycled_content(asked: Asked) -> Found:
    """Recycled share of the metal (or other class of material) that goes into a product, %."""
    stated = _stated(asked, "recycled_content")
    if stated is not None:
        return asked.told(stated.times(100.0))
    of = asked.subject.partition("/")[2].partition(".")[0]
    name = asked.book.named(of).lower()
    note = (
        f"Of what enters of the product's class of material ({name}) alone, with equal yields: what becomes slag or gas and not product "
        "is in 'Recycled content of inflows', which counts all inputs. What the works remelt of their own does not count."
    )
    flows = asked.entering(of)
    assumed = [asked.book.named(flow.material).lower() for flow in flows if flow.amount.grade == "D"]
    note += f" From memory or assumed, grade D, stand in its denominator: {', '.join(dict.fromkeys(assumed))}." if assumed else ""
    found = weighted(amounts(flows), [asked.figure("recycled_content", flow.material) for flow in flows])
    blanks = [each for each in asked.book.blanks(asked.level, asked.subject) if each.material is None or at_or_below(each.material, (of,))]
    shares = [(each.words, asked.figure("recycled_content", each.material).times(100.0)) for each in blanks]
    return asked.partly(found.times(100.0), shares, note)


def recycled_input_rate(asked: Asked) -> Found:
    """Recycled material that enters per mass of product, at most all of it, %; a yield below 1 and other inputs are in it."""
    flows = asked.flows("inflow")
    if len(asked.flows("outflow")) > 1:
        asked.missing.append("what enters each product: more than one leaves")
    recycled = [times(reach(flow.amount), asked.figure("recycled_content", flow.material)) for flow in flows]
    products = total(amounts(asked.flows("outflow")))
    whole, part = quotient(total(recycled), products), quotient(total(recycled), products, 1.0)
    told = asked.told(part.times(100.0), _capped(whole) if whole.high > 1.0 else "")
    told = evolve(told, cap="capped at 100 %" if told.range.known and whole.value >= 1.0 and whole.high > 1.0 else "")
    blanks = [each for each in asked.book.blanks(asked.level, asked.subject) if not _virgin(asked, each.material)]
    if not blanks or not told.range.known:
        return told
    missing = tuple(f"amount of {each.words}" for each in blanks)
    return Found(Range(told.range.value, told.range.low, NAN), told.inputs, missing, told.note, AT_LEAST, cap=told.cap)


def _capped(whole: Range) -> str:
    return (
        f"By its inputs it could be {100 * whole.low:.4g} to {100 * whole.high:.4g} %: more recycled material may enter than "
        "product leaves, the rest being lost in side streams. No more than all of a product is recycled, so figure and range end at 100 %."
    )


def _virgin(asked: Asked, material: str | None) -> bool:
    """Whether nothing of an input is recycled."""
    found = asked.book.figure(asked.level, asked.subject, "recycled_content", material) if material else None
    return found is not None and found.high == 0


def end_of_life(quantity: str) -> Compute:
    """A share of the product at the end of its life, %."""

    def compute(asked: Asked) -> Found:
        return asked.told(asked.figure(quantity).times(100.0))

    return compute


def recyclability(asked: Asked) -> Found:
    """What design and process let be recycled, whether it is or not, %."""
    potential, efficiency = asked.figure("recovery_potential"), asked.figure("recycling_efficiency")
    return asked.told(times(potential, efficiency).times(100.0))


def product_indicator(function: Callable[[method.Product], float]) -> Compute:
    """MCI or linear flow index of a product."""

    def compute(asked: Asked) -> Found:
        told = {name: _feedstock(asked, quantity) for name, quantity in _FEEDSTOCK.items()}
        told |= {name: asked.figure(quantity, asked.subject.partition("/")[2]) for name, quantity in _PRODUCT.items()}
        life = quotient(asked.figure("lifetime"), asked.figure("lifetime_average"))
        found = corners(lambda **each: function(method.Product(**each)), {**told, "utility": life})
        return asked.told(found, f"{_METHOD} {asked.book.counted(asked.level, asked.subject)}")

    return compute


_METHOD = (
    "Feedstock is all that goes into making the product, as in the circular inflow; side streams of making it are not in the method, they "
    "are in the circular outflow. Intensity of use is taken as the industry's mean."
)

_FEEDSTOCK = {"recycled": "recycled_content", "reused": "reused_content", "biological": "renewable_content"}

_PRODUCT = {
    "to_recycling": "recycled",
    "to_reuse": "reused",
    "to_compost": "composted",
    "to_energy": "energy_recovered",
    "after_use": "recycling_efficiency",
    "feedstock": "feedstock_efficiency",
}


def portfolio(asked: Asked) -> Found:
    """Mean of the products' indicators by mass."""
    flows = asked.flows("outflow")
    compute, parts = product_indicator(method.mci), []
    for flow in flows:
        part = Asked(asked.book, "product", flow.product)
        found = compute(part) if flow.product else Found(UNKNOWN, missing=(f"products behind {flow.amount.name}",))
        parts.append(found.range)
        asked.missing += [f"{each} ({asked.book.named(flow.material)})" for each in found.missing]
        asked.inputs |= {each.row: each for each in found.inputs}
    return asked.told(weighted(amounts(flows), parts))
