"""Ways from streams to needs: one arc, or one arc into a plant and one out of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import ArcKind, Floats, Ints, Links
from sivuvirta.domain.matches import Routes
from sivuvirta.links.codes import groups, ints


@frozen(eq=False)
class Ways:
    """Routes before they are judged. Shape (routes,); fields as in `Routes`."""

    stream: Ints
    need: Ints
    plant: Ints
    arc_in: Ints
    arc_out: Ints
    output: Ints  # row of links.works.outputs, -1 for a direct route
    delivered: Floats
    delivered_sd: Floats
    km: Floats

    def __len__(self) -> int:
        return len(self.stream)

    def take(self, rows: Any) -> Ways:
        """The ways of a mask, of a slice or of an array of positions."""
        fields = (self.stream, self.need, self.plant, self.arc_in, self.arc_out, self.output, self.delivered, self.delivered_sd, self.km)
        return Ways(*(column[rows] for column in fields))


def ways(links: Links) -> Ways:
    """Every way of one arc, and of two arcs through one plant, in the order of their arcs; direct ones first."""
    direct, through = _direct(links), _through(links)
    fields = ("stream", "need", "plant", "arc_in", "arc_out", "output", "delivered", "delivered_sd", "km")
    return Ways(*(np.concatenate([getattr(direct, name), getattr(through, name)]) for name in fields))


def ways_of(routes: Routes, links: Links, rows: Any) -> Ways:
    """The ways of judged routes again, for their text."""
    arc_out = routes.arc_out[rows]
    output = np.where(arc_out < 0, -1, links.arcs.output[arc_out])
    return Ways(
        stream=routes.stream[rows],
        need=routes.need[rows],
        plant=routes.plant[rows],
        arc_in=routes.arc_in[rows],
        arc_out=arc_out,
        output=ints(output),
        delivered=routes.delivered[rows],
        delivered_sd=np.zeros(len(arc_out)),
        km=routes.km[rows],
    )


def _direct(links: Links) -> Ways:
    arcs = links.arcs
    arc = np.flatnonzero(arcs.kind == ArcKind.DIRECT)
    none, one = np.full(len(arc), -1), np.ones(len(arc))
    return Ways(
        stream=arcs.origin[arc],
        need=arcs.destination[arc],
        plant=ints(none),
        arc_in=ints(arc),
        arc_out=ints(none),
        output=ints(none),
        delivered=one,
        delivered_sd=0 * one,
        km=arcs.km[arc],
    )


def _through(links: Links) -> Ways:
    arcs, works = links.arcs, links.works
    yields = works.yields
    fed = np.flatnonzero((arcs.kind[yields.arc] == ArcKind.FEED) & (yields.eta > 0))
    deliver = np.flatnonzero(arcs.kind == ArcKind.DELIVER)
    of_output = groups(arcs.output[deliver], len(works.outputs.plant))
    which, member = of_output.join(yields.output[fed])
    entry, arc_out = fed[which], deliver[member]
    arc_in, output = yields.arc[entry], yields.output[entry]
    order = np.lexsort((arc_out, arc_in))
    entry, arc_in, arc_out, output = entry[order], arc_in[order], arc_out[order], output[order]
    return Ways(
        stream=arcs.origin[arc_in],
        need=arcs.destination[arc_out],
        plant=works.outputs.plant[output],
        arc_in=ints(arc_in),
        arc_out=ints(arc_out),
        output=output,
        delivered=yields.eta[entry],
        delivered_sd=yields.eta_sd[entry],
        km=arcs.km[arc_in] + arcs.km[arc_out],
    )
