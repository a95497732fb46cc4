"""Reads the sheets that STAN has no place for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from sivuvirta.ledger.reconcile.beyond import BALANCES, BEYOND, CORRELATIONS, QUANTITIES, STATEMENTS, TERMS, Beyond, Head, Known, Part, Said
from sivuvirta.ledger.reconcile.cells import YES, At, Cells, text

_KINDS = {"flow", "production", "stock", "content", "factor", "component"}

Row = dict[str, Any]
Sheets = Mapping[str, list[tuple[At, Row]]]

_KEYS = {
    QUANTITIES: ("quantity",),
    STATEMENTS: ("quantity", "value"),
    BALANCES: ("number", "balance"),
    TERMS: ("number", "coefficient", "quantity"),
    CORRELATIONS: ("first", "second", "coefficient"),
}


def rest(cells: Cells, frames: Mapping[str, pd.DataFrame]) -> Beyond:
    """Read the sheets that STAN has no place for; faults are kept in `cells`.

    Args:
        cells: reads cells.
        frames: by sheet name.
    """

    def told(sheet: str, *needed: str) -> Iterator[tuple[At, Row]]:
        return cells.table(frames, sheet, needed)

    rows = {sheet: list(told(sheet, *needed)) for sheet, needed in _KEYS.items()}
    found = Beyond(
        quantities=tuple(_known(cells, at, row) for at, row in rows[QUANTITIES]),
        statements=tuple(_said(cells, at, row) for at, row in rows[STATEMENTS]),
        balances=tuple(_head(cells, at, row) for at, row in rows[BALANCES]),
        terms=tuple(_part(cells, at, row) for at, row in rows[TERMS]),
        correlations=tuple(
            (text(row["first"]), text(row["second"]), cells.plain(at, row, "coefficient")) for at, row in rows[CORRELATIONS]
        ),
    )
    _members(cells, found, rows)
    _plausible(cells, found, rows)
    return found


def _known(cells: Cells, at: At, row: Row) -> Known:
    kind = text(row.get("kind")) or "flow"
    if kind not in _KINDS:
        cells.fault(at, "kind", f"'{kind}' is no kind of quantity.", f"Write one of {', '.join(sorted(_KINDS))}.")
    free = text(row.get("lower")) == "none"
    return Known(
        name=text(row["quantity"]),
        label=text(row.get("name")),
        kind=kind,
        unit=text(row.get("unit")),
        origin=text(row.get("place")),
        destination=text(row.get("destination")),
        lower=-math.inf if free else cells.plain(at, row, "lower", 0.0),
        upper=cells.plain(at, row, "upper", math.inf),
        start=cells.plain(at, row, "start"),
        chosen=cells.plain(at, row, "register"),
        **_seat(row),
    )


def _seat(row: Row) -> dict[str, str]:
    return {name: text(row.get(name)) for name in ("process", "flow", "layer")}


def _said(cells: Cells, at: At, row: Row) -> Said:
    figure, cited = cells.figure(at, row, "value", "±"), cells.cited(at, row)
    return Said(text(row["quantity"]), figure.value, figure.sd, figure.how, cited.grade, cited.source, cited.note)


def _head(cells: Cells, at: At, row: Row) -> Head:
    hidden = text(row.get("hidden")).lower()
    return Head(
        number=_number(cells, at, row),
        name=text(row["balance"]),
        title=text(row.get("title")),
        component=text(row.get("component")),
        unit=text(row.get("unit")),
        right=cells.plain(at, row, "right", 0.0),
        hidden=hidden in YES - {""},
        grade=cells.grade(at, row),
        source=text(row.get("source")),
        **_seat(row),
    )


def _part(cells: Cells, at: At, row: Row) -> Part:
    return Part(_number(cells, at, row), cells.plain(at, row, "coefficient"), text(row["quantity"]), text(row.get("factor")))


def _number(cells: Cells, at: At, row: Row) -> int:
    value = cells.plain(at, row, "number", -1.0)
    return int(value)


def _members(cells: Cells, found: Beyond, rows: Sheets) -> None:
    """What statements and terms name is in the sheets of quantities and balances, each told once."""
    named, numbers, parts = (
        {row.name for row in found.quantities},
        {row.number for row in found.balances},
        {row.number for row in found.terms},
    )
    missing: dict[tuple[str, str], At] = {}
    for at, row in rows[STATEMENTS] + rows[TERMS]:
        for column in ("quantity", "factor"):
            if (name := text(row.get(column))) and column in BEYOND[at[0]] and name not in named:
                missing.setdefault((name, column), at)
    for (name, column), at in missing.items():
        cells.fault(at, column, f"There is no quantity '{name}'.", f"Add it to the sheet '{QUANTITIES}'.")
    lost = {part.number: at for (at, _), part in reversed(list(zip(rows[TERMS], found.terms, strict=True))) if part.number not in numbers}
    for number, at in sorted(lost.items()):
        cells.fault(at, "number", f"There is no balance of number {number}.", f"Add it to the sheet '{BALANCES}'.")
    for (at, _), head in zip(rows[BALANCES], found.balances, strict=True):
        if not any(head.seat) and head.number not in parts:
            cells.fault(at, "number", f"Balance '{head.name}' has no terms.", f"Add them to the sheet '{TERMS}', or take the row out.")


def _plausible(cells: Cells, found: Beyond, rows: Sheets) -> None:
    """A quantity and a balance stand in one row, and no correlation is above 1."""
    for sheet, column in ((QUANTITIES, "quantity"), (BALANCES, "number")):
        first: dict[str, At] = {}
        for at, row in rows[sheet]:
            if first.setdefault(name := text(row[column]), at) != at:
                cells.fault(at, column, f"'{name}' stands in row {first[name][1]} too.", "Keep one of the rows.")
    for (at, _), (_, _, coefficient) in zip(rows[CORRELATIONS], found.correlations, strict=True):
        if abs(coefficient) > 1:
            cells.fault(at, "coefficient", f"{coefficient:g} is not between -1 and 1.", "Write a coefficient of correlation.")
