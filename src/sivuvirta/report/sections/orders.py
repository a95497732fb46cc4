"""What missing tests are worth, as tables of a report."""

from __future__ import annotations

from sivuvirta.domain.prospects import LabOrders
from sivuvirta.report.tables import Column, Sheet, records, sheet

_BUNDLES = 20
"""Sets of tests and decisions that are told."""


def order_sheet(orders: LabOrders) -> Sheet:
    """Tests to order, the worthiest first."""
    columns = (
        Column("name", "Test", "name"),
        Column("of", "Of", "long"),
        Column("method", "Method"),
        Column("price", "Price", "bare", "EUR", "Of one sample, EUR without value added tax"),
        Column("lead", "Working days", "bare"),
        Column("value_likely", "Worth alone", "number", "EUR/a"),
        Column("value_decided", "Worth once decided", "number", "EUR/a"),
        Column("in_bundle", "Worth in a set", "number", "EUR/a"),
        Column("misses", "Its routes also miss", "long"),
    )
    rows = [{key: value for key, value in row.items() if value == value} for row in records(orders.order())]  # noqa: PLR0124 - not NaN
    caption = "Tests that are worth something, as an order list."
    return sheet("orders-table", caption, columns, rows, "No missing test would change the plan.")


def bundle_sheet(orders: LabOrders) -> Sheet:
    """Sets of tests and decisions that one route needs together, the worthiest first."""
    columns = (
        Column("name", "Tests", "long"),
        Column("decisions", "Decisions", "long"),
        Column("of", "Of", "long"),
        Column("price", "Price of the tests", "bare", "EUR"),
        Column("value_likely", "Worth", "number", "EUR/a"),
        Column("tonnes", "Would free", "number", "t/a"),
        Column("carbon", "Emissions", "number", "kg CO2e/a"),
    )
    frame = orders.to_frame("bundles")
    frame = frame[frame["value_likely"] > 0]
    rows = records(frame.head(_BUNDLES))
    caption = "Sets of tests and decisions without all of which a route stays closed."
    if len(rows) < len(frame):
        caption += f" The {len(rows)} worthiest of {len(frame)}."
    return sheet("bundles-table", caption, columns, rows, "No route waits for several things that are worth something together.")
