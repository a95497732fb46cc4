r"""Reconciliation of a table of flows between processes, without a region.

Every process that is balanced fulfils, on the layer of goods and for every substance s,

.. math:: \sum_{in} x_f - \sum_{out} x_f - \Delta stock = 0, \quad x_{f,s} = c_{f,s} x_f, \quad x_{f,s} = k \sum_{in} x_{g,s}

with mass fractions c and transfer coefficients k (Cencic 2016).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

import pandas as pd
from attrs import evolve

from sivuvirta.domain.reconciliations import ReconcileOptions, Reconciliation
from sivuvirta.errors import CheckError, Problem
from sivuvirta.ledger.reconcile.beyond import CORRELATIONS
from sivuvirta.ledger.reconcile.book import Book, assemble
from sivuvirta.ledger.reconcile.finish import finished
from sivuvirta.ledger.reconcile.layout import Rows
from sivuvirta.ledger.reconcile.reading import rows
from sivuvirta.ledger.reconcile.tabled import Tables
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
    tables, pairs = Tables(read, shares, components=options.components), (*read.beyond.correlations, *correlated)
    tables.fill()
    book = finished(tables.book, read.beyond)
    _paired(book, pairs)
    notes = {"correlated": "; ".join(f"{first} and {second} ({share:g})" for first, second, share in pairs)} if pairs else {}
    idle = [row.process for row in read.processes if row.stock and not row.balanced(row.layer)]
    notes |= {"stocks": f"Not used, for the process is not balanced: stock of {', '.join(dict.fromkeys(idle))}."} if idle else {}
    notes |= {**read.notes, **_exact(book, read, shares)}
    found = reconciled(assemble(book, pairs), options, name, read.period or None, notes)
    alone = not read.beyond.quantities and not any(row.layers for row in read.processes)
    return evolve(found, places={row.process: row.name for row in read.processes}, tables=alone)


def _paired(book: Book, pairs: Iterable[tuple[str, str, float]]) -> None:
    """Errors that go together are those of two quantities with one statement each.

    Raises:
        CheckError: they are not, all of them.
    """
    said = Counter(statement.name for statement in book.statements if statement.sd > 0)
    found = []
    for first, second, _ in pairs:
        wrong = [f"Nothing is called '{name}'." for name in (first, second) if name not in book.quantities]
        wrong += [f"'{first}' is named twice."] if first == second else []
        counts = {name: said[name] for name in (first, second) if name in book.quantities}
        wrong += [f"'{name}' has {count} statements with an uncertainty, not one." for name, count in counts.items() if count != 1]
        if wrong:
            repair = "Name two quantities of the results with one statement each."
            found.append(Problem(file=f"table '{CORRELATIONS}'", rule="reconcile_table", message=" ".join(wrong), repair=repair))
    if found:
        raise CheckError(found)


def _exact(book: Book, read: Rows, shares: Mapping[str, float]) -> dict[str, str]:
    """That nothing is weighed, where all figures count as exact; that a grade gives no uncertainty, where nobody says which."""
    if book.statements and all(statement.sd == 0 for statement in book.statements):
        return {"exact": "No figure has an uncertainty or a grade, so each counts as exact: nothing is weighed. Fill the column '±'."}
    figures = [(row.amount, row.cited) for row in read.flows] + [(row.content, row.cited) for row in read.flows]
    figures += [(row.change, row.cited) for row in read.processes] + [(row.share, row.cited) for row in read.transfers]
    bare = {cited.grade for figure, cited in figures if figure.known and math.isnan(figure.sd)} - {"", *shares}
    grades = f"Figures of grade {', '.join(sorted(bare))} without ± count as exact, for `shares` has no uncertainty for it." if bare else ""
    told = " ".join(part for part in (read.notes.get("exact", ""), grades) if part)
    return {"exact": told} if told else {}
