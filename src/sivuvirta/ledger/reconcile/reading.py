"""Reads tables of flows, processes, transfer coefficients and relations; every cell that cannot be read is told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from sivuvirta.errors import CheckError, Problem
from sivuvirta.ledger.reconcile.alike import Alike
from sivuvirta.ledger.reconcile.belonging import Placed, belonging, stated, together
from sivuvirta.ledger.reconcile.cells import NO, YES, At, Cells, layer, text
from sivuvirta.ledger.reconcile.layout import FlowRow, ProcessRow, RelationRow, Rows, TransferRow, Uncertain
from sivuvirta.ledger.reconcile.noted import columns, exact, lone, nameless, near_ends, sheets
from sivuvirta.ledger.reconcile.rest import rest

_KEYS = {
    "flows": ("flow",),
    "processes": ("process",),
    "transfer coefficients": ("process", "flow"),
    "relations": ("flow a", "factor", "flow b"),
}


def rows(
    frames: Mapping[str, pd.DataFrame], file: str = "", period: str = "", found: Iterable[Problem] = (), unread: Iterable[str] = ()
) -> Rows:
    """Read the tables.

    Args:
        frames: by sheet name, `flows` at least; columns by their own or a usual other name.
        file: what a fault is reported in.
        period: the one to read, where the tables have several.
        found: what is known to be wrong with them.
        unread: sheets of the workbook that are not among them.

    Raises:
        CheckError: cells that cannot be read or do not belong together, all of them.
    """
    reader = _Reader(file)
    reader.problems += found
    told = {sheet: list(reader.table(frames, sheet, needed)) for sheet, needed in _KEYS.items()}
    chosen = reader.period(told, period)
    kept = {sheet: [(at, row) for at, row in each if text(row.get("period")) in ("", chosen)] for sheet, each in told.items()}
    flows = [(at, reader.flow(at, row)) for at, row in kept["flows"]]
    processes = together([(at, reader.process(at, row)) for at, row in kept["processes"]], reader.fault)
    transfers = [(at, reader.transfer(at, row)) for at, row in kept["transfer coefficients"]]
    relations = [(at, reader.relation(at, row)) for at, row in kept["relations"]]
    beyond = rest(reader, frames)
    units = Alike(flows, processes, beyond.quantities, reader.fault)
    tables = Placed(units.flows, units.processes, transfers, relations)
    belonging(tables, beyond, reader.fault)
    if not beyond.statements and not reader.problems:
        stated(tables, reader.fault)
    if reader.problems:
        raise CheckError(reader.problems)
    notes = {"sheets": sheets(unread), "columns": columns(reader.unread), "rows": nameless(reader.skipped), "units": units.notes()}
    notes |= {"ends": near_ends(tables), "lone": lone(tables, beyond.quantities), "exact": exact(tables)}
    return Rows(
        flows=tuple(row for _, row in tables.flows),
        processes=tuple(row for _, row in tables.processes),
        transfers=tuple(row for _, row in transfers),
        relations=tuple(row for _, row in relations),
        beyond=beyond,
        period=chosen,
        notes={topic: note for topic, note in notes.items() if note},
    )


class _Reader(Cells):
    """Reads rows and keeps every fault."""

    def period(self, told: Mapping[str, list[tuple[At, dict[str, Any]]]], period: str) -> str:
        """The period to read: the one asked for, or the only one."""
        said = list(dict.fromkeys(name for each in told.values() for _, row in each if (name := text(row.get("period")))))
        if period and said and period not in said:
            self.fault(("flows", None), "period", f"There is no period '{period}'.", f"There are: {', '.join(said)}.")
        if not period and len(said) > 1:
            self.fault(("flows", None), "period", f"There are several periods: {', '.join(said)}.", f"Choose one: --vintage {said[0]}.")
        return period or (said[0] if said else "")

    def flow(self, at: At, cells: dict[str, Any]) -> FlowRow:
        """A row of flows."""
        content = self.figure(at, cells, "concentration", "± concentration")
        self.share(at, "concentration", content)
        return FlowRow(
            flow=text(cells["flow"]),
            name=text(cells.get("name")) or text(cells["flow"]),
            origin=text(cells.get("from")),
            destination=text(cells.get("to")),
            layer=layer(cells.get("layer")),
            amount=self.amount(at, cells, "mass flow", "±"),
            content=content,
            cited=self.cited(at, cells),
            unit=text(cells.get("unit")),
        )

    def process(self, at: At, cells: dict[str, Any]) -> ProcessRow:
        """A row of processes."""
        word = text(cells.get("balancing")).lower()
        if word not in YES | NO | {"substances"}:
            self.fault(at, "balancing", f"'{word}' is not yes, no or substances.", "Write one of the three.")
        change = self.amount(at, cells, "stock change", "± stock change")
        stock = text(cells.get("stock")).lower()
        if stock not in YES | NO:
            self.fault(
                at, "stock", f"'{stock}' is not yes or no.", "Write one of them; what the stock changes by stands in 'stock change'."
            )
        return ProcessRow(
            process=text(cells["process"]),
            name=text(cells.get("name")) or text(cells["process"]),
            balancing="no" if word in NO else word if word in ("", "substances") else "yes",
            layer=layer(cells.get("layer")),
            stock=change.known or stock in YES - {""},
            change=change,
            layers=tuple(layer(part) for part in text(cells.get("layers")).split(";") if part.strip()),
            cited=self.cited(at, cells),
            unit=text(cells.get("unit")),
        )

    def amount(self, at: At, cells: dict[str, Any], column: str, spread: str) -> Uncertain:
        """A figure that is no share."""
        if (written := text(cells.get(column))).endswith("%"):
            self.fault(at, column, f"'{written}' is a share, not an amount.", "Write the amount in the unit of its row.")
        return self.figure(at, cells, column, spread)

    def transfer(self, at: At, cells: dict[str, Any]) -> TransferRow:
        """A row of transfer coefficients."""
        share = self.figure(at, cells, "transfer coefficient", "± transfer coefficient")
        self.share(at, "transfer coefficient", share)
        return TransferRow(text(cells["process"]), text(cells["flow"]), layer(cells.get("layer")), share, self.cited(at, cells))

    def relation(self, at: At, cells: dict[str, Any]) -> RelationRow:
        """A row of relations."""
        return RelationRow(text(cells["flow a"]), self.plain(at, cells, "factor"), text(cells["flow b"]))

    def share(self, at: At, column: str, figure: Uncertain) -> None:
        """A share of a whole is between 0 and 1."""
        if figure.known and not 0 <= figure.value <= 1:
            self.fault(at, column, f"{figure.value:g} is not between 0 and 1.", "Write a share, or a percentage such as 30%.")
