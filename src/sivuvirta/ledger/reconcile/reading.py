"""Reads tables of flows, processes, transfer coefficients and relations; every cell that cannot be read is told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import pandas as pd
from attrs import astuple

from sivuvirta.errors import CheckError, Problem
from sivuvirta.ledger.reconcile.alike import alike
from sivuvirta.ledger.reconcile.cells import NO, YES, Cells, layer, text
from sivuvirta.ledger.reconcile.layout import FlowRow, ProcessRow, RelationRow, Rows, TransferRow, Uncertain
from sivuvirta.ledger.reconcile.rest import rest

_KEYS = {
    "flows": ("flow",),
    "processes": ("process",),
    "transfer coefficients": ("process", "flow"),
    "relations": ("flow a", "factor", "flow b"),
}


def rows(frames: Mapping[str, pd.DataFrame], file: str = "", period: str = "", found: Iterable[Problem] = ()) -> Rows:
    """Read the tables.

    Args:
        frames: by sheet name, `flows` at least; columns by their own or a usual other name.
        file: what a fault is reported in.
        period: the one to read, where the tables have several.
        found: what is known to be wrong with them.

    Raises:
        CheckError: cells that cannot be read or do not belong together, all of them.
    """
    reader = _Reader(file)
    reader.problems += found
    told = {sheet: list(reader.table(frames, sheet, needed)) for sheet, needed in _KEYS.items()}
    chosen = reader.period(told, period)
    kept = {sheet: [(at, row) for at, row in each if text(row.get("period")) in ("", chosen)] for sheet, each in told.items()}
    read = [(at, reader.flow(at, row)) for at, row in kept["flows"]]
    processes = tuple(reader.process(at, row) for at, row in kept["processes"])
    transfers = tuple(reader.transfer(at, row) for at, row in kept["transfer coefficients"])
    relations = tuple(reader.relation(at, row) for at, row in kept["relations"])
    beyond = rest(reader, frames)
    reader.plausible(read, processes)
    flows = alike(read, processes, reader.fault)
    if not beyond.statements:
        reader.stated(frames.get("flows"), flows, transfers)
    reader.ends(flows)
    reader.members(flows, processes, transfers)
    reader.related(flows, relations)
    if reader.problems:
        raise CheckError(reader.problems)
    return Rows(flows, processes, transfers, relations, beyond, chosen, reader.unread)


class _Reader(Cells):
    """Reads rows and keeps every fault."""

    def period(self, told: Mapping[str, list[tuple[tuple[str, int], dict[str, Any]]]], period: str) -> str:
        """The period to read: the one asked for, or the only one."""
        said = list(dict.fromkeys(name for each in told.values() for _, row in each if (name := text(row.get("period")))))
        if period and said and period not in said:
            self.fault(("flows", None), "period", f"There is no period '{period}'.", f"There are: {', '.join(said)}.")
        if not period and len(said) > 1:
            self.fault(("flows", None), "period", f"There are several periods: {', '.join(said)}.", f"Choose one: --vintage {said[0]}.")
        return period or (said[0] if said else "")

    def flow(self, at: tuple[str, int], cells: dict[str, Any]) -> FlowRow:
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

    def process(self, at: tuple[str, int], cells: dict[str, Any]) -> ProcessRow:
        """A row of processes."""
        word = text(cells.get("balancing")).lower()
        if word not in YES | NO | {"substances"}:
            self.fault(at, "balancing", f"'{word}' is not yes, no or substances.", "Write one of the three.")
        change = self.amount(at, cells, "stock change", "± stock change")
        return ProcessRow(
            process=text(cells["process"]),
            name=text(cells.get("name")) or text(cells["process"]),
            balancing="no" if word in NO else "substances" if word == "substances" else "yes",
            layer=layer(cells.get("layer")),
            stock=change.known or text(cells.get("stock")).lower() in YES - {""},
            change=change,
            layers=tuple(layer(part) for part in text(cells.get("layers")).split(";") if part.strip()),
            cited=self.cited(at, cells),
        )

    def amount(self, at: tuple[str, int], cells: dict[str, Any], column: str, spread: str) -> Uncertain:
        """A figure that is no share."""
        if (written := text(cells.get(column))).endswith("%"):
            self.fault(at, column, f"'{written}' is a share, not an amount.", "Write the amount in the unit of its row.")
        return self.figure(at, cells, column, spread)

    def plausible(self, flows: list[tuple[tuple[str, int], FlowRow]], processes: tuple[ProcessRow, ...]) -> None:
        """A flow goes from one process to another, a row is told once, and a stock belongs to a process that flows touch."""
        seen: dict[tuple[Any, ...], int] = {}
        for at, row in flows:
            if row.origin and row.origin == row.destination:
                self.fault(at, "to", f"Flow '{row.flow}' leaves and enters '{row.origin}'.", "Name another process, or take the row out.")
            said = (row.amount.value, row.amount.sd, row.content.value, row.content.sd)
            key = (row.flow, row.origin, row.destination, row.layer, row.unit, *map(str, said), *astuple(row.cited))
            first = seen.setdefault(key, at[1])
            if first != at[1] and (row.amount.known or row.content.known):
                repair = "Take it out; if it is a second source, name that in the column 'source'."
                self.fault(at, "flow", f"The row says the same as row {first} and would count as a second source.", repair)
        ends = sorted({end for _, row in flows for end in (row.origin, row.destination)} - {""})
        for name in dict.fromkeys(row.process for row in processes if row.stock and row.process not in ends):
            near = get_close_matches(name, ends, 1)
            repair = f"Write '{near[0]}' if that is meant." if near else f"There are: {', '.join(ends)}."
            self.fault(("processes", None), "process", f"No flow enters or leaves '{name}', whose stock is told.", repair)

    def transfer(self, at: tuple[str, int], cells: dict[str, Any]) -> TransferRow:
        """A row of transfer coefficients."""
        share = self.figure(at, cells, "transfer coefficient", "± transfer coefficient")
        self.share(at, "transfer coefficient", share)
        return TransferRow(text(cells["process"]), text(cells["flow"]), layer(cells.get("layer")), share, self.cited(at, cells))

    def relation(self, at: tuple[str, int], cells: dict[str, Any]) -> RelationRow:
        """A row of relations."""
        return RelationRow(text(cells["flow a"]), self.plain(at, cells, "factor"), text(cells["flow b"]))

    def share(self, at: tuple[str, int], column: str, figure: Uncertain) -> None:
        """A share of a whole is between 0 and 1."""
        if figure.known and not 0 <= figure.value <= 1:
            self.fault(at, column, f"{figure.value:g} is not between 0 and 1.", "Write a share, or a percentage such as 30%.")

    def stated(self, frame: pd.DataFrame | None, flows: tuple[FlowRow, ...], transfers: tuple[TransferRow, ...]) -> None:
        """Something is stated."""
        told = any(row.amount.known or row.content.known for row in flows) or any(row.share.known for row in transfers)
        if frame is not None and len(frame.columns) and not told and not self.problems:
            self.fault(("flows", None), "mass flow", "No row states an amount.", "Write one flow a row, with its amount under 'mass flow'.")

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

    def related(self, flows: tuple[FlowRow, ...], relations: tuple[RelationRow, ...]) -> None:
        """What relations name exists."""
        named = {row.flow for row in flows}
        for row in relations:
            for name in {row.first, row.second} - named:
                self.fault(("relations", None), "flow a", f"There is no flow '{name}'.", "Name flows of the sheet flows.")
