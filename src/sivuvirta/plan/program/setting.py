"""Setting: the program under construction, with everything that a constraint family reads."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import ArcKind, Floats, Links
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.lp.program import Label, Program
from sivuvirta.plan.program.agreements import NewLinks, new_links
from sivuvirta.plan.program.batches import Batches, batches, outlet_plant
from sivuvirta.plan.program.candidates import Candidates, Index
from sivuvirta.plan.program.capacities import Capacities, capacities
from sivuvirta.plan.program.caution import Guards, guards
from sivuvirta.plan.program.curves import Curves
from sivuvirta.plan.program.variables import Coefficients, Variables, coefficients, variables


@frozen(eq=False, slots=False)
class Setting:
    """One program, before its rows are added."""

    lp: Program
    found: Candidates
    curves: Curves
    fresh: NewLinks  # links that count as changes, where these are limited
    batches: Batches  # ways out of plants that keep a recipe of their own
    blocks: Variables
    coefficients: Coefficients
    options: PlanOptions
    guards: Guards  # how far mixes stay from their limits

    @property
    def links(self) -> Links:
        """The region's links."""
        return self.found.links

    @property
    def feeds(self) -> Index:
        """Positions in found.enter of what streams bring."""
        kind = self.links.arcs.kind[self.found.enter]
        return np.flatnonzero(kind == ArcKind.FEED).astype(np.int32)

    @property
    def outlet_plant(self) -> Index:
        """Position in found.plants of the plant of each outlet."""
        return outlet_plant(self.found)

    @cached_property
    def capacities(self) -> Capacities:
        """What has a most that it can take."""
        return capacities(self.found)

    def into_needs(self, ratio: bool) -> Iterator[tuple[Index, Index, Floats]]:
        """Columns that end in needs: node of the need, column, and units that arrive per unit of it.

        Args:
            ratio: count what arrives in units of the primary product replaced, else in units of the material.
        """
        found, arcs = self.found, self.links.arcs
        direct = found.matches.routes.arc_in[found.direct]
        yield arcs.destination[direct], self.blocks.direct.columns, arcs.ratio[direct] if ratio else np.ones(len(direct))
        delivers = np.flatnonzero(arcs.kind[found.outlet[found.pairs.outlet]] == ArcKind.DELIVER)
        out = found.outlet[found.pairs.outlet[delivers]]
        eta = found.pairs.eta[delivers]
        yield arcs.destination[out], self.blocks.pair.columns[delivers], eta * arcs.ratio[out] if ratio else eta

    def pairs_of_outlets(self, outlets: Index) -> tuple[Index, Index]:
        """Pairs that leave over some outlets: position in `outlets`, position in pairs."""
        row = np.full(len(self.found.outlet), -1, dtype=np.int32)
        row[outlets] = np.arange(len(outlets), dtype=np.int32)
        pairs = np.flatnonzero(row[self.found.pairs.outlet] >= 0).astype(np.int32)
        return row[self.found.pairs.outlet[pairs]], pairs

    def carrying(self, arcs: Index) -> Iterator[tuple[Index, Index, Floats]]:
        """What flows over some arcs: arc, column, units on the arc per unit of the column."""
        chosen = np.zeros(len(self.links.arcs), dtype=bool)
        chosen[arcs] = True
        found, blocks = self.found, self.blocks
        direct = found.matches.routes.arc_in[found.direct]
        for block, arc in ((blocks.direct, direct), (blocks.fate, found.fate), (blocks.buy, found.buy), (blocks.enter, found.enter)):
            position = np.flatnonzero(chosen[arc]).astype(np.int32)
            yield arc[position], block.columns[position], np.ones(len(position))
        outlet = found.outlet[found.pairs.outlet]  # what goes on to a plant is counted where it enters
        position = np.flatnonzero(chosen[outlet] & (found.pairs.into < 0)).astype(np.int32)
        yield outlet[position], blocks.pair.columns[position], found.pairs.eta[position]

    def node_label(self, nodes: Index) -> Label:
        """Names rows after the nodes they belong to."""
        ids = self.links.nodes.id
        return lambda position: str(ids[nodes[position]])

    def plant_label(self, plants: Index) -> Label:
        """Names rows after plants, given as positions in found.plants."""
        return self.node_label(self.links.works.node[self.found.plants[plants]])


def setting(found: Candidates, curves: Curves, options: PlanOptions) -> Setting:
    """A program with its columns and without rows."""
    lp = Program(f"{found.links.region.name}, {options.objective}")
    mixed = batches(found)
    fresh = NewLinks.none() if options.changes is None else new_links(found)
    careful = guards(found, options)
    blocks = variables(lp, found, curves, mixed, fresh, careful.size)
    return Setting(lp, found, curves, fresh, mixed, blocks, coefficients(found, curves, blocks), options, careful)
