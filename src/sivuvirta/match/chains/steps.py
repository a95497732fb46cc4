"""One more step: into each next plant, out with each of its outputs, and on to the needs that take them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from attrs import evolve

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import Floats, Ints
from sivuvirta.domain.matches import Cause
from sivuvirta.links.codes import Mask, ints
from sivuvirta.match.chains.checks import Delivered, delivered, received, summed_up
from sivuvirta.match.chains.network import Network
from sivuvirta.match.chains.records import Found, Labels, Money, Said, later, no_path, taken
from sivuvirta.match.chains.tails import Tails
from sivuvirta.match.chains.things import contents_after, raw, thing_after
from sivuvirta.match.elsewhere import Elsewhere, elsewhere
from sivuvirta.match.opinion import Opinion
from sivuvirta.match.plant_costs import Passage, passage
from sivuvirta.match.ways import Ways


def begun(net: Network, entry: Ints, steps: int) -> Labels:
    """What the first plants make of streams.

    Args:
        net: the network.
        entry: rows of works.yields of FEED arcs, one a label.
        steps: most plants of a route.
    """
    arc = net.links.works.yields.arc[entry]
    labels = at_gate(net, net.links.arcs.origin[arc], steps)
    entered = received(net, labels, ints(np.arange(len(entry))), arc)
    said = summed_up(entered.opinions, labels.said, entered.lawful)
    after = through(net, evolve(labels, said=said), entry, 0)
    ways = evolve(net.ways(entry), stream=labels.stream)
    return _paid(labels.money.amount, after, passage(net.links, net.worth, net.outlets, ways, _arriving(net, labels)), 0)


def at_gate(net: Network, stream: Ints, steps: int) -> Labels:
    """Streams before any plant.

    Args:
        net: the network.
        stream: rows of nodes, shape (labels,).
        steps: most plants of a route.
    """
    thing, contents = raw(net, stream)
    count, zero = len(stream), np.zeros((len(stream), 2))
    none, one = np.zeros(count, dtype=np.int8), np.ones(count)
    return Labels(
        stream=ints(stream),
        output=np.full(count, -1, dtype=np.int32),
        code=np.zeros(count, dtype=np.uint64),
        made=np.zeros(count, dtype=bool),
        thing=thing,
        contents=contents,
        said=Said(none, none.copy(), none.copy(), np.full(count, np.inf)),
        money=Money(zero, zero.copy(), one, one.copy()),
        path=no_path(count, steps),
        km=np.zeros(count),
    )


Open = Callable[[Ints, Ints, Said, Floats], Mask]
"""Whether routes of some streams to some needs may still count, by what is said so far and by what they are worth at most, EUR."""


def extended(net: Network, labels: Labels, depth: int, bounds: tuple[Tails, Open]) -> tuple[Labels, Found]:
    """Every label one plant further, and every need that takes what is made there.

    Args:
        net: the network.
        labels: material that other plants take.
        depth: plants that it has passed.
        bounds: of what steps are worth, and whether a route may still count.

    Returns:
        Labels one step further, and the routes that end there.
    """
    row, arc = net.onward.join(labels.output)
    fresh = ~(labels.path.plant[row] == net.enters[arc][:, None]).any(axis=1)
    label, into = ints(row[fresh]), ints(arc[fresh])
    entered = received(net, labels, label, into)
    said = summed_up(entered.opinions, taken(labels.said, label), entered.lawful)
    links, worth, entry = net.unrolled(into)
    copy = net.giving.join(into)[0]
    before = evolve(labels.take(label[copy]), said=taken(said, copy))
    after = through(net, before, entry, depth)
    made, out = _counting(net, before, (after, entry), bounds)
    judged = delivered(net, after, ints(made), ints(out))
    whole = summed_up(_opinions(judged), taken(after.said, made), judged.lawful)
    ways = evolve(net.ways(entry), arc_in=ints(len(net.links.arcs) + copy), stream=before.stream)
    outlets = evolve(_outlets(ways, (links, worth), (made, ints(out)), whole.verdict < Verdict.FAIL), of_output=net.outlets.of_output)
    after = _paid(before.money.amount, after, passage(links, worth, outlets, ways, _arriving(net, before)), depth)
    return after, _ended(net, taken(after, made), ints(out), (judged, whole))


def _counting(net: Network, before: Labels, after: tuple[Labels, Any], bounds: tuple[Tails, Open]) -> tuple[Any, Any]:
    """(label, arc) of deliveries that may still count, and of those on which it depends what else a plant earns."""
    labels, entry = after
    steps, open_ = bounds
    made, out = net.delivering.join(labels.output)
    amount = before.money.amount
    hope = before.money.value[:, 0] + amount * steps.high[entry]
    most = hope[made] + (amount * steps.made[entry])[made] * net.worth.delivered.value[out, 0]
    alone = net.alone[net.links.works.outputs.plant[labels.output[made]]]
    keep = ~alone | open_(labels.stream[made], net.links.arcs.destination[out], taken(labels.said, made), most)
    return made[keep], out[keep]


def _outlets(ways: Ways, view: tuple[Any, Any], ends: tuple[Any, Ints], admitted: Any) -> Elsewhere:
    """Where the other outputs of each input go: to fates, and to the needs to which they may."""
    label, out = ends
    return elsewhere(*view, evolve(ways.take(label), arc_out=out), admitted)


def _opinions(judged: Delivered) -> dict[Cause, Opinion]:
    return {Cause.LIMIT: Opinion(judged.limit.verdict, judged.limit.grade), **judged.opinions}


def _arriving(net: Network, labels: Labels) -> Floats:
    """Units a year that are at hand."""
    amount = np.zeros(len(net.links.nodes.id))
    amount[net.links.supply.node] = net.links.supply.value
    return np.asarray(amount[labels.stream] * labels.money.amount, dtype=float)


def through(net: Network, labels: Labels, entry: Any, depth: int) -> Labels:
    """Labels after one more plant, with the amount that it makes, but not yet with what that is worth.

    Args:
        net: the network.
        labels: material that enters.
        entry: row of works.yields by which each goes through.
        depth: plants that it has passed.
    """
    links, yields = net.links, net.links.works.yields
    output = yields.output[entry]
    plant = links.works.outputs.plant[output]
    contents = contents_after(net, labels.contents, entry, labels.thing.status_code)
    return evolve(
        labels,
        output=ints(output),
        code=labels.code ^ net.marks[plant],
        made=labels.made | ~net.keeps[plant],
        thing=thing_after(net, labels.thing, entry),
        contents=contents,
        path=later(
            labels.path,
            depth,
            arc=yields.arc[entry],
            output=output,
            plant=plant,
            swing=labels.money.amount * yields.eta_sd[entry],
        ),
        money=evolve(labels.money, amount=labels.money.amount * net.made[entry], own=labels.money.own * yields.eta[entry]),
        km=labels.km + links.arcs.km[yields.arc[entry]],
    )


def _paid(amount: Floats, labels: Labels, passed: Passage, depth: int) -> Labels:
    """Labels with the worth of their last step, which `amount` entered."""
    money = labels.money
    value = money.value + amount[:, None] * passed.worth.value
    variance = money.variance + amount[:, None] ** 2 * passed.worth.variance
    path = later(labels.path, depth, value=value[:, 0], saved=value[:, 1], amount=money.amount)
    return evolve(labels, money=evolve(money, value=value, variance=variance), path=path)


def _ended(net: Network, labels: Labels, out: Ints, said: tuple[Delivered, Said]) -> Found:
    """Routes that end at needs, with their whole worth but for today's fate."""
    judged, whole = said
    worth, amount = net.worth.delivered, labels.money.amount
    value = labels.money.value + amount[:, None] * worth.value[out]
    variance = labels.money.variance + amount[:, None] ** 2 * worth.variance[out]
    limit, figure, bound = _deciding(net, judged, whole)
    return Found(
        stream=labels.stream,
        need=net.links.arcs.destination[out],
        last=out,
        code=labels.code,
        said=whole,
        limit=limit,
        value=figure,
        bound=bound,
        money=evolve(labels.money, value=value, variance=variance + _swings(labels, value)),
        path=labels.path,
        km=labels.km + net.links.arcs.km[out],
    )


