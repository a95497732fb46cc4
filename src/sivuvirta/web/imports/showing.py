"""Showing: an import as its page tells it."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from sivuvirta.tables.cells import as_text
from sivuvirta.tables.schema import schema
from sivuvirta.web.imports.guessing import BESIDE
from sivuvirta.web.imports.models import Session, Stage, last_work
from sivuvirta.web.imports.sessions import SMALL, asked_for
from sivuvirta.web.imports.working import lines_of
from sivuvirta.web.registry.models import MODELS
from sivuvirta.web.registry.writes.batches import ADD, CHANGE, REMOVE

PAGE = 50
"""Rows of the difference on one page."""

_AMOUNTS = ("reported_value", "reported_unit", "reported_basis", "value", "low", "high", "grade", "source")
_LONG = 120  # signs of a cell that are shown


@frozen
class Shown:
    """A row of the difference."""

    table: str
    key: str
    cells: list[tuple[str, str, str]]  # column, what is, what will be


def shown(session: Session, kind: str, page: int) -> dict[str, Any]:
    """All that the page of an import shows.

    Args:
        session: to be shown.
        kind: of rows of the difference: add, change or remove; the first that has any where it is none of them.
        page: of it.
    """
    work, found = last_work(session), session.found
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
        "fixed": [(table, column, needed, session.fixed.get(f"{table}.{column}", "")) for table, column, needed in asked_for(session.maps)]
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


def _row(line: Any) -> Shown:
    names = [*line.after, *(name for name in line.before if name not in line.after)]
    return Shown(line.table, line.key, [(name, _text(line.before.get(name)), _text(line.after.get(name))) for name in names])


def _text(value: Any) -> str:
    if isinstance(value, float):
        return as_text(float(f"{value:.12g}"))  # 1677.5, not 1677.5000000000002
    return as_text(tuple(value) if isinstance(value, list) else value)[:_LONG]


def _sheets(session: Session) -> list[dict[str, Any]]:
    """Sheets with their headings, what each means, and a few cells below it."""
    told = []
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
        options = [(how["table"], list(schema()[how["table"]].columns))] if how["table"] else []
        if how["table"] in BESIDE:
            options.append((BESIDE[how["table"]], list(_AMOUNTS)))
        sheet = {"at": at, "name": name, "table": how["table"], "head": how["head"] + 1, "rows": seen.get("rows", 0)}
        told.append({**sheet, "columns": columns, "options": options, "tables": list(MODELS)})
    return told
