"""A region whose amounts are the reconciled ones, so that links, matches and plans rest on figures that close."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve

from sivuvirta.domain.reconciliations import Reconciliation
from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.errors import OptionError

_SAID = ("measured, checked", "computed")


def applied(region: Region, found: Reconciliation) -> Region:
    """A region with its reconciled amounts in place of the register's.

    Only streams that something checks or that were computed change; split parts of which nothing else is said keep their share.
    Ranges become the reconciled 5 and 95 % points; a computed amount is grade D. The note says what the register had.

    Args:
        region: what was reconciled, at the vintage of `found`.
        found: its reconciliation.

    Raises:
        OptionError: the reconciliation is of another region or vintage.
    """
    if (region.name, region.vintage) != (found.name, found.vintage):
        raise OptionError(f"The reconciliation is of {found.name}, {found.vintage}, not of {region.name}, {region.vintage}.")
    table = region.table("quantities")
    columns = {name: column.copy() for name, column in table.columns.items()}
    told = {row["name"]: row for row in found.quantities.to_dict("records") if row["known"] in _SAID and np.isfinite(row["reconciled"])}
    factor = _factors(region, told)
    for row in np.flatnonzero((table["table"] == "streams") & (table["vintage"] == region.vintage)).tolist():
        new = told.get(f"streams/{table['subject'][row]}")
        if new is not None and table["period"][row] is None:
            _write(columns, row, new)
        elif table["subject"][row] in factor:
            for name in ("value", "low", "high"):
                columns[name][row] *= factor[table["subject"][row]]
    return evolve(region, tables={**region.tables, "quantities": Table(table.name, table.key, columns)})


def _factors(region: Region, told: dict[Any, dict[Any, Any]]) -> dict[str, float]:
    """By how much parts of a changed parent change with it."""
    factor = {}
    for row in region.table("streams").rows():
        parent = told.get(f"streams/{row['parent']}")
        if row["part"] == "split" and parent is not None and parent["chosen"] > 0 and f"streams/{row['stream']}" not in told:
            factor[row["stream"]] = parent["reconciled"] / parent["chosen"]
    return factor


def _write(columns: dict[str, Any], row: int, new: dict[Any, Any]) -> None:
    before = columns["value"][row]
    for name, key in (("value", "reconciled"), ("low", "low"), ("high", "high")):
        columns[name][row] = new[key]
    columns["grade"][row] = new["grade"] or "D"
    columns["derived"][row] = True
    columns["note"][row] = f"Reconciled from {new['statements']} statements and the balances; the register has {before:g}"
