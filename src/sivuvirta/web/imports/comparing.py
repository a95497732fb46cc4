"""Comparing: what a file would change in the register, checked by the engine's reader and rules, all that is wrong at once.

The file's cells are read and turned into the units of the schema first; then they are laid over the rows that the register has, and
the whole, with the rows that it names, goes through the same checks as a region. Time and memory grow with the rows of the file.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from sivuvirta import library
from sivuvirta.domain.table import Table
from sivuvirta.errors import Problem, UnitError
from sivuvirta.tables.cells import as_text
from sivuvirta.tables.checked import checked
from sivuvirta.tables.draft import Draft
from sivuvirta.tables.header_units import BY_ROW, header_factor
from sivuvirta.tables.raw import RawRegion, RawTable
from sivuvirta.tables.schema import region_tables, schema
from sivuvirta.tables.typed_tables import typed_tables
from sivuvirta.units.numbers import Fault
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.imports.endings import Keys, end_keys
from sivuvirta.web.imports.known import Known, around, rows_of, taken
from sivuvirta.web.imports.mapping import Part
from sivuvirta.web.imports.naming import name_rows
from sivuvirta.web.imports.sheets import Tell
from sivuvirta.web.registry.columns import KEY_LENGTH, stored
from sivuvirta.web.registry.holders import LEADS
from sivuvirta.web.registry.models import MODELS, Organisations, Register
from sivuvirta.web.registry.rows import row_key
from sivuvirta.web.registry.writes.batches import ADD, CHANGE, Line
from sivuvirta.web.registry.writes.owners import Owners

_DERIVED = ("value", "low", "high")
"""Columns of amounts that follow from what was reported."""

_SAME = 1e-12  # relative difference of two numbers that are one: a unit was turned there and back
_TWICE = "duplicate_key"  # of two rows of a file, one may say what the register says
_Lines = Mapping[str, frozenset[int]]  # of a file, by table


@frozen(eq=False)
class Compared:
    """What a file says against what the register says."""

    parts: Mapping[str, Part]
    problems: tuple[Problem, ...]  # with the sheet as `file` and its line as `row`
    keys: Mapping[str, list[str]]  # of the rows of each table, in their order
    lines: Callable[[], Iterator[Line]]  # new and changed rows
    same: int
    kept: int  # cells that the person does not see, which stay as they are
    given: Keys  # new keys, by table and what the file writes


@frozen(eq=False)
class _Over:
    """One table of a file laid over the register's rows."""

    part: Part
    table: Table  # typed, in the units of the schema
    keys: list[str]
    here: Mapping[str, Known]


def compare(
    register: Register, parts: list[Part], who: Viewer, seed: str, *, clear: bool = False, tell: Tell = lambda share, text, **places: None
) -> Compared:
    """What a file would change.

    Args:
        register: that it goes to.
        parts: of it; their cells change where names become keys.
        who: sends it, and would hold what is new.
        seed: by which new keys are drawn; nobody else's.
        clear: an empty cell makes what is there unknown; else it leaves it.
        tell: hears how far it is.
    """
    tell(0.2, gettext_noop("Finding what the names mean"))
    name_rows(register, parts, who)
    _short(parts)
    given = end_keys(register, parts, who, seed)
    tell(0.3, gettext_noop("Reading figures and units"))
    draft, problems = _typed(parts)
    order = {name: at for at, name in enumerate(MODELS)}
    over = {part.table: _over(register, part, draft, who) for part in sorted(parts, key=lambda part: order[part.table])}
    tell(0.4, gettext_noop("Looking at the rows that these name"))
    others = around(register, {name: _named(one) for name, one in over.items()}, who)
    tell(0.5, gettext_noop("Checking"))
    raw = [_laid(one, others.pop(one.part.table, {}), clear=clear) for one in over.values()]
    raw += [_context(name, rows) for name, rows in others.items()]
    whole, found = checked(RawRegion(register.slug, "", "sheet", "", tuple(raw)), library.tables())
    tell(0.75, gettext_noop("Comparing"))
    marked = {(problem.table, problem.row, problem.column) for problem in problems} | _shut(over)
    same = {name: _same_rows(one, whole.tables[name]) for name, one in over.items()}
    problems += [problem for problem in found if _mine(problem, over, same) and (problem.table, problem.row, problem.column) not in marked]
    problems += [problem for part in parts for problem in part.problems]
    wrong = {(problem.table, problem.row) for problem in problems if problem.level == "error"}
    problems += [each for each in _not_theirs(register, over, whole, who, same) if (each.table, each.row) not in wrong]
    kept = sum(_kept(one) for one in over.values())

    def lines() -> Iterator[Line]:
        for one in over.values():
            yield from _lines(one, whole.tables[one.part.table])

    keys = {name: one.keys for name, one in over.items()}
    return Compared({part.table: part for part in parts}, tuple(problems), keys, lines, sum(map(len, same.values())), kept, given)


