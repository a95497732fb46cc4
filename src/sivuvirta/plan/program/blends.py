"""Constraint families of blends: specifications that a mix may meet, and shares of a material in it."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import ArcKind, Floats
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.program import Rows
from sivuvirta.plan.program.candidates import Index, Mask
from sivuvirta.plan.program.setting import Setting


def blend(at: Setting) -> Rows:
    r"""What a need receives keeps each limit that a blend may meet, whether it comes straight or through a plant.

    .. math:: \sum_{a \in \delta^-(j)} \frac{u_{ak} - L_{jk}}{L_{jk}} \eta_a x_a \le 0 \qquad \text{(P3, P6)}

    for maxima, with the lower bound l and the sign turned for minima. All that streams bring counts; what is bought does not dilute. For
    a route through a plant u is the upper bound in the product, so that the grade of a product (P6) is the same row:

    .. math:: u' = \rho u / \eta \qquad \text{(P6)}

    with rho the share of the component that ends in the output, and where none is stated the mass of all solid and liquid outputs. Only a
    plant that is marked as recovering makes a figure better. Each stream keeps its own content through every plant, whatever it is mixed
    with there; reagents dilute nothing. Over several plants nothing is blended: each stream meets every limit alone.

    Where a technology may hand over its output as a class of goods that has limits of its own (tables `technology_grades` and `limits`),
    the same row holds for each arc over which it does: every batch keeps the limits of its class by itself, and goes out as the best class
    that it keeps. In a plant that does not mix, each origin keeps them alone.

    Args:
        at: the program and its columns; coefficients are `matches.specs`, pure numbers per unit that leaves the stream.

    Returns:
        One row a need and limit, or arc and limit of a class, that some admissible route breaks alone; its dual prices the limit.
    """
    matches, found = at.found.matches, at.found
    specs = matches.specs
    column = np.full(len(matches.routes) + 1, -1, dtype=np.int32)
    column[found.direct] = at.blocks.direct.columns
    routed = np.flatnonzero(found.pairs.route >= 0)
    column[found.pairs.route[routed]] = at.blocks.pair.columns[routed]
    columns, row, value = column[specs.route], specs.row, np.asarray(specs.coefficient, dtype=float)
    keep = columns >= 0
    keep &= ~np.isnan(value)
    if not keep.all():
        row, columns, value = row[keep], columns[keep], value[keep]
    return at.lp.rows(
        "blend",
        gather(len(specs.need), Term(row, columns, value)),
        upper=0.0,
        label=lambda position: specs.label(at.links, position),
    )


def share(at: Setting) -> Rows:
    r"""The share of a material in what a need or a slot takes stays between its bounds.

    .. math:: lo_m \sum_{a} \eta_a x_a \le \sum_{a \in m} \eta_a x_a \le hi_m \Bigl( \sum_{a} \eta_a x_a + v \Bigr) \qquad \text{(P4)}

    The bought product v counts as part of the mix for the largest share of a need, not for the least: a need that buys everything
    breaks no share. It counts as it is, because product and material have one unit: a share beside a product in another unit (litres
    beside tonnes) is refused where tables are checked.

    Args:
        at: the program and its columns; shares are `links.arcs.share_low` and `share_high`, 0..1.

    Returns:
        One row a need or slot, material and bound that is given.
    """
    rules = _rules(at)
    terms, names = [], []
    for number, rule in enumerate(rules):
        value = np.where(rule.inside, 1.0, 0.0) * rule.weight - rule.bound * rule.weight
        if rule.high:
            keep = np.ones(len(value), dtype=bool)
        else:
            keep, value = ~rule.bought, -value
        terms.append(Term(np.full(int(keep.sum()), number), rule.column[keep], value[keep]))
        names.append(f"{rule.name},{'high' if rule.high else 'low'}")
    return at.lp.rows("share", gather(len(rules), *terms), upper=0.0, label=names.__getitem__)


@frozen(eq=False)
class _Rule:
    """One bound on a share. Arrays over the columns that enter the same place."""

    name: str
    bound: float
    high: bool
    column: Index
    weight: Floats  # units that arrive per unit of the column
    inside: Mask  # whether the column brings the material
    bought: Mask  # whether the column is bought product


def _rules(at: Setting) -> list[_Rule]:
    arcs = at.links.arcs
    if not (np.isfinite(arcs.share_low).any() or np.isfinite(arcs.share_high).any()):
        return []
    arc, column, weight = _arriving(at)
    destination, slot, group = arcs.destination[arc], arcs.slot[arc], _groups(at, arc)
    bounded = np.isfinite(arcs.share_low[arc]) | np.isfinite(arcs.share_high[arc])
    rules = []
    for place, place_slot, kind in sorted({(int(destination[n]), int(slot[n]), int(group[n])) for n in np.flatnonzero(bounded)}):
        here = np.flatnonzero((destination == place) & (slot == place_slot))
        inside = group[here] == kind
        one = arc[here[inside][0]]
        name = f"{at.links.nodes.id[place]},{at.links.materials[arcs.material[one]]}"
        bought = arcs.kind[arc[here]] == ArcKind.BUY
        for bound, high in ((arcs.share_low[one], False), (arcs.share_high[one], True)):
            if np.isfinite(bound) and (bound < 1 if high else bound > 0):
                rules.append(_Rule(name, float(bound), high, column[here], weight[here], inside, bought))
    return rules


def _arriving(at: Setting) -> tuple[Index, Index, Floats]:
    """Columns that arrive at a need or in a slot: arc, column, units that arrive per unit of the column."""
    found, blocks = at.found, at.blocks
    out = found.outlet[found.pairs.outlet]
    delivers = np.flatnonzero(at.links.arcs.kind[out] == ArcKind.DELIVER)
    direct = found.matches.routes.arc_in[found.direct]
    parts = (
        (direct, blocks.direct.columns, np.ones(len(direct))),
        (out[delivers], blocks.pair.columns[delivers], found.pairs.eta[delivers]),
        (found.buy, blocks.buy.columns, np.ones(len(found.buy))),
        (found.enter, blocks.enter.columns, np.ones(len(found.enter))),
    )
    arc, column, weight = (np.concatenate([part[index] for part in parts]) for index in range(3))
    return arc.astype(np.int32), column.astype(np.int32), weight


def _groups(at: Setting, arc: Index) -> Index:
    """Number of the acceptance, or of the recipe's class, that an arc's share belongs to."""
    links = at.links
    arcs, works = links.arcs, links.works
    inputs = links.region.table("recipe_inputs")
    classes = list(zip(inputs["technology"].tolist(), inputs["slot"].tolist(), inputs["material"].tolist(), strict=True))
    offset = int(arcs.acceptance.max(initial=-1)) + 1
    found: dict[tuple[int, int], int] = {}
    result = arcs.acceptance[arc].astype(np.int32)
    for position in np.flatnonzero(arcs.slot[arc] >= 0):
        key = int(arcs.slot[arc[position]]), int(arcs.material[arc[position]])
        if key not in found:
            technology, slot = works.technology[works.slots.plant[key[0]]], works.slots.name[key[0]]
            found[key] = offset + _class_of(classes, str(technology), str(slot), links.materials[key[1]])
        result[position] = found[key]
    return result


def _class_of(classes: list[tuple[str, str, str]], technology: str, slot: str, material: str) -> int:
    """Row of recipe_inputs with the most specific class that takes a material, -1 where none does."""
    fitting = [
        (len(name), row)
        for row, (of, where, name) in enumerate(classes)
        if (of, where) == (technology, slot) and (material == name or material.startswith(f"{name}."))
    ]
    return max(fitting)[1] if fitting else -1
