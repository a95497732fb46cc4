"""Payable components: what a need pays for the metal in a material, on the whole way to it."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.links import Floats, Ints, Links, Texts
from sivuvirta.links.codes import Mask
from sivuvirta.links.payables import declared_payable, terms
from sivuvirta.links.payables import payable as at_stream
from sivuvirta.match.contents import factors
from sivuvirta.match.ways import Ways
from sivuvirta.units.composition import Conversions


def payable(links: Links, families: Conversions, ways: Ways) -> Floats:
    r"""EUR paid for a payable component, per unit of stream; NaN where none is, or where the content is not known.

    .. math:: pay = \eta \, u' \, p_k, \quad u' = \rho u / \eta    (M)

    with u the stated content of the stream (not its bounds) and p the rate. On direct ways, and where the technology declares the content
    of what it makes, it is in the money of the arc already (see `in_money`); what is declared goes before what the stream holds.

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


def in_money(links: Links, arc: Ints) -> Mask:
    """Whether the money of arcs has what they pay for a component in it.

    Args:
        links: the arcs.
        arc: rows of arcs to needs, shape (n,).
    """
    pays = np.append(terms(links.region)[2], False)[links.arcs.acceptance[arc]]
    found: Mask = np.zeros(len(arc), dtype=bool)
    rows = np.flatnonzero(pays)
    if len(rows):
        found[rows] = declared_payable(links, arc[rows].astype(np.int64))
    return found


def _richer(links: Links, families: Conversions, ways: Ways, component: Texts) -> Floats:
    factor = np.ones(len(ways))
    through = np.flatnonzero(ways.plant >= 0)
    if len(through):
        factor[through] = factors(links, families, ways.take(through), component[through])[0]
    return factor
