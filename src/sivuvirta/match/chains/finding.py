"""Chains: routes of two and more plants, with the same figures as all other routes."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve

from sivuvirta.domain.links import EUR_TERMS, Floats, Ints
from sivuvirta.domain.matches import Chains, Matches
from sivuvirta.errors import OptionError
from sivuvirta.links.codes import Mask, ints
from sivuvirta.match.chains.network import Network, network
from sivuvirta.match.chains.records import Found
from sivuvirta.match.chains.search import search
from sivuvirta.match.contents import factors
from sivuvirta.match.gains import avoided, priced, ranged
from sivuvirta.match.grounds import grounds
from sivuvirta.match.payables import in_money, payable
from sivuvirta.match.ways import Ways
from sivuvirta.match.worth import Sum

STEPS = 3
"""Plants that a route may pass, unless said otherwise."""

ALTERNATIVES = 2
"""Routes kept of each stream and need, unless said otherwise."""

GATE = EUR_TERMS.index("gate")


def with_chains(matches: Matches, steps: int = STEPS, count: int = ALTERNATIVES) -> Matches:
    """The matches with their routes of several steps.

    Args:
        matches: direct routes and routes through one plant.
        steps: most plants that a route may pass.
        count: routes of each stream and need, each through another set of plants.

    Raises:
        OptionError: there must be a step and a route at least.
    """
    return evolve(matches, chains=chains(matches, steps, count))


def chains(matches: Matches, steps: int = STEPS, count: int = ALTERNATIVES) -> Chains:
    """Routes of two to `steps` plants: the best of each stream and need, and the next best through other plants.

    A route's verdict is the worst of its steps, its gain has the same terms as that of one plant, and no plant comes twice.

    Args:
        matches: direct routes and routes through one plant.
        steps: most plants that a route may pass.
        count: routes of each stream and need, each through another set of plants.

    Raises:
        OptionError: there must be a step and a route at least.
    """
    if steps < 1 or count < 1:
        raise OptionError(f"A route has one step at least, and there is one route of a pair at least; {steps} and {count} were asked for.")
    net = network(matches, grounds(matches.links))
    outcome = search(net, min(steps, len(matches.links.works)), count)
    return Chains.none() if outcome.found is None else _chains(net, outcome.found, outcome.labels)


def _chains(net: Network, found: Found, labels: int) -> Chains:
    """What was found as a table, by stream and need, the best first."""
    found = found.take(np.lexsort((-found.money.value[:, 0], found.said.verdict, found.need, found.stream)))
    today, earned = avoided(net.links, net.worth), Sum(found.money.value, found.money.variance)
    gain = Sum(earned.value + today.value[found.stream], earned.variance + today.variance[found.stream])
    metal = _metal(net, found)
    stated = priced(net.links)[net.links.arcs.acceptance[found.last]] | ~np.isnan(metal)
    money = ranged(gain, 0)
    netback = ranged(_netback(net, found, stated, np.nan_to_num(metal)), 0)
    carbon = ranged(Sum(0.0 - gain.value, gain.variance), 1)
    passed = found.path.plant >= 0
    return Chains(
        stream=found.stream,
        need=found.need,
        start=ints(np.concatenate([[0], np.cumsum(passed.sum(axis=1))])),
        plant=found.path.plant[passed],
        arc=found.path.arc[passed],
        output=found.path.output[passed],
        arc_out=found.last,
        rank=_ranks(found),
        delivered=found.money.own,
        km=found.km,
        verdict=found.said.verdict,
        cause=found.said.cause,
        lawful=found.said.lawful,
        limit=found.limit,
        value=found.value,
        bound=found.bound,
        grade=found.said.grade,
        gain=money.value,
        gain_low=money.low,
        gain_high=money.high,
        netback=netback.value,
        netback_low=netback.low,
        netback_high=netback.high,
        priced=stated,
        carbon=carbon.value,
        carbon_low=carbon.low,
        carbon_high=carbon.high,
        labels=labels,
    )


def _ranks(found: Found) -> Ints:
    """Place of each route among those of its stream and need, from 0."""
    new = (np.diff(found.stream, prepend=-1) != 0) | (np.diff(found.need, prepend=-1) != 0)
    first = np.flatnonzero(new)
    return ints(np.arange(len(found)) - np.repeat(first, np.diff(first, append=len(found))))


def _netback(net: Network, found: Found, stated: Mask, metal: Floats) -> Sum:
    """What reaches the donor's gate: the stated price instead of the product's, with the gate's own value, without today's fate."""
    arcs, worth, out = net.links.arcs, net.worth, found.last
    bought = np.where(worth.market[out], 0.0, found.money.own)
    value, variance = found.money.value.copy(), found.money.variance.copy()
    value[:, 0] += (
        np.where(stated, arcs.payment[out] - worth.replaced.value[out, 0], 0.0) * bought + metal + arcs.eur[found.path.arc[:, 0], GATE]
    )
    less = np.where(stated, worth.replaced.variance[out, 0] * bought**2, 0.0)
    variance[:, 0] = np.maximum(variance[:, 0] - less, 0.0)
    return Sum(value, variance)


def _metal(net: Network, found: Found) -> Floats:
    """EUR paid for a payable component per unit of stream, NaN where none is: the stream's own content as each plant leaves it.

    Where the last technology declares the content of what it makes, that is in the money of the arc, and nothing is paid beside it.
    """
    links, none = net.links, np.full(len(found), -1, dtype=np.int32)
    nothing = np.zeros(len(found))
    straight = Ways(found.stream, found.need, none, found.last, none, none, found.money.own, nothing, nothing)
    paid = payable(links, net.grounds.families, straight)
    component = np.append(links.region.table("acceptances")["payable_component"], [None])[links.arcs.acceptance[found.last]]
    rows = np.flatnonzero(~np.isnan(paid))
    for depth in range(found.path.plant.shape[1]):
        here = rows[found.path.plant[rows, depth] >= 0]
        if len(here):
            paid[here] *= _richer(net, found, here, (depth, component[here]))
    return np.where(in_money(links, found.last), 0.0, paid)


def _richer(net: Network, found: Found, rows: Any, step: tuple[int, Any]) -> Floats:
    """How much richer in a component each of some routes becomes at one of its plants."""
    depth, component = step
    works = net.links.works
    arc, output = found.path.arc[rows, depth], found.path.output[rows, depth]
    entry = net.entry_of(arc, output)
    by, _ = factors(net.links, net.grounds.families, net.ways(entry), component)
    return np.where(net.keeps[works.outputs.plant[output]], 1.0, by)
