"""What a query asks beside its text: kind, material, distance, quantity, verdict, date."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Codes, Texts
from sivuvirta.domain.region import Region
from sivuvirta.domain.search import KINDS, Query
from sivuvirta.errors import UnknownNameError
from sivuvirta.links.codes import Mask
from sivuvirta.search.documents import Documents
from sivuvirta.search.places import Ways
from sivuvirta.search.verdicts import WORDS


@frozen(eq=False)
class Known:
    """What is known of all documents beside their words. Shape (documents,)."""

    docs: Documents
    ways: Ways | None  # None where no place was named
    verdict: Codes  # position in verdicts.WORDS


@frozen(eq=False)
class Sifted:
    """Which documents a query allows, whatever their words. Shape (documents,)."""

    allowed: Mask
    notes: tuple[str, ...]  # what is not known and was therefore left out


def sifted(region: Region, query: Query, known: Known, among: Mask) -> Sifted:
    """Documents that meet all that a query asks beside its text; what is not known does not meet it, and is told.

    Args:
        region: for its materials.
        query: what is asked.
        known: of all documents.
        among: those that have the words.

    Raises:
        UnknownNameError: there is no such material.
    """
    docs = known.docs
    allowed = among.copy()
    if query.kinds:
        allowed &= np.isin(docs.kind, [KINDS.index(kind) for kind in query.kinds])
    if query.material is not None:
        allowed &= _of_material(region, docs, query.material)
    if query.verdict:
        allowed &= np.isin(known.verdict, [WORDS.index(word) for word in query.verdicts])
    notes = []
    for words, unknown, met in _measures(query, known):
        left_out = int((allowed & unknown).sum())
        notes += (
            [f"{left_out} more {'have' if left_out > 1 else 'has'} no known {words}, and {_are(left_out)} left out."] if left_out else []
        )
        allowed &= met & ~unknown
    return Sifted(allowed, tuple(notes))


def later(dates: Texts, day: str) -> Mask:
    """Which dates are that day or later; a month counts as its last day, a year too, so that nothing is missed.

    >>> later(np.array(["2026-10", "2026-10-03", None], dtype=object), "2026-10-05")
    array([ True, False, False])
    """
    return np.array([date is not None and f"{date}-99-99"[:10] >= f"{day}-00-00"[:10] for date in dates.tolist()], dtype=bool)


def since(docs: Documents, day: str) -> tuple[Mask, Mask]:
    """Which documents were added, and which were changed, on a day or later."""
    return later(docs.added, day), later(docs.changed, day)


def undated(docs: Documents) -> Mask:
    """Documents of which the register does not say when they were entered or changed."""
    return np.array([not (one or two) for one, two in zip(docs.added.tolist(), docs.changed.tolist(), strict=True)], dtype=bool)


def _are(count: int) -> str:
    return "are" if count > 1 else "is"


def _measures(query: Query, known: Known) -> list[tuple[str, Mask, Mask]]:
    """Of each measure asked for: its name, where it is unknown, where it is met."""
    docs, found = known.docs, []
    if query.within_km is not None and known.ways is not None:
        found.append(("distance", np.isnan(known.ways.km), known.ways.km <= query.within_km))
    if query.at_least is not None or query.at_most is not None:
        low = -np.inf if query.at_least is None else query.at_least
        high = np.inf if query.at_most is None else query.at_most
        found.append(("quantity", np.isnan(docs.amount), (docs.amount >= low) & (docs.amount <= high)))
    if query.since is not None:
        added, changed = since(docs, query.since)
        found.append(("date of entry or change", undated(docs), added | changed))
    return found


def _of_material(region: Region, docs: Documents, material: str) -> Mask:
    ids: Any = region.table("materials")["material"].tolist()
    if material not in ids:
        near = [each for each in ids if material.lower() in each][:8]
        nearest = f"Near it are: {', '.join(near)}." if near else "They are in the table materials."
        raise UnknownNameError(f"There is no material '{material}'. {nearest}")
    within = np.array([each == material or each.startswith(f"{material}.") for each in ids], dtype=bool)
    found = (docs.material >= 0) & np.append(within, False)[docs.material]
    document, also = docs.also
    found[document[within[also]]] = True
    return np.asarray(found, dtype=bool)
