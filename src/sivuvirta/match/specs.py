"""Specifications of blends: the limits that the routes into a need must meet together."""

from __future__ import annotations

from typing import Any

import numpy as np

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import Codes, Floats
from sivuvirta.domain.matches import Specs
from sivuvirta.links.codes import ints
from sivuvirta.match.blends import Blended
from sivuvirta.match.grounds import Grounds
from sivuvirta.match.screening import Entries
from sivuvirta.match.ways import Ways


def specs(grounds: Grounds, ways: Ways, entries: Entries, mix: Blended, verdict: Codes) -> Specs:
    r"""Rows of P3 and P6: for each need, the limits that some admissible route breaks alone and a blend may meet.

    .. math:: \sum_a (u_a - L)/|L| \cdot \eta_a x_a \le 0    (P3, P6)

    The limit of a class of products holds for each arc on which a plant hands over as that class: every batch keeps it by itself.
    Everything that enters counts, routes well within the limit as credit. A figure that is not known, or whose range straddles the limit
    with no partner at hand, is left out: such a route is `unknown`, and enters a plan only as if its test were passed.

    Args:
        grounds: what ways are judged by.
        ways: all ways, shape (routes,).
        entries: limits of ways.
        mix: what blending makes of them.
        verdict: final verdict of each way, shape (routes,).
    """
    admissible = mix.open & (verdict[entries.way] < Verdict.FAIL) & ~np.isnan(entries.excess) & (entries.excess != 0)
    admissible &= (entries.excess < 0) | mix.offered
    breaking = np.zeros(len(grounds.demanded.limit), dtype=bool)
    breaking[entries.pair[admissible & (entries.excess > 0)]] = True
    pair = np.flatnonzero(breaking)
    number = np.full(len(breaking), -1, dtype=np.int64)
    number[pair] = np.arange(len(pair))
    used = np.flatnonzero(admissible & breaking[entries.pair])
    used = used[np.argsort(number[entries.pair[used]], kind="stable")]
    need_node = np.flatnonzero(grounds.needs.row >= 0)
    route, asked = entries.way[used], int(grounds.demanded.start[-1])
    own, behind = pair[pair < asked], pair[pair >= asked] - asked
    need = need_node[np.searchsorted(grounds.demanded.start, own, side="right") - 1]
    return Specs(
        need=ints(np.concatenate([need, grounds.handed.need[behind]])),
        limit=grounds.demanded.limits.row[grounds.demanded.limit[pair]],
        row=ints(number[entries.pair[used]]),
        route=ints(route),
        coefficient=np.asarray(entries.excess[used] * ways.delivered[route], dtype=float),
        middle=_middle(grounds, entries, used) * ways.delivered[route],
        arc=ints(np.concatenate([np.full(len(own), -1), grounds.handed.arc[behind]])),
    )


def _middle(grounds: Grounds, entries: Entries, used: Any) -> Floats:
    r"""By how much the middle of the range of what arrives misses its limit, in parts of the limit. Shape of `used`.

    .. math:: \frac{m - L}{|L|} = \frac{u - L}{|L|} - \frac{u - l}{2 |L|}
    """
    excess = entries.excess[used]
    size = np.abs(grounds.demanded.limits.bound[grounds.demanded.limit[entries.pair[used]]])
    width = entries.high[used] - entries.low[used]
    known = np.isfinite(width) & (size > 0)
    middle: Floats = excess - np.divide(width, 2.0 * size, out=np.zeros(len(excess)), where=known)
    return middle
