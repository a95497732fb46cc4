"""Class: who says that the receiver takes such a material."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.links import Codes, Ints, Links
from sivuvirta.links.codes import grade_codes, pair_codes
from sivuvirta.match.opinion import Opinion
from sivuvirta.match.verdicts import stated, worst
from sivuvirta.match.ways import Ways


def taken(links: Links, ways: Ways) -> Opinion:
    """Whether the need, and the plant before it, take the material: they do, and likely so where that is an assumption (grade D).

    That a row of `acceptances` or of a recipe is there makes the way; its grade says how well that is known.
    """
    grade = worst(_accepted(links, ways), _fed(links, ways))
    return Opinion(stated(grade), grade)


def acceptances(links: Links, ways: Ways) -> Ints:
    """Row of table `acceptances` that each way rests on."""
    return links.arcs.acceptance[np.where(ways.plant < 0, ways.arc_in, ways.arc_out)]


def recipe_rows(links: Links, ways: Ways) -> Ints:
    """Row of table `recipe_inputs` by which each way enters its plant, -1 for a direct way."""
    rows = np.full(len(ways), -1, dtype=np.int32)
    through = np.flatnonzero(ways.plant >= 0)
    if len(through) == 0:
        return rows
    slot, material = links.arcs.slot[ways.arc_in[through]], links.arcs.material[ways.arc_in[through]]
    _, first, which = np.unique(pair_codes(slot, material), return_index=True, return_inverse=True)
    found = [_recipe_row(links, int(slot[at]), int(material[at])) for at in first.tolist()]
    rows[through] = np.array(found, dtype=np.int32)[which]
    return rows


def _accepted(links: Links, ways: Ways) -> Codes:
    return np.append(grade_codes(links.region.table("acceptances")["grade"]), np.int8(0))[acceptances(links, ways)]


def _fed(links: Links, ways: Ways) -> Codes:
    return np.append(grade_codes(links.region.table("recipe_inputs")["grade"]), np.int8(0))[recipe_rows(links, ways)]


def _recipe_row(links: Links, slot: int, material: int) -> int:
    """Row of the most specific class of a slot that takes a material."""
    slots, inputs, name = links.works.slots, links.region.table("recipe_inputs"), links.materials[material]
    rows = np.flatnonzero((inputs["technology"] == links.works.technology[slots.plant[slot]]) & (inputs["slot"] == slots.name[slot]))
    fitting = [row for row in rows.tolist() if covers(inputs["material"][row], name)]
    return max(fitting, key=lambda row: len(inputs["material"][row] or ""), default=-1)


def covers(above: str | None, material: str) -> bool:
    """Whether a class takes a material: the class itself, its children, and everything where no class is named.

    >>> covers("slag", "slag.ferrochrome"), covers("slag", "slagheap")
    (True, False)
    """
    return above is None or material == above or material.startswith(f"{above}.")
