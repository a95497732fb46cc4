"""Benefit sheets of the workbook: every indicator of every programme and exchange with its range, grade, share and sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from openpyxl import Workbook

from sivuvirta.domain.benefits import Benefits
from sivuvirta.report.workbook.cells import Value, table, widths

PROGRAMMES, EXCHANGES = "Programmes", "Exchanges"
_STATES = {"proven": "Plan, proven", "potential": "Plan, with potential"}
_ALARM = {True: "its range includes zero", False: ""}
_FIGURES = ("Benefit", "5 %", "95 %", "Known part", "Attributed", "Attributed, 5 %", "Attributed, 95 %")
_COLUMNS = ("value", "low", "high", "known_part", "attributed", "attributed_low", "attributed_high")


def add_benefits(book: Workbook, found: Benefits) -> None:
    """Adds the sheets Programmes and Exchanges. What is not known is empty, and why stands beside it.

    Args:
        book: the workbook.
        found: the benefits; nothing is computed here.
    """
    for name, frame, head, key in (
        (PROGRAMMES, found.programmes, "Programme", "programme"),
        (EXCHANGES, found.exchanges[found.exchanges["exchange"] != ""], "Exchange", "exchange"),
    ):
        sheet = book.create_sheet(name)
        heads = ("Network", head, "Indicator", "Unit", *_FIGURES, "Grade", "Over-claim", "Not known", "Measured against", "Basis")
        table(sheet, 1, (*heads, "Sources", "Key"), _rows(frame, key))
        widths(sheet, (20, 44, 34, 12, *[14] * len(_FIGURES), 8, 22, 50, 40, 40, 50, 40))
        sheet.freeze_panes = "D2"


def _rows(frame: pd.DataFrame, key: str) -> Iterator[tuple[Value, ...]]:
    for row in frame.to_dict("records"):
        numbers = (float(row[name]) for name in _COLUMNS)
        named = (_STATES.get(row["state"], row["state"]), row["name"], row["label"], row["unit"])
        yield (*named, *numbers, *_words(row, key))


def _words(row: Mapping[Any, Any], key: str) -> tuple[Value, ...]:
    """What a row says beside its numbers."""
    texts = (row["grade"], _ALARM[bool(row["alarm"])], row["unknown"], row["reference"], row["basis"], row["sources"], row[key])
    return tuple(str(text or "") for text in texts)