def _short(parts: Iterable[Part]) -> None:
    """A key that is longer than a database keeps becomes a fault of its cell."""
    for part in parts:
        table = schema()[part.table]
        for name in part.columns.keys() & {*table.key, *(each.name for each in table.columns.values() if each.type == "id")}:
            part.columns[name] = [_long(cell) if isinstance(cell, str) and len(cell) > KEY_LENGTH else cell for cell in part.columns[name]]


def _long(text: str) -> Fault:
    told = _("A key has at most %(most)s signs; this one has %(count)s.") % {"most": KEY_LENGTH, "count": len(text)}
    return Fault("long_key", told, _("Shorten it."))


def _typed(parts: Iterable[Part]) -> tuple[Draft, list[Problem]]:
    """The file's cells as the schema has them, in its units where they do not differ from row to row."""
    raw = RawRegion("", "", "sheet", "", tuple(part.raw() for part in parts))
    draft, problems = typed_tables(raw, region_tables(), library.tables())
    changed: dict[str, Table] = {}
    for part in parts:
        for name, unit in part.units.items():
            column = schema()[part.table].columns[name]
            if column.unit not in BY_ROW:
                continue  # the reader did it
            table = changed.get(part.table, draft.tables[part.table])
            try:
                by = header_factor(unit if "/" in unit or not column.unit.endswith("/a") else f"{unit}/a", column)
            except UnitError as error:
                problems.append(Problem(file=part.sheet, table=part.table, rule="wrong_unit", row=1, column=name, message=str(error)))
                continue
            changed[part.table] = Table(table.name, table.key, {**table.columns, name: table[name] * by})
    return draft.with_tables(changed), [problem for problem in problems if problem.rule != "missing_column"]


def _over(register: Register, part: Part, draft: Draft, who: Viewer) -> _Over:
    table = draft.tables[part.table]
    keys = [row_key(schema()[part.table], dict(zip(table.key, _plain(row), strict=True))) for row in _key_cells(table)]
    return _Over(part, table, keys, rows_of(register, part.table, dict.fromkeys(keys), who))


def _named(one: _Over) -> dict[str, list[Any]]:
    """What the rows of a file name, and what the register's rows name that stay as they are."""
    columns = [name for name, column in schema()[one.part.table].columns.items() if column.references]
    return {name: [*one.part.columns.get(name, ()), *(row.values[name] for row in one.here.values())] for name in columns}


def _key_cells(table: Table) -> Iterable[tuple[Any, ...]]:
    return zip(*(table[name].tolist() for name in table.key), strict=True)


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(None if _nothing(value) else int(value) if isinstance(value, float) and value.is_integer() else value for value in row)


def _laid(one: _Over, others: Mapping[str, Known], *, clear: bool) -> RawTable:
    """The rows of a file with what the register says where they say nothing, then the other rows of that table that they name."""
    table, part = schema()[one.part.table], one.part
    rest = [row for key, row in others.items() if key not in set(one.keys)]
    here = [one.here.get(key) for key in one.keys]
    by_row = [name for name, column in table.columns.items() if column.unit in BY_ROW and name in part.columns]
    silent = _silent(one, by_row) if "unit" in table.columns else [False] * len(here)
    reported = part.table == "quantities" and "reported_value" in part.columns and "value" not in part.columns
    cells: list[list[Any]] = []
    for name in table.columns:
        own = one.table[name].tolist()
        if (name in part.columns and clear) or (reported and name in _DERIVED and name not in part.columns):
            filled = own
        else:
            together = name in by_row or (name == "unit" and bool(by_row))
            filled = [
                value if row is None or given or (together and not quiet) else row.values[name]
                for value, row, given, quiet in zip(own, here, _given(part, name), silent, strict=True)
            ]
        cells.append([None if _nothing(value) else value for value in (*filled, *(row.values[name] for row in rest))])
    lines = [*part.lines, *[0] * len(rest)]
    return RawTable(part.table, part.sheet, list(table.columns), cells, lines)


def _given(part: Part, name: str) -> list[bool]:
    """Rows of which the file says something in a column; a detection limit is said by the figure itself."""
    if (part.table, name) == ("analyses", "below") and name not in part.columns:
        name = "value"
    cells = part.columns.get(name)
    return [False] * len(part.lines) if cells is None else [as_text(cell) != "" for cell in cells]


def _silent(one: _Over, by_row: list[str]) -> list[bool]:
    """Rows that say no figure whose unit is the row's own, so that the register's figures and unit stay together."""
    columns = [one.table[name].tolist() for name in by_row]
    return [all(map(_nothing, row)) for row in zip(*columns, strict=True)] if columns else [True] * len(one.keys)


def _context(name: str, rows: Mapping[str, Known]) -> RawTable:
    columns = schema()[name].columns
    cells = [[None if _nothing(row.values[column]) else row.values[column] for row in rows.values()] for column in columns]
    return RawTable(name, "", list(columns), cells, [0] * len(rows))


def _nothing(value: Any) -> bool:
    return value is None or value == () or value != value  # noqa: PLR0124 - NaN


