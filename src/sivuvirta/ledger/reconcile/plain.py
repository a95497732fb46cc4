"""Rows of a table of flows that was reconciled: its names say which process, flow and layer a quantity belongs to."""

from __future__ import annotations

from typing import Any

from sivuvirta.ledger.reconcile.layout import GOODS
from sivuvirta.ledger.reconcile.problem import records
from sivuvirta.ledger.reconcile.rows import Out, Told

RELATION = "relation of "
"""What names of balances that are relations begin with."""


def plain(known: Told) -> dict[str, list[Out]]:
    """Rows of flows, processes, transfer coefficients and relations."""
    rows = {
        "flows": _flows(known),
        "processes": _processes(known),
        "transfer coefficients": _transfers(known),
        "relations": _relations(known),
    }
    return {name: [row | {"period": known.found.vintage or ""} for row in each] for name, each in rows.items()}


def _flows(known: Told) -> list[Out]:
    """A row a flow, layer and statement; a flow without a statement has a row too."""
    told = []
    for name, row in known.quantities.items():
        seat = _seat(name, row, known.quantities)
        if seat is None:
            continue
        flow, layer = seat
        head = {
            "flow": flow,
            "name": row["label"].removesuffix(f", {layer}"),
            "from": row["origin"],
            "to": row["destination"],
            "layer": layer,
            "unit": row["unit"],
        }
        content = f"{flow}@{layer}"
        stated = [*known.stated(name, "mass flow", "±"), *known.stated(content, "concentration", "± concentration")]
        told += [head | each | known.result(name) | known.content(content) for each in stated or [{}]]
    return told


def _seat(name: str, row: dict[str, Any], quantities: dict[str, dict[str, Any]]) -> tuple[str, str] | None:
    """Flow and layer of a quantity; None where it is no flow between two places."""
    if not (row["origin"] or row["destination"]):
        return None
    if row["kind"] == "flow":
        return name, GOODS
    if row["kind"] != "component":
        return None
    parts = name.split(":")
    heads = (":".join(parts[:count]) for count in range(len(parts) - 1, 0, -1))
    flow = next((head for head in heads if head in quantities and quantities[head]["kind"] == "flow"), None)
    return None if flow is None else (flow, name.removeprefix(f"{flow}:"))


def _processes(known: Told) -> list[Out]:
    """A row a process, and one a layer and statement of its stock."""
    balances = {(str(row["balance"]), str(row["component"])) for row in records(known.found.balances)}
    ends = {end for row in known.quantities.values() if row["kind"] == "flow" for end in (row["origin"], row["destination"]) if end}
    told = []
    for process in sorted(ends | set(known.found.places)):
        goods, others = (process, "") in balances, any(name == f"{process}:{component}" for name, component in balances)
        head = {
            "process": process,
            "name": known.found.places.get(process, process),
            "balancing": "yes" if goods else "substances" if others else "no",
        }
        stocks = []
        for name, row in known.quantities.items():
            if row["kind"] == "stock" and row["origin"] == process:
                layer = name.removeprefix(f"{process}:stock").removeprefix(":") or GOODS
                changes = known.stated(name, "stock change", "± stock change") or [{}]
                stocks += [head | {"layer": layer, "stock": "yes", "unit": row["unit"]} | change | known.result(name) for change in changes]
        told += stocks or [head]
    return told


def _transfers(known: Told) -> list[Out]:
    told = []
    for name, row in known.quantities.items():
        start = f"{row['origin']}>{row['destination']}:"
        if row["kind"] != "factor" or not name.startswith(start):
            continue
        head = {"process": row["origin"], "flow": row["destination"], "layer": name.removeprefix(start)}
        shares = known.stated(name, "transfer coefficient", "± transfer coefficient")
        told += [head | share | known.result(name) for share in shares or [{}]]
    return told


def _relations(known: Told) -> list[Out]:
    terms, told = records(known.found.problem["terms"]), []
    for row in records(known.found.problem["balances"]):
        if row["name"].startswith(RELATION):
            second, first = (term for term in terms if term["number"] == row["number"])
            told.append({"flow a": first["quantity"], "factor": second["coefficient"], "flow b": second["quantity"]})
    return told
