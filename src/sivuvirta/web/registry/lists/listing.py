"""Listings: the rows of a table that a viewer asked for, filtered, sorted and cut into pages, and never more than they may see.

What is asked stands in the address, so that a list can be kept and sent on:

| part | meaning |
|---|---|
| `q=slag` | rows whose key or one of whose texts holds it |
| `grade=A` | rows with that choice, reference, yes or no |
| `moisture.min=5`, `moisture.max=20` | rows within |
| `sort=-moisture` | largest first; unknown last |
| `columns=name,site` | columns shown |
| `page=3` | |

A filter and a sort by a column take only rows of which the viewer sees that column (`Rows.told`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cached_property
from typing import Any

from attrs import evolve, frozen
from django.core.paginator import Page, Paginator
from django.db.models import F, FloatField, Q
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils.translation import gettext as _

from sivuvirta.tables.schema import ColumnSchema, TableSchema
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.core.prepared import KEYS, Among, objects
from sivuvirta.web.registry.circles import Unsought
from sivuvirta.web.registry.kept import kept
from sivuvirta.web.registry.lists.turning import keys_by_amount, keys_by_column
from sivuvirta.web.registry.meters.meters import give_facts, with_facts
from sivuvirta.web.registry.models import Register, model
from sivuvirta.web.registry.rows import Rows
from sivuvirta.web.registry.schemas import AMOUNT
from sivuvirta.web.registry.seen.amounts import give_amounts, with_amount
from sivuvirta.web.registry.seen.words import column_label

PAGE = 50  # rows of a page
MOST = 10_000  # rows of a list that are counted and have pages; who wants others asks more closely, or takes the list as a file
_LONG = 10  # signs of the number of a page: a longer one is none
_COLUMNS = 8  # shown where nobody chose
_APART = frozenset({"source", "note", "added", "changed", "parent", "part"})  # told of a row, in a list only where somebody asks


@frozen
class Asked:
    """What of a list is asked. Parts of an address that mean nothing are told in `faults` and left out."""

    text: str = ""
    equal: Mapping[str, Any] = {}  # column -> value
    least: Mapping[str, float] = {}  # column -> number
    most: Mapping[str, float] = {}
    sort: str = ""  # a column, "-" before it for the largest first
    columns: tuple[str, ...] = ()
    page: int = 1
    faults: tuple[str, ...] = ()

    @property
    def sorted_by(self) -> str:
        """The column that it is sorted by, "" for none."""
        return self.sort.removeprefix("-")


def asked(table: TableSchema, address: Mapping[str, str]) -> Asked:
    """What an address asks of a table."""
    equal: dict[str, Any] = {}
    bounds: dict[str, dict[str, float]] = {"min": {}, "max": {}}
    faults: list[str] = []
    known = sortable(table)
    for part, written in address.items():
        name, __, end = part.partition(".")
        if part in _WORDS or not written.strip():
            continue
        if name not in known or end not in ("", "min", "max"):
            faults.append(_("A list of %(rows)s cannot be asked for '%(part)s'.") % {"rows": table.title.lower(), "part": part})
        elif end:
            _bound(bounds[end], (name, column_label(table, name)), written, faults)
        elif name in table.columns:
            equal[name] = _value(table.columns[name], written)
    columns = tuple(name for name in address.get("columns", "").split(",") if name in known)
    sort = address.get("sort", "")
    if sort and sort.removeprefix("-") not in known:
        faults.append(_("A list of %(rows)s cannot be sorted by '%(part)s'.") % {"rows": table.title.lower(), "part": sort})
        sort = ""
    return Asked(
        text=address.get("q", "").strip(),
        equal=equal,
        least=bounds["min"],
        most=bounds["max"],
        sort=sort,
        columns=columns or shown(table),
        page=int(page) if (page := address.get("page", "1")).isdecimal() and len(page) < _LONG else 1,
        faults=tuple(faults),
    )


_WORDS = frozenset({"q", "sort", "columns", "page", "view", "format"})


def sortable(table: TableSchema) -> tuple[str, ...]:
    """Names that a list of a table can show, filter and sort: its columns, and the amount of what has one."""
    return (*table.columns, *(AMOUNT if table.name in ("streams", "needs", "stocks") else ()))


def shown(table: TableSchema) -> tuple[str, ...]:
    """The columns of a list that nobody chose: name first, what is required, then the others in their order."""
    plain = [name for name, column in table.columns.items() if column.type != "id" and name not in _APART]
    first = sorted(plain, key=lambda name: (name != "name", not table.columns[name].required))[:_COLUMNS]
    amount = AMOUNT[:1] if table.name in ("streams", "needs", "stocks") else ()
    return (*(name for name in first if name in ("name",)), *amount, *(name for name in plain if name in first and name != "name"))


def _bound(into: dict[str, float], column: tuple[str, str], written: str, faults: list[str]) -> None:
    name, label = column
    try:
        into[name] = float(written.replace(",", "."))
    except ValueError:
        faults.append(_("'%(written)s' is no number: give '%(label)s' as a number.") % {"written": written, "label": label})


def _value(column: ColumnSchema, written: str) -> Any:
    if column.type == "boolean":
        return written.lower() in ("yes", "true", "1")
    return written


class Pages(Paginator):
    """Pages of a list, whose rows are counted no further than anybody turns pages."""

    def __init__(self, rows: Any, counted: Callable[[], int]) -> None:
        super().__init__(rows, PAGE)
        self._counted = counted

    @cached_property
    def found(self) -> int:
        """How many rows were found, one more than `MOST` where there are more."""
        return len(self.object_list) if isinstance(self.object_list, list) else min(MOST + 1, self._counted())

    @property
    def count(self) -> int:
        """How many rows have pages."""
        return min(self.found, MOST)

    @property
    def more(self) -> bool:
        """Whether there are rows beyond the last page."""
        return self.found > MOST


def _whole(table: str) -> Rows:
    """Rows by keys that the gate found."""
    return model(table).objects.filter(Among("pk")).order_by()


def _count(rows: Rows) -> int:
    return int(rows.order_by().values("pk")[: MOST + 1].count())


@frozen(eq=False, slots=False)
class Listing:
    """Rows of one table as one viewer asked for them."""

    register: Register
    table: TableSchema
    viewer: Viewer
    asked: Asked

    @cached_property
    def rows(self) -> Rows:
        """All rows asked for, in order, not yet cut into pages."""
        return self._told(self.found)

    @cached_property
    def found(self) -> Rows:
        """All rows asked for, in order, without what other tables tell of them, but for what is asked."""
        return self._found(sorting=True).order_by(*self._order())

    def _named(self, *, sorting: bool = True) -> set[str]:
        """Columns that are asked for, those of the amount among them."""
        asked = self.asked
        return {*asked.equal, *asked.least, *asked.most, *filter(None, (asked.sorted_by if sorting else "",))}

    def counted(self) -> int:
        """How many rows were found, counted to `MOST` and one more.

        What anybody of the viewer's circle finds is counted once for all of them, until the register changes (`kept`), and those that the
        viewer finds beside it every time: these belong to them or were disclosed to them, and are few.
        """
        named, who = self._named(), self.viewer
        if named & set(AMOUNT) or self.asked.text:  # an amount is a row of its own, whose holder may be another
            return _count(self.found)
        others = evolve(self, viewer=who.others())
        question = (self.table.name, int(who.floor), *self._question(), MOST)
        beyond = self.found.beyond(who, *sorted(named)) if who.apart else None
        return kept(self.register, question, lambda: _count(others.found)) + (0 if beyond is None else _count(beyond))

    def _question(self) -> Iterable[Hashable]:
        """What decides which rows are found."""
        asked = self.asked
        yield from (frozenset(each.items()) for each in (asked.equal, asked.least, asked.most))
        yield asked.sorted_by

    def _found(self, *, sorting: bool) -> Rows:
        """All rows asked for; with or without the amount where they are sorted by it alone."""
        asked, named = self.asked, self._named(sorting=sorting)
        rows = model(self.table.name).objects.filter(register=self.register).restrict(self.viewer)
        if named & set(AMOUNT):
            rows = with_amount(rows, self.table.name, self.register, self.viewer, (*sorted(named & set(AMOUNT)),))
        rows = rows.told(self.viewer, *sorted(named & set(self.table.columns))).filter(*self._filters())
        if asked.text:
            rows = rows.holding(self.viewer, asked.text)
        return rows

    def page(self) -> Page:
        """The page asked for, the last one where there are fewer; of what was found, the first `MOST` rows have pages.

        Rows are found first, by as little of each as can be, and those of the page alone are read whole. Who searches gets the rows that
        were found counted as they come: looking for them twice would take twice the time.
        """
        found: Any = self.found.values_list("pk", flat=True)
        page = Pages(list(found[: MOST + 1]) if self.asked.text else found, self.counted).get_page(self.asked.page)
        keys = self._keys(page)
        rows = {row.pk: row for row in objects(_whole, self.table.name, given={KEYS: keys})} if keys else {}
        page.object_list = [rows[key] for key in keys if key in rows]
        at = (page.object_list, self.table.name, self.register, self.viewer)
        give_amounts(*at)
        give_facts(*at)
        return page

    def _keys(self, page: Page) -> list[int]:
        """Keys of the rows of a page."""
        name, first = self.asked.sorted_by, page.paginator.per_page * (page.number - 1)
        part = slice(first, min(first + page.paginator.per_page, page.paginator.count))
        if isinstance(page.object_list, list) or name in AMOUNT[1:] or not name:
            return list(page.object_list)
        if name == AMOUNT[0]:
            return keys_by_amount(self._found(sorting=False), self.asked.sort, part, (self.table.name, self.register, self.viewer))
        return keys_by_column(self.found, self.asked.sort, part)

    def _told(self, rows: Rows) -> Rows:
        """Rows with what other tables tell of them."""
        rows = with_amount(rows, self.table.name, self.register, self.viewer)
        return with_facts(rows, self.table.name, self.register, self.viewer)

    def _filters(self) -> Iterable[Q]:
        asked = self.asked
        for name, value in asked.equal.items():
            yield Q(**{name: value})
        for name, least in asked.least.items():
            yield Q(GreaterThanOrEqual(self._bounded(name), least))
        for name, most in asked.most.items():
            yield Q(LessThanOrEqual(self._bounded(name), most))

    def _bounded(self, name: str) -> Any:
        """A column between bounds: no index leads to its rows, but where the list is in its order, which reads one anyway."""
        return F(name) if name in (*AMOUNT, self.asked.sorted_by) else Unsought(name, FloatField())

    def _order(self) -> Iterable[Any]:
        """The order asked for; rows of one value go by their number the same way, so that an index is read from either end."""
        name, down = self.asked.sorted_by, self.asked.sort.startswith("-")
        if name:
            order = F(name).desc if down else F(name).asc
            yield order(nulls_last=True)
        yield "-pk" if down else "pk"