def _shut(over: Mapping[str, _Over]) -> set[tuple[str, int, str]]:
    """Cells of rows that the person does not see: nothing is told of them."""
    return {
        (name, line, column)
        for name, one in over.items()
        for key, line in zip(one.keys, one.part.lines, strict=True)
        if (known := one.here.get(key)) is not None
        for column in known.hidden
    }


def _mine(problem: Problem, over: Mapping[str, _Over], same: _Lines) -> bool:
    """Whether a problem is about a row of the file; what the register says already is not its business."""
    one = over.get(problem.table)
    if one is None or not problem.row or problem.file != one.part.sheet:
        return False
    if problem.row in same[problem.table] and problem.rule != _TWICE:
        return False
    return problem.rule not in ("decimal_comma",) and not (problem.row == 1 and problem.rule in ("missing_column", "unknown_column"))


def _not_theirs(register: Register, over: Mapping[str, _Over], whole: Draft, who: Viewer, same: _Lines) -> list[Problem]:
    """Rows that the person may not write; one that says what the register tells them already changes nothing."""
    found: list[Problem] = []
    owners = Owners(register, {name: _leading(one, whole.tables[name]) for name, one in over.items()})
    mine = set(Organisations.objects.filter(register=register, pk__in=who.writes_for).values_list("organisation", flat=True))
    for name, one in over.items():
        new = [key for key in one.keys if key not in one.here]
        hidden = taken(register, name, new) if new else set()
        records = list(_leading(one, whole.tables[name]))
        owners.learn(name, records)
        for key, line, row in zip(one.keys, one.part.lines, records, strict=True):
            if not key or line in same[name]:
                continue
            known = one.here.get(key)
            if known is not None and not known.may_change:
                found.append(_refused(one, line, _("'%(key)s' is a row that you may not change.") % {"key": key}))
            elif who.bound and owners.key(name, row) not in (mine if name != "organisations" or known else ()):
                found.append(_refused(one, line, _("This row would not be your organisation's.")))  # the same where there is such a row
            elif key in hidden:
                found.append(_refused(one, line, _("'%(key)s' is a row that you may not change.") % {"key": key}))
    return found


def _refused(one: _Over, line: int, message: str) -> Problem:
    column = schema()[one.part.table].key[0]
    repair = _("Leave the row out, or name a site, stream or organisation of your own.")
    return Problem(file=one.part.sheet, table=one.part.table, rule="not_yours", row=line, column=column, message=message, repair=repair)


def _leading(one: _Over, table: Table) -> Iterator[dict[str, Any]]:
    """Rows of a file with the columns by which their holders are found: a row with all of them takes ten times the memory."""
    return _records(one, table, [name for name in table.columns if name in LEADS or name in table.key])


def _records(one: _Over, table: Table, names: list[str]) -> Iterator[dict[str, Any]]:
    columns = [table[name].tolist()[: len(one.keys)] for name in names]
    for row in zip(*columns, strict=True):
        yield dict(zip(names, row, strict=True))


def _values(one: _Over, table: Table) -> Iterator[tuple[str, Known | None, dict[str, Any]]]:
    """Rows of a file as the database keeps them, with what the register has of each."""
    columns = schema()[table.name].columns
    for key, row in zip(one.keys, _records(one, table, list(table.columns)), strict=True):
        yield key, one.here.get(key), {name: stored(value, columns[name]) for name, value in row.items()}


def _same_rows(one: _Over, table: Table) -> frozenset[int]:
    """Lines of rows that say what the register says, as far as the person sees it."""
    rows = zip(one.part.lines, _values(one, table), strict=True)
    return frozenset(line for line, (_key, known, values) in rows if known is not None and not _cells(table.name, known, values))


def _kept(one: _Over) -> int:
    """Cells of the file that the person does not see in the register."""
    rows = (known for key in one.keys if (known := one.here.get(key)) is not None)
    return sum(1 for known in rows for name in known.hidden if name in one.part.columns)


def _lines(one: _Over, table: Table) -> Iterator[Line]:
    for key, known, values in _values(one, table):
        if known is None:
            yield Line(ADD, table.name, key, 0, {}, {name: value for name, value in values.items() if value is not None})
        elif changed := _cells(table.name, known, values):
            before = {name: stored(known.values[name], schema()[table.name].columns[name]) for name in changed}
            yield Line(CHANGE, table.name, key, known.version, before, changed)


def _cells(table: str, known: Known, values: Mapping[str, Any]) -> dict[str, Any]:
    """Cells that differ, with what they become."""
    columns = schema()[table].columns
    return {
        name: value
        for name, value in values.items()
        if name not in known.hidden and not _same(value, stored(known.values[name], columns[name]))
    }


def _same(one: Any, other: Any) -> bool:
    if one == other:
        return True
    numbers = isinstance(one, float | int) and isinstance(other, float | int) and not isinstance(one, bool)
    return bool(numbers and math.isclose(one, other, rel_tol=_SAME))


def settled(problems: Iterable[Problem]) -> tuple[list[Problem], list[Problem]]:
    """Errors and warnings."""
    every = list(dict.fromkeys(problems))
    return [each for each in every if each.level == "error"], [each for each in every if each.level != "error"]
