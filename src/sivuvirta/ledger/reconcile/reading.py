"""Reads tables of flows, processes and transfer coefficients; every cell that cannot be read is told at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from sivuvirta.errors import CheckError, Problem
from sivuvirta.ledger.reconcile.layout import GOODS, NOT_CARRIED, SHEETS, FlowRow, ProcessRow, Rows, TransferRow, Uncertain
from sivuvirta.units.numbers import Number, parse_number

_ALIASES = {
    "flow": ("flow code", "code", "id"),
    "name": ("flow name", "process name"),
    "from": ("origin", "source process"),
    "to": ("destination", "target process"),
    "layer": ("substance",),
    "mass flow": ("value", "mass", "amount", "massflow"),
    "±": ("sd", "sigma", "uncertainty", "± mass flow", "+/-"),
    "concentration": ("mass fraction",),
    "± concentration": ("concentration sd", "sd concentration"),
    "process": ("process code",),
    "balancing": ("balanced", "closed"),
    "stock change": ("dstock", "stock_change"),
    "± stock change": ("stock change sd", "stock_sd"),
    "transfer coefficient": ("tc", "coefficient"),
    "± transfer coefficient": ("tc sd", "± tc"),
}
_HOW = {"", "range", "stated", "grade", "exact"}
_YES, _NO = {"yes", "true", "1", "x", ""}, {"no", "false", "0"}


def rows(frames: Mapping[str, pd.DataFrame], file: str = "") -> Rows:
    """Read the tables.

    Args:
        frames: by sheet name, `flows` at least; columns by their own or a usual other name.
        file: what a fault is reported in.

    Raises:
        CheckError: cells that cannot be read or do not belong together, all of them.
    """
    reader = _Reader(file)
    flows = tuple(reader.flow(at, row) for at, row in reader.table(frames, "flows", ("flow",)))
    processes = tuple(reader.process(at, row) for at, row in reader.table(frames, "processes", ("process",)))
    transfers = tuple(reader.transfer(at, row) for at, row in reader.table(frames, "transfer coefficients", ("process", "flow")))
    reader.ends(flows)
    reader.members(flows, processes, transfers)
    if reader.problems:
        raise CheckError(reader.problems)
    return Rows(flows, processes, transfers, _left_out(frames.get(NOT_CARRIED)))


def _left_out(frame: pd.DataFrame | None) -> tuple[str, ...]:
    """What the writer of the tables says that they do not hold."""
    if frame is None or not len(frame.columns):
        return ()
    return tuple(text for cell in frame.iloc[:, 0].tolist() if (text := _text(cell)))


class _Reader:
    """Reads rows and keeps every fault."""

    def __init__(self, file: str) -> None:
        self.file, self.problems = file, list[Problem]()

    def table(
        self, frames: Mapping[str, pd.DataFrame], sheet: str, needed: tuple[str, ...]
    ) -> Iterator[tuple[tuple[str, int], dict[str, Any]]]:
        """Rows of a table with where they stand; rows without a key are skipped."""
        frame = frames.get(sheet)
        if frame is None:
            if sheet == "flows":
                self.fault(
                    ("flows", 1), "", "There is no table of flows.", "Add a sheet 'flows' with the columns flow, from, to, mass flow."
                )
            return
        named = frame.rename(columns={column: _column(str(column), sheet) for column in frame.columns})
        missing = [column for column in needed if column not in named.columns]
        if missing:
            self.fault((sheet, 1), missing[0], f"Column '{missing[0]}' is missing.", f"It has: {', '.join(map(str, frame.columns))}.")
            return
        for number, row in enumerate(named.to_dict("records"), 2):
            cells = {str(column): value for column, value in row.items()}
            if all(_text(cells.get(column)) for column in needed):
                yield (sheet, number), cells

    def flow(self, at: tuple[str, int], cells: dict[str, Any]) -> FlowRow:
        """A row of flows."""
        return FlowRow(
            flow=_text(cells["flow"]),
            name=_text(cells.get("name")) or _text(cells["flow"]),
            origin=_text(cells.get("from")),
            destination=_text(cells.get("to")),
            layer=_layer(cells.get("layer")),
            amount=self.figure(at, cells, "mass flow", "±"),
            content=self.figure(at, cells, "concentration", "± concentration"),
            grade=self.grade(at, cells),
            source=_text(cells.get("source")),
            note=_text(cells.get("note")),
            unit=_text(cells.get("unit")),
        )

    def process(self, at: tuple[str, int], cells: dict[str, Any]) -> ProcessRow:
        """A row of processes."""
        word = _text(cells.get("balancing")).lower()
        if word not in _YES | _NO | {"substances"}:
            self.fault(at, "balancing", f"'{word}' is not yes, no or substances.", "Write one of the three.")
        change = self.figure(at, cells, "stock change", "± stock change")
        return ProcessRow(
            process=_text(cells["process"]),
            name=_text(cells.get("name")) or _text(cells["process"]),
            balancing="no" if word in _NO else "substances" if word == "substances" else "yes",
            layer=_layer(cells.get("layer")),
            stock=change.known or _text(cells.get("stock")).lower() in _YES - {""},
            change=change,
        )

    def transfer(self, at: tuple[str, int], cells: dict[str, Any]) -> TransferRow:
        """A row of transfer coefficients."""
        share = self.figure(at, cells, "transfer coefficient", "± transfer coefficient")
        if share.known and not 0 <= share.value <= 1:
            self.fault(
                at, "transfer coefficient", f"{share.value:g} is not between 0 and 1.", "Write a share, or a percentage such as 30%."
            )
        return TransferRow(_text(cells["process"]), _text(cells["flow"]), _layer(cells.get("layer")), share, _text(cells.get("source")))

    def figure(self, at: tuple[str, int], cells: dict[str, Any], column: str, spread: str) -> Uncertain:
        """A figure and its uncertainty, which may be a share of it."""
        value, percent = self.number(at, cells, column)
        value = value / 100.0 if percent else value
        sd, relative = self.number(at, cells, spread)
        sd = abs(value) * sd / 100.0 if relative else sd
        if sd < 0:
            self.fault(at, spread, f"{sd:g} is below 0.", "Write a standard uncertainty of 0 or more.")
        how = _text(cells.get("± from")).lower()
        if how not in _HOW:
            self.fault(at, "± from", f"'{how}' is not range, stated, grade or exact.", "Write one of them, or nothing.")
        return Uncertain(value, sd, how)

    def number(self, at: tuple[str, int], cells: dict[str, Any], column: str) -> tuple[float, bool]:
        """A number, NaN if the cell is empty, and whether it was a percentage."""
        cell = cells.get(column)
        if cell is None or (isinstance(cell, float) and math.isnan(cell)):
            return math.nan, False
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return float(cell), False
        text = str(cell).strip()
        if not text:
            return math.nan, False
        read = parse_number(text.rstrip("% "))
        if not isinstance(read, Number):
            self.fault(at, column, f"'{text}' is no number.", read.repair)
            return math.nan, False
        return read.value, text.endswith("%")

    def grade(self, at: tuple[str, int], cells: dict[str, Any]) -> str:
        """An evidence grade, empty if there is none."""
        grade = _text(cells.get("grade")).upper()
        if grade not in {"", "A", "B", "C", "D"}:
            self.fault(at, "grade", f"'{grade}' is no evidence grade.", "Write A, B, C or D.")
        return grade

    def ends(self, flows: tuple[FlowRow, ...]) -> None:
        """A flow has one origin and one destination in all its rows, and at least one of them."""
        ends: dict[str, tuple[str, str]] = {}
        for row in flows:
            given = (row.origin, row.destination)
            known = ends.setdefault(row.flow, given)
            if given not in (known, ("", "")):
                ends[row.flow] = known if known != ("", "") else given
                if known != ("", ""):
                    self.fault(
                        ("flows", None),
                        "from",
                        f"Flow '{row.flow}' goes from {known[0] or 'outside'} to {known[1] or 'outside'} in one row "
                        "and otherwise in another.",
                        "Give all its rows the same ends.",
                    )
        for flow, (origin, destination) in ends.items():
            if not origin and not destination:
                self.fault(("flows", None), "from", f"Flow '{flow}' touches no process.", "Name the process that it leaves or enters.")

    def members(self, flows: tuple[FlowRow, ...], processes: tuple[ProcessRow, ...], transfers: tuple[TransferRow, ...]) -> None:
        """What transfers name exists, and leaves the process."""
        leaves = {(row.origin, row.flow) for row in flows}
        named = {row.process for row in processes} | {end for row in flows for end in (row.origin, row.destination) if end}
        for row in transfers:
            if row.process not in named:
                self.fault(
                    ("transfer coefficients", None),
                    "process",
                    f"There is no process '{row.process}'.",
                    f"There are: {', '.join(sorted(named))}.",
                )
            elif (row.process, row.flow) not in leaves:
                out = ", ".join(sorted(flow for origin, flow in leaves if origin == row.process)) or "none"
                self.fault(("transfer coefficients", None), "flow", f"'{row.flow}' does not leave '{row.process}'.", f"These do: {out}.")

    def fault(self, at: tuple[str, int | None], column: str, message: str, repair: str) -> None:
        """Keeps a fault."""
        sheet, number = at
        file = f"{self.file}, sheet '{sheet}'" if self.file else f"table '{sheet}'"
        self.problems.append(
            Problem(file=file, rule="reconcile_table", message=message, repair=repair, table=sheet, row=number, column=column or None)
        )


def _column(written: str, sheet: str) -> str:
    """The column that a header means."""
    name = " ".join(written.replace("_", " ").split()).lower()
    if name in SHEETS[sheet]:
        return name
    return next((column for column, others in _ALIASES.items() if column in SHEETS[sheet] and (name in others or written in others)), name)


def _text(cell: Any) -> str:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)) or cell is pd.NA:
        return ""
    return str(cell).strip()


def _layer(cell: Any) -> str:
    text = _text(cell)
    return GOODS if text.lower() in ("", GOODS) else text
