"""What a unit of stream is worth on its way through a plant."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import ArcKind, Floats, Ints, Links
from sivuvirta.links.codes import groups
from sivuvirta.match.ways import Ways
from sivuvirta.match.worth import Sum, Worth

KEPT_FOR_USE = ("product", "coproduct")
"""Kinds of output that go where they are worth most; the others go where they cost least."""


@frozen(eq=False)
class _Elsewhere:
    """What outputs are worth that are not those of the route."""

    best: Sum  # (outputs, 2)
    of_arc: Sum  # (arcs, 2) all outputs of a unit that enters by an arc


def through_plants(links: Links, worth: Worth, ways: Ways) -> Sum:
    """Worth of ways through plants without today's fate, EUR and kg CO2e saved per unit of stream. Shape (ways, 2)."""
    elsewhere = _elsewhere(links, worth)
    activity = activities(links, ways)
    eta, output, out = ways.delivered, ways.output, ways.arc_out
    value = -worth.cost.value[ways.arc_in] + elsewhere.of_arc.value[ways.arc_in] - eta[:, None] * elsewhere.best.value[output]
    variance = (
        worth.cost.variance[ways.arc_in] + elsewhere.of_arc.variance[ways.arc_in] - eta[:, None] ** 2 * elsewhere.best.variance[output]
    )
    bought, made = _reagents(links, worth, elsewhere, ways, activity)
    delivered = eta + made
    value += delivered[:, None] * worth.delivered.value[out] + bought.value
    variance = np.maximum(variance, 0.0) + delivered[:, None] ** 2 * worth.delivered.variance[out] + bought.variance
    variance += ways.delivered_sd[:, None] ** 2 * worth.delivered.value[out] ** 2
    run = _running(links, ways, activity)
    return Sum(value - run.value, variance + run.variance)


def activities(links: Links, ways: Ways) -> Floats:
    r"""Activity that a unit of stream needs at least: its slot filled to the most.

    .. math:: X = 1 / r^{hi}_s    (P4)
    """
    slots, slot = links.works.slots, links.arcs.slot[ways.arc_in]
    most, least = slots.high[slot], slots.low[slot]
    amount = np.where(np.isfinite(most) & (most > 0), most, least)
    return np.asarray(np.divide(1.0, amount, out=np.zeros(len(amount)), where=amount > 0), dtype=float)


def _elsewhere(links: Links, worth: Worth) -> _Elsewhere:
    arcs, works = links.arcs, links.works
    count = len(works.outputs.plant)
    leaving = np.flatnonzero(np.isin(arcs.kind, (ArcKind.DELIVER, ArcKind.RESIDUE)))
    output = arcs.output[leaving]
    useful = np.isin(works.outputs.kind.astype(str), KEPT_FOR_USE)[output]
    away = arcs.kind[leaving] == ArcKind.RESIDUE
    order = np.lexsort((worth.delivered.value[leaving, 0], useful | away, output))
    best = Sum(np.zeros((count, 2)), np.zeros((count, 2)))
    chosen = leaving[order]  # ascending, so that the last of each output stays
    best.value[arcs.output[chosen]] = worth.delivered.value[chosen]
    best.variance[arcs.output[chosen]] = worth.delivered.variance[chosen]
    yields = works.yields
    sums = [
        np.bincount(yields.arc, weights=weight * part[yields.output, column], minlength=len(arcs))
        for weight, part in ((yields.eta, best.value), (yields.eta**2, best.variance))
        for column in (0, 1)
    ]
    return _Elsewhere(best, Sum(np.stack(sums[:2], axis=1), np.stack(sums[2:], axis=1)))


