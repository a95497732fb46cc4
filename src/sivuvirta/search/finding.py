"""Search: from a query to the rows that are nearest to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from sivuvirta.domain.matches import Matches
from sivuvirta.domain.region import Region
from sivuvirta.domain.search import KINDS, Hit, Hits, Query
from sivuvirta.language.folding import cut
from sivuvirta.links.codes import Rows
from sivuvirta.search.asking import Term, terms
from sivuvirta.search.facets import facets
from sivuvirta.search.index import Index
from sivuvirta.search.places import Place, table_of, ways
from sivuvirta.search.scores import Found, found, surest, why
from sivuvirta.search.sifting import Known, sifted
from sivuvirta.search.verdicts import JUDGED, WORDS, best


@frozen(eq=False)
class Searched:
    """Everything that a query finds, the nearest first."""

    region: Region
    index: Index
    asked: list[Term]
    known: Known
    rows: Rows  # documents
    found: Found
    notes: tuple[str, ...]

    def hits(self, rows: Sequence[int]) -> list[Hit]:
        """Documents as they are told."""
        reasons = why(self.index, self.asked, rows)
        return [self._hit(row, reason) for row, reason in zip(rows, reasons, strict=True)]

    def _hit(self, row: int, reason: str) -> Hit:
        docs, known = self.index.documents, self.known
        materials = self.region.table("materials")["material"]
        at = int(np.searchsorted(self.found.rows, row))
        score = float(self.found.score[at]) if at < len(self.found.rows) and self.found.rows[at] == row else 0.0
        km = float("nan") if known.ways is None else float(known.ways.km[row])
        return Hit(
            kind=KINDS[docs.kind[row]],
            key=str(docs.key[row]),
            name=str(docs.name[row]),
            score=round(score, 4),
            why=reason,
            material=str(materials[docs.material[row]]) if docs.material[row] >= 0 else None,
            place=self._place(row),
            km=km,
            way="" if known.ways is None or np.isnan(km) else "road" if known.ways.road[row] else "estimate",
            amount=float(docs.amount[row]),
            unit=str(docs.unit[row]),
            verdict=WORDS[known.verdict[row]],
            added=docs.added[row],
            changed=docs.changed[row],
        )

    def _place(self, row: int) -> str | None:
        docs = self.index.documents
        if docs.site[row] >= 0:
            sites = self.region.table("sites")
            return str(sites["municipality"][docs.site[row]] or sites["name"][docs.site[row]])
        return str(self.region.table("zones")["name"][docs.zone[row]]) if docs.zone[row] >= 0 else None


def search(region: Region, index: Index, query: Query, matches: Matches | None = None) -> Hits:
    """Rows of a region that a query finds, the nearest first, with counts of all of them.

    Args:
        region: the register.
        index: of this region.
        query: what is asked.
        matches: of the region, for verdicts; without them none is told.

    Raises:
        UnknownNameError: no such material, or nothing has the id that distances are asked from.
    """
    done = searched(region, index, query, matches)
    total = len(done.rows)
    return Hits(
        query=query,
        hits=tuple(done.hits(done.rows[: query.k].tolist())),
        total=total,
        facets=facets(region, done.known, done.rows),
        corrected=_corrected(done),
        missed=done.found.missed,
        notes=(*done.notes, *(_wider(query, done) if not total else ())),
    )


def searched(region: Region, index: Index, query: Query, matches: Matches | None) -> Searched:
    """All that a query finds, ranked: the whole name or id first, then by score, near ones and then large ones first among equals."""
    asked = terms(query, index)
    docs = index.documents
    known = Known(docs, None if query.of is None else ways(region, index, _degrees(query.of)), _verdicts(region, index, query, matches))
    hit = found(index, asked, query.text)
    allowed = sifted(region, query, known, np.isin(np.arange(len(docs)), hit.rows))
    keep = allowed.allowed[hit.rows]
    rows = hit.rows[keep]
    km = np.zeros(len(rows)) if known.ways is None else np.nan_to_num(known.ways.km[rows], nan=np.inf)
    amount = np.nan_to_num(docs.amount[rows], nan=-1.0)
    order = np.lexsort((rows, -amount, km, -hit.score[keep].round(6), ~hit.whole[keep]))
    return Searched(region, index, asked, known, rows[order], hit, (*cut(query.text), *allowed.notes))


def _degrees(place: Place) -> Place:
    """A place, with 'latitude,longitude' in words as degrees."""
    if isinstance(place, str) and place.count(",") == 1:
        try:
            lat, lon = (float(part) for part in place.split(","))
        except ValueError:
            return place
        return lat, lon
    return place


def _verdicts(region: Region, index: Index, query: Query, matches: Matches | None) -> np.ndarray:
    place = None if query.of is None else _degrees(query.of)
    toward = None
    if isinstance(place, str):
        table, row = table_of(region, place)
        toward = (table, str(region.table(table)[region.table(table).key[0]][row])) if table in JUDGED else None
    return best(index.documents, matches, toward)


def _corrected(done: Searched) -> dict[str, str]:
    """Words with a slip of the pen, each with what it was taken for in the nearest row."""
    found = {}
    for term in done.asked if len(done.rows) else ():
        nearest = surest(done.index, term, done.rows[:1].tolist())[0] if term.corrected else None
        if nearest is not None:
            found[term.word] = nearest.meaning.mended
    return found


def _wider(query: Query, done: Searched) -> list[str]:
    """How to find something, where nothing was found."""
    without = [name for name in ("kinds", "material", "within_km", "at_least", "at_most", "verdict", "since") if getattr(query, name)]
    number = len(done.found.rows)
    if without and number:
        those = f"{number} {'row has' if number == 1 else 'rows have'} the words"
        return [f"{those}, but none meets the rest. Leave out or widen: {', '.join(without)}."]
    if query.text.strip():
        return ["No row has these words. Try fewer or other words, in any of Finnish, Swedish, Spanish and English, or a code."]
    return ["Nothing meets all this."]
