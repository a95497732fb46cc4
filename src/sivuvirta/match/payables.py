"""Payable components: what a need pays for the metal in a material."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.links import Floats, Links, NodeKind, Texts
from sivuvirta.links.codes import ints
from sivuvirta.match.bounds import Compliance
from sivuvirta.match.contents import factors
from sivuvirta.match.evidence import Figures, evidence
from sivuvirta.match.ways import Ways
from sivuvirta.units.composition import Conversions

PER_TONNE = 1e-6
"""Tonnes of a component in a tonne that holds 1 mg/kg of it."""


def payable(links: Links, families: Conversions, ways: Ways) -> Floats:
    r"""EUR paid for a payable component, per unit of stream; NaN where none is, or where the content is not known.

    .. math:: pay = \eta \, u' \, p_k, \quad u' = \rho u / \eta    (M)

    with u the stated content of the stream (not its bounds) and p the rate.

    Args:
        links: the arcs.
        families: components that express one another.
        ways: the ways, shape (routes,).
    """
    table = links.region.table("acceptances")
    arc = np.where(ways.plant < 0, ways.arc_in, ways.arc_out)
    row = links.arcs.acceptance[arc]
    component = np.append(table["payable_component"], [None])[row]
    rate = np.append(table["payable_rate"], [np.nan])[row]
    paid = np.flatnonzero(~np.isnan(rate) & np.array([name is not None for name in component.tolist()], dtype=bool))
    result = np.full(len(ways), np.nan)
    if len(paid) == 0:
        return result
    names, which = np.unique(component[paid].astype(str), return_inverse=True)
    asked = Figures(
        component=names.astype(object),
        kind=np.full(len(names), "total", dtype=object),
        compliance=np.full(len(names), int(Compliance.DECLARED), dtype=np.int8),
        minimum=np.zeros(len(names), dtype=bool),
    )
    known = evidence(links.region, links.nodes.id[links.nodes.kind == NodeKind.STREAM], asked)
    content = (known.low + known.high)[ways.stream[paid], which] / 2.0
    result[paid] = (
        content * _richer(links, families, ways.take(ints(paid)), component[paid]) * ways.delivered[paid] * rate[paid] * PER_TONNE
    )
    return result


def _richer(links: Links, families: Conversions, ways: Ways, component: Texts) -> Floats:
    factor = np.ones(len(ways))
    through = np.flatnonzero(ways.plant >= 0)
    if len(through):
        factor[through] = factors(links, families, ways.take(through), component[through])[0]
    return factor
