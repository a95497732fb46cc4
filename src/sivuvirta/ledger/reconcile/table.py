r"""Reconciliation of a table of flows between processes, without a region.

Every process that is balanced fulfils, on the layer of goods and for every substance s,

.. math:: \sum_{in} x_f - \sum_{out} x_f - \Delta stock = 0, \quad x_{f,s} = c_{f,s} x_f, \quad x_{f,s} = k \sum_{in} x_{g,s}

with mass fractions c and transfer coefficients k (Cencic 2016).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import pandas as pd
from attrs import evolve

from sivuvirta.domain.reconciliations import ReconcileOptions, Reconciliation
from sivuvirta.ledger.reconcile.book import Balance, Book, Quantity, Statement, Term, assemble, spread
from sivuvirta.ledger.reconcile.layout import GOODS, FlowRow, ProcessRow, Rows, TransferRow, Uncertain
from sivuvirta.ledger.reconcile.reading import rows
from sivuvirta.ledger.reconcile.told import reconciled


def reconcile_table(
    flows: pd.DataFrame,
    processes: pd.DataFrame | None = None,
    transfers: pd.DataFrame | None = None,
    *,
    options: ReconcileOptions | None = None,
    shares: Mapping[str, float] | None = None,
    correlated: Iterable[tuple[str, str, float]] = (),
) -> Reconciliation:
    """Reconcile a table of flows.

    Args:
        flows: a row a flow, layer and statement; columns `flow`, `from`, `to`, `layer`, `mass flow`, `±`, `concentration`,
            `± concentration`, `grade`, `source`, or their usual other names (see `layout.SHEETS`).
        processes: which are balanced and have a stock; without it every process with flows both in and out is balanced.
        transfers: transfer coefficients.
        options: what is asked for.
        shares: coefficient of variation by evidence grade, for figures without an uncertainty.
        correlated: pairs of flows whose errors are correlated, with the coefficient.

    Raises:
        CheckError: cells that cannot be read or do not belong together.
        SolverError: exact figures contradict each other.
    """
    frames = {"flows": flows, "processes": processes, "transfer coefficients": transfers}
    read = rows({name: frame for name, frame in frames.items() if frame is not None})
    return reconcile_rows(read, "table", options or ReconcileOptions(), shares or {}, correlated)


def reconcile_rows(
    read: Rows, name: str, options: ReconcileOptions, shares: Mapping[str, float], correlated: Iterable[tuple[str, str, float]] = ()
) -> Reconciliation:
    """Reconcile tables that were read."""
    tables, pairs = _Tables(read, shares, components=options.components), tuple(correlated)
    notes = {"correlated": "; ".join(f"{first} and {second} ({share:g})" for first, second, share in pairs)} if pairs else {}
    idle = [row.process for row in read.processes if row.stock and row.balancing == "no"]
    notes |= {"stocks": f"Not used, for the process is not balanced: stock of {', '.join(dict.fromkeys(idle))}."} if idle else {}
    notes |= {"not carried": "; ".join(read.left_out)} if read.left_out else {}
    found = reconciled(assemble(tables.book, pairs), options, name, notes=notes)
    return evolve(found, places={row.process: row.name for row in read.processes})


class _Tables:
    """Builds the book of a set of tables."""

    def __init__(self, read: Rows, shares: Mapping[str, float], *, components: bool) -> None:
        self.read, self.shares, self.book = read, shares, Book()
        self.ends: dict[str, FlowRow] = {}
        for row in read.flows:
            if row.flow not in self.ends or not (self.ends[row.flow].origin or self.ends[row.flow].destination):
                self.ends[row.flow] = row
        found = [row.layer for row in read.flows] + [row.layer for row in read.transfers]
        self.layers = tuple(dict.fromkeys((GOODS, *(found if components else ()))))
        self.units = self._units()
        self._flows()
        for process in self._processes():
            for layer in self.layers:
                self._balance(process, layer)
        for transfer in read.transfers:
            if transfer.layer in self.layers:
                self._transfer(transfer)

    def _units(self) -> dict[str, str]:
        """Unit of each layer: the one that its rows say; the layer itself where they say none or several."""
        said: dict[str, set[str]] = {}
        for row in self.read.flows:
            said.setdefault(row.layer, set()).update({row.unit} - {""})
        return {layer: next(iter(said.get(layer, ()))) if len(said.get(layer, ())) == 1 else layer for layer in self.layers}

    def _flows(self) -> None:
        own = {(row.flow, row.layer): row.unit for row in self.read.flows if row.unit}
        for flow, row in self.ends.items():
            for layer in self.layers:
                kind = "flow" if layer == GOODS else "component"
                label = row.name if layer == GOODS else f"{row.name}, {layer}"
                unit = own.get((flow, layer), self.units[layer])
                self.book.add(Quantity(_on(flow, layer), label, kind, unit, row.origin, row.destination))
                if layer != GOODS:
                    self._content(flow, row, layer)
        for row in self.read.flows:
            if row.layer in self.layers:
                self._state(_on(row.flow, row.layer), row.amount, row)
                if row.layer != GOODS:
                    self._state(_content(row.flow, row.layer), row.content, row)

    def _content(self, flow: str, row: FlowRow, layer: str) -> None:
        """A substance's flow is its content times the flow."""
        content = Quantity(_content(flow, layer), f"{row.name}, content of {layer}", "content", "1", row.origin, row.destination, upper=1.0)
        self.book.add(content)
        terms = (Term(1.0, _on(flow, layer)), Term(-1.0, flow, content.name))
        self.book.balance(Balance(f"{flow}={layer}", f"Content of {layer} in {row.name}", terms, component=layer, hidden=True))

    def _state(self, name: str, figure: Uncertain, row: FlowRow) -> None:
        if not figure.known:
            return
        sd, how = spread(figure.value, math.nan, math.nan, figure.sd, self._share(row.grade))
        self.book.state(Statement(name, figure.value, sd, (sd > 0 and figure.how) or how, row.grade, row.source, row.note))

    def _share(self, grade: str) -> float:
        """Coefficient of variation of a figure without an uncertainty; 0, so exact, where it has no grade either."""
        return self.shares.get(grade, 0.0)

    def _processes(self) -> list[ProcessRow]:
        given = {row.process: row for row in self.read.processes}
        enters = {row.destination for row in self.ends.values()} - {""}
        leaves = {row.origin for row in self.ends.values()} - {""}
        none = Uncertain(math.nan, math.nan)
        usual = [
            ProcessRow(process, process, "yes" if process in enters and process in leaves else "no", GOODS, False, none)
            for process in sorted(enters | leaves)
            if process not in given
        ]
        return [*given.values(), *usual]

    def _balance(self, process: ProcessRow, layer: str) -> None:
        """What enters leaves or is stocked."""
        if process.balancing == "no" or (process.balancing == "substances" and layer == GOODS):
            return
        terms = [Term(1.0, _on(flow, layer)) for flow, row in self.ends.items() if row.destination == process.process]
        terms += [Term(-1.0, _on(flow, layer)) for flow, row in self.ends.items() if row.origin == process.process]
        stocks = [row for row in self.read.processes if row.process == process.process and row.stock]
        if stocks:
            name = f"{process.process}:stock" if layer == GOODS else f"{process.process}:stock:{layer}"
            self.book.add(Quantity(name, f"Stock change of {process.name}", "stock", self.units[layer], process.process, lower=-math.inf))
            for row in stocks:
                if row.layer == layer and row.change.known:
                    sd, how = spread(row.change.value, math.nan, math.nan, row.change.sd, 0.0)
                    self.book.state(Statement(name, row.change.value, sd, how))
            terms.append(Term(-1.0, name))
        title = process.name if layer == GOODS else f"{process.name}, {layer}"
        component = "" if layer == GOODS else layer
        self.book.balance(Balance(_on(process.process, layer), title, tuple(terms), unit=self.units[layer], component=component))

    def _transfer(self, row: TransferRow) -> None:
        """A flow takes its share of what enters."""
        total = f"{row.process}:in:{row.layer}"
        if total not in self.book.quantities:
            self.book.add(Quantity(total, f"What enters {row.process}, {row.layer}", "component", self.units[row.layer], "", row.process))
            enters = tuple(Term(1.0, _on(flow, row.layer)) for flow, ends in self.ends.items() if ends.destination == row.process)
            self.book.balance(Balance(total, f"Inputs of {row.process}", (Term(-1.0, total), *enters), component=row.layer, hidden=True))
        name = f"{row.process}>{row.flow}:{row.layer}"
        self.book.add(
            Quantity(name, f"Transfer of {row.layer} in {row.process} to {row.flow}", "factor", "1", row.process, row.flow, upper=1.0)
        )
        if row.share.known:
            sd, how = spread(row.share.value, math.nan, math.nan, row.share.sd, 0.0)
            self.book.state(Statement(name, row.share.value, sd, how, source=row.source))
        terms = (Term(1.0, _on(row.flow, row.layer)), Term(-1.0, total, name))
        self.book.balance(Balance(name, f"Transfer to {row.flow}", terms, component=row.layer, hidden=True))


def _on(name: str, layer: str) -> str:
    return name if layer == GOODS else f"{name}:{layer}"


def _content(flow: str, layer: str) -> str:
    return f"{flow}@{layer}"
