"""Reconciliation of quantities under any equations, linear or with products of two quantities, as textbooks state them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from sivuvirta.domain.reconciliations import ReconcileOptions, Reconciliation
from sivuvirta.ledger.reconcile.book import Balance, Book, Quantity, Statement, Term, assemble
from sivuvirta.ledger.reconcile.told import reconciled


def reconcile_equations(
    quantities: pd.DataFrame,
    equations: pd.DataFrame,
    *,
    options: ReconcileOptions | None = None,
    right: Mapping[str, float] | None = None,
    correlated: Iterable[tuple[str, str, float]] = (),
) -> Reconciliation:
    r"""Reconcile quantities under equations.

    .. math:: \sum_t c_t\, q_t\, f_t = b

    Args:
        quantities: columns `quantity`, `value`, `sd`; `start` (where the search starts) and `lower` if need be. An empty value was not
            measured, a standard deviation of 0 is exact. Several rows of one quantity are several measurements.
        equations: a row a term; columns `equation`, `quantity`, `coefficient`, and `factor`, the quantity that it is multiplied with.
        options: what is asked for.
        right: right side b of an equation by its name; 0 without one.
        correlated: pairs of quantities whose errors are correlated, with the coefficient.

    Raises:
        UnknownNameError: an equation names a quantity that is not in the table.
        SolverError: exact figures contradict each other, or the products do not settle.
    """
    book = Book()
    for row in quantities.to_dict("records"):
        name = str(row["quantity"])
        book.add(Quantity(name, name, "flow", "", lower=_number(row.get("lower"), 0.0), start=_number(row.get("start"), math.nan)))
        if not pd.isna(row["value"]):
            sd = float(row["sd"])
            book.state(Statement(name, float(row["value"]), sd, "stated" if sd > 0 else "exact"))
    for equation, terms in equations.groupby("equation", sort=False):
        told = tuple(_term({str(key): value for key, value in row.items()}) for row in terms.to_dict("records"))
        book.balance(Balance(str(equation), str(equation), told, right=(right or {}).get(str(equation), 0.0)))
    return reconciled(assemble(book, correlated), options or ReconcileOptions(), "equations")


def _term(row: Mapping[str, Any]) -> Term:
    factor = row.get("factor")
    return Term(float(str(row["coefficient"])), str(row["quantity"]), "" if factor is None or pd.isna(factor) else str(factor))


def _number(value: Any, otherwise: float) -> float:
    return otherwise if value is None or pd.isna(value) else float(str(value))
