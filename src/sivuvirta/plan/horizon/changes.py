"""Changes over a horizon: links that are new against today count once, whenever they are used."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from sivuvirta.lp.program import Bounds, Program
from sivuvirta.plan.horizon.stages import Stage
from sivuvirta.plan.program.candidates import Index


@frozen(eq=False)
class Anew:
    """Links that are new against today in some period, and their columns in the whole program."""

    name: tuple[str, ...]  # (links,) "slag,road"
    column: Index  # (links,)
    number: tuple[Index, ...]  # by period: link of each column of its block `changed`


def anew(lp: Program, stages: Sequence[Stage]) -> Anew:
    """Adds a column for each link that some period may add; the columns of periods only follow it.

    Args:
        lp: the whole program.
        stages: of each period.
    """
    known: dict[str, int] = {}
    numbers = []
    for each in stages:
        links = each.links
        first = each.at.fresh.first
        ends = [f"{links.nodes.label(links.arcs.origin[arc])},{links.nodes.label(links.arcs.destination[arc])}" for arc in first.tolist()]
        numbers.append(np.array([known.setdefault(end, len(known)) for end in ends], dtype=np.int32))
    names = tuple(known)
    block = lp.block("anew", len(names), bounds=Bounds(upper=1.0, integer=True), label=names.__getitem__)
    return Anew(names, block.columns, tuple(numbers))
