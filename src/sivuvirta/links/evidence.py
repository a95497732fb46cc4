"""What is known of each stream, as bounds of every figure that some limit asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.links import Codes, Floats, Ints
from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.links.bounds import Bounds, Compliance, bounds, samples
from sivuvirta.links.codes import Mask, Rows, first_of, grade_codes, pair_codes, picked, positions
from sivuvirta.links.moistures import dried, moisture
from sivuvirta.units.composition import Conversions, conversions

WHOLE = 1_000_000.0
"""mg/kg: no content is more than all of it."""

PER_MASS = ("%", "mg/kg")
"""Units of properties that are contents: a loss on ignition, not a pH."""


@frozen(eq=False)
class Figures:
    """Figures that limits ask for: a component, of a kind, compared in a way. Shape (figures,)."""

    component: Any  # component id, the leached quantity by the id of what is leached
    kind: Any  # total | leaching | property
    compliance: Codes  # Compliance
    minimum: Mask  # a lower limit: the figure's negative is held, so that every limit is an upper one

    def __len__(self) -> int:
        return len(self.component)


@frozen(eq=False)
class Evidence:
    """Bounds of each figure of each stream; NaN and grade D where nothing is known. Shape (streams, figures)."""

    low: Floats
    high: Floats
    grade: Codes
    analysis: Ints  # row of table `analyses` that the figure rests on (the worst of several), -1 where none


def figures(component: Any, kind: Any, compliance: Codes, minimum: Mask) -> tuple[Figures, Rows]:
    """Distinct figures of rows, and the figure of each row."""
    code = pair_codes(component, kind, compliance, minimum)
    first = first_of(code)
    which = positions(code[first], code)
    return Figures(component[first], kind[first], compliance[first], minimum[first]), which


def families(region: Region) -> Conversions:
    """Which components of a region express one another."""
    table = region.table("components")
    return conversions(zip(*(table[name].tolist() for name in ("component", "kind", "oxide_of", "factor")), strict=True))


def leached(components: Table, component: Any) -> Any:
    """Leached quantities by the id of what is leached, so that `leach_Cr` and chromium of kind leaching are one."""
    row = positions(components["component"], component)
    kinds, of = (picked(components[name], row, None) for name in ("kind", "oxide_of"))
    return np.where((kinds == "leaching") & pd.notna(of), of, component)


def evidence(region: Region, streams: Any, asked: Figures) -> Evidence:
    """Bounds of the asked figures of streams.

    Of a component that was measured itself, the measurement counts. Else it follows from what expresses the same element (Cr2O3 and
    Cr_total); of several such the widest bounds count. Cr_VI follows from nothing else. Several samples: the lowest and the highest.

    Args:
        region: its tables `analyses` and `components`.
        streams: stream ids, shape (streams,).
        asked: the figures.
    """
    related, rows = families(region), _measured(region, streams)
    columns = [_column(rows, _Asked(asked, number), related) for number in range(len(asked))]
    if not columns:
        nothing = np.zeros((len(streams), 0))
        return Evidence(nothing, nothing, nothing.astype(np.int8), nothing.astype(np.int32))
    low, high, grade, analysis = (np.stack(part, axis=1) for part in zip(*columns, strict=True))
    return Evidence(low, high, grade.astype(np.int8), analysis.astype(np.int32))


@frozen(eq=False)
class _Measured:
    """Analysis rows of the streams at hand, by what they are of."""

    streams: int  # how many there are
    stream: Rows  # position in them
    row: Rows  # row of table `analyses`
    grade: Codes
    bounds: Mapping[Compliance, Bounds]
    members: Mapping[tuple[str, str], Rows]  # positions of the rows of a (component, kind)
    percent: frozenset[str]  # components in per cent


def _measured(region: Region, streams: Any) -> _Measured:
    components, table = region.table("components"), region.table("analyses")
    row = np.flatnonzero(positions(streams, table["stream"]) >= 0)
    table = table.take(row)
    component = np.where(table["kind"] == "leaching", leached(components, table["component"]), table["component"])
    water = moisture(region, positions(region.table("streams")["stream"], table["stream"]))
    unit = picked(components["unit"], positions(components["component"], table["component"]), None)
    content = (table["kind"] == "total") | ((table["kind"] == "property") & np.isin(unit.astype(str), PER_MASS))
    wet = np.asarray((table["basis"] == "as_sent") & content, dtype=bool)
    said = dried(samples(table.columns), water, wet)
    by_compliance = {compliance: bounds(said, compliance) for compliance in Compliance}
    code = pair_codes(component, table["kind"])
    order = np.argsort(code, kind="stable")
    order = order[~np.isnan(by_compliance[Compliance.MEAN_UCL].high[order])]
    edges = np.flatnonzero(np.diff(code[order])) + 1
    parts = np.split(order, edges) if len(order) else []
    return _Measured(
        streams=len(streams),
        stream=positions(streams, table["stream"]),
        row=row,
        grade=np.where(wet, np.maximum(grade_codes(table["grade"]), water.grade), grade_codes(table["grade"])).astype(np.int8),
        bounds=by_compliance,
        members={(component[part[0]], table["kind"][part[0]]): part for part in parts},
        percent=frozenset(components["component"][components["unit"] == "%"].tolist()),
    )


@frozen
class _Asked:
    """One of the figures."""

    figures: Figures
    number: int

    @property
    def key(self) -> tuple[str, str]:
        return self.figures.component[self.number], self.figures.kind[self.number]

    @property
    def compliance(self) -> Compliance:
        return Compliance(self.figures.compliance[self.number])

    @property
    def minimum(self) -> bool:
        return bool(self.figures.minimum[self.number])


Column = tuple[Floats, Floats, Codes, Rows]
"""low, high, grade and deciding analysis of one figure, shape (streams,) each."""


def _column(rows: _Measured, asked: _Asked, related: Conversions) -> Column:
    component, kind = asked.key
    low, high, grade, analysis = _joined(rows, [(asked.key, 1.0)], asked.compliance)
    if kind == "total":
        missing = np.isnan(high)
        others = [((source, kind), related.factor(source, component) or np.nan) for source in related.related(component)[1:]]
        derived = _joined(rows, others, asked.compliance)
        low, high = np.where(missing, derived[0], low), np.where(missing, derived[1], high)
        grade, analysis = np.where(missing, derived[2], grade), np.where(missing, derived[3], analysis)
    low, high = _within(low, high, kind, component in rows.percent)
    return (-high, -low, grade, analysis) if asked.minimum else (low, high, grade, analysis)


def _joined(rows: _Measured, sources: list[tuple[tuple[str, str], float]], compliance: Compliance) -> Column:
    """Lowest and highest bound of each stream over rows of several components, each turned by its factor."""
    low, high = np.full(rows.streams, np.nan), np.full(rows.streams, np.nan)
    grade, analysis = np.full(rows.streams, -1, np.int8), np.full(rows.streams, -1)
    for key, factor in sources:
        member = rows.members.get(key)
        if member is None:
            continue
        stream, found = rows.stream[member], rows.bounds[compliance]
        np.fmin.at(low, stream, factor * found.low[member])
        np.fmax.at(high, stream, factor * found.high[member])
        np.maximum.at(grade, stream, rows.grade[member])
        decides = factor * found.high[member] == high[stream]
        analysis[stream[decides]] = rows.row[member[decides]]
    return low, high, np.where(grade < 0, np.int8(Grade.D), grade), analysis


def _within(low: Floats, high: Floats, kind: str, percent: bool) -> tuple[Floats, Floats]:
    """Bounds kept within nothing and all of it."""
    if kind == "property" and not percent:
        return low, high
    top = 100.0 if percent else WHOLE if kind == "total" else np.inf
    return np.clip(low, 0.0, top), np.clip(high, 0.0, top)
