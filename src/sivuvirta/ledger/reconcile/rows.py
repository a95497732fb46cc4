"""Rows of STAN's tables out of a reconciliation: what was stated, and what came out beside it."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from sivuvirta.domain.reconciliations import Reconciliation
from sivuvirta.ledger.reconcile.layout import CONTENT, GOODS, RESULT
from sivuvirta.ledger.reconcile.problem import grouped, records
from sivuvirta.ledger.reconcile.seats import Seats

Out = dict[str, Any]


@frozen(eq=False)
class Told:
    """A reconciliation, looked up by name."""

    found: Reconciliation
    quantities: dict[str, Out]
    said: dict[Any, list[Any]]

    def stated(self, name: str, value: str, spread: str) -> list[Out]:
        """What each source says of a quantity, in columns of these names; one empty row where none does."""
        return [{value: each["value"], spread: each["sigma"], **cited(each)} for each in self.said.get(name, ())]

    def result(self, name: str) -> Out:
        """What came out."""
        row = self.quantities[name]
        return dict(zip(RESULT, (row["reconciled"], row["sd"], row["moved_sigma"], row["known"]), strict=True))

    def content(self, name: str) -> Out:
        """What came out of a concentration."""
        row = self.quantities.get(name)
        return {} if row is None else dict(zip(CONTENT, (row["reconciled"], row["sd"]), strict=True))


def told(found: Reconciliation) -> Told:
    """Looks a reconciliation up."""
    return Told(found, {str(row["name"]): row for row in records(found.quantities)}, grouped(records(found.statements), "name"))


def cited(row: Out) -> Out:
    """Who says it."""
    return {"± from": row["how"], "grade": row["grade"], "source": row["source"], "note": row["note"]}


def sheets(known: Told, placed: Seats) -> dict[str, list[Out]]:
    """Rows of flows, processes, transfer coefficients and relations of what has a seat there."""
    rows = {
        "flows": _flows(known, placed),
        "processes": _processes(known, placed),
        "transfer coefficients": _transfers(known, placed),
        "relations": [{"flow a": first, "factor": factor, "flow b": second} for first, factor, second in placed.relations.values()],
    }
    period = known.found.vintage or ""
    return {name: [row | {"period": period} for row in each] for name, each in rows.items()}


def _flows(known: Told, placed: Seats) -> list[Out]:
    contents: dict[str, list[tuple[str, str]]] = {}
    for name, (flow, component) in placed.contents.items():
        contents.setdefault(flow, []).append((name, component))
    rows = []
    for flow, (origin, destination) in placed.ends.items():
        if not (origin or destination):
            continue
        row = known.quantities[flow]
        head = {"flow": flow, "name": row["label"], "from": origin, "to": destination}
        goods = head | {"layer": GOODS, "unit": row["unit"]} | known.result(flow)
        rows += [goods | each for each in known.stated(flow, "mass flow", "±") or [{}]]
        for name, component in contents.get(flow, ()):
            layer = head | {"layer": component} | known.content(name)
            rows += [layer | each for each in known.stated(name, "concentration", "± concentration") or [{}]]
    return rows


def _processes(known: Told, placed: Seats) -> list[Out]:
    titles = {balance["name"]: balance["title"] for balance in records(known.found.problem["balances"])}
    rows = []
    used = (end for ends in placed.ends.values() for end in ends if end)
    for process in dict.fromkeys((*placed.processes, *used)):
        layers = placed.processes.get(process, [])
        goods = "" in layers or not layers
        head = {
            "process": process,
            "name": titles.get(process) or known.found.places.get(process, process),
            "balancing": "no" if not layers else "yes" if goods else "substances",
            "layers": "; ".join(layer or GOODS for layer in layers) or GOODS,
        }
        stock = placed.stocks.get(process)
        changes = [{}] if stock is None else known.stated(stock, "stock change", "± stock change") or [{}]
        kept = {} if stock is None else {"layer": GOODS, "stock": "yes", "unit": known.quantities[stock]["unit"]} | known.result(stock)
        rows += [head | kept | each for each in changes]
    return rows


def _transfers(known: Told, placed: Seats) -> list[Out]:
    rows = []
    for name, (process, flow) in placed.shares.items():
        head = {"process": process, "flow": flow, "layer": GOODS} | known.result(name)
        rows += [head | each for each in known.stated(name, "transfer coefficient", "± transfer coefficient")]
    return rows
