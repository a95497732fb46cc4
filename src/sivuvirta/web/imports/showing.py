"""Showing: an import as its page tells it."""

from __future__ import annotations

import re
from typing import Any

from attrs import frozen
from django.utils.translation import gettext as _

from sivuvirta.tables.cells import as_text
from sivuvirta.tables.header_units import BY_ROW
from sivuvirta.web.imports.guessing import BESIDE
from sivuvirta.web.imports.models import Session, Stage, last_work
from sivuvirta.web.imports.sessions import SMALL, asked_for
from sivuvirta.web.imports.working import lines_of
from sivuvirta.web.registry.models import MODELS
from sivuvirta.web.registry.schemas import schema
from sivuvirta.web.registry.seen.sentences import sentence
from sivuvirta.web.registry.writes.batches import ADD, CHANGE, REMOVE

PAGE = 50
"""Rows of the difference on one page."""

_AMOUNTS = ("reported_value", "reported_unit", "reported_basis", "value", "low", "high", "grade", "source")
_PROPOSED = re.compile(r"Did you mean '([^']+)'\?|^Write ([+-]?\d[\d., ]*?)(?:;| here)")
_LONG = 120  # signs of a cell that are shown


@frozen
class Shown:
    """A row of the difference."""

    table: str
    title: str
    key: str
    cells: list[tuple[str, str, str, str]]  # column, its label, what is, what will be


def shown(session: Session, kind: str, page: int) -> dict[str, Any]:
    """All that the page of an import shows.

    Args:
        session: to be shown.
        kind: of rows of the difference: add, change or remove; the first that has any where it is none of them.
        page: of it.
    """
    work, found = last_work(session), _told(session)
    counts = found.get("counts", {})
    kinds = [each for each in (ADD, CHANGE, REMOVE) if counts.get(each)]
    kind = kind if kind in kinds else (kinds or [""])[0]
    pages = max(1, -(-counts.get(kind, 0) // PAGE)) if kind else 1
    page = min(max(page, 1), pages)
    rows = [_row(line) for line in lines_of(session.difference, kind, (page - 1) * PAGE, PAGE)] if kind and session.answer else []
    return {
        "register": session.register,
        "session": session,
        "work": work,
        "working": work is not None and not work.ended,
        "failed": work is not None and work.state == "failed",
        "found": found,
        "sheets": _sheets(session),
        "fixed": [_fixed(session, *each) for each in asked_for(session.maps)]
        if session.maps and not any(how.get("ask") for how in session.maps.values())
        else [],
        "kind": kind,
        "kinds": [(each, counts[each]) for each in kinds],
        "rows": rows,
        "page": page,
        "pages": pages,
        "may_undo": session.stage == Stage.ACCEPTED,
        "small": session.size <= SMALL,
    }


def _fixed(session: Session, table: str, column: str, needed: bool) -> dict[str, Any]:
    name = f"{table}.{column}"
    return {"name": name, "title": _title(table), "label": _label(table, column), "needed": needed, "text": session.fixed.get(name, "")}


def _told(session: Session) -> dict[str, Any]:
    """What was found, in the reader's language: a worker has none."""
    found = session.found
    cards = [
        {
            **card,
            "label": _label(card["table"], card["name"]),
            "offered": _offered(card["problems"]) or card["text"],
            "problems": [{name: sentence(text) for name, text in problem.items()} for problem in card["problems"]],
        }
        for card in found.get("cards", ())
    ]
    given = {target for how in session.maps.values() for target in how["targets"]}
    points = {part: [_point(each, given) for each in found.get(part, ())] for part in ("columns", "warnings")}
    return {**found, "cards": cards, **points}


def _offered(problems: list[dict[str, Any]]) -> str:
    """What a cell may be meant to say, by the repair of the one thing that is wrong with it; "" where that proposes nothing."""
    found = {match[1] or match[2] for each in problems if (match := _PROPOSED.search(each["repair"]))}
    return next(iter(found)) if len(found) == 1 == len(problems) else ""


def _point(each: dict[str, Any], given: set[str]) -> dict[str, Any]:
    """What concerns a column or a row; of a column that the file has not, what fills all its cells at once."""
    labels = {"title": _title(each["table"]), "label": _label(each["table"], each["column"])}
    repair = sentence(each["repair"])
    if each["message"] == "The cell is empty." and f"{each['table']}.{each['column']}" not in given:
        repair = _("The file has no such column: give it below under “The same in every row”, or add the column.")
    return {**each, **labels, "message": sentence(each["message"]), "repair": repair}


def _title(table: str) -> str:
    return str(schema()[table].title) if table in schema() else table


def _label(table: str, column: str) -> str:
    columns = schema()[table].columns if table in schema() else {}
    return str(columns[column].label) if column in columns else column


def _option(table: str, name: str) -> dict[str, str]:
    """A column that a heading may mean."""
    column = schema()[table].columns[name]
    text = f"{column.label} [{column.unit}]" if column.unit and column.unit not in BY_ROW else str(column.label)
    return {"target": f"{table}.{name}", "text": text, "help": f"{name}: {column.description}" if column.description else name}


def _row(line: Any) -> Shown:
    names = [*line.after, *(name for name in line.before if name not in line.after)]
    cells = [(name, _label(line.table, name), _text(line.before.get(name)), _text(line.after.get(name))) for name in names]
    return Shown(line.table, _title(line.table), line.key, cells)


def _text(value: Any) -> str:
    if isinstance(value, float):
        return as_text(float(f"{value:.12g}"))  # 1677.5, not 1677.5000000000002
    return as_text(tuple(value) if isinstance(value, list) else value)[:_LONG]


def _sheets(session: Session) -> list[dict[str, Any]]:
    """Sheets with their headings, what each means, and a few cells below it."""
    told, tables = [], [(each, _title(each)) for each in MODELS]
    for at, (name, how) in enumerate(session.maps.items()):
        seen = session.found.get("sheets", {}).get(name, {})
        columns = []
        for number, target in enumerate(how["targets"]):
            heads, below = seen.get("head", []), seen.get("samples", [])
            columns.append(
                {
                    "at": number,
                    "heading": heads[number] if number < len(heads) else "",
                    "samples": below[number] if number < len(below) else [],
                    "target": target,
                    "unit": how["units"][number] if number < len(how["units"]) else "",
                }
            )
        offered = {how["table"]: tuple(schema()[how["table"]].columns)} if how["table"] else {}
        if how["table"] in BESIDE:
            offered[BESIDE[how["table"]]] = _AMOUNTS
        options = [(_title(table), [_option(table, each) for each in names]) for table, names in offered.items()]
        sheet = {"at": at, "name": name, "table": how["table"], "head": how["head"] + 1, "rows": seen.get("rows", 0)}
        told.append({**sheet, "columns": columns, "options": options, "title": _title(how["table"]), "tables": tables})
    return told