def _reagents(links: Links, worth: Worth, elsewhere: _Elsewhere, ways: Ways, activity: Floats) -> tuple[Sum, Floats]:
    """What the least amounts of the other slots cost and give elsewhere, and what they add to the output of the way.

    A slot that nothing bought fills waits for another stream, which is another route.
    """
    slots, arcs = links.works.slots, links.arcs
    of_plant = groups(slots.plant, len(links.works))
    way, slot = of_plant.join(ways.plant)
    reagent = _cheapest(links, worth)[slot]
    keep = (reagent >= 0) & (slot != arcs.slot[ways.arc_in[way]])
    way, slot, reagent = way[keep], slot[keep], reagent[keep]
    amount = activity[way] * slots.low[slot]
    eta = _etas(links, reagent, ways.output[way])
    best, of_arc = elsewhere.best, elsewhere.of_arc
    output = ways.output[way]
    value = amount[:, None] * (-worth.cost.value[reagent] + of_arc.value[reagent] - eta[:, None] * best.value[output])
    variance = amount[:, None] ** 2 * (worth.cost.variance[reagent] + of_arc.variance[reagent])
    sums = [np.bincount(way, weights=part[:, column], minlength=len(ways)) for part in (value, variance) for column in (0, 1)]
    made = np.bincount(way, weights=amount * eta, minlength=len(ways)).astype(float)
    return Sum(np.stack(sums[:2], axis=1), np.stack(sums[2:], axis=1)), made


def _cheapest(links: Links, worth: Worth) -> Ints:
    """The cheapest purchase for each slot, -1 where nothing is bought for it. Shape (slots,)."""
    arcs = links.arcs
    found = np.full(len(links.works.slots.plant), -1, dtype=np.int32)
    reagent = np.flatnonzero(arcs.kind == ArcKind.REAGENT)
    reagent = reagent[np.argsort(-worth.cost.value[reagent, 0], kind="stable")]
    found[arcs.slot[reagent]] = reagent
    return found


def _etas(links: Links, arc: Ints, output: Ints) -> Floats:
    """Yield of each arc in each output, 0 where it gives nothing."""
    yields, outputs = links.works.yields, max(1, len(links.works.outputs.plant))
    key = yields.arc.astype(np.int64) * outputs + yields.output
    order = np.argsort(key)
    wanted = arc.astype(np.int64) * outputs + output
    at = np.minimum(np.searchsorted(key[order], wanted), max(0, len(key) - 1))
    return np.where(key[order][at] == wanted, yields.eta[order][at], 0.0) if len(key) else np.zeros(len(wanted))


def _running(links: Links, ways: Ways, activity: Floats) -> Sum:
    """Opex, energy and annuity of the activity, EUR and kg CO2e with the sign of a saving turned to a cost. Shape (ways, 2)."""
    works, plant = links.works, ways.plant
    capital, capital_sd = _capital(links, ways, activity)
    eur = works.eur[plant].sum(axis=1) + capital
    eur_variance = (works.eur_sd[plant] ** 2).sum(axis=1) + capital_sd**2
    value = np.stack([eur, works.co2[plant].sum(axis=1)], axis=1)
    variance = np.stack([eur_variance, (works.co2_sd[plant] ** 2).sum(axis=1)], axis=1)
    return Sum(activity[:, None] * value, activity[:, None] ** 2 * variance)


def _capital(links: Links, ways: Ways, activity: Floats) -> tuple[Floats, Floats]:
    """Yearly cost of capacity per activity of candidates, as if built at size, and its standard deviation. Shape (ways,)."""
    works = links.works
    capital, sd = np.zeros(len(ways)), np.zeros(len(ways))
    amount = np.zeros(len(links.nodes.id))
    amount[links.supply.node] = links.supply.value
    for plant in np.unique(ways.plant[works.candidate[ways.plant]]).tolist():
        at = np.flatnonzero(ways.plant == plant)
        wanted = amount[ways.stream[at]] * activity[at]
        size = np.full(len(at), works.size_max[plant]) if np.isfinite(works.size_max[plant]) else np.maximum(wanted, works.size_min[plant])
        built = size > 0
        known = ~np.isnan(works.curve_size[plant])
        capex = np.interp(size, works.curve_size[plant][known], works.curve_capex[plant][known]) if known.any() else np.zeros(len(at))
        yearly = np.divide(works.annuity[plant] * capex, size, out=np.zeros(len(at)), where=built)
        capital[at] = yearly + np.divide(works.fixed[plant], size, out=np.zeros(len(at)), where=built) + works.per_size[plant]
        sd[at] = yearly * works.capex_sd[plant]
    return capital, sd
