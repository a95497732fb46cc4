"""Partners: with what a stream is blended, and how much of it the blend can hold."""

from __future__ import annotations

import numpy as np

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import Floats, Links
from sivuvirta.links.codes import Rows
from sivuvirta.match.blends import mixing_share
from sivuvirta.match.judge import Judgement
from sivuvirta.match.limit_texts import Partner
from sivuvirta.match.mixes import largest_share
from sivuvirta.match.ways import Ways
from sivuvirta.match.words import listed, quoted


def partner(links: Links, found: Ways, judged: Judgement, at: int) -> Partner | None:
    """What lets in the most of a way: theta, its largest dry share in a mix that meets all limits.

    One other way where one does, of the best verdict there is; else the mix of several that holds most of this one. Partners are no
    weaker than what their blend is called.

    Args:
        links: the arcs.
        found: all ways to the need.
        judged: what was judged of them.
        at: position of the way.
    """
    entries, mix = judged.entries, judged.mix
    if not mix.offered[entries.way == at].any():
        return None
    pair, column = np.unique(entries.pair[mix.open], return_inverse=True)
    table = np.zeros((len(found), len(pair)))
    table[entries.way[mix.open], column] = np.nan_to_num(entries.excess[mix.open])
    admitted = judged.verdict <= min(int(judged.verdict[at]), int(Verdict.UNKNOWN))
    admitted[at] = False
    least, most = mixing_share(table[at], table)
    usable = (least <= most) & (least < 1.0) & admitted
    if usable.any():
        order = np.lexsort((least, judged.verdict))
        best = int(order[usable[order]][0])
        return Partner(name=_name(links, found, best), share=float(1.0 - least[best]))
    return _several(links, found, table, np.append(at, np.flatnonzero(admitted)))


def _several(links: Links, found: Ways, table: Floats, rows: Rows) -> Partner | None:
    """The mix of the ways `rows` that holds the most of the first of them."""
    share = largest_share(table[rows], 0)
    if not len(share):
        return None
    parts = [at for at in np.argsort(-share, kind="stable").tolist() if at != 0 and share[at] > 0]
    return Partner(name=listed([_name(links, found, int(rows[at])) for at in parts]), share=float(share[0]))


def _name(links: Links, found: Ways, row: int) -> str:
    plant = int(found.plant[row])
    way = "" if plant < 0 else f" through {quoted(links.nodes.name[links.works.node[plant]])}"
    return f"{links.nodes.name[found.stream[row]]}{way}"
