"""Donors: what is known of streams, as the kernel takes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.links import Ints
from sivuvirta.domain.matches import Cause
from sivuvirta.links.codes import Rows, first_of, ints, pair_codes, positions
from sivuvirta.links.evidence import Evidence
from sivuvirta.links.nearby import Runs, Spots, chord, runs
from sivuvirta.links.register import Register, joined
from sivuvirta.match.grounds import Grounds
from sivuvirta.match.judge import ORDER, checked
from sivuvirta.match.legal_book import Book
from sivuvirta.match.legal_cases import band
from sivuvirta.match.legal_permits import codes_of
from sivuvirta.match.market.kernel import NOT_KNOWN, RANKS, STATUS_BIT, STRONG, WEAK, Given, Near
from sivuvirta.match.market.receivers import Receivers, points
from sivuvirta.match.subjects import HAZARDS
from sivuvirta.match.ways import ways

BY_PAIR = (Cause.LIMIT, Cause.TEMPERATURE, Cause.MOISTURE, Cause.GRAIN)
"""Checks that the kernel makes pair by pair; all others are settled by the kinds of the two sides."""


@frozen(eq=False)
class Donors:
    """Streams and what is known of them. Shape (streams,) unless said."""

    row: Rows  # of table `streams`
    spots: Spots
    given: Given
    table: Ints  # (stream kinds, member kinds) what kinds settle, packed as in the kernel
    runs: Runs

    def __len__(self) -> int:
        return len(self.row)

    def take(self, rows: Any) -> Donors:
        """Some of them."""
        given = Given(self.given.at.__class__(*(column[rows] for column in self.given.at)), *(column[rows] for column in self.given[1:]))
        return Donors(self.row[rows], self.spots.take(rows), given, self.table, self.runs.take(rows))

    def near(self, radius_km: float | None) -> Near:
        """Runs as the kernel takes them."""
        return Near(
            self.runs.start,
            self.runs.begin.astype(np.uint64),
            self.runs.end.astype(np.uint64),
            np.inf if radius_km is None else chord(radius_km) ** 2,
        )


def together(parts: Sequence[Donors]) -> Donors:
    """Donors one after another."""
    if len(parts) == 1:
        return parts[0]
    offset = np.cumsum([0, *(len(part.table) for part in parts[:-1])])
    kinds = [ints(part.given.kind + more) for part, more in zip(parts, offset, strict=True)]
    columns = (np.concatenate(part) for part in zip(*(part.given[2:] for part in parts), strict=True))
    at = parts[0].given.at.__class__(*(np.concatenate(part) for part in zip(*(part.given.at for part in parts), strict=True)))
    return Donors(
        row=np.concatenate([part.row for part in parts]),
        spots=Spots.joined([part.spots for part in parts]),
        given=Given(at, np.concatenate(kinds), *columns),
        table=np.concatenate([part.table for part in parts]),
        runs=Runs.joined([part.runs for part in parts]),
    )


def donors(known: Register, grounds: Grounds, evidence: Evidence, side: Receivers, radius_km: float | None) -> Donors:
    """What is known of the streams of a register.

    Args:
        known: the register.
        grounds: what pairs are judged by.
        evidence: bounds of the figures that the receivers' limits ask for.
        side: the receivers.
        radius_km: how far apart a pair may lie.
    """
    rows = np.arange(known.streams)
    line = np.where(known.material < 0, -1, side.lines.of_material[known.material])
    kind, shown = _kinds(known, grounds)
    spots = known.spots.take(rows)
    found = runs(side.index, spots, np.where(known.flowing, line, -1), radius_km)
    table = settled(known, grounds, (shown, line[shown]), side)
    return Donors(rows, spots, _given(known, grounds, evidence, kind), table, found)


def _kinds(known: Register, grounds: Grounds) -> tuple[Rows, Rows]:
    """Kind of each stream and one stream of each: all that law, hazard, season and class may ask of a donor."""
    streams, rows = grounds.streams, slice(0, known.streams)
    columns = (streams.status, streams.status_grade, streams.lawful, streams.country, streams.hazard, streams.season, streams.grade)
    listed = codes_of(known.links, streams)[rows]
    amount = band(Book.of(known.links.region), known.links.supply.value * known.sent)  # which quantities of legal paths it stays within
    code = pair_codes(known.material, listed, amount, *(column[rows] for column in columns))
    first = first_of(code)
    return positions(code[first], code), first


def settled(known: Register, grounds: Grounds, shown: tuple[Rows, Rows], side: Receivers) -> Ints:
    """What law, hazard, season and class say of each kind of stream with each kind of member: asked once for a pair of each.

    Args:
        known: the register.
        grounds: what pairs are judged by.
        shown: a stream of each kind, and its line.
        side: the receivers; their shown needs and acceptances must be rows of the register's tables.

    Returns:
        The worst verdict with its check and grade, and the worst grade of all, packed. Shape (stream kinds, member kinds).
    """
    table = np.zeros((len(shown[0]), len(side.shown_need)), dtype=np.int32)
    lines = [side.kinds_of_line[line] if line >= 0 else np.zeros(0, dtype=np.int64) for line in shown[1].tolist()]
    one = np.repeat(np.arange(len(lines)), [len(kinds) for kinds in lines])
    two = np.concatenate([np.zeros(0, dtype=np.int64), *lines])
    links = joined(known, shown[0][one], side.shown_need[two], side.shown_acceptance[two])
    said = checked(links, grounds, ways(links))
    worst, passing = np.zeros(len(one), dtype=np.int32), np.zeros(len(one), dtype=np.int32)
    for cause, opinion in said.items():
        if cause not in BY_PAIR:
            grade = np.minimum(opinion.grade, np.int8(Grade.D)).astype(np.int32)
            worst = np.maximum(worst, ((opinion.verdict * np.int32(RANKS) + RANKS - 1 - ORDER.index(cause)) << 2) + grade)
            passing = np.maximum(passing, grade)
    table[one, two] = worst + (passing << 8)
    return table


def _given(known: Register, grounds: Grounds, evidence: Evidence, kind: Rows) -> Given:
    streams, rows = grounds.streams, slice(0, known.streams)
    low, high, unknown = evidence.low, evidence.high, np.isnan(evidence.high)
    strong = evidence.grade <= Grade.B
    warm = -streams.temperature[rows]
    grade = streams.grade[rows]
    return Given(
        at=points(known.spots.take(rows)),
        kind=ints(kind),
        status=(STATUS_BIT << streams.status_code[rows].astype(np.int64)).astype(np.uint32),
        hazardous=np.asarray(streams.hazard[rows] == HAZARDS.index("yes"), dtype=bool),
        known=np.stack(
            [
                np.where(unknown, np.inf, high),
                np.nan_to_num(np.where(strong, np.fmax(low, high), low), nan=-np.inf),
                np.where(unknown, NOT_KNOWN, np.where(strong, STRONG, WEAK)),
            ],
            axis=2,
        ),
        grade=np.where(unknown, np.int8(Grade.D), evidence.grade).astype(np.int8),
        fit=np.stack(
            [
                np.stack([warm, streams.moisture_low[rows], streams.grain[rows]], axis=1),
                np.stack([warm, streams.moisture_high[rows], streams.grain[rows]], axis=1),
                np.stack([grade, streams.moisture_grade[rows], grade], axis=1).astype(float),
            ],
            axis=2,
        ),
    )
