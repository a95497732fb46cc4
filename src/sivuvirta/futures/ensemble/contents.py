"""Contents: what streams truly contain, where a mix must keep a limit."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.links import Floats, Ints
from sivuvirta.domain.matches import Matches
from sivuvirta.futures.ensemble.gathering import Book
from sivuvirta.links.evidence import WHOLE
from sivuvirta.match.grounds import grounds
from sivuvirta.units.ranges import SPREAD

_SAME = 1e-12  # relative: a range below it is none


@frozen(eq=False)
class Contents:
    r"""Entries of the rows of blends whose figure has a range. Shape (entries,).

    .. math:: a(\delta) = a_0 + k (m - u) + k \sigma \delta, \qquad a_0 = \frac{f u - L}{|L|} \eta, \quad k = \frac{f \eta}{|L|}

    with u the bound by which verdicts judge, m = (l + u)/2 the middle and f what a plant makes of it.
    """

    entry: Ints  # position in matches.specs
    number: Ints  # of the input
    shift: Floats  # k (m - u): what the middle is better than the bound
    change: Floats  # k sigma

    def renumbered(self, place: Ints) -> Contents:
        """The same with inputs numbered anew."""
        return Contents(self.entry, np.asarray(place[self.number], dtype=np.int32), self.shift, self.change)


def contents(book: Book, matches: Matches, *, mixes: bool) -> Contents:
    """One input a stream and figure that stands in a row of a blend.

    Args:
        book: gets the inputs.
        matches: its `specs` are the rows.
        mixes: whether there are any.
    """
    specs, links = matches.specs, matches.links
    if not mixes or len(specs.row) == 0:
        return Contents(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0), np.zeros(0))
    ground = grounds(links)
    limits, figures = ground.demanded.limits, ground.demanded.figures
    where = {int(row): at for at, row in enumerate(limits.row.tolist())}
    limit = np.array([where[int(row)] for row in specs.limit.tolist()], dtype=np.int32)[specs.row]
    stream, figure, bound = matches.routes.stream[specs.route], limits.figure[limit], limits.bound[limit]
    low, high = ground.evidence.low[stream, figure], ground.evidence.high[stream, figure]
    delivered, size = matches.routes.delivered[specs.route], np.abs(bound)
    wide = (high - low > _SAME * np.abs(high)) & (high != 0) & (size > 0) & (delivered > 0) & ~np.isnan(specs.coefficient)
    entry = np.flatnonzero(wide).astype(np.int32)
    numbers, shift, change = np.zeros(len(entry), np.int32), np.zeros(len(entry)), np.zeros(len(entry))
    for at, row in enumerate(entry.tolist()):
        l, u = float(low[row]), float(high[row])  # noqa: E741 - as in the mathematics
        slope = (specs.coefficient[row] / delivered[row] * size[row] + bound[row]) / u * delivered[row] / size[row]
        middle, sd = (l + u) / 2, (u - l) / SPREAD
        total = figures.kind[figure[row]] == "total" and 0 < abs(middle) < WHOLE
        scale = WHOLE if total else 1.0
        family = "beta" if total else "lognormal" if l * u >= 0 and middle != 0 else "normal"
        component, name = figures.component[figure[row]], links.nodes.name[stream[row]]
        key = f"{links.nodes.id[stream[row]]},{component},{figures.kind[figure[row]]}{',least' if figures.minimum[figure[row]] else ''}"
        one = Input("content", key, f"{component} in {name}", family, middle / scale, sd / scale, l / scale, u / scale)
        numbers[at], shift[at], change[at] = book.number(one), slope * (middle - u), slope * sd
    return Contents(entry, numbers, shift, change)
