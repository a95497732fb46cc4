"""Words for one pair of a screening: the same checks and sentences as for a route of `match`."""

from __future__ import annotations

import numpy as np
from attrs import evolve

from sivuvirta.domain.matches import Check, Matches, Routes, Specs
from sivuvirta.domain.region import Region
from sivuvirta.domain.screenings import Screening
from sivuvirta.links.register import flowing_as, joined, lines, register
from sivuvirta.match import reasons
from sivuvirta.match.grounds import grounds
from sivuvirta.match.judge import judgement
from sivuvirta.match.limit_texts import NO_PARTNER
from sivuvirta.match.market.excerpts import excerpt, own, replaced
from sivuvirta.match.market.market import Market
from sivuvirta.match.ways import ways

NOT_LOOKED = "but partners for one were not looked for"


def checks(screening: Screening, pair: int) -> tuple[Check, ...]:
    """Every check of a pair, the one that decides first, then from the worst to the best.

    Args:
        screening: the pairs.
        pair: position in them.
    """
    found = reasons.checks(_alone(screening, pair), 0)
    return tuple(_told(check) for check in found)


def why(screening: Screening, pair: int) -> str:
    """In plain sentences: which check decides a pair, on what figures, and what is missing.

    Args:
        screening: the pairs.
        pair: position in them.
    """
    return reasons.why(_alone(screening, pair), 0).replace(NO_PARTNER, NOT_LOOKED)


def _told(check: Check) -> Check:
    return evolve(check, text=check.text.replace(NO_PARTNER, NOT_LOOKED))


def _alone(screening: Screening, pair: int) -> Matches:
    """The one route of a pair, judged by itself; its way and money are not known."""
    small = _small(screening, pair)
    market: Market = screening.source
    row = market.row(str(screening.stream[screening.row[pair]]))
    known = flowing_as(register(small), market.register, np.array([row]))
    taking = lines(known)
    _, acceptance = taking.rows.join(taking.of_material[known.material])
    one = np.zeros(1, dtype=np.int64)
    links = joined(known, one, one, acceptance)
    found = ways(links)
    judged = judgement(links, grounds(links), found)
    unknown = np.full(1, np.nan)
    money = dict.fromkeys(_MONEY, unknown)
    routes = Routes(
        stream=found.stream,
        need=found.need,
        plant=found.plant,
        arc_in=found.arc_in,
        arc_out=found.arc_out,
        delivered=found.delivered,
        km=found.km,
        verdict=judged.verdict,
        cause=judged.cause,
        limit=screening.limit[[pair]],
        value=screening.value[[pair]],
        bound=screening.bound[[pair]],
        grade=judged.grade,
        priced=np.zeros(1, dtype=bool),
        **money,
    )
    none = np.zeros(0, dtype=np.int32)
    return Matches(links, routes, Specs(none, none, none, none, none.astype(float), none.astype(float)))


_MONEY = ("gain", "gain_low", "gain_high", "netback", "netback_low", "netback_high", "carbon", "carbon_low", "carbon_high")


def _small(screening: Screening, pair: int) -> Region:
    """The stream and the need of a pair with all that they are judged by."""
    market: Market = screening.source
    need = int(market.receivers.need[screening.need[pair]])
    name = market.region.table("needs")["need"][need]
    acceptances, amounts = market.region.table("acceptances"), market.region.table("quantities")
    limits = market.grounds.demanded
    asked = np.unique(limits.limits.row[limits.limit[limits.start[need] : limits.start[need + 1]]])
    stream = own(market, str(screening.stream[screening.row[pair]]))
    small = excerpt(market.region, stream, np.array([need]), np.flatnonzero(acceptances["need"] == name))
    return replaced(
        small,
        limits=market.region.table("limits").take(asked),
        quantities=amounts.take(np.flatnonzero((amounts["subject"] == name) & (amounts["table"] == "needs"))),
    )
