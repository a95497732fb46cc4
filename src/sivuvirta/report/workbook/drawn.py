"""Sheets of figures with a range of draws: each with its mean, 5 and 95 % points, grade, and what is not known of it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from openpyxl import Workbook

from sivuvirta.domain.studies import Studies
from sivuvirta.report.workbook.cells import Value, table, widths

RANGES, ACCOUNTS, EFFECTS, SCORES, CAUSES, METRICS, TREND = (
    *("Ranges", "Accounts", "Effects", "Life cycle", "Contributions"),
    *("Network metrics", "Network trend"),
)
_NETWORKS = {"reference": "today", "today": "today", "proven": "plan, proven", "potential": "plan, with potential"}
_HEADS = {
    "low": "5 %",
    "high": "95 %",
    "alarm": "Over-claim",
    "quoted_mean": "Mean to quote",
    "quoted_low": "5 % to quote",
    "quoted_high": "95 % to quote",
    "unknown": "Not known",
    "missing": "Counted as 0",
    "bound": "The whole",
}
_ALARM = {True: "its range includes zero", False: ""}
_LEFT_OUT = ("sd", "process")


def add_drawn(book: Workbook, studies: Studies, vintage: str) -> None:
    """Adds a sheet for each table of figures with ranges that was asked for. What is not known is empty, and why stands beside it.

    Args:
        book: the workbook.
        studies: what was asked beside the plan; nothing is computed here.
        vintage: that they are of.
    """
    for name, frame in _frames(studies):
        kept = [column for column in frame.columns if column not in _LEFT_OUT]
        sheet = book.create_sheet(name)
        table(
            sheet,
            1,
            [_HEADS.get(column, column.replace("_", " ").capitalize()) for column in kept],
            _rows(frame[kept], "" if "vintage" in kept else f"{vintage}: "),
        )
        widths(sheet, tuple(16 if frame[column].dtype.kind in "fib" else 30 for column in kept))
        sheet.freeze_panes = "B2"


def _frames(studies: Studies) -> Iterator[tuple[str, pd.DataFrame]]:
    """Names of sheets with their tables."""
    if studies.ranges is not None:
        yield RANGES, studies.ranges.figures
    if studies.economy is not None:
        yield ACCOUNTS, studies.economy.accounts
        yield EFFECTS, studies.economy.effects
    if studies.lifecycle is not None:
        yield SCORES, studies.lifecycle.scores
        yield CAUSES, studies.lifecycle.contributions
    if studies.metrics is not None:
        yield METRICS, studies.metrics.to_frame()
        if len(studies.metrics.networks) > 1:
            yield TREND, studies.metrics.trend()


def _rows(frame: pd.DataFrame, named: str) -> Iterator[tuple[Value, ...]]:
    """Rows; `named` goes before the network."""
    for row in frame.to_dict("records"):
        yield tuple(_cell(str(column), value, named) for column, value in row.items())


def _cell(column: str, value: object, named: str) -> Value:
    if column == "alarm":
        return _ALARM[bool(value)]
    if column == "network":
        return f"{named}{_NETWORKS.get(str(value), str(value))}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return float(value) if isinstance(value, int | float) else str(value or "")
