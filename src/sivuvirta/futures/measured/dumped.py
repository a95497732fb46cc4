"""Dumped: tonnes as sent to landfills and to heaps in the draws of `ranges`, planned less today's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sivuvirta.assess.fates import fate_kinds
from sivuvirta.assess.roads.taken import HEAPS, LANDFILLS
from sivuvirta.domain.links import ArcKind, Floats
from sivuvirta.domain.traffic import REFERENCE, Driven
from sivuvirta.futures.measured.network import networks
from sivuvirta.futures.measured.quoting import chunks
from sivuvirta.futures.measured.setting import Setting, times

MEASURES = {"landfill_tonnes": LANDFILLS, "heap_tonnes": HEAPS}
"""Measures of what is taken, with the kinds of outlets that they count."""


def dumped(years: Sequence[Driven]) -> dict[tuple[str, str, str], Floats]:
    r"""What changes in what goes to landfills and to heaps, t/a as sent, the networks in proportion and all inputs drawn together.

    .. math:: d^s = \sum_a (x^s_a - x^s_{a,0}) m_a w^s_a

    with x the flow of arc a in draw s, planned and today, m its stated mass as sent and w its water beside that stated.

    Args:
        years: ledgers of a year over the same links, today's among them.

    Returns:
        By state, period and measure, shape (draws,); nothing where nobody knows what flows today.
    """
    today = next((each.ledger for each in years if each.state == REFERENCE), None)
    planned = {str(at): each for at, each in enumerate(years) if each.state != REFERENCE}
    over = networks(years[0].ledger.links, {key: each.ledger for key, each in planned.items()}, today, lambda _: ())
    if today is None or not over.compared:
        return {}
    sent = _sent(over.at)
    parts: dict[str, list[Floats]] = {key: [] for key in planned}
    for delta in chunks(over):
        flows, numbers = over.flows(delta)
        for key, found in parts.items():
            found.append(times((flows[key].amount - flows[REFERENCE].amount) * numbers.wetter, sent))
    return {
        (each.state, each.period, measure): np.concatenate(parts[key])[:, at]
        for key, each in planned.items()
        for at, measure in enumerate(MEASURES)
    }


def _sent(at: Setting) -> Floats:
    """Tonnes as sent of a unit on each used arc, where it goes to the outlets of a measure. Shape (used, measures)."""
    links = at.links
    rows = np.flatnonzero(at.kind(ArcKind.FATE, ArcKind.RESIDUE) & (at.of(links.units) == "t"))
    kinds = fate_kinds(links, at.arc[rows].astype(np.int64))
    found = np.zeros((len(at.arc), len(MEASURES)))
    for column, chosen in enumerate(MEASURES.values()):
        here = rows[np.isin(kinds, chosen)]
        found[here, column] = at.of(links.arcs.sent)[here]
    return found
