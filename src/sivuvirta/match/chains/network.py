"""The network of plants: which outputs go on to which plants and needs, and what each step does to a material."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from attrs import evolve, fields, frozen

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import ArcKind, Arcs, Codes, Floats, Ints, Links, Texts, Yields
from sivuvirta.domain.matches import Matches
from sivuvirta.links.codes import Groups, Mask, Rows, groups, ints, pair_codes, positions
from sivuvirta.match.chains.records import Hashes
from sivuvirta.match.contents import factors, keeping
from sivuvirta.match.elsewhere import Elsewhere, elsewhere, entries
from sivuvirta.match.grounds import Grounds
from sivuvirta.match.plant_costs import outcome
from sivuvirta.match.ways import Ways, ways_of
from sivuvirta.match.worth import Sum, Worth, arc_worth

SEED = 20_240_229
"""Of the numbers by which sets of plants are told apart."""


@frozen(eq=False, slots=False)
class Network:
    """A region's plants as steps of routes."""

    matches: Matches
    grounds: Grounds
    worth: Worth

    @property
    def links(self) -> Links:
        """The region's links."""
        return self.matches.links

    @cached_property
    def plant_of_node(self) -> Ints:
        """Row of works by node, -1 for what is no plant. Shape (nodes,)."""
        rows = np.full(len(self.links.nodes.id), -1, dtype=np.int32)
        rows[self.links.works.node] = np.arange(len(self.links.works), dtype=np.int32)
        return rows

    @cached_property
    def enters(self) -> Ints:
        """Plant that an arc enters, -1 where it enters none. Shape (arcs,)."""
        return self.plant_of_node[self.links.arcs.destination]

    @cached_property
    def onward(self) -> Groups:
        """PASS arcs by output."""
        return self._leaving(ArcKind.PASS)

    @cached_property
    def delivering(self) -> Groups:
        """DELIVER arcs by output."""
        return self._leaving(ArcKind.DELIVER)

    def _leaving(self, kind: ArcKind) -> Groups:
        arcs = np.flatnonzero(self.links.arcs.kind == kind)
        found = groups(self.links.arcs.output[arcs], len(self.links.works.outputs.plant))
        return Groups(found.start, arcs[found.member])

    @cached_property
    def giving(self) -> Groups:
        """Rows of works.yields that give something, by arc."""
        yields = self.links.works.yields
        rows = np.flatnonzero(yields.eta > 0)
        found = groups(yields.arc[rows], len(self.links.arcs))
        return Groups(found.start, rows[found.member])

    @cached_property
    def goes_on(self) -> Mask:
        """Outputs that another plant takes. Shape (outputs,)."""
        return np.asarray(np.diff(self.onward.start) > 0, dtype=bool)

    @cached_property
    def first_steps(self) -> Rows:
        """Rows of works.yields of the first steps: what streams give in outputs that another plant takes."""
        yields = self.links.works.yields
        feeds = (self.links.arcs.kind[yields.arc] == ArcKind.FEED) & (yields.eta > 0)
        return np.flatnonzero(feeds & np.append(self.goes_on, [False])[yields.output])

    @cached_property
    def carrier(self) -> Texts:
        """Carrier of each output, None where its material is not in the table. Shape (outputs,)."""
        table = self.links.region.table("materials")
        names = np.array(self.links.materials, dtype=object)[self.links.works.outputs.material]
        return np.asarray(np.append(table["carrier"], [None])[positions(table["material"], names)], dtype=object)

    @cached_property
    def keeps(self) -> Mask:
        """Plants that only store: what leaves is what came. Shape (plants,)."""
        return keeping(self.links.works)

    @cached_property
    def made(self) -> Floats:
        """Units of output that a unit gives which enters a plant, with what reagents add, by row of works.yields; NaN for reagents."""
        kinds, yields = self.links.arcs.kind, self.links.works.yields
        entry = np.flatnonzero(np.isin(kinds[yields.arc], (ArcKind.FEED, ArcKind.PASS)) & (yields.eta > 0))
        result = np.full(len(yields.arc), np.nan)
        result[entry] = outcome(self.links, self.worth, self.ways(entry))
        return result

    @cached_property
    def alone(self) -> Mask:
        """Plants with one output at most that some need takes: where it goes changes nothing for another. Shape (plants,)."""
        taken = np.diff(self.delivering.start) > 0
        return np.asarray(np.bincount(self.links.works.outputs.plant[taken], minlength=len(self.links.works)) <= 1, dtype=bool)

    @cached_property
    def outlets(self) -> Elsewhere:
        """Where other outputs of what streams bring go: over the routes of one plant that do not fail, and to fates."""
        routes = self.matches.routes
        rows = np.flatnonzero(routes.plant >= 0)
        return elsewhere(self.links, self.worth, ways_of(routes, self.links, rows), routes.verdict[rows] < Verdict.FAIL)

    @cached_property
    def marks(self) -> Hashes:
        """A number of each plant; their exclusive or stands for a set of plants. Shape (plants,)."""
        top = np.iinfo(np.uint64).max
        return np.random.default_rng(SEED).integers(1, top, len(self.links.works), dtype=np.uint64)

    @cached_property
    def richer(self) -> tuple[Floats, Codes, Ints]:
        r"""How much richer in each figure an output is than its input, clamped where a plant cannot make a figure better.

        .. math:: u'/u = \rho / \eta    (P6)

        Returns:
            Factor and grade of its recovery, NaN for what is no total content, shape (kinds, figures); kind of each row of works.yields.
        """
        links, figures = self.links, self.grounds.demanded.figures
        yields, arcs = links.works.yields, links.arcs
        wanted = np.flatnonzero((np.isin(arcs.kind[yields.arc], (ArcKind.FEED, ArcKind.PASS))) & (yields.eta > 0))
        kind = np.full(len(yields.arc), -1, dtype=np.int32)
        code = pair_codes(arcs.slot[yields.arc[wanted]], arcs.material[yields.arc[wanted]], yields.output[wanted])
        _, first, which = np.unique(code, return_index=True, return_inverse=True)
        kind[wanted] = which
        total = np.flatnonzero(np.asarray(figures.kind == "total", dtype=bool))
        factor, grade = np.full((len(first), len(figures)), np.nan), np.full((len(first), len(figures)), int(Grade.D), dtype=np.int8)
        if len(first) and len(total):
            rows = np.repeat(wanted[first], len(total))
            found, graded = factors(links, self.grounds.families, self.ways(rows), np.tile(figures.component[total], len(first)))
            free = links.works.recovery[links.works.outputs.plant[yields.output[rows]]]
            minimum = np.tile(figures.minimum[total], len(first))
            found = np.where(free, found, np.where(minimum, np.minimum(found, 1.0), np.maximum(found, 1.0)))
            factor[:, total], grade[:, total] = found.reshape(-1, len(total)), graded.reshape(-1, len(total))
        stored = self.keeps[links.works.outputs.plant[yields.output[wanted[first]]]]
        factor[stored], grade[stored] = 1.0, int(Grade.A)
        return factor, grade, kind

    def ways(self, entry: Any) -> Ways:
        """Rows of works.yields as ways that begin and end nowhere."""
        yields, links = self.links.works.yields, self.links
        arc, output = yields.arc[entry], yields.output[entry]
        none = np.full(len(arc), -1, dtype=np.int32)
        return Ways(
            stream=none,
            need=none,
            plant=links.works.outputs.plant[output],
            arc_in=arc,
            arc_out=none,
            output=output,
            delivered=yields.eta[entry],
            delivered_sd=yields.eta_sd[entry],
            km=links.arcs.km[arc],
        )

    def entry_of(self, arc: Ints, output: Ints) -> Ints:
        """Row of works.yields of an arc into a plant and an output of it."""
        return entries(self.links, arc, output)

    def unrolled(self, arc: Ints) -> tuple[Links, Worth, Rows]:
        """The links with copies of arcs into plants behind all others, each of which is then an input of its own.

        Args:
            arc: arcs into plants, one a copy.

        Returns:
            Links in which only the copies and the reagents yield anything, their worth, and the row of works.yields of each of the former.
        """
        links, count = self.links, len(self.links.arcs)
        rows = np.concatenate([np.arange(count), arc])
        arcs = Arcs(**{each.name: getattr(links.arcs, each.name)[rows] for each in fields(Arcs)})
        yields = links.works.yields
        bought = np.flatnonzero(links.arcs.kind[yields.arc] == ArcKind.REAGENT)
        copy, entry = self.giving.join(arc)
        row = np.concatenate([entry, bought])
        changed = Yields(
            arc=ints(np.concatenate([count + copy, yields.arc[bought]])),
            **{name: getattr(yields, name)[row] for name in ("output", "eta", "eta_sd", "grade")},
        )
        worth = self.worth
        sums = {
            name: Sum(getattr(worth, name).value[rows], getattr(worth, name).variance[rows]) for name in ("cost", "replaced", "delivered")
        }
        wide = Worth(market=worth.market[rows], **sums)
        return evolve(links, arcs=arcs, works=evolve(links.works, yields=changed)), wide, entry


def network(matches: Matches, grounds: Grounds) -> Network:
    """The network of a region's plants.

    Args:
        matches: its routes of at most one plant, over which other outputs of first steps may leave.
        grounds: what routes are judged by.
    """
    return Network(matches, grounds, arc_worth(matches.links))
