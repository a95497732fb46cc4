"""Words: what the engine's checks say, in the words of the page: columns by their labels, tables by their titles."""

from __future__ import annotations

import re

from attrs import evolve
from django.utils.translation import gettext as _

from sivuvirta.errors import Problem
from sivuvirta.tables.schema import TableSchema
from sivuvirta.web.registry.schemas import AMOUNT, amount_label, schema
from sivuvirta.web.registry.seen.sentences import sentence

_IN_FRAME = re.compile(r"\bin frame '(\w+)'")
_FRAME = re.compile(r"\bframe '(\w+)'")
_ADD_TO = re.compile(r"Add it to '(\w+)', or correct it\.")
_ADD_TO_ONE = "Add it to one of them, or correct it."
_NOT_THERE = re.compile(r"'(.*)' is not in frame '(\w+)'\.", re.DOTALL)
_TWICE = re.compile(r"'(.*)' stands already in row \d+\.", re.DOTALL)
_OF_FIELDS = tuple(
    (re.compile(cell), field)
    for cell, field in (
        (r"The cell is empty\.", "This field is empty."),
        (r"\b([Ll])eave the cell empty\b", r"\1eave the field empty"),
        (r"\ba unit goes into the header(?:, as in '.*')?\.", "the unit stands beside the field's name."),
        (r"\bin the columns of the low and the high end\b", "in the fields of the low and the high end"),
        (r"\bin the column of the low end\b", "in the field of the low end"),
        (r"\binto column 'unit'", "into the field 'unit'"),
        (r"has no unit: the column has none\b", "has no unit: the field has none"),
        (r"\bwithout a unit: the column has none\b", "without a unit: the field has none"),
        (r"The header names the unit '(.*)', but this column has none\.", r"The unit '\1' is named, but this field has none."),
        (r"Format the cell as a number and write the figure again\.", "Write the figure again."),
    )
)
"""What is said of tables, as a form says it."""

_QUOTED = re.compile(r"'(\w+)'")


def plain(problem: Problem) -> Problem:
    """A problem of a cell as a page tells it: no frames, no rows of a file, no raw names."""
    return evolve(problem, message=_said(problem.message, problem), repair=_said(problem.repair, problem))


def column_label(table: TableSchema, name: str) -> str:
    """What people read for a column of a list; the amount, which is no column of the table, among them."""
    return amount_label(name) if name in AMOUNT else table.columns[name].label


def _said(text: str, problem: Problem) -> str:
    if found := _NOT_THERE.fullmatch(text):
        return _("'%(value)s' is not among the %(rows)s of this register.") % {"value": found[1], "rows": _title(found[2]).lower()}
    if found := _TWICE.fullmatch(text):
        return _("'%(value)s' stands already in another row.") % {"value": found[1]}
    text = _IN_FRAME.sub(lambda found: _("among the %(rows)s of this register") % {"rows": _title(found[1]).lower()}, text)
    text = _FRAME.sub(lambda found: _title(found[1]), text)
    text = _ADD_TO.sub(lambda found: _("Choose one from the list, or add it under %(title)s first.") % {"title": _title(found[1])}, text)
    text = text.replace(_ADD_TO_ONE, _("Choose one from the list, or add it first."))
    for cell, field in _OF_FIELDS:
        text = cell.sub(field, text)
    return _QUOTED.sub(lambda found: _named(found, problem), sentence(text))


def _named(found: re.Match[str], problem: Problem) -> str:
    """A quoted name: the label of a column, the title of a table; what the person wrote stays as it is."""
    name = found[1]
    columns = schema()[problem.table].columns if problem.table in schema() else {}
    if name == problem.value or name not in {*columns, *schema()}:
        return found[0]
    return f"'{columns[name].label}'" if name in columns else _title(name)


def _title(table: str) -> str:
    return schema()[table].title if table in schema() else table
