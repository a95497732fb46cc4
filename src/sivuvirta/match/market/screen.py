"""Screen: the verdicts of all direct pairs of a market, by the compiled kernel on as many threads as there are cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from sivuvirta.domain.links import Codes
from sivuvirta.domain.matches import Cause
from sivuvirta.domain.screenings import Figures, Screening
from sivuvirta.links.codes import Rows
from sivuvirta.match.judge import ORDER
from sivuvirta.match.market.donors import Donors
from sivuvirta.match.market.kernel import HIGH, Found, Settled, counted, judged
from sivuvirta.match.market.market import Market

PARTS = 4
"""Parts of the work for each thread, so that none waits long for another."""

FEW = 64
"""Streams that are not worth a second thread."""

CAUSES: Codes = np.array([*ORDER, Cause.NOTHING], dtype=np.int8)


def screen(market: Market, streams: Sequence[str] | None = None) -> Screening:
    """Judge all direct pairs of a market, or those of some streams.

    Args:
        market: the prepared register.
        streams: their ids; all where none is given.

    Raises:
        UnknownNameError: there is no such stream.
    """
    given = market.chosen(streams)
    start, found = _judged(given, market)
    names, nodes = market.register.links.nodes, market.register.spots
    limits, grounds = market.grounds.demanded.limits, market.grounds
    of_limit = np.full(len(market.region.table("limits")), -1, dtype=np.int32)
    of_limit[limits.row] = limits.figure
    need = market.receivers.need + market.register.streams
    return Screening(
        region=market.region,
        radius_km=market.radius_km,
        stream=names.id[given.row],
        needs=names.id[need],
        start=start,
        need=found.need,
        verdict=found.verdict,
        cause=found.cause,
        grade=found.grade,
        reach=found.reach,
        blend=found.blend,
        limit=found.limit,
        figures=Figures(given.given.known[:, :, HIGH], of_limit, grounds.demanded.figures.minimum),
        places=(
            np.stack([given.spots.lat, given.spots.lon], axis=1),
            np.stack([nodes.lat[need], nodes.lon[need]], axis=1),
        ),
        notes=_notes(given, market),
        source=market,
    )


def _judged(donors: Donors, market: Market) -> tuple[Rows, Found]:
    """First the pairs are counted, then they are judged into arrays of that length."""
    near, asked = donors.near(market.radius_km), market.receivers.asked
    count = np.zeros(len(donors), dtype=np.int64)
    order = _order(donors)
    _in_threads(lambda rows: counted(donors.given.at, asked.at, near, rows, count), order)
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    found, settled = _room(int(start[-1])), Settled(donors.table, CAUSES, start)
    _in_threads(lambda rows: judged(donors.given, asked, near, settled, rows, found), order)
    return start, found


def _order(donors: Donors) -> Rows:
    """Streams with the same needs one after another, so that what is asked is still at hand."""
    first = np.where(np.diff(donors.runs.start) > 0, np.append(donors.runs.begin, [0])[donors.runs.start[:-1]], -1)
    return np.argsort(first, kind="stable")


def _room(pairs: int) -> Found:
    need, limit = np.empty(pairs, dtype=np.int32), np.empty(pairs, dtype=np.int32)
    verdict, cause, grade, reach = (np.empty(pairs, dtype=np.int8) for _ in range(4))
    return Found(need, verdict, cause, grade, reach, np.empty(pairs, dtype=bool), limit)


def _in_threads(work: Callable[[Rows], None], rows: Rows) -> None:
    """Do work on parts of the rows at the same time; the kernel lets other threads run."""
    cores = os.cpu_count() or 1
    if len(rows) <= FEW or cores == 1:
        work(rows)
        return
    with ThreadPoolExecutor(cores) as pool:
        list(pool.map(work, np.array_split(rows, cores * PARTS)))


def _notes(donors: Donors, market: Market) -> dict[str, str]:
    """What was left out, by topic."""
    if market.radius_km is None:
        return {}
    needs = market.register.spots.take(market.receivers.need + market.register.streams)
    said = {}
    for topic, spots, names in (
        ("streams without a place", donors.spots, market.register.links.nodes.id[donors.row]),
        ("needs without a place", needs, market.register.links.nodes.id[market.receivers.need + market.register.streams]),
    ):
        lost = np.flatnonzero(~spots.located)
        if len(lost):
            shown = ", ".join(names[lost[:5]].tolist()) + (", …" if len(lost) > 5 else "")
            said[topic] = f"{len(lost)} have no coordinates, so only ends on the same site are near them: {shown}"
    return said
