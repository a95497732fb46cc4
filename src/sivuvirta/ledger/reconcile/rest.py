"""Reads the sheets that STAN has no place for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from sivuvirta.ledger.reconcile.beyond import BALANCES, CORRELATIONS, QUANTITIES, STATEMENTS, TERMS, Beyond, Head, Known, Part, Said
from sivuvirta.ledger.reconcile.cells import YES, Cells, text

_KINDS = {"flow", "production", "stock", "content", "factor", "component"}

At = tuple[str, int]
Row = dict[str, Any]


def rest(cells: Cells, frames: Mapping[str, pd.DataFrame]) -> Beyond:
    """Read the sheets that STAN has no place for; faults are kept in `cells`.

    Args:
        cells: reads cells.
        frames: by sheet name.
    """

    def told(sheet: str, *needed: str) -> Iterator[tuple[At, Row]]:
        return cells.table(frames, sheet, needed)

    found = Beyond(
        quantities=tuple(_known(cells, at, row) for at, row in told(QUANTITIES, "quantity")),
        statements=tuple(_said(cells, at, row) for at, row in told(STATEMENTS, "quantity", "value")),
        balances=tuple(_head(cells, at, row) for at, row in told(BALANCES, "number", "balance")),
        terms=tuple(_part(cells, at, row) for at, row in told(TERMS, "number", "coefficient", "quantity")),
        correlations=tuple(
            (text(row["first"]), text(row["second"]), cells.plain(at, row, "coefficient"))
            for at, row in told(CORRELATIONS, "first", "second", "coefficient")
        ),
    )
    _members(cells, found)
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


def _members(cells: Cells, found: Beyond) -> None:
    """What statements, terms and correlations name is in the sheet of quantities, where there is one."""
    named = {row.name for row in found.quantities}
    numbers = {row.number for row in found.balances}
    said = [(STATEMENTS, row.name) for row in found.statements]
    said += [(TERMS, name) for row in found.terms for name in (row.name, row.factor) if name]
    if named or said:
        for sheet, name in dict.fromkeys(said):
            if name not in named:
                cells.fault((sheet, None), "quantity", f"There is no quantity '{name}'.", f"Add it to the sheet '{QUANTITIES}'.")
    for number in sorted({row.number for row in found.terms} - numbers):
        cells.fault((TERMS, None), "number", f"There is no balance of number {number}.", f"Add it to the sheet '{BALANCES}'.")
