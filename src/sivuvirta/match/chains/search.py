"""Search: the best routes of several steps of each stream and need, without going through all of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import Codes, Floats, Ints
from sivuvirta.links.codes import Mask, ints
from sivuvirta.match.chains.dominance import undominated
from sivuvirta.match.chains.network import Network
from sivuvirta.match.chains.records import Found, Labels, Said, joined
from sivuvirta.match.chains.steps import Open, begun, extended
from sivuvirta.match.chains.tails import Tails, tails

PLACES_AT_ONCE = 4_000_000
"""Streams times needs whose best routes are held at a time, so that a large region needs no large memory."""

LABELS_AT_ONCE = 500
"""Labels that are extended at a time: what the better ones reach spares the others."""

BEYOND = int(Verdict.FAIL) + 1
"""Worse than every verdict."""


@frozen(eq=False)
class Outcome:
    """What a search found, and what it cost."""

    found: Found | None
    labels: int  # partial routes that were extended


def search(net: Network, steps: int, count: int) -> Outcome:
    """The best routes of two to `steps` plants of each stream and need, and the next best through other sets of plants.

    Partial routes go forward a plant at a time. One that cannot come before those already found at any need is dropped, and so is one
    that others of the same stream and output beat (see `dominance`); no route passes a plant twice. The cost is that of the arcs out of
    the labels that remain, not of all routes.

    Args:
        net: the network of plants.
        steps: most plants of a route.
        count: routes of each pair.
    """
    entry = net.first_steps
    if len(entry) == 0 or steps < 2:
        return Outcome(None, 0)
    bounds = tails(net, steps - 1)
    entry = entry[np.argsort(net.links.arcs.origin[net.links.works.yields.arc[entry]], kind="stable")]
    parts, tried = [], 0
    for rows in _batches(net, entry, len(bounds.needs)):
        found, labels = _followed(net, begun(net, ints(rows), steps), bounds, (steps, count))
        tried += labels
        parts += [found] if found is not None else []
    return Outcome(joined(parts) if parts else None, tried)


def _batches(net: Network, entry: Any, needs: int) -> list[Any]:
    """First steps in batches; all of one stream stay together."""
    stream = net.links.arcs.origin[net.links.works.yields.arc[entry]]
    first = np.flatnonzero(np.diff(stream, prepend=-1))
    cuts = first[:: max(1, PLACES_AT_ONCE // max(1, needs))]
    return [part for part in np.split(entry, cuts) if len(part)]


def _followed(net: Network, labels: Labels, bounds: Tails, sizes: tuple[int, int]) -> tuple[Found | None, int]:
    """The best routes from some first steps, and how many labels were extended."""
    steps, count = sizes
    best: Found | None = None
    known: Labels | None = None
    tried = 0
    for depth in range(1, steps):
        ahead = steps - depth
        labels, known = _kept(labels, known, bounds, (ahead, count))
        fresh = []
        order = _first_hopes(labels, _hope(labels, bounds, ahead))
        for begin in range(0, len(order), LABELS_AT_ONCE):
            chunk = labels.take(order[begin : begin + LABELS_AT_ONCE])
            chunk = chunk.take(_promising(chunk, best, bounds, (ahead, count)))
            if len(chunk) == 0:
                continue
            tried += len(chunk)
            after, found = extended(net, chunk, depth, (bounds, _opens(best, bounds, count)))
            best = _best(found if best is None else joined([best, found]), count)
            fresh.append(after.take(net.goes_on[after.output]))
        if not fresh:
            break
        labels = joined(fresh)
        labels = labels.take(_promising(labels, best, bounds, (ahead - 1, count)))
    return best, tried


def _kept(labels: Labels, known: Labels | None, bounds: Tails, sizes: tuple[int, int]) -> tuple[Labels, Labels]:
    """New labels that none beat, and all that are known by now."""
    older = 0 if known is None else len(known)
    every = labels if known is None else joined([known, labels])
    keep = undominated(every, older, bounds, *sizes)
    return every.take(np.flatnonzero(keep[older:]) + older), every.take(keep)


def _hope(labels: Labels, bounds: Tails, ahead: int) -> Any:
    """What each label may become at most, EUR."""
    return labels.money.value[:, 0] + labels.money.amount * bounds.top[ahead - 1][bounds.row[labels.output]]


def _first_hopes(labels: Labels, hope: Any) -> Any:
    """The most hopeful label of each stream, then the next of each, so that what the better ones reach spares the others."""
    order = np.lexsort((-hope, labels.said.verdict, labels.stream))
    return order[np.argsort(_places(labels.stream[order]), kind="stable")]


def _opens(best: Found | None, bounds: Tails, count: int) -> Open:
    """Whether a route may come before the last of those found for its stream and need."""
    if best is None or len(best) == 0:
        return lambda stream, need, said, hope: np.ones(len(stream), dtype=bool)
    last = _last(best, int(best.stream.max()), bounds.needs, count)

    def opens(stream: Ints, need: Ints, said: Said, hope: Floats) -> Mask:
        row = last.row[np.minimum(stream, len(last.row) - 1)]
        row = np.where(stream < len(last.row), row, last.verdict.shape[0] - 1)
        column = np.searchsorted(bounds.needs, need)
        bar = last.verdict[row, column]
        return np.asarray((said.verdict < bar) | ((said.verdict == bar) & (hope >= last.gain[row, column])), dtype=bool)

    return opens


def _promising(labels: Labels, best: Found | None, bounds: Tails, sizes: tuple[int, int]) -> Mask:
    """Labels that may come before the last of the routes found at some need to which a way leads."""
    ahead, count = sizes
    if ahead < 1:
        return np.zeros(len(labels), dtype=bool)
    most = bounds.most[ahead - 1]
    result = np.zeros(len(labels), dtype=bool)
    size = max(1, PLACES_AT_ONCE // max(1, len(bounds.needs)))
    last = None if best is None or len(best) == 0 else _last(best, int(labels.stream.max(initial=0)), bounds.needs, count)
    for begin in range(0, len(labels), size):
        rows = np.arange(begin, min(begin + size, len(labels)))
        hope = labels.money.value[rows, :1] + labels.money.amount[rows, None] * most[bounds.row[labels.output[rows]]]
        open_ = hope > -np.inf
        if last is not None:
            at = last.row[labels.stream[rows]]
            said, bar = labels.said.verdict[rows, None], last.verdict[at]
            open_ &= (said < bar) | ((said == bar) & (hope > last.gain[at]))
        result[rows] = open_.any(axis=1)
    return result


@frozen(eq=False)
class _Last:
    """The last place of each stream and need."""

    row: Ints  # (nodes,) row of a stream below; the last row is that of streams of which nothing is found
    verdict: Codes  # (rows, needs) BEYOND where a place is free
    gain: Floats  # (rows, needs)


def _last(best: Found, top: int, needs: Ints, count: int) -> _Last:
    streams, row = np.unique(best.stream, return_inverse=True)
    shape = (len(streams) + 1, len(needs))
    column = np.searchsorted(needs, best.need)
    verdict, gain = np.full(shape, BEYOND, dtype=np.int8), np.full(shape, -np.inf)
    order = np.lexsort((-best.money.value[:, 0], best.said.verdict, column, row))
    full = order[_places(row[order] * len(needs) + column[order]) == count - 1]
    verdict[row[full], column[full]], gain[row[full], column[full]] = best.said.verdict[full], best.money.value[full, 0]
    place = np.full(max(top, int(streams[-1])) + 1, len(streams), dtype=np.int32)
    place[streams] = np.arange(len(streams), dtype=np.int32)
    return _Last(place, verdict, gain)


def _places(pair: Any) -> Any:
    """0, 1, 2 ... within runs of equal pairs."""
    first = np.flatnonzero(np.diff(pair, prepend=-1))
    return np.arange(len(pair)) - np.repeat(first, np.diff(first, append=len(pair)))


def _best(found: Found, count: int) -> Found:
    """The first `count` routes of each stream and need, by verdict and gain, each through another set of plants."""
    width = np.int64(found.need.max(initial=0)) + 1
    pair = found.stream.astype(np.int64) * width + found.need
    order = np.lexsort((-found.money.value[:, 0], found.said.verdict, found.code, pair))
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (np.diff(pair[order]) != 0) | (found.code[order][1:] != found.code[order][:-1])
    order = order[fresh]
    order = order[np.lexsort((-found.money.value[order, 0], found.said.verdict[order], pair[order]))]
    return found.take(order[_places(pair[order]) < count])
