"""Neighbours: what changes from one network to the next, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sivuvirta.domain.fronts import FrontChange
from sivuvirta.domain.links import Links
from sivuvirta.domain.plans import Network
from sivuvirta.explore.naming import arc_name, exchange_arcs, plant_name, unit_of_arc

_SEEN = 1e-3  # of the larger flow of a link in two networks: less is no change
_NOTHING = 1e-6  # of the largest flow of a unit: less is not used


def changes(networks: Sequence[Network]) -> tuple[FrontChange, ...]:
    """Plants built and dropped, links opened, closed and moved between neighbouring networks, plants first, then the largest moves."""
    return tuple(each for after in range(1, len(networks)) for each in between(networks[after - 1], networks[after], after - 1, after))


def between(one: Network, other: Network, before: int = 0, after: int = 1) -> Iterator[FrontChange]:
    """What changes from one network to another.

    Args:
        one: before.
        other: after.
        before: number told of the first.
        after: number told of the second.
    """
    links = one.ledger.links
    built, then = one.ledger.operations.built, other.ledger.operations.built
    for work in np.flatnonzero(built != then).tolist():
        size = float(other.ledger.operations.size[work] - one.ledger.operations.size[work])
        what = "built" if then[work] else "dropped"
        name = plant_name(links, work)
        unit = plant_unit(links, work)
        yield FrontChange(before=before, after=after, what=what, kind="plant", name=name, amount=size, unit=unit, row=work)
    flow, later = one.ledger.per_arc(), other.ledger.per_arc()
    for arc in moved(links, flow, later):
        what = _what(float(flow[arc]), float(later[arc]), _NOTHING * float(max(flow.max(), later.max())))
        amount, unit = float(later[arc] - flow[arc]), unit_of_arc(links, arc)
        name = arc_name(links, arc)
        yield FrontChange(before=before, after=after, what=what, kind="link", name=name, amount=amount, unit=unit, row=int(arc))


def moved(links: Links, flow: np.ndarray, later: np.ndarray, among: np.ndarray | None = None) -> list[int]:
    """Arcs that carry more or less, the largest change first; exchanges, or those among some rows."""
    arcs = exchange_arcs(links) if among is None else among
    change = np.abs(later - flow)[arcs]
    seen = change > np.maximum(_SEEN * np.maximum(flow, later)[arcs], _NOTHING * max(float(flow.max()), float(later.max()), 1e-9))
    order = np.argsort(-change[seen], kind="stable")
    found: list[int] = arcs[seen][order].tolist()
    return found


def plant_unit(links: Links, work: int) -> str:
    """Unit of activity of a plant."""
    technologies = links.region.table("technologies")
    key = links.works.technology[work]
    return str(technologies["activity_unit"][technologies.index[key]] or "t") if key in technologies.index else "t"


def _what(flow: float, later: float, nothing: float) -> str:
    if flow <= nothing:
        return "opened"
    if later <= nothing:
        return "closed"
    return "more" if later > flow else "less"
