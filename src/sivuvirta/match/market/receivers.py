"""Receivers: what the needs of a region ask, sorted so that those near a stream stand together."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.links.codes import Rows, first_of, grade_codes, ints, pair_codes, positions
from sivuvirta.links.nearby import Bands, Spots, bands
from sivuvirta.links.register import Lines, Register
from sivuvirta.match.applicable import ANY_STATUS, Demanded
from sivuvirta.match.grounds import Grounds
from sivuvirta.match.legal_permits import permits
from sivuvirta.match.market.kernel import ALL_OPEN, ASKS, LEACHING, MOST, OPEN, PLAIN, STATUS_BIT, TOTAL, VERIFIED, Asked, Points
from sivuvirta.match.subjects import countries

EVERY_STATUS = 7 * STATUS_BIT


@frozen(eq=False)
class Receivers:
    """Needs that take something. A member is a need among those that take a line of materials; one need may be a member of several."""

    index: Bands
    spots: Spots  # (members,) in the order of the index
    asked: Asked
    need: Rows  # (needs,) row of `needs`, in the order in which members name them
    shown_need: Rows  # (member kinds,) row of `needs` of one member of each kind
    shown_acceptance: Rows  # (member kinds,) row of `acceptances` of that member
    lines: Lines
    kinds_of_line: tuple[Rows, ...]  # kinds of the members of each line


def receivers(known: Register, taking: Lines, grounds: Grounds, radius_km: float | None) -> Receivers:
    """What the needs of a register ask.

    Args:
        known: the register.
        taking: which acceptances take which material.
        grounds: what pairs are judged by.
        radius_km: how far apart a pair may lie; None for any way.
    """
    line = np.repeat(np.arange(len(taking.rows.start) - 1), np.diff(taking.rows.start))
    acceptance = taking.rows.member
    need = taking.need[acceptance]
    index = bands(known.spots.take(need + known.streams), line, radius_km)
    line, acceptance, need = line[index.order], acceptance[index.order], need[index.order]
    spots = known.spots.take(need + known.streams)
    named = need[first_of(need)]
    number = np.full(known.needs, -1, dtype=np.int64)
    number[named] = np.arange(len(named))
    kind, shown = _kinds(known, grounds, need, acceptance)
    start = np.searchsorted(line, np.arange(len(taking.rows.start)))
    by_line = tuple(np.unique(kind[begin:end]) for begin, end in pairwise(start.tolist()))
    asked = _asked(points(spots), (number[need], kind), named, grounds)
    return Receivers(index, spots, asked, named, need[shown], acceptance[shown], taking, by_line)


def points(spots: Spots) -> Points:
    """Points as the kernel takes them."""
    x, y, z = (np.ascontiguousarray(column) for column in spots.vectors.T)
    return Points(x, y, z, ints(spots.location))


def _kinds(known: Register, grounds: Grounds, need: Rows, acceptance: Rows) -> tuple[Rows, Rows]:
    """Kind of each member and one member of each: all that law, hazard, season and class may ask of a receiver."""
    node, needs = need + known.streams, grounds.needs
    links = known.links
    zones = np.fromiter(needs.zones, dtype=object, count=len(needs.zones))
    graded = grade_codes(links.region.table("acceptances")["grade"])
    of_need = permits(links).of_need
    held = np.fromiter((of_need.get(at, ()) for at in range(len(needs.row))), dtype=object, count=len(needs.row))
    wanted = np.append(links.region.table("needs")["material"], [None])[needs.row]
    columns = (needs.use_class, needs.jurisdiction, zones, needs.hazardous_ok, needs.season, needs.grade)
    more = (countries(links), links.nodes.carrier, wanted, held)
    code = pair_codes(*(column[node] for column in (*columns, *more)), graded[acceptance])
    first = first_of(code)
    return positions(code[first], code), first


def _asked(at: Points, member: tuple[Rows, Rows], named: Rows, grounds: Grounds) -> Asked:
    demanded = grounds.demanded
    first, count = demanded.start[named], np.diff(demanded.start)[named]
    stop = np.cumsum(count)
    entry = np.arange(count.sum()) + np.repeat(first - (stop - count), count)
    limit, limits = demanded.limit[entry], demanded.limits
    scale = np.where(limits.bound == 0, 1.0, np.abs(limits.bound))
    flags = _flags(demanded)
    fit = _fits(grounds, named)
    return Asked(
        at=at,
        need=ints(member[0]),
        kind=ints(member[1]),
        start=(stop - count).astype(np.uint64),
        stop=stop.astype(np.uint64),
        bits=_bits(flags[limit], np.repeat(np.arange(len(named)), count), fit),
        fit=fit,
        terms=np.stack([limits.bound, scale, np.minimum(1.0 / scale, MOST)], axis=1)[limit],
        codes=np.stack([limits.figure, flags], axis=1).astype(np.uint32)[limit],
        grade=limits.grade[limit],
        row=limits.row[limit],
    )


def _flags(demanded: Demanded) -> Any:
    limits = demanded.limits
    status = np.where(limits.status == ANY_STATUS, EVERY_STATUS, STATUS_BIT << limits.status.astype(np.int64))
    parts = ((limits.verified, VERIFIED), (limits.mass & limits.blending, OPEN), (limits.leaching, LEACHING), (limits.total, TOTAL))
    return (status + sum(bit * held for held, bit in parts)).astype(np.uint8)


def _bits(flags: Any, need: Rows, fit: Any) -> Any:
    """What holds of all limits of a need."""
    count = len(fit)
    total = np.bincount(need, minlength=count)
    easy = ((flags & VERIFIED) != 0) & ((flags & EVERY_STATUS) == EVERY_STATUS)
    open_ = np.bincount(need[(flags & OPEN) != 0], minlength=count)
    plain = (np.bincount(need[easy], minlength=count) == total) & ((open_ == 0) | (open_ == total))
    asks = ~np.isnan(fit).all(axis=1)
    return (PLAIN * plain + ALL_OPEN * (open_ == total) + ASKS * asks).astype(np.uint8)


def _fits(grounds: Grounds, named: Rows) -> Any:
    """Upper bounds of temperature (its negative), moisture and grain."""
    needs = grounds.needs
    node = np.flatnonzero(needs.row >= 0)[named]
    return np.stack([-needs.temperature_min[node], needs.moisture_max[node], needs.grain_max[node]], axis=1)
