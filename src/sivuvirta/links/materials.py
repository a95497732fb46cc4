"""The tree of materials as arrays, and which class takes which material."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Codes, Floats, Texts
from sivuvirta.domain.region import Region
from sivuvirta.links.codes import Groups, Mask, Rows, pair_codes, picked, positions

CARRIERS = ("solid", "liquid", "gas", "fuel", "heat", "electricity", "water", "service")
"""Carriers by code; the position is the code."""

ANYTHING = -2
"""Class of a row that names no material and takes every one."""


@frozen(eq=False)
class Materials:
    """Material classes in the order of the table. Shape (materials,)."""

    id: Texts
    carrier: Codes  # position in CARRIERS
    unit: Texts
    density: Floats  # t/m3 loose, as sent, NaN where unknown
    moisture: Floats  # % of the mass as sent, NaN where unknown
    lhv: Floats  # MWh/t as sent, NaN where unknown
    ancestors: tuple[tuple[int, ...], ...]  # itself and the classes above it, nearest first

    def __len__(self) -> int:
        return len(self.id)

    def find(self, column: Any) -> Rows:
        """Positions of material ids."""
        return positions(self.id, column)

    def carriers(self, rows: Rows) -> Codes:
        """Carrier code of each material, -1 where there is no material."""
        return np.asarray(picked(self.carrier, rows, -1), dtype=np.int8)

    def units(self, rows: Rows) -> Texts:
        """Canonical unit of each material."""
        return np.asarray(picked(self.unit, rows, ""), dtype=object)


def materials(region: Region) -> Materials:
    """The materials of a region, the library's included."""
    table = region.table("materials")
    ids = table["material"]
    return Materials(
        id=ids,
        carrier=positions(CARRIERS, table["carrier"]).astype(np.int8),
        unit=table["unit"],
        density=table["bulk_density"],
        moisture=table["moisture"],
        lhv=table["lhv"],
        ancestors=_ancestors(ids),
    )


def sent(materials: Materials, material: Rows, moisture: Floats) -> Floats:
    r"""Tonnes as sent per dry tonne.

    .. math:: m_i = 1 / (1 - w_i)    (U)

    Args:
        materials: the tree.
        material: positions in it, shape (n,).
        moisture: w, % of the mass as sent, NaN where the row itself does not say; then the material's typical moisture holds, shape (n,).

    Returns:
        m, shape (n,); 1 for what is not counted in tonnes, and where no moisture is known.
    """
    typical = picked(materials.moisture, material, np.nan)
    water = np.where(np.isnan(moisture), typical, moisture)
    tonnes = materials.units(material) == "t"
    return np.where(tonnes & ~np.isnan(water), 1.0 / (1.0 - np.where(np.isnan(water), 0.0, water) / 100.0), 1.0)


def takers(materials: Materials, classes: Rows, group: Any) -> Groups:
    """For each material the rows whose class takes it: the class itself or one above it.

    Of the rows of one group that take a material, only the most specific class remains, so that a need that accepts slag in general and
    ferrochrome slag on other terms takes ferrochrome slag on the latter. Arcs join equal carriers: a class of another one takes nothing.

    Args:
        materials: the tree.
        classes: position of each row's class in the tree; -1 takes nothing, ANYTHING takes all, shape (rows,).
        group: code of what a row belongs to, for example its need, shape (rows,).

    Returns:
        Groups by material position, the rows in ascending order.
    """
    pairs = [(below, above, depth) for below, line in enumerate(materials.ancestors) for depth, above in enumerate((*line, ANYTHING))]
    below, above, depth = (np.array(part, dtype=np.int64) for part in zip(*pairs, strict=True)) if pairs else (np.zeros(0, np.int64),) * 3
    slots = np.where(above == ANYTHING, len(materials), above)
    rows_of = _by_class(classes, len(materials))
    pair, row = rows_of.join(slots)
    material, distance = below[pair], depth[pair]
    keep = _same_carrier(materials, material, classes[row])
    material, distance, row = material[keep], distance[keep], row[keep]
    order = np.lexsort((row, distance, pair_codes(material, np.asarray(group)[row])))
    material, distance, row = material[order], distance[order], row[order]
    code = pair_codes(material, np.asarray(group)[row])
    first = np.ones(len(code), dtype=bool)
    first[1:] = code[1:] != code[:-1]
    material, row = material[first], row[first]
    order = np.lexsort((row, material))
    start = np.concatenate([[0], np.cumsum(np.bincount(material, minlength=len(materials)))]).astype(np.int64)
    return Groups(start, row[order])


def _ancestors(ids: Texts) -> tuple[tuple[int, ...], ...]:
    place = {key: row for row, key in enumerate(ids.tolist())}
    lines = []
    for key in ids.tolist():
        parts = key.split(".")
        names = (".".join(parts[:size]) for size in range(len(parts), 0, -1))
        lines.append(tuple(place[name] for name in names if name in place))
    return tuple(lines)


def _by_class(classes: Rows, count: int) -> Groups:
    from_class = np.where(classes == ANYTHING, count, classes)
    member = np.flatnonzero(from_class >= 0)
    member = member[np.argsort(from_class[member], kind="stable")]
    start = np.concatenate([[0], np.cumsum(np.bincount(from_class[member], minlength=count + 1))]).astype(np.int64)
    return Groups(start, member)


def _same_carrier(materials: Materials, material: Rows, classes: Rows) -> Mask:
    return np.asarray((classes < 0) | (materials.carriers(material) == materials.carriers(np.maximum(classes, -1))), dtype=bool)
