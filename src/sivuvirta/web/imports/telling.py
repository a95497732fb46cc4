"""Telling: what is wrong with a file, as cards that show each bad cell in the part of the sheet around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from openpyxl.utils import get_column_letter

from sivuvirta.errors import Problem
from sivuvirta.tables.cells import as_text
from sivuvirta.tables.schema import schema
from sivuvirta.web.imports.mapping import Part
from sivuvirta.web.imports.sheets import Sheet
from sivuvirta.web.registry.seen.names import called

MOST = 50
"""Cards on a page; the rest comes when these are mended."""

_BESIDE = 2  # columns shown on each side of a bad cell
_LONG = 60  # signs of a cell that are shown


def cards(errors: list[Problem], warnings: list[Problem], sheets: Mapping[str, Sheet], parts: Mapping[str, Part]) -> dict[str, Any]:
    """Problems as pages show them: cells, what concerns whole columns, and what is only pointed out.

    Args:
        errors: that have to be mended.
        warnings: that need not.
        sheets: of the file, by name.
        parts: of the file, by table.
    """
    cells: dict[tuple[Any, ...], dict[str, Any]] = {}
    columns: dict[tuple[str, str, str], dict[str, Any]] = {}
    rows = {name: {line: at for at, line in enumerate(sheet.lines)} for name, sheet in sheets.items()}
    lines = {name: frozenset(part.lines) for name, part in parts.items()}
    for problem in errors:
        part = parts.get(problem.table)
        place = None if part is None else _place(part, problem.column)
        at = None if part is None or not problem.row else rows.get(part.sheet, {}).get(problem.row)
        if part is None or at is None or place is None or problem.row not in lines[problem.table]:
            _count(columns, problem)
            continue
        row = sheets[part.sheet].rows[at]
        text = as_text(row[place]) if place < len(row) else ""
        key = (part.sheet, place, text, problem.rule) if text and problem.column else (part.sheet, place, at, "")
        found = cells.get(key)
        if found is None:
            if len(cells) < MOST:
                found = cells[key] = _card(problem, sheets[part.sheet], (at, place), text)
            else:
                cells[key] = found = {"others": 0, "problems": []}
        elif found.get("line") != problem.row:
            found["others"] += 1
        told = {"message": problem.message, "repair": problem.repair}
        if told not in found["problems"] and len(found["problems"]) < 3:
            found["problems"].append(told)
    shown = sorted((card for card in cells.values() if "line" in card), key=lambda card: (card["sheet"], card["line"], card["column"]))
    pointed: dict[tuple[str, str, str], dict[str, Any]] = {}
    for problem in warnings:
        _count(pointed, problem)
    answer: dict[str, Any] = {"cards": shown, "more": len(cells) - len(shown), "errors": len(errors)}
    return {**answer, "columns": list(columns.values())[:MOST], "warnings": list(pointed.values())[:MOST]}


def _place(part: Part, column: str | None) -> int | None:
    """Where in the sheet a column stands; a key that was made stands where the name does."""
    if column is None:
        return min(part.places.values(), default=None)
    if column in part.places:
        return part.places[column]
    label = called(schema()[part.table])
    return part.places.get(label) if (column,) == schema()[part.table].key else None


def _count(into: dict[tuple[str, str, str], dict[str, Any]], problem: Problem) -> None:
    key = (problem.table, problem.column or "", problem.message)
    if key not in into:
        place = {"table": problem.table, "column": problem.column or "", "line": problem.row or 0, "sheet": problem.file}
        into[key] = {**place, "message": problem.message, "repair": problem.repair, "count": 0}
    into[key]["count"] += 1


def _card(problem: Problem, sheet: Sheet, cell: tuple[int, int], text: str) -> dict[str, Any]:
    at, place = cell
    first, last = max(0, place - _BESIDE), place + _BESIDE
    around = [number for number in (at - 1, at, at + 1) if 0 <= number < len(sheet.rows)]
    width = range(first, max(last, place) + 1)
    grid = [
        {"line": sheet.lines[number], "cells": [{"text": _cell(sheet.rows[number], each), "bad": (number, each) == cell} for each in width]}
        for number in around
    ]
    return {
        "sheet": sheet.name,
        "line": problem.row,
        "column": place,
        "letter": get_column_letter(place + 1),
        "name": problem.column or "",
        "table": problem.table,
        "unit": problem.unit,
        "text": text,
        "problems": [],
        "others": 0,
        "letters": [get_column_letter(each + 1) for each in width],
        "grid": grid,
    }


def _cell(row: Iterable[Any], place: int) -> str:
    cells = list(row)
    return as_text(cells[place])[:_LONG] if place < len(cells) else ""
