"""What stands today, and what others do with a stream that nothing takes here."""

from __future__ import annotations

from functools import cache

import numpy as np
from attrs import evolve

from sivuvirta.domain.region import Region
from sivuvirta.library import catalogue

SHOWN = 3
"""Uses of a material that are told."""


def standing(region: Region) -> Region:
    """A region without the candidate plants of its register: what stands today."""
    plants = region.table("plants")
    built = np.asarray(plants["status"] != "candidate", dtype=bool)
    return evolve(region, tables={**region.tables, "plants": plants.take(built)})


@cache
def uses_elsewhere(material: str) -> tuple[str, ...]:
    """Uses of a material that are known in general, the ripest first, each with the industry that takes it.

    Uses of the class itself count, else those of the classes below it. A class above says too little of what a stream is.

    Args:
        material: class of the tree, for example `construction.concrete.crushed`.
    """
    table = catalogue()["uses"]
    own = np.array([str(each) == material for each in table["material"].tolist()], dtype=bool)
    below = np.array([str(each).startswith(f"{material}.") for each in table["material"].tolist()], dtype=bool)
    rows = np.flatnonzero(own if own.any() else below)
    ripe = rows[np.argsort(-np.nan_to_num(table["maturity"][rows].astype(float)), kind="stable")]
    told = [f"{table['text'][row]} ({(table['receiver_nace'][row] or ('?',))[0]})" for row in ripe.tolist()]
    return tuple(dict.fromkeys(told))[:SHOWN]
