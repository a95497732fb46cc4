"""Gain, netback and carbon of a unit of stream on each way, with their ranges."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import EUR_TERMS, ArcKind, Floats, Links
from sivuvirta.links.codes import Mask
from sivuvirta.match.payables import in_money, payable
from sivuvirta.match.plant_costs import through_plants
from sivuvirta.match.ways import Ways
from sivuvirta.match.worth import Sum, Worth, arc_worth
from sivuvirta.units.composition import Conversions
from sivuvirta.units.ranges import HALF_WIDTH

GATE = EUR_TERMS.index("gate")


@frozen(eq=False)
class Ranged:
    """A figure with its 5 and 95 % points. Shape (routes,)."""

    value: Floats
    low: Floats
    high: Floats


@frozen(eq=False)
class Gains:
    """Money and carbon of ways, per unit of stream. Shape (routes,)."""

    gain: Ranged  # EUR
    netback: Ranged  # EUR
    priced: Mask
    carbon: Ranged  # kg CO2e, negative is a saving


def gains(links: Links, families: Conversions, ways: Ways, admitted: Mask) -> Gains:
    r"""What a unit of stream is worth to the region on each way, and what of it reaches the donor's gate.

    .. math:: gain = \sum_g \eta_g (e \, p - c_{out}) - c_{in} - \sum_s b_s - X (opex + energy + annuity) + \sum_w \frac{t_w}{t} c_w    (M)

    with p the price of the product replaced (a market's price stands in its arc as revenue), c the costs of arcs, b the reagents at their
    least amount, X the activity that a unit needs at most filling of its slot, the annuity of a candidate as if built at its largest size
    (or at the stream's amount, where no size is given), and today's fates w by their share: fees and taxes avoided, revenue and
    displaced product lost. Other outputs go where they are worth most, residues where they cost least, and to no need over a route that
    fails. Carbon has the same terms.

    The netback leaves today's fate out and counts the need's stated price instead of the product's; where none is stated, the product's
    price is the most that it could be.

    Args:
        links: the arcs.
        families: components that express one another.
        ways: the ways.
        admitted: those that do not fail, shape (ways,).
    """
    worth = arc_worth(links)
    earned = _earned(links, worth, ways, admitted)
    today = avoided(links, worth)
    stream = ways.stream
    gain = Sum(earned.value + today.value[stream], earned.variance + today.variance[stream])
    arc = np.where(ways.plant < 0, ways.arc_in, ways.arc_out)
    metal = payable(links, families, ways)
    metal = np.where(in_money(links, arc) & ~((ways.plant < 0) & np.isnan(metal)), 0.0, metal)
    stated = np.append(priced(links), [False])[links.arcs.acceptance[arc]] | ~np.isnan(metal)
    return Gains(
        gain=ranged(gain, 0),
        netback=ranged(_netback(links, worth, ways, _Paid(earned, stated, np.nan_to_num(metal))), 0),
        priced=stated,
        carbon=ranged(Sum(0.0 - gain.value, gain.variance), 1),
    )


def _earned(links: Links, worth: Worth, ways: Ways, admitted: Mask) -> Sum:
    """Worth of each way without today's fate: EUR, and kg CO2e saved. Shape (routes, 2)."""
    direct = ways.plant < 0
    value, variance = worth.delivered.value[ways.arc_in].copy(), worth.delivered.variance[ways.arc_in].copy()
    rows = np.flatnonzero(~direct)
    if len(rows):
        plant = through_plants(links, worth, ways.take(rows), admitted[rows])
        value[rows], variance[rows] = plant.value, plant.variance
    return Sum(value, variance)


def avoided(links: Links, worth: Worth) -> Sum:
    """What a unit of each stream costs today, weighted by where it goes. Shape (nodes, 2)."""
    arcs, count = links.arcs, len(links.nodes.id)
    fate = np.flatnonzero((arcs.kind == ArcKind.FATE) & (arcs.today > 0))
    whole = np.bincount(arcs.origin[fate], weights=arcs.today[fate], minlength=count)
    share = arcs.today[fate] / whole[arcs.origin[fate]]
    columns = [
        np.bincount(arcs.origin[fate], weights=weight * part[fate, column], minlength=count)
        for weight, part in ((share, worth.cost.value), (share**2, worth.cost.variance))
        for column in (0, 1)
    ]
    return Sum(np.stack(columns[:2], axis=1), np.stack(columns[2:], axis=1))


@frozen(eq=False)
class _Paid:
    """What is paid on each way. Shape (routes,)."""

    earned: Sum  # worth at the product's price
    priced: Mask
    metal: Floats  # EUR for payable components, but for those in the money of an arc


def _netback(links: Links, worth: Worth, ways: Ways, paid: _Paid) -> Sum:
    arcs, earned, priced = links.arcs, paid.earned, paid.priced
    arc = np.where(ways.plant < 0, ways.arc_in, ways.arc_out)
    stated = np.where(priced, arcs.payment[arc] - worth.replaced.value[arc, 0], 0.0) * np.where(worth.market[arc], 0.0, ways.delivered)
    less = np.where(priced & ~worth.market[arc], worth.replaced.variance[arc, 0] * ways.delivered**2, 0.0)
    gate = arcs.eur[ways.arc_in, GATE]
    value, variance = earned.value.copy(), earned.variance.copy()
    value[:, 0] += stated + paid.metal + gate
    variance[:, 0] = np.maximum(variance[:, 0] - less, 0.0)
    return Sum(value, variance)


def priced(links: Links) -> Mask:
    """Whether a price is stated for each acceptance: its own, or the need's."""
    acceptances, needs = links.region.table("acceptances"), links.region.table("needs")
    of_need = dict(zip(needs["need"].tolist(), (~np.isnan(needs["price"])).tolist(), strict=True))
    offered = [of_need.get(need, False) for need in acceptances["need"].tolist()]
    return np.asarray(~np.isnan(acceptances["price"]) | np.array(offered, dtype=bool), dtype=bool)


def ranged(figure: Sum, column: int) -> Ranged:
    """One column of a sum with its 5 and 95 % points."""
    value = figure.value[:, column]
    half = HALF_WIDTH * np.sqrt(figure.variance[:, column])
    return Ranged(value, value - half, value + half)
