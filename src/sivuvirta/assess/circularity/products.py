"""Indicators of a product through its life: recycled content, recycling at the end of life, recyclability, MCI; and of a portfolio."""

from __future__ import annotations

from collections.abc import Callable

from sivuvirta.assess.circularity import mci as method
from sivuvirta.assess.circularity.asked import Asked, Compute, Found, amounts, times
from sivuvirta.assess.circularity.book import reach
from sivuvirta.assess.circularity.intervals import UNKNOWN, Range, corners, quotient, total, weighted


def _content(asked: Asked) -> Range:
    """Recycled share of a product: told of it, else from the inputs of its class of material."""
    stated = asked.book.figure("product", asked.subject, "recycled_content") if asked.level == "product" else None
    if stated is not None:
        asked.inputs[stated.row] = stated
        return reach(stated)
    flows = asked.inflows()
    return weighted(amounts(flows), [asked.figure("recycled_content", flow.material) for flow in flows])


def recycled_content(asked: Asked) -> Found:
    """Recycled share of the metal (or other class of material) that goes into a product, %."""
    note = "By what is bought of the product's class of material, with equal yields; what the works remelt of their own does not count."
    return asked.told(_content(asked).times(100.0), note)


def recycled_input_rate(asked: Asked) -> Found:
    """Recycled material bought per mass of product, %; a yield below 1 and other inputs are in it."""
    flows = asked.flows("inflow")
    if len(asked.flows("outflow")) > 1:
        asked.missing.append("what enters each product: more than one leaves")
    recycled = [times(reach(flow.amount), asked.figure("recycled_content", flow.material)) for flow in flows]
    return asked.told(quotient(total(recycled), total(amounts(asked.flows("outflow")))).times(100.0))


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
        told = {"recycled": _content(asked)}
        told |= {name: asked.figure(quantity, asked.subject.partition("/")[2]) for name, quantity in _PRODUCT.items()}
        life = quotient(asked.figure("lifetime"), asked.figure("lifetime_average"))
        found = corners(lambda **each: function(method.Product(**each)), {**told, "utility": life})
        return asked.told(found, "Intensity of use is taken as the industry's mean.")

    return compute


_PRODUCT = {
    "reused": "reused_content",
    "biological": "renewable_content",
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
