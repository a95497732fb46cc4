"""Outlets: fee, revenue and own emission of today's outlets, one input a figure of a row of `fates`."""

from __future__ import annotations

from typing import Any

import numpy as np

from sivuvirta.domain.links import CO2_TERMS, EUR_TERMS, ArcKind
from sivuvirta.futures.ensemble.gathering import Book, Part
from sivuvirta.futures.measured.hauled import coefficient
from sivuvirta.futures.measured.setting import Setting

_TERMS = {"fee": ("fee", "fee of"), "revenue": ("revenue", "revenue from"), "outlet": ("co2 outlet", "emission of outlet")}
"""Figure -> kind of input and its words."""


def outlet_terms(book: Book, setting: Setting) -> dict[str, tuple[Any, Part]]:
    """What outlets cost, earn and emit per unit, at the stated water. What moves together with its row is one input."""
    arcs, nodes = setting.links.arcs, setting.links.nodes
    outlet = setting.kind(ArcKind.FATE, ArcKind.RESIDUE)
    destination = setting.of(arcs.destination)
    found = {}
    for name, (kind, words) in _TERMS.items():
        values, spreads, terms = (arcs.co2, arcs.co2_sd, CO2_TERMS) if name == "outlet" else (arcs.eur, arcs.eur_sd, EUR_TERMS)
        column = terms.index(name)
        value, sd = setting.of(values)[:, column], setting.of(spreads)[:, column]
        part = Part()
        for node in np.unique(destination[outlet & (sd > 0)]).tolist():
            rows = np.flatnonzero(outlet & (destination == node) & (sd > 0))
            figure = (float(value[rows[0]]), float(sd[rows[0]]))
            one = coefficient(kind, str(nodes.id[node]), f"{words} {nodes.name[node]}", figure)
            part.add(rows, book.number(one), np.where(value[rows] < 0, -1.0, 1.0) * sd[rows])
        found[name] = (np.where(outlet, value, 0.0), part)
    return found
