"""Benefit sheets of the workbook: every indicator of every programme and exchange with its range, grade, share and sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from openpyxl import Workbook

from sivuvirta.domain.benefits import INDICATORS, Benefits
from sivuvirta.report.workbook.cells import Value, table, widths

PROGRAMMES, EXCHANGES, YEARS = "Programmes", "Exchanges", "Years"
_STATES = {"proven": "Plan, proven", "potential": "Plan, with potential"}
_ALARM = {True: "its range includes zero", False: ""}
_FIGURES = ("Benefit", "Mean", "5 %", "95 %", "Known part", "Attributed", "Attributed, mean", "Attributed, 5 %", "Attributed, 95 %")
_COLUMNS = ("value", "mean", "low", "high", "known_part", "attributed", "attributed_mean", "attributed_low", "attributed_high")


def add_benefits(book: Workbook, found: Benefits, vintage: str) -> None:
    """Adds the sheets Programmes, Exchanges and Years. What is not known is empty, and why stands beside it.

    Args:
        book: the workbook.
        found: the benefits; nothing is computed here.
        vintage: that they are of.
    """
    for name, frame, head, key in (
        (PROGRAMMES, found.programmes, "Programme", "programme"),
        (EXCHANGES, found.exchanges[found.exchanges["exchange"] != ""], "Exchange", "exchange"),
    ):
        sheet = book.create_sheet(name)
        heads = (
            "Network",
            head,
            "Indicator",
            "Unit",
            *_FIGURES,
            "The whole",
            "Grade",
            "Over-claim",
            "Not known",
            "Measured against",
            "Basis",
        )
        table(sheet, 1, (*heads, "Sources", "Key"), _rows(frame, key, vintage))
        widths(sheet, (20, 44, 34, 12, *[14] * len(_FIGURES), 10, 8, 22, 50, 40, 40, 50, 40))
        sheet.freeze_panes = "D2"
    _add_years(book, found, vintage)


def _add_years(book: Workbook, found: Benefits, vintage: str) -> None:
    """The sheet Years: what is counted of each programme and exchange in each year that it lasts; none where nobody states how long."""
    dated = found.years.groupby(["programme", "exchange"], sort=False)["year"].transform("max") > 1
    years = found.years[dated]
    if years.empty:
        return
    names = dict(zip(found.programmes["programme"], found.programmes["name"], strict=True))
    names |= dict(zip(found.exchanges["exchange"], found.exchanges["name"], strict=True))
    sheet = book.create_sheet(YEARS)
    told = [
        f"{head}{end}"
        for head in ("Benefit", "Cumulated", "Attributed", "Attributed, cumulated")
        for end in ("", ", mean", ", 5 %", ", 95 %")
    ]
    heads = ("Network", "Programme or exchange", "Indicator", "Unit", "Year", "Factor", *told)
    table(
        sheet,
        1,
        (*heads, "Range", "Scheme", "Remark", "Key"),
        (_year(row, names, vintage) for row in years.to_dict("records")),
    )
    widths(sheet, (28, 44, 34, 12, 8, 10, *[16] * len(told), 22, 34, 40, 40))
    sheet.freeze_panes = "D2"


def _year(row: Mapping[Any, Any], names: Mapping[str, str], vintage: str) -> tuple[Value, ...]:
    key = row["programme"] or row["exchange"]
    figures = [f"{name}{end}" for name in ("", "cumulated", "attributed", "attributed_cumulated") for end in ("", "_mean", "_low", "_high")]
    numbers = (float(row[name.removeprefix("_") or "value"]) for name in ("factor", *figures))
    named = (_network(row, vintage), names[key], INDICATORS[row["indicator"]][0], row["unit"], int(row["year"]))
    return (*named, *numbers, _ALARM[bool(row["alarm"])], row["scheme"], row["note"], key)


def _network(row: Mapping[Any, Any], vintage: str) -> str:
    """Vintage and network, against today."""
    return f"{vintage}: {_STATES.get(row['state'], row['state']).lower()}, less today"


def _rows(frame: pd.DataFrame, key: str, vintage: str) -> Iterator[tuple[Value, ...]]:
    for row in frame.to_dict("records"):
        numbers = (float(row[name]) for name in _COLUMNS)
        named = (_network(row, vintage), row["name"], row["label"], row["unit"])
        yield (*named, *numbers, *_words(row, key))


def _words(row: Mapping[Any, Any], key: str) -> tuple[Value, ...]:
    """What a row says beside its numbers."""
    texts = (
        row["bound"],
        row["grade"],
        _ALARM[bool(row["alarm"])],
        row["unknown"],
        row["reference"],
        row["basis"],
        row["sources"],
        row[key],
    )
    return tuple(str(text or "") for text in texts)
