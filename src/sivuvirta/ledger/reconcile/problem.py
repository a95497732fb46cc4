"""What was solved, as tables: every quantity with its bounds and every balance with its terms, so that it can be carried elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pandas as pd

from sivuvirta.ledger.reconcile.book import Assembly

_VARIABLES = ("name", "label", "kind", "unit", "origin", "destination", "lower", "upper", "start", "chosen")
_BALANCES = ("name", "title", "component", "unit", "right", "hidden", "grade", "source")


def problem(assembly: Assembly) -> dict[str, pd.DataFrame]:
    """The tables of a book.

    Returns:
        variables: a row a quantity, in their order; balances: a row a balance, with its `number`; terms: number of the balance,
        coefficient, quantity, factor ("" where there is none); correlations: first, second, coefficient.
    """
    book = assembly.book
    names = list(book.quantities)
    terms = [(number, term.coefficient, term.name, term.factor) for number, balance in enumerate(book.balances) for term in balance.terms]
    pairs = [(names[first], names[second], coefficient) for first, second, coefficient in assembly.system.correlated]
    return {
        "variables": _records(book.quantities.values(), _VARIABLES),
        "balances": _records(book.balances, _BALANCES).assign(number=range(len(book.balances))),
        "terms": pd.DataFrame(terms, columns=["number", "coefficient", "quantity", "factor"]),
        "correlations": pd.DataFrame(pairs, columns=["first", "second", "coefficient"]),
    }


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table, columns by their names as text."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def grouped(rows: Iterable[Mapping[str, Any]], key: str) -> dict[Any, list[Mapping[str, Any]]]:
    """Rows by what they hold in a column, in their order."""
    found: dict[Any, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found


def _records(items: Collection[object], names: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame({name: [getattr(item, name) for item in items] for name in names})
