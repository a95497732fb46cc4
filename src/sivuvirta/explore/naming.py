"""Naming: links and plants as people say them, and the exchanges among arcs."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.links import ArcKind, Links
from sivuvirta.plan.explain.words import link_name

EXCHANGES = (ArcKind.DIRECT, ArcKind.FEED, ArcKind.DELIVER, ArcKind.PASS)
"""Arcs over which somebody uses what another gives off. Today's outlets, purchases and residues are none."""


def arc_name(links: Links, arc: int) -> str:
    """A link as people say it, for example "'Slag' to 'Road base'"."""
    return f"'{link_name(links, int(links.arcs.origin[arc]))}' to '{link_name(links, int(links.arcs.destination[arc]))}'"


def plant_name(links: Links, work: int) -> str:
    """A plant as people say it."""
    return f"'{link_name(links, int(links.works.node[work]))}'"


def exchange_arcs(links: Links) -> np.ndarray:
    """Rows of `links.arcs` that are exchanges."""
    return np.flatnonzero(np.isin(links.arcs.kind, EXCHANGES))


def unit_of_arc(links: Links, arc: int) -> str:
    """Unit of what flows over an arc."""
    return str(links.units[arc] or "t")
