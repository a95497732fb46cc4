"""Units of flows: amounts that a balance adds up stand in one unit; those of one dimension are turned into that of the first row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from attrs import evolve

from sivuvirta.errors import UnitError
from sivuvirta.ledger.reconcile.layout import FlowRow, ProcessRow, Uncertain
from sivuvirta.units.quantities import factor, is_unit, suggestion

At = tuple[str, int]
Fault = Callable[[At, str, str, str], None]


def alike(flows: Sequence[tuple[At, FlowRow]], processes: Iterable[ProcessRow], fault: Fault) -> tuple[FlowRow, ...]:
    """Flows in one unit a layer, as far as their units can be turned into one another.

    Args:
        flows: rows with where they stand.
        processes: as far as a table tells of them.
        fault: hears of an amount without a unit where a layer has several, and of units that cannot be added in a balance.
    """
    usual = _usual(flows)
    several = {layer for layer in usual if len({row.unit for _, row in flows if row.unit and row.layer == layer}) > 1}
    turned = []
    for at, row in flows:
        if row.layer in several and row.amount.known and not row.unit:
            units = ", ".join(dict.fromkeys(other.unit for _, other in flows if other.unit and other.layer == row.layer))
            message = f"The amount has no unit, and those of the layer '{row.layer}' differ: {units}."
            fault(at, "unit", message, "Write the unit of this row.")
        if row.layer in several and row.unit and not is_unit(row.unit):
            near = suggestion(row.unit)
            repair = f"Did you mean '{near}'?" if near else "Write one such as t/a, kt/a or MWh/a."
            fault(at, "unit", f"'{row.unit}' is not a unit that is known.", repair)
            continue
        turned.append((at, _turned(row, usual.get(row.layer, ""))))
    _added(turned, usual, {row.process: row for row in processes}, fault)
    return tuple(row for _, row in turned)


def _usual(flows: Sequence[tuple[At, FlowRow]]) -> dict[str, str]:
    """The first unit of each layer."""
    found: dict[str, str] = {}
    for _, row in sorted(flows, key=lambda each: not is_unit(each[1].unit)):
        if row.unit:
            found.setdefault(row.layer, row.unit)
    return found


def _turned(row: FlowRow, unit: str) -> FlowRow:
    if row.unit in ("", unit):
        return row
    try:
        by = factor(row.unit, unit)
    except UnitError:
        return row
    return evolve(row, unit=unit, amount=Uncertain(row.amount.value * by, row.amount.sd * by, row.amount.how))


def _added(flows: Sequence[tuple[At, FlowRow]], usual: Mapping[str, str], given: Mapping[str, ProcessRow], fault: Fault) -> None:
    """Tells which amounts of one balance have units that cannot be added."""
    enters, leaves = ({getattr(row, end) for _, row in flows} - {""} for end in ("destination", "origin"))
    first: dict[tuple[str, str], FlowRow] = {}
    for at, row in flows:
        unit = row.unit or usual.get(row.layer, "")
        for process in dict.fromkeys((row.origin, row.destination)):
            known = given.get(process)
            closed = process in enters & leaves if known is None else known.balanced(row.layer)
            other = first.setdefault((process, row.layer), row)
            kept = other.unit or usual.get(row.layer, "")
            if process and closed and unit != kept:
                message = f"'{unit}' cannot be added to '{kept}' of flow '{other.flow}' in the balance of '{process}'."
                fault(at, "unit", message, "Give the amounts of a process in units of one kind, or put the flow on a layer of its own.")
