"""Cases: routes under the same law, found at once for whole tables of them, so that the law is asked once a case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Codes, Floats, Ints, Links, Texts
from sivuvirta.links.codes import Mask, Rows, ints, pair_codes, positions
from sivuvirta.match.contents import made_anew
from sivuvirta.match.legal_answers import Answer
from sivuvirta.match.legal_book import Book, Case
from sivuvirta.match.legal_permits import Permits, codes_of, plain
from sivuvirta.match.subjects import HAZARDS, NOT_WASTE_LAW, Needs, Streams
from sivuvirta.match.ways import Ways

Question = Callable[[Book, Case], Answer]
"""What is asked of the law about a case."""


@frozen(eq=False)
class Sides:
    """What reaches needs, way by way: the stream itself, or what a plant makes of it. Shape (ways,)."""

    status: Texts
    grade: Codes
    beyond: Mask
    country: Texts
    material: Ints  # position in links.materials
    hazard: Codes  # position in HAZARDS
    tonnes: Floats  # a year as sent, NaN where not known
    held: Mask  # a permit of the receiving site lists its code


@frozen(eq=False)
class Answered:
    """Answers of distinct cases, and which of them each way has."""

    answers: tuple[Answer, ...]
    which: Rows  # (ways,) position in answers

    def column(self, of: Callable[[Answer], Any], kind: Any) -> Any:
        """A figure of each way's answer."""
        return np.array([of(answer) for answer in self.answers], dtype=kind)[self.which]


def delivered(links: Links, streams: Streams, ways: Ways) -> Sides:
    """What reaches the need. What a plant makes has the status that its technology gives; unless it treats it, the hazard stays.

    A plant that only stores hands on what came, with its status.
    """
    came = entering(links, streams, ways)
    works = links.works
    through, made = ways.plant >= 0, made_anew(links, ways)
    if len(works) == 0 or not through.any():
        return came
    plant, output = np.maximum(ways.plant, 0), np.maximum(ways.output, 0)
    beyond = np.where(made, _beyond(links)[output], came.beyond)
    treated = made & works.recovery[plant]
    return Sides(
        status=np.where(made, works.outputs.status[output], came.status),
        grade=np.where(made, works.grade[plant], came.grade).astype(np.int8),
        beyond=np.asarray(beyond, dtype=bool),
        country=np.where(through, streams.country[works.node[plant]], came.country),
        material=ints(np.where(through, links.arcs.material[np.maximum(ways.arc_out, 0)], came.material)),
        hazard=np.where(treated, np.int8(HAZARDS.index("no")), came.hazard).astype(np.int8),
        tonnes=np.where(through, came.tonnes * ways.delivered, came.tonnes),
        held=came.held,
    )


def entering(links: Links, streams: Streams, ways: Ways) -> Sides:
    """What leaves the stream."""
    supply = np.full(len(streams.row), np.nan)
    supply[links.supply.node] = links.supply.value
    return Sides(
        status=streams.status[ways.stream],
        grade=streams.status_grade[ways.stream],
        beyond=streams.lawful[ways.stream],
        country=streams.country[ways.stream],
        material=links.arcs.material[ways.arc_in],
        hazard=streams.hazard[ways.stream],
        tonnes=supply[ways.stream] * links.arcs.sent[ways.arc_in],
        held=np.zeros(len(ways), dtype=bool),
    )


@frozen(eq=False)
class Places:
    """Where ways end, under which law: needs, or plants. Shape (ways,)."""

    law: Ints  # number of the use class, material, jurisdiction and zones
    terms: tuple[tuple[str | None, str | None, str | None, frozenset[str]], ...]  # by that number


def at_needs(links: Links, needs: Needs, ways: Ways) -> Places:
    """The law of the needs."""
    register = links.region.table("needs")
    asked = np.append(register["material"], [None])[needs.row]
    return _places(ways.need, lambda need: (needs.use_class[need], asked[need], needs.jurisdiction[need], needs.zones[need]))


def at_plants(links: Links, streams: Streams, ways: Ways) -> Places:
    """The law of the plants; of a direct way none."""
    country = np.append(streams.country[links.works.node], [None])
    return _places(ways.plant, lambda plant: (None, None, country[plant], frozenset()))


@frozen(eq=False)
class Listed:
    """Which legal paths list the code of what comes."""

    number: Ints  # (ways,) position in sets
    sets: tuple[frozenset[int] | None, ...]  # rows of `legal_paths`, None where the code is not known


