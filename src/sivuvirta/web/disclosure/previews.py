"""Previews: what a circle of people sees of a row, column by column, as it is or as it would be when a form were kept."""

from __future__ import annotations

from attrs import frozen
from django.forms import BoundField

from sivuvirta.tables.schema import ColumnSchema
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.core.levels import CHOICES, Level
from sivuvirta.web.disclosure.forms import Sharing
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.seen.showing import Cell, facts
from sivuvirta.web.registry.seen.titles import titles

_PARTS = 50  # rows of a table that are named
_OF: dict[str, tuple[tuple[str, str], ...]] = {
    "streams": (("quantities", "subject"), ("analyses", "stream")),
    "needs": (("quantities", "subject"), ("acceptances", "need")),
    "stocks": (("quantities", "subject"),),
}
"""Tables and columns of rows that hold the figures of a row, by its table."""


@frozen
class Field:
    """A column with what its holder sees, what the circle sees, and who is to see it."""

    column: ColumnSchema
    own: Cell
    theirs: Cell
    seen: BoundField
    band: BoundField | None


@frozen
class Shown:
    """A row as a circle sees it."""

    level: int
    circle: str
    there: bool  # whether they see the row at all
    known: tuple[Field, ...]
    empty: tuple[Field, ...]  # columns that say nothing yet

    @property
    def others(self) -> list[tuple[int, str]]:
        """Circles that it may be looked at as."""
        return [(level, str(word)) for level, word in CHOICES if level != Level.PRIVATE]


def shown(register: Register, row: Row, form: Sharing, who: Viewer, wanted: str) -> Shown:
    """A row as a circle sees it: as it would be where a form was sent to be looked at, else as it is.

    Args:
        register: of the row.
        row: that the form is about; nothing of it is kept.
        form: the form.
        who: its reader, who sees what the form speaks of.
        wanted: the level of the circle as it was sent; members where it is none.
    """
    level = Level(int(wanted)) if wanted in ("1", "2", "3") else Level.MEMBERS
    own = {column.name: cell for column, cell in facts(register, row, who)}
    then = type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})
    if wanted and form.is_bound and form.is_valid():
        for name, value in form.values(row).items():
            setattr(then, name, value)
    theirs = {column.name: cell for column, cell in facts(register, then, Viewer("preview", floor=level))}
    fields = [Field(column, own.get(column.name, Cell()), theirs.get(column.name, Cell()), *them) for column, *them in form.single()]
    there = then.settle().widest >= level
    known = tuple(each for each in fields if each.own.known)
    return Shown(int(level), str(dict(CHOICES)[level]), there, known, tuple(each for each in fields if not each.own.known))


def parts(register: Register, row: Row, who: Viewer) -> list[tuple[Row, str]]:
    """Rows that hold figures of a row and that the viewer may share, each with what it is called."""
    found: list[tuple[Row, str]] = []
    for name, column in _OF.get(row.schema.name, ()):
        where = {"register": register, "holder": row.holder, column: row.row_key}
        where |= {"table": row.schema.name} if name == "quantities" else {}
        rows = list(MODELS[name].objects.filter(**where).restrict(who, "change")[:_PARTS])
        found += zip(rows, titles(register, rows, who), strict=True)
    return found
