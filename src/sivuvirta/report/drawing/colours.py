"""Colours of materials: one fixed scale for map, Sankey and tables, safe for colour-blind eyes (Okabe and Ito 2008, extended)."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen


@frozen
class Family:
    """Materials that share a colour."""

    id: str
    name: str
    roots: tuple[str, ...]  # first parts of material ids
    light: str  # on paper
    dark: str  # on the dark theme: the same hue, lighter


FAMILIES = (
    Family("slag", "Slag", ("slag",), "#0072b2", "#4aa3da"),
    Family("metal", "Metal dust, scale and sludge", ("metres", "metal"), "#e69f00", "#f0b53c"),
    Family("ash", "Ash", ("ash",), "#cc79a7", "#dc9dc0"),
    Family("lime", "Lime and minerals", ("lime", "mineral", "binder", "refractory"), "#a89200", "#dfcf45"),
    Family("rock", "Rock, tailings and aggregates", ("mining", "aggregate", "construction", "glass"), "#6f757b", "#a3a9af"),
    Family("wood", "Wood and pulp", ("wood", "pulp"), "#009e73", "#3cc39c"),
    Family("soil", "Soil, sludge and nutrients", ("sludge", "soil", "bio", "fert"), "#8a5a2f", "#c08d5d"),
    Family("fuel", "Gas and fuel", ("gas", "fuel", "oil"), "#d55e00", "#f08a42"),
    Family("energy", "Heat and electricity", ("heat", "electricity"), "#6a4fa3", "#a38fd4"),
    Family("water", "Water and chemicals", ("water", "acid", "alkali", "salt", "solvent"), "#56b4e9", "#7cc7f0"),
    Family(
        "goods", "Goods and waste of people", ("plastic", "rubber", "textile", "packaging", "electronics", "residual"), "#44524a", "#8fa398"
    ),
)
OTHER = Family("other", "Other", (), "#8b8f94", "#b3b7bb")

_BY_ROOT = {root: family for family in FAMILIES for root in family.roots}


def family(material: str) -> Family:
    """Family of a material class, told by the first part of its id.

    >>> family("slag.stainless.fines").name
    'Slag'
    """
    return _BY_ROOT.get(material.partition(".")[0], OTHER)


def legend(ids: Iterable[str]) -> list[Family]:
    """Families that occur, in the order of the scale."""
    present = set(ids)
    return [entry for entry in (*FAMILIES, OTHER) if entry.id in present]
