"""Which rows name what enters a site: purchases, and inputs that a footprint names; the same material never twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from attrs import frozen

from sivuvirta.domain.region import Region

MASS = "t/a"
"""Unit of an amount that counts as mass; energy carriers per MWh and volumes are in other indicators."""

UNCOUNTED = ("water", "gas.oxygen", "gas.nitrogen", "gas.argon")
"""Classes that add to a balance of mass and to no share: water has indicators of its own, and air is no resource that is bought."""

Row = Mapping[str, Any]


@frozen
class Blank:
    """An input that the register names and gives no amount for."""

    words: str
    material: str | None


def at_or_below(material: str, classes: Iterable[str]) -> bool:
    """Whether a material is one of some classes, or below one.

    >>> at_or_below("metal.scrap.steel", ["metal.scrap"]), at_or_below("metallic", ["metal"])
    (True, False)
    """
    return any(material == each or material.startswith(f"{each}.") for each in classes)


def material_of(region: Region, key: str) -> str:
    """Material of a product; of a material itself."""
    products = region.table("products")
    return str(products["material"][products.index[key]]) if key in products.index else key


def footprint_rows(region: Region, site: str, bought: Collection[str]) -> list[Row]:
    """Inputs of a site by mass that footprints name and that are no purchase.

    An input enters the site of its row, else that of its product. What is bought (the same material, or one below a class that is bought)
    is left out. Where footprints of several products name a material, the product that names most of it tells: they may tell the same.

    Args:
        region: its tables.
        site: which the inputs enter.
        bought: materials of the site's purchases.

    Returns:
        Rows with an amount, the material in `of`.
    """
    rows = [row for row in _inputs(region, site, bought) if row["value"] is not None and row["unit"] == MASS]
    amounts: dict[str, dict[str, float]] = {}
    for row in rows:
        by = amounts.setdefault(row["of"], {})
        by[row["subject"]] = by.get(row["subject"], 0.0) + row["value"]
    tells = {material: max(by, key=lambda subject: by[subject]) for material, by in amounts.items()}
    return [row for row in rows if tells[row["of"]] == row["subject"]]


def blanks(region: Region, site: str, bought: Collection[str]) -> list[Blank]:
    """Inputs of a site that footprints name without an amount: rows `gap`, and rows `input` without a purchase behind them."""
    rows = [
        row for row in _inputs(region, site, bought) if row["value"] is None and row["unit"] in (None, MASS) and _solid(region, row["of"])
    ]
    gaps = [row for row in region.table("footprints").rows() if row["role"] == "gap" and _enters(row) == site]
    named = [Blank(row["name"] or row["of"], row["of"]) for row in rows]
    return [*named, *(Blank(row["name"], row["of"] and material_of(region, row["of"])) for row in gaps)]


def cut_off(region: Region, site: str) -> list[str]:
    """What footprints of a site's products leave out on purpose, in words."""
    return [row["name"] for row in region.table("footprints").rows() if row["role"] == "cutoff" and _enters(row) == site]


def _inputs(region: Region, site: str, bought: Collection[str]) -> list[Row]:
    rows = [row for row in region.table("footprints").rows() if row["role"] == "input" and _enters(row) == site]
    return [row for row in ({**row, "of": material_of(region, row["of"])} for row in rows) if not at_or_below(row["of"], bought)]


def _enters(row: Row) -> str:
    return row["site"] or str(row["subject"]).partition("/")[0]


def _solid(region: Region, material: str) -> bool:
    """Whether a material is counted in tonnes."""
    table = region.table("materials")
    return material not in table.index or table["unit"][table.index[material]] == "t"
