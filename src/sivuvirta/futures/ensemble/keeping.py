"""Keeping: how often a plan's own flows keep the limits of mixes, whatever the streams truly contain."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from sivuvirta.domain.draws import draws
from sivuvirta.domain.links import Floats
from sivuvirta.domain.plans import Plan
from sivuvirta.futures.ensemble.contents import contents
from sivuvirta.futures.ensemble.gathering import Book

_ROUNDING = 1e-9  # of what flows through a row
_FRAME = ["evidence", "need", "need_name", "limit", "asked", "kept", "broken", "error", "draws"]


def kept(plan: Plan, count: int, seed: int) -> pd.DataFrame:
    r"""The share of draws in which each limit of a mix is kept by the flows as planned.

    .. math:: \hat p = \frac{1}{N} \#\{n : \sum_r a_r(\delta_n) x_r \le 0\}, \qquad se = \sqrt{\hat p (1 - \hat p) / N}

    Contents are drawn as in an ensemble: total contents from a beta of the range's middle and deviation, others from a lognormal with the
    bounds as 5 and 95 % points; both have a longer tail above. So this is a check of `chance`, which takes them for normal, and of
    `robust`, which promises no probability.

    Args:
        plan: what is checked; nothing is solved.
        count: N.
        seed: equal seeds give equal draws.

    Returns:
        One row a network and limit of a mix that flows reach (not one that no stream breaks at its bound, and not flows over several
        plants): what was asked for (NaN: no probability), in which share of the draws it is kept and
        broken, and the standard error.
    """
    book = Book()
    inside = contents(book, plan.matches, mixes=True)
    values = draws(book.inputs, count, seed)
    specs, asked = plan.matches.specs, plan.options.chance
    ids, names = plan.links.nodes.id, plan.links.nodes.name
    limits = plan.links.region.table("limits")["limit"]
    entry = np.arange(len(specs.row))
    rows = []
    for network in (plan.proven, plan.potential):
        flow = network.route_flow[specs.route]
        gather = csr_array((flow, (specs.row, entry)), shape=(len(specs.need), len(entry)))
        base, through = specs.coefficient.copy(), gather @ np.abs(specs.coefficient)
        base[inside.entry] += inside.shift
        moves = csr_array((inside.change, (inside.entry, inside.number)), shape=(len(entry), len(book.inputs)))
        found: Floats = (gather @ base)[:, None] + (gather @ moves) @ values.T
        share = (found <= _ROUNDING * through[:, None]).mean(axis=1) if len(specs.need) else np.zeros(0)
        for row in np.flatnonzero(through > 0).tolist():
            error = float(np.sqrt(share[row] * (1.0 - share[row]) / count))
            ends = (network.evidence, ids[specs.need[row]], names[specs.need[row]], limits[specs.limit[row]])
            rows.append((*ends, np.nan if asked is None else asked, float(share[row]), float(1.0 - share[row]), error, count))
    return pd.DataFrame(rows, columns=_FRAME)
