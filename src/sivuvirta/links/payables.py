"""Payable components: what a need pays for the metal in a material."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import ArcKind, Codes, Floats, Links, Texts
from sivuvirta.domain.region import Region
from sivuvirta.links.bounds import Compliance
from sivuvirta.links.codes import Mask, Rows, spread
from sivuvirta.links.declared import Made, contents, made_as
from sivuvirta.links.evidence import Evidence, Figures, evidence

PER_TONNE = 1e-6
"""Tonnes of a component in a tonne that holds 1 mg/kg of it."""


@frozen(eq=False)
class Payable:
    """What is paid per dry tonne of material as it leaves its stream. Shape (pairs,)."""

    value: Floats  # EUR, NaN where the content is not known
    sd: Floats
    grade: Codes  # of the content


def terms(region: Region) -> tuple[Texts, Floats, Mask]:
    """Component and rate, EUR per tonne of it, of each acceptance, and whether it pays for a component at all. Shape (acceptances,)."""
    table = region.table("acceptances")
    named = np.array([name is not None for name in table["payable_component"].tolist()], dtype=bool)
    return table["payable_component"], table["payable_rate"], np.asarray(named & ~np.isnan(table["payable_rate"]), dtype=bool)


def payable(region: Region, streams: Any, acceptance: Rows) -> Payable:
    r"""What acceptances pay for the component in streams.

    .. math:: pay = u \, p_k \cdot 10^{-6}    (M)

    with u the declared content of the stream, mg per kg dry, and p the rate. Its spread is that of the mean content, as limits see it.

    Args:
        region: its `analyses` tell the contents.
        streams: stream id of each pair, shape (pairs,).
        acceptance: row of `acceptances` of each, all of which pay for a component.
    """
    component, rate, _ = terms(region)
    known, at = np.unique(np.asarray(streams, dtype=str), return_inverse=True)
    names, which = np.unique(component[acceptance].astype(str), return_inverse=True)
    told = {kind: _contents(region, known, names, kind) for kind in (Compliance.DECLARED, Compliance.MEAN_UCL)}
    price = rate[acceptance] * PER_TONNE
    said, mean = told[Compliance.DECLARED], told[Compliance.MEAN_UCL]
    sd = spread(mean.low[at, which], mean.high[at, which]) * price
    return Payable((said.low + said.high)[at, which] / 2.0 * price, sd, said.grade[at, which])


def made_payable(region: Region, made: Made, acceptance: Rows) -> Payable:
    r"""What acceptances pay for the component in what plants make, by the content that the technology declares of it.

    .. math:: pay = u_g \, p_k \cdot 10^{-6}    (M)

    with u the declared content of the output as the class as which it is handed over, whatever it was made of.

    Args:
        region: its table `technology_grades` tells the contents.
        made: technology, output and class of each, shape (n,) each.
        acceptance: row of `acceptances` of each, all of which pay for a component.

    Returns:
        Values NaN where nothing is declared.
    """
    component, rate, _ = terms(region)
    found = contents(region, made, component[acceptance])
    price = rate[acceptance] * PER_TONNE
    return Payable(found.value * price, spread(found.low, found.high) * price, found.grade)


def declared_payable(links: Links, arc: Rows) -> Mask:
    """Whether what an arc pays for a component is in its money: of what streams give always, of what plants make where it is declared.

    Args:
        links: the arcs.
        arc: rows of arcs to needs whose acceptance pays for a component.
    """
    found: Mask = links.arcs.kind[arc] == ArcKind.DIRECT
    made = np.flatnonzero(~found)
    if len(made):
        row = links.arcs.acceptance[arc[made]].astype(np.int64)
        names = np.array(links.materials, dtype=object)[links.arcs.material[arc[made]]]
        products = made_as(links.region, links.works.outputs, links.arcs.output[arc[made]], names)
        found[made] = ~np.isnan(made_payable(links.region, products, row).value)
    return found


def _contents(region: Region, streams: Any, names: Any, compliance: Compliance) -> Evidence:
    count = len(names)
    kind, how = np.full(count, "total", dtype=object), np.full(count, int(compliance), dtype=np.int8)
    return evidence(region, streams.astype(object), Figures(names.astype(object), kind, how, np.zeros(count, dtype=bool)))
