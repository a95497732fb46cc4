"""Undrawn: what states a range, or might, and is held in every draw, with the reason in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Links
from sivuvirta.domain.words import shortened

_FEW = 4  # names told before the rest is counted
_CHOSEN = "Not drawn: what a recipe takes between a least and a largest amount; that is a choice, no doubt, and the plan's is held"
_CLOSED = "Not drawn: yields with a range; one by one they would part what leaves a plant from what enters it"
_PLAIN = "Not drawn: recipes of the plants that run; they state one amount a slot, and no range."


def undrawn(links: Links, ledgers: Mapping[str, Ledger]) -> tuple[str, ...]:
    """Sentences on the recipes of plants that run; none where no plant runs.

    Args:
        links: of the ledgers.
        ledgers: planned ones and the reference.
    """
    active = np.zeros(len(links.works), dtype=bool)
    for ledger in ledgers.values():
        active |= ledger.operations.activity > 0
    running = set(links.works.technology[active].tolist())
    if not running:
        return ()
    chosen = list(dict.fromkeys(_ranged(links, running, ("recipe_inputs", "slot", "amount_low", "amount_high"))))
    yields = list(dict.fromkeys(_ranged(links, running, ("recipe_outputs", "output", "yield_low", "yield_high"))))
    told = [f"{text}: {shortened(names, _FEW)}." for text, names in ((_CHOSEN, chosen), (_CLOSED, yields)) if names]
    return tuple(told) if told else (_PLAIN,)


def _ranged(links: Links, running: set[object], columns: tuple[str, str, str, str]) -> Iterator[str]:
    """Parts of the recipes of some technologies whose two ends differ, in words."""
    name, part, low, high = columns
    table, technologies = links.region.table(name), links.region.table("technologies")
    for row in np.flatnonzero(table[high] > table[low]).tolist():
        technology = table["technology"][row]
        if technology in running:
            told = technologies["name"][technologies.index[technology]] or technology
            yield f"{str(table[part][row]).replace('_', ' ')} of {told}"
