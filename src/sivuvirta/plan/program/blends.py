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
    specs, column = at.found.matches.specs, _route_columns(at)
    columns, row, value = column[specs.route], specs.row, at.guards.own
    keep = columns >= 0
    keep &= ~np.isnan(value)
    if not keep.all():
        row, columns, value = row[keep], columns[keep], value[keep]
    margins = Term(at.guards.column_row, at.blocks.guard.columns, at.guards.column)
    return at.lp.rows(
        "blend",
        gather(len(specs.need), Term(row, columns, value), margins),
        upper=0.0,
        label=lambda position: specs.label(at.links, position),
    )


def guard(at: Setting) -> Rows:
    r"""What a mix keeps from its limits where a plan is robust, or keeps them with a probability.

    With m the middle of each range, u the bound and :math:`d_i(x) = \sum_{a \in i} \frac{u_{ak} - m_{ak}}{L_{jk}} \eta_a x_a` what stream i
    brings more at its bound, the limit of the largest :math:`\Gamma` of them at once (Bertsimas and Sim) is, by the dual of choosing them,

    .. math:: \sum_a \frac{m_{ak} - L_{jk}}{L_{jk}} \eta_a x_a + \Gamma \pi_{jk} + \sum_i \rho_{ijk} \le 0, \qquad
        \pi_{jk} + \rho_{ijk} \ge d_i(x) \qquad \text{(P3)}

    and the limit that is kept with probability p, streams being independent and their contents normal with u as 95 % point,

    .. math:: \sum_a \frac{m_{ak} - L_{jk}}{L_{jk}} \eta_a x_a + \frac{z_p}{z_{0.95}} t_{jk} \le 0, \qquad
        t_{jk} \ge \sqrt{\textstyle \sum_i d_i(x)^2} \qquad \text{(P3)}

    The root is taken two at a time, each by 32 planes: never too small, at most 3e-4 too large each time, and never more than the sum.

    Args:
        at: the program and its columns; :math:`\Gamma` is `options.robust`, p `options.chance`. Without them there is no row, and `blend`
            counts every stream at its bound.

    Returns:
        One row a limit and stream, or 32 a limit and pair of shares.
    """
    guards, specs = at.guards, at.found.matches.specs
    columns = _route_columns(at)[specs.route]
    entries = np.flatnonzero((guards.term >= 0) & (columns >= 0))
    entries = entries[np.argsort(guards.term[entries], kind="stable")]
    first = np.searchsorted(guards.term[entries], np.arange(int(guards.term.max(initial=-1)) + 2))
    row, term, factor = guards.term_part
    count = first[term + 1] - first[term]
    place = np.repeat(first[term] - np.cumsum(count) + count, count) + np.arange(count.sum())
    entry = entries[place]
    shares = Term(np.repeat(row, count), columns[entry], np.repeat(factor, count) * guards.share[entry])
    margin_row, margin, part = guards.column_part
    margins = Term(margin_row, at.blocks.guard.columns[margin], part)

    def label(position: int) -> str:
        spec = int(guards.row_row[position])
        return f"{specs.label(at.links, spec)},{position - int(np.searchsorted(guards.row_row, spec))}"

    return at.lp.rows("guard", gather(len(guards.row_row), shares, margins), upper=0.0, label=label)


def _route_columns(at: Setting) -> Index:
    """Column of each route's flow, -1 where a plan may not use it; one more at the end, of no route."""
    found = at.found
    column = np.full(len(found.matches.routes) + 1, -1, dtype=np.int32)
    column[found.direct] = at.blocks.direct.columns
    routed = np.flatnonzero(found.pairs.route >= 0)
    column[found.pairs.route[routed]] = at.blocks.pair.columns[routed]
    return column


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
