"""Units of flows and stocks: amounts that a balance or a content ties to each other stand in one unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve

from sivuvirta.errors import UnitError
from sivuvirta.ledger.reconcile.beyond import Known
from sivuvirta.ledger.reconcile.cells import At, Told
from sivuvirta.ledger.reconcile.layout import GOODS, FlowRow, ProcessRow, Uncertain
from sivuvirta.ledger.reconcile.spans import spans
from sivuvirta.units.quantities import factor, is_unit, suggestion

Flows = Sequence[tuple[At, FlowRow]]
Processes = Sequence[tuple[At, ProcessRow]]


class Alike:
    """Flows and stock changes in units that can be added.

    Args:
        flows: rows with where they stand.
        processes: as far as a table tells of them.
        known: quantities that a sheet beside STAN tells of; what is tied to them there counts in their units.
        told: hears of units that are not known, that are missing where a layer has several, or that cannot be added in a balance.
    """

    def __init__(self, flows: Flows, processes: Processes, known: Iterable[Known], told: Told) -> None:
        self.written, self.told = flows, told
        self.own = {row.name: row.unit for row in known if row.unit}
        self.usual = _usual(flows)
        self.assumed: dict[
            tuple[str, str, str], list[int | None]
        ] = {}  # rows without a unit by sheet, layer and unit that they are taken in
        self._checked(processes)
        self.flows = [(at, self._flow(at, row)) for at, row in flows]
        self._added({row.process: row for _, row in processes})
        self.processes = [(at, self._stock(at, row)) for at, row in processes]

    def notes(self) -> str:
        """Which rows were taken in which unit, "" where each says its own."""
        parts = []
        for (sheet, layer, unit), numbers in self.assumed.items():
            where = f"{spans(numbers)} of the sheet '{sheet}', layer {layer}"
            parts.append(
                f"Taken in {unit}, for they name no unit: {where}." if unit else f"No unit is told, and one is taken for all: {where}."
            )
        return " ".join(parts)

    def _checked(self, processes: Processes) -> None:
        """Units are known, and are those of amounts."""
        places: dict[str, list[At]] = {}
        said = [*((at, row.unit) for at, row in self.written), *((at, row.unit) for at, row in processes)]
        for at, unit in said:
            if unit and not is_unit(unit):
                places.setdefault(unit, []).append(at)
            elif unit and convertible(unit, "1"):
                message = f"'{unit}' is the unit of a share, and the column is that of the amount."
                self.told(at, "unit", message, "Write the unit of the amount or none; a concentration is a share such as 0.3 or 30%.")
        for unit, found in places.items():
            near = suggestion(unit)
            rows = f" It stands in {spans([number for _, number in found])}." if len(found) > 1 else ""
            repair = f"Did you mean '{near}'?" if near else "Write one such as t/a, kt/a or MWh/a."
            self.told(found[0], "unit", f"'{unit}' is not a unit that is known.{rows}", repair)

    def _several(self, layer: str) -> list[str]:
        units = list(dict.fromkeys(row.unit for _, row in self.written if row.unit and row.layer == layer))
        return units if len(units) > 1 else []

    def _flow(self, at: At, row: FlowRow) -> FlowRow:
        """A row in the unit of its layer, or of the quantity that a sheet beside STAN tells of."""
        unit = self.own.get(row.flow, "") if row.layer == GOODS else ""
        wanted = unit or self.usual.get(row.layer, "")
        if row.unit:
            if unit and is_unit(row.unit) and not convertible(row.unit, unit):
                self.told(at, "unit", f"'{row.unit}' cannot be turned into '{unit}', the unit of '{row.flow}'.", f"Write it in {unit}.")
            return evolve(row, unit=wanted, amount=_turned(row.amount, row.unit, wanted)) if convertible(row.unit, wanted) else row
        if not row.amount.known:
            return evolve(row, unit=unit)
        if not unit and (units := self._several(row.layer)):
            message = f"The amount has no unit, and those of the layer '{row.layer}' differ: {', '.join(units)}."
            self.told(at, "unit", message, "Write the unit of this row.")
        self.assumed.setdefault((at[0], row.layer, wanted), []).append(at[1])
        return evolve(row, unit=wanted)

    def _stock(self, at: At, row: ProcessRow) -> ProcessRow:
        """A stock change in the unit of the flows of its process."""
        if not row.change.known:
            return row
        here = [number for number, (_, flow) in enumerate(self.written) if row.process in (flow.origin, flow.destination)]
        here = [number for number in here if self.written[number][1].layer == row.layer]
        units = list(dict.fromkeys(unit for number in here if (unit := self.written[number][1].unit)))
        kept = next((unit for number in here if (unit := self.flows[number][1].unit)), self.usual.get(row.layer, ""))
        if not row.unit and len(units) > 1:
            message = f"The stock change has no unit, and those of the flows of '{row.process}' differ: {', '.join(units)}."
            self.told(at, "unit", message, "Write its unit.")
        unit = row.unit or next(iter(units), kept)
        if not row.unit:
            self.assumed.setdefault((at[0], row.layer, unit), []).append(at[1])
        if unit and kept and is_unit(unit) and not convertible(unit, kept):
            self.told(
                at, "unit", f"'{unit}' cannot be added to '{kept}' of the flows of '{row.process}'.", "Give both in units of one kind."
            )
            return row
        return evolve(row, unit=kept or unit, change=_turned(row.change, unit, kept or unit)) if convertible(unit, kept or unit) else row

    def _added(self, given: Mapping[str, ProcessRow]) -> None:
        """Tells which amounts of one balance have units that cannot be added."""
        enters, leaves = ({getattr(row, end) for _, row in self.flows} - {""} for end in ("destination", "origin"))
        first: dict[tuple[str, str], FlowRow] = {}
        for at, row in self.flows:
            unit = row.unit or self.usual.get(row.layer, "")
            for process in dict.fromkeys((row.origin, row.destination)):
                known = given.get(process)
                closed = process in enters & leaves if known is None else known.balanced(row.layer)
                other = first.setdefault((process, row.layer), row)
                kept = other.unit or self.usual.get(row.layer, "")
                if process and closed and unit != kept and is_unit(unit or kept) and is_unit(kept or unit):
                    message = f"'{unit}' cannot be added to '{kept}' of flow '{other.flow}' in the balance of '{process}'."
                    repair = "Give the amounts of a process in units of one kind, or put the flow on a layer of its own."
                    self.told(at, "unit", message, repair)


def _usual(flows: Flows) -> dict[str, str]:
    """Unit of each layer: the first of its rows, or that of goods where it can be turned into that, so that contents are shares."""
    found: dict[str, str] = {}
    for _, row in sorted(flows, key=lambda each: not is_unit(each[1].unit)):
        if row.unit:
            found.setdefault(row.layer, row.unit)
    goods = found.get(GOODS, "")
    layers = dict.fromkeys(row.layer for _, row in flows)
    return {layer: goods if convertible(found.get(layer, goods), goods) else found.get(layer, goods) for layer in layers}


def _turned(amount: Uncertain, unit: str, wanted: str) -> Uncertain:
    if unit == wanted:
        return amount
    by = factor(unit, wanted)
    return Uncertain(amount.value * by, amount.sd * by, amount.how)


def convertible(unit: str, wanted: str) -> bool:
    """Whether one unit can be turned into another; none into none only."""
    if not unit or not wanted:
        return unit == wanted
    try:
        factor(unit, wanted)
    except UnitError:
        return False
    return True
