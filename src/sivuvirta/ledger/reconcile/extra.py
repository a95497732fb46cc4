"""Rows of the sheets that STAN has no place for: out of a reconciliation, and read again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sivuvirta.ledger.reconcile.beyond import BALANCES, CORRELATIONS, QUANTITIES, STATEMENTS, TERMS
from sivuvirta.ledger.reconcile.problem import records
from sivuvirta.ledger.reconcile.rows import Out, Told, cited
from sivuvirta.ledger.reconcile.seats import Seats


def extra(known: Told, placed: Seats) -> dict[str, list[Out]]:
    """Rows of each sheet; sheets without rows are left out."""
    problem = known.found.problem
    balances = [_head(row, placed) for row in records(problem["balances"])]
    seated = {row["number"] for row in balances if row["process"] or row["flow"]}
    sheets = {
        QUANTITIES: [_quantity(row, placed) for row in records(problem["variables"])],
        STATEMENTS: _statements(known, placed),
        BALANCES: balances,
        TERMS: [row for row in records(problem["terms"]) if row["number"] not in seated],
        CORRELATIONS: correlations(known),
    }
    return {name: rows for name, rows in sheets.items() if rows}


def correlations(known: Told) -> list[Out]:
    """Pairs of quantities whose errors go together."""
    return records(known.found.problem["correlations"])


def _quantity(row: Mapping[str, Any], placed: Seats) -> Out:
    name = row["name"]
    flow, layer = placed.contents.get(name, ("", ""))
    process, leaves = placed.shares.get(name, ("", ""))
    stocked = next((process for process, stock in placed.stocks.items() if stock == name), "")
    native = any(placed.ends.get(name, ()))
    return {
        "quantity": name,
        "name": None if native else row["label"],
        "kind": row["kind"],
        "unit": row["unit"],
        "place": row["origin"],
        "destination": row["destination"],
        "lower": "none" if row["lower"] == -math.inf else row["lower"] or None,
        "upper": row["upper"],
        "start": row["start"],
        "register": row["chosen"],
        "process": process or stocked,
        "flow": flow or leaves,
        "layer": layer,
    }


def _statements(known: Told, placed: Seats) -> list[Out]:
    seated = {name for name, ends in placed.ends.items() if any(ends)} | {*placed.contents, *placed.shares, *placed.stocks.values()}
    return [
        {"quantity": row["name"], "value": row["value"], "±": row["sigma"], **cited(row)}
        for row in records(known.found.statements)
        if row["name"] not in seated
    ]


def _head(row: Mapping[str, Any], placed: Seats) -> Out:
    process, flow, layer = placed.balances.get(row["number"], ("", "", ""))
    if row["number"] in placed.relations:
        flow = placed.relations[row["number"]][0]
    columns = ("number", "title", "component", "unit", "grade", "source")
    plain = {name: row[name] for name in columns}
    told = {"balance": row["name"], "right": row["right"] or None, "hidden": "yes" if row["hidden"] else None}
    return plain | told | {"process": process, "flow": flow, "layer": layer}
