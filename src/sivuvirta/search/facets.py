"""Counts of all that was found, by kind, material, distance, quantity and verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from sivuvirta.domain.region import Region
from sivuvirta.domain.search import KINDS, NOT_ASKED
from sivuvirta.links.codes import Rows
from sivuvirta.search.sifting import Known
from sivuvirta.search.verdicts import WORDS

KM = (10.0, 25.0, 50.0, 100.0, 250.0)
AMOUNTS = (100.0, 1_000.0, 10_000.0, 100_000.0)
"""Ends of bands; a band holds its upper end."""

NONE, UNKNOWN = "none", "unknown"


def facets(region: Region, known: Known, rows: Rows) -> Mapping[str, Mapping[str, int]]:
    """How many of the documents have each value; each facet adds up to all of them.

    Args:
        region: for its materials.
        known: of all documents.
        rows: the documents found.
    """
    docs = known.docs
    ids = [*region.table("materials")["material"].tolist(), NONE]
    material = docs.material[rows]
    kinds = np.bincount(docs.kind[rows], minlength=len(KINDS))
    classes = np.bincount(np.where(material < 0, len(ids) - 1, material), minlength=len(ids))
    top: Counter[str] = Counter()
    for key, count in zip(ids, classes.tolist(), strict=True):
        top[key.split(".")[0]] += count
    verdicts = np.bincount(known.verdict[rows], minlength=len(WORDS))
    return {
        "kind": _counts(KINDS, kinds),
        "material": _most(top),
        "class": _most(dict(zip(ids, classes.tolist(), strict=True))),
        "distance": _distances(known, rows),
        "quantity": _quantities(docs.amount[rows], docs.unit[rows]),
        "verdict": _counts(WORDS, verdicts),
    }


def bands(ends: Sequence[float], unit: str) -> list[str]:
    """Names of bands.

    >>> bands((10, 1000), "km")
    ['up to 10 km', '10 to 1 000 km', 'over 1 000 km']
    """
    told = [f"{end:,.0f}".replace(",", " ") for end in ends]
    middle = [f"{low} to {high} {unit}" for low, high in pairwise(told)]
    return [f"up to {told[0]} {unit}", *middle, f"over {told[-1]} {unit}"]


def _distances(known: Known, rows: Rows) -> dict[str, int]:
    if known.ways is None:
        return {NOT_ASKED: len(rows)} if len(rows) else {}
    return _counts((*bands(KM, "km"), UNKNOWN), _banded(known.ways.km[rows], KM))


def _banded(values: Any, ends: Sequence[float]) -> Any:
    band = np.where(np.isnan(values), len(ends) + 1, np.searchsorted(ends, values, side="left"))
    return np.bincount(band, minlength=len(ends) + 2)


def _quantities(amount: Any, unit: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    stated = ~np.isnan(amount)
    for name in sorted(set(unit[stated].tolist())):
        chosen = stated & (unit == name)
        found |= _counts((*bands(AMOUNTS, f"{name}/a"), UNKNOWN), _banded(amount[chosen], AMOUNTS))
    unknown = int((~stated).sum())
    return found | ({UNKNOWN: unknown} if unknown else {})


def _counts(names: Sequence[str], counts: Any) -> dict[str, int]:
    return {name: int(count) for name, count in zip(names, counts.tolist(), strict=True) if count}


def _most(counts: Mapping[str, int]) -> dict[str, int]:
    """Those that are there, the most first."""
    return dict(sorted(((name, count) for name, count in counts.items() if count), key=lambda pair: (-pair[1], pair[0])))
