"""Drawing: which payments each payment, account and venture adds up, so that they can be summed in every draw."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sivuvirta.assess.economy.entries import entries, handed
from sivuvirta.assess.economy.ventures import asked
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Ints

PAYMENT_KEY = ("payer", "payee", "inside", "term")
ACCOUNT_KEY = ("inside", "party")
VENTURE_KEY = ("kind", "venture")


def cells(planned: Ledger, reference: Ledger, arcs: Ints) -> pd.DataFrame:
    """Payments by arc or plant and term that each figure rests on, with the sign by which a rise of it counts.

    Args:
        planned: what would flow.
        reference: what flows today, over the same links.
        arcs: that may flow in a draw.

    Returns:
        Columns table (payments, accounts, ventures), key (of the row of the table), row (of arcs; plants behind them), term, sign.
    """
    rows = handed(entries(planned, reference, arcs)).assign(inside=lambda told: told["inside"].astype(bool))
    found = [
        _cells(rows, "payments", PAYMENT_KEY, 1.0),
        _cells(rows.assign(party=rows["payer"], inside=True), "accounts", ACCOUNT_KEY, -1.0),
        _cells(rows.assign(party=rows["payee"]), "accounts", ACCOUNT_KEY, 1.0),
    ]
    for each in asked(planned, reference, arcs):
        own = each.rows[each.rows["term"] != "capital"].assign(kind=each.kind, venture=each.key)
        found.append(_cells(own, "ventures", VENTURE_KEY, -own["sign"]))
    return pd.concat(found, ignore_index=True)


def _cells(rows: pd.DataFrame, table: str, key: Sequence[str], sign: float | pd.Series[float]) -> pd.DataFrame:
    """Rows of payments as cells of the figures of a table."""
    names = pd.Series(list(rows[list(key)].itertuples(index=False, name=None)), index=rows.index, dtype=object)
    return pd.DataFrame({"table": table, "key": names, "row": rows["row"], "term": rows["of"], "sign": sign})