def _swings(labels: Labels, value: Floats) -> Floats:
    r"""Variance from the yields on the way: each changes all that comes after it.

    .. math:: \sum_k \left(A_{k-1} \sigma_{\eta,k} \frac{G - V_k}{A_k}\right)^2
    """
    path, result = labels.path, np.zeros_like(value)
    for column, so_far in enumerate((path.value, path.saved)):
        rest = np.divide(value[:, [column]] - so_far, path.amount, out=np.zeros_like(so_far), where=path.amount > 0)
        result[:, column] = np.nansum((path.swing * rest) ** 2, axis=1)
    return result


def _deciding(net: Network, judged: Delivered, whole: Said) -> tuple[Ints, Floats, Floats]:
    """Row, value and bound of the limit that decides, -1 and NaN where none does."""
    demanded, entries = net.grounds.demanded, judged.entries
    limits, count = demanded.limits, len(whole.verdict)
    row = np.full(count, -1, dtype=np.int32)
    value, bound = np.full(count, np.nan), np.full(count, np.nan)
    has = np.flatnonzero((whole.cause == Cause.LIMIT) & (judged.limit.entry >= 0))
    at = judged.limit.entry[has]
    limit = demanded.limit[entries.pair[at]]
    sign = np.where(demanded.figures.minimum[limits.figure[limit]], -1.0, 1.0)
    row[has], value[has], bound[has] = limits.row[limit], sign * entries.high[at], sign * limits.bound[limit]
    return row, value, bound
