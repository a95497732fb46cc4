"""Sums: the indicators of any set of exchanges, with range, grade, sources, and what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from sivuvirta.assess.benefits.coefficients import Measure, measures
from sivuvirta.assess.benefits.shares import Shares, shares
from sivuvirta.assess.evidence import bearing_grade
from sivuvirta.assess.fates import fate_kinds
from sivuvirta.assess.sources.arcs import behind
from sivuvirta.assess.sources.book import Row
from sivuvirta.assess.sources.plants import behind as behind_plant
from sivuvirta.assess.sources.register import Register
from sivuvirta.domain.benefits import INDICATORS
from sivuvirta.domain.changes import change
from sivuvirta.domain.grades import Grade
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import ArcKind, Floats
from sivuvirta.domain.provenance import sources
from sivuvirta.domain.ranges import includes_zero, points
from sivuvirta.domain.unknowns import NEITHER, Unknown, bound, said, unknown_in
from sivuvirta.domain.words import shortened

NAN = float("nan")
_ROUNDING = 1e-9  # relative
_SHOWN = 5  # names told before the rest is counted


@frozen(eq=False, slots=False)
class Book:
    """A ledger taken apart by exchange, with its indicators."""

    planned: Ledger
    reference: Ledger
    shares: Shares
    measures: tuple[Measure, ...]
    drawn: Mapping[str, Floats] = field(factory=dict)  # by indicator, shape (draws, exchanges + 1); without draws there are no ranges

    @classmethod
    def of(cls, planned: Ledger, reference: Ledger) -> Book:
        """The book of two ledgers over the same links."""
        parts = shares(planned, reference)
        return cls(planned, reference, parts, tuple(measures(parts, planned, reference)))

    @cached_property
    def known_sources(self) -> dict[int, str]:
        """Sources of each arc that changes."""
        rows = np.flatnonzero(self.shares.moves).astype(np.int32)
        return dict(zip(rows.tolist(), sources(self.shares.links, rows), strict=True))

    @cached_property
    def register(self) -> Register:
        """Where the rows behind a figure are found."""
        return Register(self.shares.links)

    def _sources(self, of: Measure, arc: npt.NDArray[Any], held: Floats) -> str:
        """Sources of the amounts, and of the prices, rates, factors and plants that a figure rests on."""
        counted = arc[of.arcs[arc] != 0].tolist()
        plants = np.flatnonzero((held != 0) & (of.plants != 0)).tolist()
        names = dict.fromkeys(name for row in counted for name in self.known_sources.get(row, "").split("; ") if name)
        rows: dict[Row, None] = {}
        if of.rests:
            rows.update((each, None) for row in counted for each in self._rows_of(row, of.rests))
        rows.update((each, None) for plant in plants for each in behind_plant(self.register, plant, of.rests))
        tables = {name: self.shares.links.region.table(name) for name, _ in rows}
        told = (tables[name]["source"][at] for name, at in rows if at >= 0 and "source" in tables[name].columns)
        return "; ".join(dict.fromkeys([*names, *(str(each) for each in told if each)]))

    def _rows_of(self, arc: int, scope: str) -> tuple[Row, ...]:
        if (arc, scope) not in self._behind:
            self._behind[arc, scope] = tuple(dict.fromkeys(behind(self.register, arc, scope == "money")))
        return self._behind[arc, scope]

    @cached_property
    def _behind(self) -> dict[tuple[int, str], tuple[Row, ...]]:
        return {}

    @cached_property
    def unsaid(self) -> npt.NDArray[np.bool_]:
        """Exchanges of streams of which nobody says what happens to them today."""
        links = self.shares.links
        rows = np.flatnonzero((self.shares.moves != 0) & (links.arcs.kind == ArcKind.FATE))
        nobody = np.zeros(len(links.arcs))
        nobody[rows[fate_kinds(links, rows) == "unaccounted"]] = 1.0
        return np.asarray(abs(self.shares.arcs) @ nobody).ravel() > 0

    def key(self, row: int) -> str:
        """Exchange in words that a table can hold: "stream:slag>need:road"."""
        nodes = self.shares.links.nodes
        if row >= len(self.shares):
            return ""
        return f"{nodes.label(int(self.shares.origin[row]))}>{nodes.label(int(self.shares.destination[row]))}"

    def name(self, row: int) -> str:
        """Exchange for readers."""
        names = self.shares.links.nodes.name
        if row >= len(self.shares):
            return "Of no single exchange"
        return f"{names[self.shares.origin[row]]} to {names[self.shares.destination[row]]}"

    def figures(self, rows: npt.NDArray[Any]) -> list[dict[str, Any]]:
        """Indicators of some exchanges together; the last row of the shares is what belongs to none."""
        missing = sorted({self.name(row).partition(" to ")[0] for row in rows.tolist() if self.unsaid[row]})
        reason = f"what happens today to {_names(missing)} is not known" if missing else ""
        return [self._figure(each, rows, reason) for each in self.measures]

    def _figure(self, of: Measure, rows: npt.NDArray[Any], reason: str) -> dict[str, Any]:
        parts, plants = (matrix[rows] for matrix in (self.shares.arcs, self.shares.plants))
        rest = of.joint if len(self.shares) in rows else 0.0
        amounts = np.asarray(parts @ of.arcs + plants @ of.plants, dtype=np.float64)
        value = float(amounts.sum()) + rest
        moved, held = (np.asarray(matrix.sum(axis=0)).ravel() for matrix in (parts, plants))
        arc = np.flatnonzero(change(0.0, moved))
        ends = self.points(of.indicator, rows, size=float(np.abs(amounts).sum()) + abs(rest))
        emitted = self._emitted(of, moved, held) if of.indicator == "co2" else ()
        missing = said(emitted).rstrip(".") if of.indicator == "co2" else self._missing(of, arc, held)
        unknown = "; ".join(each for each in (reason, of.lacks, missing) if each)
        stands = bound(emitted, saving=True) if emitted else NEITHER
        weight = np.concatenate([moved[arc] * of.arcs[arc], held * of.plants])
        grade = bearing_grade(np.concatenate([of.grade[arc], of.grade[len(of.arcs) :]]), weight)
        label, unit = INDICATORS[of.indicator]
        told = NAN if unknown else value
        return {
            "indicator": of.indicator,
            "label": label,
            "unit": unit,
            "value": told,
            "known_part": NAN if reason else value,
            "bound": stands if unknown and not reason else "",
            **(dict.fromkeys(ends, NAN) if reason else ends),
            "alarm": not reason and value > 0 and bool(includes_zero(value, ends["low"], ends["high"])),
            "grade": Grade.D.name if unknown else grade,
            "sources": self._sources(of, arc, held),
            "unknown": unknown,
        }

    def points(self, indicator: str, rows: npt.NDArray[Any], weight: Floats | float = 1.0, size: float = 0.0) -> dict[str, float]:
        """Mean, 5 and 95 % points of the weighted sum of some exchanges, draw by draw; NaN where nothing is drawn.

        Args:
            indicator: of the sheet.
            rows: of the shares, the last of what belongs to none.
            weight: of each of the rows.
            size: of what is summed; ends that are rounding beside it are 0.
        """
        if indicator not in self.drawn:
            return points(np.zeros(0))
        found = points((self.drawn[indicator][:, rows] * weight).sum(axis=1))
        return {name: 0.0 if abs(end) <= _ROUNDING * size else end for name, end in found.items()}

    def _emitted(self, of: Measure, moved: Floats, held: Floats) -> tuple[Unknown, ...]:
        """What is not known of the emissions of some exchanges: of the flows that they answer for, and of their part of the plants."""
        more = change(self.reference.operations.activity, self.planned.operations.activity)
        arcs, plants = of.unknown[: len(moved)], of.unknown[len(moved) :]
        return unknown_in(self.shares.links, change(0.0, moved) * arcs, held * more * plants)

    def _missing(self, of: Measure, arc: npt.NDArray[Any], held: Floats) -> str:
        """What is not known in an indicator, by name."""
        links, count = self.shares.links, len(of.arcs)
        rows = arc[of.unknown[arc]]
        bought = np.isin(links.arcs.kind[rows], (ArcKind.BUY, ArcKind.REAGENT, ArcKind.RESIDUE))
        if of.indicator == "hazardous":
            bought = np.ones(len(rows), dtype=bool)
        node = np.where(bought, links.arcs.origin[rows], links.arcs.destination[rows])
        plants = np.flatnonzero(of.unknown[count:] & (held != 0))
        names = sorted({str(name) for name in links.nodes.name[np.concatenate([node, links.works.node[plants]])]})
        return f"not known: {of.why} ({_names(names)})" if names else ""

    def against(self, rows: npt.NDArray[Any]) -> str:
        """What exchanges are measured against: the outlets that are left for them and the purchases that they replace."""
        links = self.shares.links
        part = np.asarray(self.shares.arcs[rows].sum(axis=0)).ravel()
        found = []
        for arc in np.flatnonzero(part < 0).tolist():
            amount = float(part[arc])
            kind = links.arcs.kind[arc]
            if kind in (ArcKind.FATE, ArcKind.BUY):
                node = links.arcs.destination[arc] if kind == ArcKind.FATE else links.arcs.origin[arc]
                bought = ", bought" if kind == ArcKind.BUY else ""
                found.append(f"{links.nodes.name[node]}{bought}: {-amount:,.6g} {links.units[arc]}/a")
        return "; ".join(found)


def _names(names: list[str]) -> str:
    return shortened(names, _SHOWN)