def asked(book: Book, materials: tuple[str, ...], came: Sides, places: Places, listed: Listed, question: Question) -> Answered:
    """The answers of the law to a question, once for each distinct case.

    Args:
        book: the law in force.
        materials: names of the materials.
        came: what comes, shape (ways,).
        places: where it comes to, shape (ways,).
        listed: which paths list its code.
        question: what is asked.
    """
    signature, held = listed.number, came.held
    code = pair_codes(came.status, came.grade, came.beyond, came.country, came.material, came.hazard, places.law)
    code = pair_codes(code, signature, band(book, came.tonnes), held)
    _, first, which = np.unique(code, return_index=True, return_inverse=True)
    answers = []
    for at in first.tolist():
        use_class, used_as, jurisdiction, zones = places.terms[places.law[at]]
        case = Case(
            status=came.status[at],
            grade=int(came.grade[at]),
            beyond=bool(came.beyond[at]),
            material=materials[came.material[at]],
            country=came.country[at],
            hazard=HAZARDS[came.hazard[at]],
            listed=listed.sets[signature[at]],
            tonnes=float(came.tonnes[at]),
            held=bool(held[at]),
            use_class=use_class,
            used_as=used_as,
            jurisdiction=jurisdiction,
            zones=zones,
        )
        answers.append(question(book, case))
    return Answered(tuple(answers), np.asarray(which, dtype=np.int64))


def listings(links: Links, streams: Streams, ways: Ways) -> tuple[Listed, Listed]:
    """Which legal paths list the code of the stream, and of what reaches the need; what a plant makes has no known code.

    What a plant only stores keeps that of the stream.
    """
    table = links.region.table("legal_paths")
    lists = [(row, frozenset(map(plain, codes))) for row, codes in enumerate(table["low_codes"].tolist()) if codes]
    sets: dict[frozenset[int] | None, int] = {None: 0}
    number: dict[str | None, int] = {None: 0}
    found = []
    for code in codes_of(links, streams).tolist():
        if code not in number:
            number[code] = sets.setdefault(frozenset(row for row, codes in lists if code in codes), len(sets))
        found.append(number[code])
    own = np.array(found, dtype=np.int32)[ways.stream]
    return Listed(own, tuple(sets)), Listed(np.where(made_anew(links, ways), np.int32(0), own), tuple(sets))


def held(links: Links, permits: Permits, codes: Any, ways: Ways) -> Ints:
    """Row of the permit of the receiving site that lists the code of what comes as it is, -1 where none does."""
    found = np.full(len(ways), -1, dtype=np.int32)
    if not permits.of_need:
        return found
    direct = np.flatnonzero(~made_anew(links, ways) & np.isin(ways.need, list(permits.of_need)))
    pair = pair_codes(ways.need[direct], ways.stream[direct])
    _, first, which = np.unique(pair, return_index=True, return_inverse=True)
    rows = [permits.holds(int(ways.need[at]), codes[ways.stream[at]]) for at in direct[first].tolist()]
    found[direct] = np.array(rows, dtype=np.int32)[which]
    return found


def _places(ends: Any, terms: Callable[[int], Any]) -> Places:
    used, which = np.unique(ends, return_inverse=True)
    seen: dict[Any, int] = {}
    number = np.array([seen.setdefault(terms(end), len(seen)) for end in used.tolist()], dtype=np.int32)
    return Places(number[which] if len(used) else np.zeros(0, dtype=np.int32), tuple(seen))


def band(book: Book, tonnes: Floats) -> Ints:
    """Which side of each quantity that a path names."""
    named = [end for path in book.paths for end in (path.least, path.most) if not np.isnan(end)]
    edges = np.unique(np.array(named, dtype=float))
    known = np.where(np.isnan(tonnes), -1.0, tonnes)
    side = np.searchsorted(edges, known, "left") + np.searchsorted(edges, known, "right")
    return ints(np.where(np.isnan(tonnes), -1, side))


def _beyond(links: Links) -> Any:
    """Whether waste law does not reach an output, by its carrier."""
    table = links.region.table("materials")
    names = np.array(links.materials, dtype=object)[links.works.outputs.material]
    carrier = np.append(table["carrier"], [None])[positions(table["material"], names)]
    return np.isin(carrier.astype(str), NOT_WASTE_LAW)
