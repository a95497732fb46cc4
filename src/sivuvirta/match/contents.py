"""What becomes of a component on the way through a plant."""

from __future__ import annotations

from typing import Any

import numpy as np

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.links import Codes, Floats, Links, Works
from sivuvirta.links.codes import Mask, pair_codes, positions
from sivuvirta.match.classes import covers
from sivuvirta.match.grounds import Grounds
from sivuvirta.match.ways import Ways
from sivuvirta.units.composition import Conversions

CONDENSED = ("solid", "liquid")
"""Carriers that hold on to what an input contains; gases, vapour and energy leave it behind."""

Known = tuple[Floats, Floats, Codes]
"""low, high and grade of figures, shape (entries,) each."""


def contents(links: Links, grounds: Grounds, ways: Ways, at: tuple[Any, Any], known: Known) -> Known:
    r"""Figures of what reaches the need: of the stream itself, or of what a plant makes of it.

    .. math:: u' = \rho u / \eta    (P6, total content)

    Where no recovery is stated, a component follows the mass of the solid and liquid outputs: what burns off or evaporates leaves it
    behind. A plant that is not marked `recovery` cannot make a figure better, whatever its recoveries say.

    Args:
        links: the arcs and plants.
        grounds: what ways are judged by.
        ways: the ways.
        at: way and limit of each entry, shape (entries,) each.
        known: figures of the streams, shape (entries,) each.
    """
    way, limit = at
    low, high, evidence = known[0].copy(), known[1].copy(), known[2].copy()
    rows = np.flatnonzero(ways.plant[way] >= 0)
    limits, figures = grounds.demanded.limits, grounds.demanded.figures
    total = limits.total[limit[rows]]
    other = rows[~total & ~keeping(links.works)[ways.plant[way[rows]]]]
    low[other], high[other], evidence[other] = _said(grounds, ways.arc_out[way[other]], limits.figure[limit[other]])
    rows = rows[total]
    factor, grade = factors(links, grounds.families, ways.take(way[rows]), figures.component[limits.figure[limit[rows]]])
    minimum = figures.minimum[limits.figure[limit[rows]]]
    free = links.works.recovery[ways.plant[way[rows]]]
    factor = np.where(free, factor, np.where(minimum, np.minimum(factor, 1.0), np.maximum(factor, 1.0)))
    low[rows], high[rows] = low[rows] * factor, high[rows] * factor
    evidence[rows] = np.maximum(evidence[rows], grade)
    return low, high, evidence


def _said(grounds: Grounds, arc: Any, figure: Any) -> Known:
    """What technologies declare of what they hand over on arcs; NaN and grade D where nothing is."""
    said = grounds.declared
    product = said.of_arc[arc]
    nothing = np.full(len(figure), np.nan)
    if len(said.low) == 0:
        return nothing, nothing.copy(), np.full(len(figure), int(Grade.D), dtype=np.int8)
    told = product >= 0
    low, high = (np.where(told, column[product, figure], np.nan) for column in (said.low, said.high))
    return low, high, np.where(told, said.grade[product, figure], np.int8(Grade.D)).astype(np.int8)


def keeping(works: Works) -> Mask:
    """Plants that only store: what leaves is what came. Shape (plants,)."""
    return np.asarray(works.stores & ~works.mixes & ~works.recovery, dtype=bool)


def made_anew(links: Links, ways: Ways) -> Mask:
    """Ways through a plant that makes something else of what comes; what only stores hands on what came. Shape (ways,)."""
    return np.asarray((ways.plant >= 0) & ~np.append(keeping(links.works), [False])[ways.plant], dtype=bool)


def factors(links: Links, families: Conversions, ways: Ways, component: Any) -> tuple[Floats, Codes]:
    r"""How much richer in a component the output of a plant is than its input, and the grade of rho where one is stated.

    .. math:: u'/u = \rho / \eta    (P6)

    Args:
        links: the plants.
        families: components that express one another.
        ways: ways through plants, shape (n,).
        component: component of each, shape (n,).
    """
    kept = kept_shares(links)[ways.arc_in]
    factor = np.where(_condensed(links)[ways.output], 1.0 / np.where(kept > 0, kept, 1.0), 1.0)
    grade = np.full(len(ways), int(Grade.A), np.int8)
    stated = np.isin(ways.output, links.works.recoveries.output)
    rows = np.flatnonzero(stated)
    if len(rows) == 0:
        return factor, grade
    material = links.arcs.material[ways.arc_in[rows]]
    code = pair_codes(ways.output[rows], material, component[rows])
    _, first, which = np.unique(code, return_index=True, return_inverse=True)
    found = [_recovery(links, families, (int(ways.output[rows[at]]), int(material[at]), component[rows[at]])) for at in first.tolist()]
    rho, graded = np.array([share for share, _ in found])[which], np.array([of for _, of in found], dtype=np.int8)[which]
    known = ~np.isnan(rho)
    factor[rows[known]] = rho[known] / ways.delivered[rows[known]]
    grade[rows[known]] = graded[known]
    return factor, grade


def _recovery(links: Links, families: Conversions, key: tuple[int, int, str]) -> tuple[float, int]:
    """Share rho and its grade for an output, an input material and a component; NaN where none is stated."""
    output, material, component = key
    recoveries, name = links.works.recoveries, links.materials[material]
    fitting = [
        row
        for row in np.flatnonzero(recoveries.output == output).tolist()
        if covers(recoveries.material[row], name) and families.factor(recoveries.component[row], component) is not None
    ]
    if not fitting:
        return np.nan, int(Grade.A)
    row = max(fitting, key=lambda at: len(recoveries.material[at] or ""))
    return float(recoveries.rho[row]), int(recoveries.grade[row])


def _condensed(links: Links) -> Any:
    """Whether each output holds on to what its inputs contain."""
    outputs, table = links.works.outputs, links.region.table("materials")
    row = positions(table["material"], np.array(links.materials, dtype=object)[outputs.material])
    carrier = np.append(table["carrier"], [None])[row]
    gone = np.isin(outputs.kind.astype(str), ["emission"]) | np.array(
        [covers("water", links.materials[at]) for at in outputs.material.tolist()], dtype=bool
    )
    return np.isin(carrier.astype(str), CONDENSED) & ~gone


def kept_shares(links: Links) -> Floats:
    """Share of each arc's dry mass that ends in solid and liquid outputs, shape (arcs,)."""
    yields = links.works.yields
    held = _condensed(links)[yields.output]
    return np.bincount(yields.arc[held], weights=yields.eta[held], minlength=len(links.arcs)).astype(float)
