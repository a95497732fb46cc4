"""The book of a set of tables: flows on layers, balances of processes, transfer coefficients and relations."""

from __future__ import annotations

import math
from collections.abc import Mapping

from attrs import evolve

from sivuvirta.ledger.reconcile.alike import convertible
from sivuvirta.ledger.reconcile.book import Balance, Book, Quantity, Statement, Term, spread
from sivuvirta.ledger.reconcile.finish import renamed
from sivuvirta.ledger.reconcile.layout import GOODS, Cited, FlowRow, ProcessRow, RelationRow, Rows, TransferRow, Uncertain
from sivuvirta.ledger.reconcile.plain import RELATION


class Tables:
    """Builds the book of a set of tables."""

    def __init__(self, read: Rows, shares: Mapping[str, float], *, components: bool) -> None:
        self.read, self.shares, self.book = read, shares, Book()
        self.ends: dict[str, FlowRow] = {}
        for row in read.flows:
            if row.flow not in self.ends or not (self.ends[row.flow].origin or self.ends[row.flow].destination):
                self.ends[row.flow] = row
        self.enters, self.leaves = dict[str, list[str]](), dict[str, list[str]]()
        for flow, row in self.ends.items():
            self.enters.setdefault(row.destination, []).append(flow)
            self.leaves.setdefault(row.origin, []).append(flow)
        found = [row.layer for row in read.flows] + [row.layer for row in read.transfers]
        self.layers = tuple(dict.fromkeys((GOODS, *(found if components else ()))))
        self.units = self._units()
        self.known = {row.name: row for row in read.beyond.quantities}
        self.seats = {(row.process, row.flow, row.layer or GOODS): row.name for row in read.beyond.quantities if row.process or row.flow}
        self.given = {row.process: row for row in read.processes}
        self.open = {(row.process, row.layer) for row in read.transfers}
        self.told = {(row.flow, row.layer) for row in read.flows}
        self.amounts = {(row.flow, row.layer) for row in read.flows if row.amount.known}

    def fill(self) -> None:
        """Builds it."""
        self._flows()
        for process in self._processes():
            for layer in self.layers:
                self._balance(process, layer)
        for transfer in self.read.transfers:
            if transfer.layer in self.layers:
                self._transfer(transfer)
        for relation in self.read.relations:
            self._relation(relation)

    def _units(self) -> dict[str, str]:
        """Unit of each layer: the one that its rows say; none where they say none or several."""
        said: dict[str, set[str]] = {}
        for row in self.read.flows:
            said.setdefault(row.layer, set()).update({row.unit} - {""})
        return {layer: next(iter(said.get(layer, ()))) if len(said.get(layer, ())) == 1 else "" for layer in self.layers}

    def _add(self, quantity: Quantity) -> str:
        """Adds a quantity, with what the sheet of quantities knows of it."""
        known = self.known.get(quantity.name)
        if known is not None:
            quantity = evolve(
                quantity,
                label=known.label or quantity.label,
                kind=known.kind,
                unit=known.unit or quantity.unit,
                origin=known.origin,
                destination=known.destination,
                lower=known.lower,
                upper=known.upper,
                start=known.start,
                chosen=known.chosen,
                layer="",
            )
        return self.book.add(quantity)

    def _opens(self, process: str, layer: str) -> bool:
        """Whether flows at a process are told on a layer."""
        row = self.given.get(process)
        return bool(process) and (row is None or row.open_to(layer) or (process, layer) in self.open)

    def _carries(self, flow: str, layer: str) -> bool:
        row = self.ends[flow]
        return layer == GOODS or (flow, layer) in self.told or self._opens(row.origin, layer) or self._opens(row.destination, layer)

    def _lean(self, flow: str, layer: str) -> bool:
        """Whether a substance's flow is told by its concentration alone, which has a name of its own, and not as a quantity."""
        row = self.ends[flow]
        asked = (flow, layer) in self.amounts or {(row.origin, layer), (row.destination, layer)} & self.open
        return layer != GOODS and ("", flow, layer) in self.seats and not asked

    def _concentration(self, flow: str, layer: str) -> str:
        return self.seats.get(("", flow, layer), f"{flow}@{layer}")

    def _term(self, sign: float, flow: str, layer: str) -> Term:
        lean = self._lean(flow, layer)
        return Term(sign, flow, self._concentration(flow, layer)) if lean else Term(sign, on(flow, layer))

    def _flows(self) -> None:
        own = {(row.flow, row.layer): row.unit for row in self.read.flows if row.unit}
        for flow, row in self.ends.items():
            for layer in self.layers:
                if not self._carries(flow, layer):
                    continue
                kind = "flow" if layer == GOODS else "component"
                label = row.name if layer == GOODS else f"{row.name}, {layer}"
                unit = own.get((flow, layer), self.units[layer])
                if not self._lean(flow, layer):
                    self._add(Quantity(on(flow, layer), label, kind, unit, row.origin, row.destination, layer=layer))
                if layer != GOODS:
                    self._content(flow, row, layer)
        for row in self.read.flows:
            if row.layer in self.layers:
                self._state(on(row.flow, row.layer), row.amount, row.cited)
                if row.layer != GOODS:
                    self._state(self._concentration(row.flow, row.layer), row.content, row.cited)

    def _content(self, flow: str, row: FlowRow, layer: str) -> None:
        """A substance's flow is its content times the flow."""
        name, label = self._concentration(flow, layer), f"{row.name}, content of {layer}"
        unit, upper = self._share(layer)
        self._add(Quantity(name, label, "content", unit, row.origin, row.destination, upper=upper, layer=layer))
        if not self._lean(flow, layer):
            terms = (Term(1.0, on(flow, layer)), Term(-1.0, flow, name))
            self.book.balance(Balance(f"{flow}={layer}", f"Content of {layer} in {row.name}", terms, component=layer, hidden=True))

    def _share(self, layer: str) -> tuple[str, float]:
        """Unit and largest value of a content: a mass is a part of the good's, an energy is not."""
        unit, goods = self.units[layer], self.units[GOODS]
        apart = bool(unit and goods) and not convertible(unit, goods)
        return (f"{unit} per {goods}", math.inf) if apart else ("1", 1.0)

    def _state(self, name: str, figure: Uncertain, cited: Cited) -> None:
        """Adds a figure; one with neither an uncertainty nor a grade is exact."""
        if not figure.known:
            return
        sd, how = spread(figure.value, math.nan, math.nan, figure.sd, self.shares.get(cited.grade, 0.0))
        self.book.state(Statement(name, figure.value, sd, (sd > 0 and figure.how) or how, cited.grade, cited.source, cited.note))

    def _processes(self) -> list[ProcessRow]:
        enters = {row.destination for row in self.ends.values()} - {""}
        leaves = {row.origin for row in self.ends.values()} - {""}
        none = Uncertain(math.nan, math.nan)
        usual = [
            ProcessRow(process, process, "yes" if process in enters and process in leaves else "no", GOODS, False, none)
            for process in sorted(enters | leaves)
            if process not in self.given
        ]
        return [*self.given.values(), *usual]

    def _balance(self, process: ProcessRow, layer: str) -> None:
        """What enters leaves or is stocked."""
        if not process.balanced(layer):
            return
        code = process.process
        terms = [self._term(1.0, flow, layer) for flow in self.enters.get(code, ())]
        terms += [self._term(-1.0, flow, layer) for flow in self.leaves.get(code, ())]
        stocks = [row for row in self.read.processes if row.process == code and row.stock]
        if stocks:
            usual = f"{code}:stock" if layer == GOODS else f"{code}:stock:{layer}"
            name = self.seats.get((code, "", layer), usual)
            self._add(Quantity(name, f"Stock change of {process.name}", "stock", self.units[layer], code, lower=-math.inf, layer=layer))
            for row in stocks:
                if row.layer == layer:
                    self._state(name, row.change, row.cited)
            terms.append(Term(-1.0, name))
        title = process.name if layer == GOODS else f"{process.name}, {layer}"
        component = "" if layer == GOODS else layer
        balance = Balance(on(code, layer), title, tuple(terms), unit=self.units[layer], component=component)
        self.book.balance(renamed(balance, self.read.beyond, (code, "", component)))

    def _transfer(self, row: TransferRow) -> None:
        """A flow takes its share of what enters."""
        enters = [flow for flow, ends in self.ends.items() if ends.destination == row.process]
        known = self.seats.get((row.process, row.flow, row.layer))
        total = enters[0] if known and len(enters) == 1 and row.layer == GOODS else self._total(row, enters)
        name = known or f"{row.process}>{row.flow}:{row.layer}"
        label = f"Transfer of {row.layer} in {row.process} to {row.flow}"
        new = name not in self.book.quantities
        self._add(Quantity(name, label, "factor", "1", row.process, row.flow, upper=1.0))
        self._state(name, row.share, row.cited)
        if new:
            terms = (Term(1.0, total, name), Term(-1.0, on(row.flow, row.layer)))
            balance = Balance(name, f"Transfer to {row.flow}", terms, component=row.layer, hidden=True)
            self.book.balance(renamed(balance, self.read.beyond, (row.process, row.flow, "")))

    def _total(self, row: TransferRow, enters: list[str]) -> str:
        """What enters a process on a layer."""
        total = f"{row.process}:in:{row.layer}"
        if total not in self.book.quantities:
            label = f"What enters {row.process}, {row.layer}"
            self._add(Quantity(total, label, "component", self.units[row.layer], "", row.process, layer=row.layer))
            terms = (Term(-1.0, total), *(Term(1.0, on(flow, row.layer)) for flow in enters))
            self.book.balance(Balance(total, f"Inputs of {row.process}", terms, component=row.layer, hidden=True))
        return total

    def _relation(self, row: RelationRow) -> None:
        """A flow is an exact multiple of another one."""
        terms = (Term(row.factor, row.second), Term(-1.0, row.first))
        title = f"{self.ends[row.first].name} as a multiple of {self.ends[row.second].name}"
        balance = Balance(f"{RELATION}{row.first} to {row.second}", title, terms, unit=self.units[GOODS])
        self.book.balance(renamed(balance, self.read.beyond, ("", row.first, "")))


def on(name: str, layer: str) -> str:
    """Name of a flow or process on a layer."""
    return name if layer == GOODS else f"{name}:{layer}"
