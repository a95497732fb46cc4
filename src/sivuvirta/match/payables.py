"""Payable components: what a need pays for the metal in a material, on the whole way to it."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.links import Floats, Links, Texts
from sivuvirta.links.payables import payable as at_stream
from sivuvirta.links.payables import terms
from sivuvirta.match.contents import factors
from sivuvirta.match.ways import Ways
from sivuvirta.units.composition import Conversions


def payable(links: Links, families: Conversions, ways: Ways) -> Floats:
    r"""EUR paid for a payable component, per unit of stream; NaN where none is, or where the content is not known.

    .. math:: pay = \eta \, u' \, p_k, \quad u' = \rho u / \eta    (M)

    with u the stated content of the stream (not its bounds) and p the rate. On direct ways it is in the money of the arc already.

    Args:
        links: the arcs.
        families: components that express one another.
        ways: the ways, shape (routes,).
    """
    component, _, pays = terms(links.region)
    arc = np.where(ways.plant < 0, ways.arc_in, ways.arc_out)
    row = links.arcs.acceptance[arc]
    paid = np.flatnonzero(np.append(pays, False)[row])
    result = np.full(len(ways), np.nan)
    if len(paid):
        value = at_stream(links.region, links.nodes.id[ways.stream[paid]], row[paid].astype(np.int64)).value
        result[paid] = value * _richer(links, families, ways.take(paid), component[row[paid]]) * ways.delivered[paid]
    return result


def _richer(links: Links, families: Conversions, ways: Ways, component: Texts) -> Floats:
    factor = np.ones(len(ways))
    through = np.flatnonzero(ways.plant >= 0)
    if len(through):
        factor[through] = factors(links, families, ways.take(through), component[through])[0]
    return factor
