"""Blends: which stream may meet a limit together with another that goes to the same need."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Codes, Floats
from sivuvirta.links.codes import Mask, Rows
from sivuvirta.match.grounds import Grounds
from sivuvirta.match.mixes import Question, mixed
from sivuvirta.match.screening import DOES_NOT_HOLD, Entries
from sivuvirta.match.ways import Ways

PAIRS_AT_ONCE = 2_000_000
"""Figures that are held at once when partners are tried one by one."""


@frozen(eq=False)
class Blended:
    """What blending makes of entries. Shape (entries,)."""

    verdict: Codes  # of the entry, a blend counted in
    offered: Mask  # a partner is at hand that lowers it below the limit
    open: Mask  # it may be met by a blend at all


def blendable(grounds: Grounds, entries: Entries, hazardous: Mask) -> Mask:
    """Entries that a blend may meet: the limit allows it and its figure mixes by mass; a hazardous stream enters no blend.

    The limit of a class of products is met by a blend only in a plant that mixes.

    Args:
        grounds: what ways are judged by.
        entries: limits of ways.
        hazardous: ways of hazardous streams, shape (ways,).
    """
    limits, limit = grounds.demanded.limits, grounds.demanded.limit[entries.pair]
    open_ = (limits.mass & limits.blending)[limit] & (entries.verdict != DOES_NOT_HOLD) & ~hazardous[entries.way]
    open_ &= ~grounds.handed.closed[entries.pair]
    return np.asarray(open_, dtype=bool)


def blended(grounds: Grounds, ways: Ways, entries: Entries, open_: Mask, settled: Codes) -> Blended:
    r"""Verdict of each entry with the blends that the other ways to its need offer.

    A way that breaks such limits may be let in by others that break none and lie below each of them, in however small a share:

    .. math:: \theta = \min_k (L_k - u_{0k}) / (u_k - u_{0k}) > 0    (M)

    or by one other, although that breaks limits itself, if some mix of the two meets them all. Ways that neither lets in are decided by a
    linear program over mixes of any number of ways (see `mixes`). The verdict is `blend` where all figures concerned are well known,
    the limits are verified and the partners themselves are proven; else what the weakest of these allows.

    Args:
        grounds: what ways are judged by.
        ways: all ways of the region.
        entries: limits of ways.
        open_: entries that a blend may meet, shape (entries,).
        settled: verdict of each way from all that no blend can change, shape (ways,).
    """
    broken = open_ & (entries.excess > 0)
    verdict = entries.verdict.copy()
    if not broken.any():
        return Blended(verdict, np.zeros(len(entries), dtype=bool), open_)
    good = _good(grounds, entries)
    level = np.where(good, np.int8(Verdict.BLEND), np.int8(Verdict.LIKELY))
    best = _best_partner(entries, open_, broken, level, settled)[entries.pair]
    reached = np.maximum(best, level)
    reached = np.where(broken, np.minimum(reached, _with_one(ways, entries, _Mixing(open_, broken, good, settled, reached))), reached)
    reached = np.where(broken, np.minimum(reached, _with_many(ways, entries, _Mixing(open_, broken, good, settled, reached))), reached)
    offered = broken & (reached < Verdict.FAIL)
    verdict[offered] = np.minimum(verdict[offered], reached[offered])
    return Blended(verdict, offered, open_)


def _good(grounds: Grounds, entries: Entries) -> Mask:
    verified = grounds.demanded.limits.verified[grounds.demanded.limit[entries.pair]]
    return np.asarray((entries.evidence <= Grade.B) & verified, dtype=bool)


def _best_partner(entries: Entries, open_: Mask, broken: Mask, level: Codes, settled: Codes) -> Codes:
    """Best verdict that partners which break nothing offer for each limit of each need; fail where there is none."""
    breaks = np.zeros(len(settled), dtype=bool)
    breaks[entries.way[broken]] = True
    partner = open_ & (entries.excess < 0) & ~breaks[entries.way] & (settled[entries.way] < Verdict.FAIL)
    best = np.full(int(entries.pair.max()) + 1, int(Verdict.FAIL), dtype=np.int8)
    np.minimum.at(best, entries.pair[partner], np.maximum(level[partner], settled[entries.way[partner]]).astype(np.int8))
    return best


@frozen(eq=False)
class _Mixing:
    """What partners are tried with. Shape (entries,), settled (ways,)."""

    open: Mask
    broken: Mask
    good: Mask
    settled: Codes
    reached: Codes  # verdict that simpler mixes allow


def _with_one(ways: Ways, entries: Entries, mixing: _Mixing) -> Codes:
    """Best verdict that mixing with one other way allows, for the entries of ways that need it; fail elsewhere."""
    result = np.full(len(entries), int(Verdict.FAIL), dtype=np.int8)
    floor = np.where(mixing.good, np.int8(Verdict.BLEND), np.int8(Verdict.LIKELY))
    wanting = mixing.broken & (mixing.reached > floor) & (mixing.settled[entries.way] < Verdict.FAIL)
    if not wanting.any():
        return result
    way_level = np.full(len(ways), int(Verdict.FAIL), dtype=np.int8)
    needs = np.unique(ways.need[entries.way[wanting]])
    at = np.flatnonzero(mixing.open & (mixing.settled[entries.way] < Verdict.FAIL) & np.isin(ways.need[entries.way], needs))
    at = at[np.argsort(ways.need[entries.way[at]], kind="stable")]
    wants = np.zeros(len(ways), dtype=bool)
    wants[entries.way[wanting]] = True
    for part in np.split(at, np.flatnonzero(np.diff(ways.need[entries.way[at]])) + 1):
        _try_need(entries, mixing, part, wants, way_level)
    chosen = np.flatnonzero(mixing.broken)
    result[chosen] = way_level[entries.way[chosen]]
    return result


def _try_need(entries: Entries, mixing: _Mixing, part: Rows, wants: Mask, way_level: Codes) -> None:
    """Try every pair of ways into one need; write the best verdict of each way that wants one."""
    way, row = np.unique(entries.way[part], return_inverse=True)
    pair, column = np.unique(entries.pair[part], return_inverse=True)
    table = np.zeros((len(way), len(pair)))  # a figure that is not known must meet its limit by itself
    table[row, column] = np.nan_to_num(entries.excess[part])
    good = np.ones((len(way), len(pair)), dtype=bool)
    good[row, column] = mixing.good[part]
    seeking = np.flatnonzero(wants[way])
    step = max(1, PAIRS_AT_ONCE // max(1, table.size))
    for begin in range(0, len(seeking), step):
        one = seeking[begin : begin + step]
        level = _pair_levels(table, good, one, mixing.settled[way])
        way_level[way[one]] = level.min(axis=1, initial=int(Verdict.FAIL))


def _pair_levels(table: Floats, good: Mask, one: Rows, settled: Codes) -> Codes:
    """Verdict of each way in `one` mixed with each way of the need, fail where no mix meets all limits. Shape (one, ways)."""
    low, high = mixing_share(table[one][:, None, :], table[None, :, :])
    concerned = (table[one][:, None, :] > 0) | (table[None, :, :] > 0)
    sure = (~concerned | (good[one][:, None, :] & good[None, :, :])).all(axis=2)
    level = np.maximum(np.where(sure, np.int8(Verdict.BLEND), np.int8(Verdict.LIKELY)), settled[None, :])
    possible = (low <= high) & (low < 1.0)
    possible[np.arange(len(one)), one] = False
    return np.where(possible, level, np.int8(Verdict.FAIL)).astype(np.int8)


def _with_many(ways: Ways, entries: Entries, mixing: _Mixing) -> Codes:
    """Best verdict that a mix with any number of other ways allows, for the entries that are broken."""
    broken = np.flatnonzero(mixing.broken)
    reached = np.full(len(ways), int(Verdict.PASS), dtype=np.int8)
    np.maximum.at(reached, entries.way[broken], mixing.reached[broken])
    floor = np.full(len(ways), int(Verdict.BLEND), dtype=np.int8)
    floor[entries.way[broken[~mixing.good[broken]]]] = Verdict.LIKELY
    open_needs = np.isin(ways.need, ways.need[(reached > floor) & (mixing.settled < Verdict.FAIL)])
    at = np.flatnonzero(mixing.open & open_needs[entries.way])
    asked = Question(
        way=entries.way[at],
        pair=entries.pair[at],
        excess=np.nan_to_num(entries.excess[at]),
        need=ways.need,
        settled=mixing.settled,
        floor=floor,
        reached=reached,
    )
    return mixed(asked)[entries.way] if len(at) else mixing.reached


def mixing_share(own: Floats, partner: Floats) -> tuple[Floats, Floats]:
    r"""Least and largest dry share of the partner at which a mix meets all limits; no share does where the least exceeds the largest.

    .. math:: (1 - s) a_k + s b_k \le 0 \quad \forall k    (M)

    >>> [round(float(end), 3) for end in mixing_share(np.array([1.0, -0.5]), np.array([-1.0, 0.5]))]
    [0.5, 0.5]

    Args:
        own: a, excess of the stream over each limit, relative to it, shape (..., limits).
        partner: b, excess of the partner, shape (..., limits).
    """
    gap = own - partner
    with np.errstate(divide="ignore", invalid="ignore"):
        share = own / gap
    least = np.where(own > 0, np.where(partner < 0, share, np.inf), 0.0)
    most = np.where((own <= 0) & (partner > 0), share, 1.0)
    return least.max(axis=-1, initial=0.0), most.min(axis=-1, initial=1.0)
