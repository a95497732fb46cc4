"""What a unit of stream is worth on its way through a plant."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import ArcKind, Floats, Ints, Links
from sivuvirta.links.codes import Mask, Rows, groups
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
    out, delivered = ways.arc_out, worth.delivered
    passed = passage(links, worth, elsewhere(links, worth, ways, admitted), ways, _supplied(links)[ways.stream])
    variance = passed.made[:, None] ** 2 * delivered.variance[out] + ways.delivered_sd[:, None] ** 2 * delivered.value[out] ** 2
    return Sum(passed.worth.value + passed.made[:, None] * delivered.value[out], passed.worth.variance + variance)


@frozen(eq=False)
class Passage:
    """What becomes of a unit that enters a plant, before the output of the way goes on. Shape (ways,) unless said."""

    worth: Sum  # (ways, 2) of everything but that output
    made: Floats  # units of that output, with what the reagents add


def passage(links: Links, worth: Worth, outlets: Elsewhere, ways: Ways, arriving: Floats) -> Passage:
    """What a unit on the arc into the plant of each way costs and earns, apart from the output that goes on.

    Args:
        links: the arcs and plants.
        worth: what a unit on each arc is worth.
        outlets: where the other outputs go.
        ways: ways through plants; neither their need nor their arc out counts.
        arriving: units a year that reach the plant, for a candidate whose size is open; shape (ways,).
    """
    activity = activities(links, ways)
    eta, whole = ways.delivered, outlets.of_arc
    entry = entries(links, ways.arc_in, ways.output)
    best = Sum(outlets.of_entry.value[entry], outlets.of_entry.variance[entry])
    value = -worth.cost.value[ways.arc_in] + whole.value[ways.arc_in] - eta[:, None] * best.value
    variance = worth.cost.variance[ways.arc_in] + whole.variance[ways.arc_in] - eta[:, None] ** 2 * best.variance
    bought, made = _reagents(links, worth, outlets, ways, activity)
    run = _running(links, ways.plant, activity, arriving)
    return Passage(Sum(value + bought.value - run.value, np.maximum(variance, 0.0) + bought.variance + run.variance), eta + made)


def _supplied(links: Links) -> Floats:
    """Units a year of each stream, 0 for other nodes. Shape (nodes,)."""
    amount = np.zeros(len(links.nodes.id))
    amount[links.supply.node] = links.supply.value
    return amount


def activities(links: Links, ways: Ways) -> Floats:
    r"""Activity that a unit of stream needs at least: its slot filled to the most.

    .. math:: X = \theta_a / r^{hi}_s    (P4)

    with theta the share that arrives.
    """
    slots, slot = links.works.slots, links.arcs.slot[ways.arc_in]
    most, least = slots.high[slot], slots.low[slot]
    amount = np.where(np.isfinite(most) & (most > 0), most, least)
    arriving = links.arcs.arriving[ways.arc_in]
    return np.asarray(np.divide(arriving, amount, out=np.zeros(len(amount)), where=amount > 0), dtype=float)


def outcome(links: Links, worth: Worth, ways: Ways) -> Floats:
    """Units of the output of each way that a unit gives which enters its plant, with what the reagents add. Shape (ways,)."""
    way, _, amount, eta = _bought(links, worth, ways, activities(links, ways))
    return np.asarray(ways.delivered + np.bincount(way, weights=amount * eta, minlength=len(ways)), dtype=float)


def _bought(links: Links, worth: Worth, ways: Ways, activity: Floats) -> tuple[Rows, Ints, Floats, Floats]:
    """(way, arc, least amount, share that ends in the output of the way) of what is bought for the other slots.

    A slot that nothing bought fills waits for another stream, which is another route.
    """
    slots, arcs = links.works.slots, links.arcs
    of_plant = groups(slots.plant, len(links.works))
    way, slot = of_plant.join(ways.plant)
    reagent = _cheapest(links, worth)[slot]
    keep = (reagent >= 0) & (slot != arcs.slot[ways.arc_in[way]])
    way, slot, reagent = way[keep], slot[keep], reagent[keep]
    eta = np.append(links.works.yields.eta, [0.0])[entries(links, reagent, ways.output[way])]
    return way, reagent, activity[way] * slots.low[slot], eta


def _reagents(links: Links, worth: Worth, outlets: Elsewhere, ways: Ways, activity: Floats) -> tuple[Sum, Floats]:
    """What the least amounts of the other slots cost and give elsewhere, and what they add to the output of the way."""
    way, reagent, amount, eta = _bought(links, worth, ways, activity)
    feed, output = ways.arc_in[way], ways.output[way]
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


def _running(links: Links, plant: Ints, activity: Floats, arriving: Floats) -> Sum:
    """Opex, energy and annuity of the activity, EUR and kg CO2e with the sign of a saving turned to a cost. Shape (ways, 2)."""
    works = links.works
    capital, capital_sd = _capital(links, plant, arriving * activity)
    eur = works.eur[plant].sum(axis=1) + capital
    eur_variance = (works.eur_sd[plant] ** 2).sum(axis=1) + capital_sd**2
    value = np.stack([eur, works.co2[plant].sum(axis=1)], axis=1)
    variance = np.stack([eur_variance, (works.co2_sd[plant] ** 2).sum(axis=1)], axis=1)
    return Sum(activity[:, None] * value, activity[:, None] ** 2 * variance)


def _capital(links: Links, through: Ints, wanted: Floats) -> tuple[Floats, Floats]:
    """Yearly cost of capacity per activity of candidates, as if built at size, and its standard deviation. Shape (ways,).

    Where no size is given a plant is as large as the activity that is wanted of it.
    """
    works = links.works
    capital, sd = np.zeros(len(through)), np.zeros(len(through))
    for plant in np.unique(through[works.candidate[through]]).tolist():
        at = np.flatnonzero(through == plant)
        most = works.size_max[plant]
        size = np.full(len(at), most) if np.isfinite(most) else np.maximum(wanted[at], works.size_min[plant])
        built = size > 0
        known = ~np.isnan(works.curve_size[plant])
        capex = np.interp(size, works.curve_size[plant][known], works.curve_capex[plant][known]) if known.any() else np.zeros(len(at))
        yearly = np.divide(works.annuity[plant] * capex, size, out=np.zeros(len(at)), where=built)
        capital[at] = yearly + np.divide(works.fixed[plant], size, out=np.zeros(len(at)), where=built) + works.per_size[plant]
        sd[at] = yearly * works.capex_sd[plant]
    return capital, sd
