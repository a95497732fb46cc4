"""Rules of carriers and units of what is joined: a need and what it accepts, a slot and what is bought for it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sivuvirta.errors import Problem
from sivuvirta.tables.draft import Draft
from sivuvirta.units.carriers import MOIST


def accepted_carriers(draft: Draft) -> Iterator[Problem]:
    """A need of matter accepts matter, a need of heat accepts heat; solids and liquids both come in tonnes dry."""
    if not draft.present("acceptances"):
        return
    carriers, asked = draft.lookup("materials", "carrier"), draft.lookup("needs", "material")
    columns = draft.tables["acceptances"].columns
    for row, (need, material) in enumerate(zip(columns["need"].tolist(), columns["material"].tolist(), strict=True)):
        mine, theirs = carriers.get(material), carriers.get(asked.get(need, ""))
        if not _joins(mine, theirs):
            message = f"'{material}' is carried as {mine}, but '{need}' asks for '{asked[need]}', which is carried as {theirs}."
            repair = "Accept a material of the same carrier, or correct the material of the need."
            yield draft.problem("acceptances", row, "material", "carrier_mismatch", message, repair)


def bought_carriers(draft: Draft) -> Iterator[Problem]:
    """What is bought for a slot is carried and counted as what the slot takes."""
    if not draft.present("recipe_inputs"):
        return
    carriers, units = draft.lookup("materials", "carrier"), draft.lookup("materials", "unit")
    made_of, sold_in = draft.lookup("products", "material"), draft.lookup("products", "unit")
    columns = draft.tables["recipe_inputs"].columns
    rows = zip(*(columns[name].tolist() for name in ("slot", "material", "product")), strict=True)
    for row, (slot, material, product) in enumerate(rows):
        mine, theirs = carriers.get(made_of.get(product, "")), carriers.get(material)
        if not _joins(mine, theirs):
            message = f"'{product}' is carried as {mine}, but slot '{slot}' takes '{material}', which is carried as {theirs}."
            yield draft.problem("recipe_inputs", row, "product", "carrier_mismatch", message, "Name a product of the slot's material.")
        elif not _same(sold_in.get(product), units.get(material)):
            message = f"'{product}' is counted in {sold_in[product]}, but slot '{slot}' takes '{material}' in {units[material]}."
            repair = f"Name a product that is counted in {units[material]}."
            yield draft.problem("recipe_inputs", row, "product", "unit_mismatch", message, repair)


def share_units(draft: Draft) -> Iterator[Problem]:
    """A share of what a need receives counts what is bought too, so both are counted in one unit."""
    if not draft.present("acceptances"):
        return
    units, sold_in = draft.lookup("materials", "unit"), draft.lookup("products", "unit")
    kinds = draft.lookup("needs", "kind")
    bought = {need: product for need, product in draft.lookup("needs", "product").items() if kinds[need] != "market"}
    columns = draft.tables["acceptances"].columns
    for row, (need, material) in enumerate(zip(columns["need"].tolist(), columns["material"].tolist(), strict=True)):
        product, bound = bought.get(need), _bound(float(columns["share_low"][row]), float(columns["share_high"][row]))
        if product is not None and bound and not _same(sold_in.get(product), units.get(material)):
            message = (
                f"A share of '{material}', in {units[material]}, beside '{product}', in {sold_in[product]}, "
                f"which '{need}' buys, is a share of no unit."
            )
            yield draft.problem(
                "acceptances", row, bound, "share_unit", message, "Leave the share empty, or name a product in the same unit."
            )


def _bound(low: float, high: float) -> str:
    """The column of a share that binds; "" where none does."""
    if not math.isnan(high) and high < 100.0:
        return "share_high"
    return "share_low" if low > 0.0 else ""


def _joins(one: str | None, other: str | None) -> bool:
    """Whether two carriers are one; what is not known is another rule's problem."""
    return one is None or other is None or one == other or (one in MOIST and other in MOIST)


def _same(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other
