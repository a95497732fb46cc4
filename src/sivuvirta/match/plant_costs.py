"""What a unit of stream is worth on its way through a plant."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.links import ArcKind, Floats, Ints, Links
from sivuvirta.links.codes import Mask, groups
from sivuvirta.match.elsewhere import Elsewhere, elsewhere, entries, of_batches, summed
from sivuvirta.match.ways import Ways
from sivuvirta.match.worth import Sum, Worth


def through_plants(links: Links, worth: Worth, ways: Ways, admitted: Mask) -> Sum:
    """Worth of ways through plants without today's fate, EUR and kg CO2e saved per unit of stream. Shape (ways, 2).

    Args:
        links: the arcs and plants.
        worth: what a unit on each arc is worth.
        ways: ways through plants.
        admitted: ways that do not fail, over which other outputs of a plant may leave; shape (ways,).
    """
    outlets = elsewhere(links, worth, ways, admitted)
    activity = activities(links, ways)
    eta, out, whole = ways.delivered, ways.arc_out, outlets.of_arc
    entry = entries(links, ways.arc_in, ways.output)
    best = Sum(outlets.of_entry.value[entry], outlets.of_entry.variance[entry])
    value = -worth.cost.value[ways.arc_in] + whole.value[ways.arc_in] - eta[:, None] * best.value
    variance = worth.cost.variance[ways.arc_in] + whole.variance[ways.arc_in] - eta[:, None] ** 2 * best.variance
    bought, made = _reagents(links, worth, outlets, ways, activity)
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


def _reagents(links: Links, worth: Worth, outlets: Elsewhere, ways: Ways, activity: Floats) -> tuple[Sum, Floats]:
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
    feed, output = ways.arc_in[way], ways.output[way]
    eta = np.append(links.works.yields.eta, [0.0])[entries(links, reagent, output)]
    given = of_batches(links, outlets, feed, reagent)
    own = outlets.of_entry.value[entries(links, feed, output)]
    each = Sum(-worth.cost.value[reagent] + given.value - eta[:, None] * own, worth.cost.variance[reagent] + given.variance)
    made = np.bincount(way, weights=amount * eta, minlength=len(ways)).astype(float)
    return summed(way, amount, each, len(ways)), made


def _cheapest(links: Links, worth: Worth) -> Ints:
    """The cheapest purchase for each slot, -1 where nothing is bought for it. Shape (slots,)."""
    arcs = links.arcs
    found = np.full(len(links.works.slots.plant), -1, dtype=np.int32)
    reagent = np.flatnonzero(arcs.kind == ArcKind.REAGENT)
    reagent = reagent[np.argsort(-worth.cost.value[reagent, 0], kind="stable")]
    found[arcs.slot[reagent]] = reagent
    return found


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
