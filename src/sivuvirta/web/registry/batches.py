"""Batches: the door for changes of many rows at once, in one transaction, each with its entry in the log as if it were the only one.

Rows are written in parts of two thousand, so memory grows with a part and time with the rows. Who may not write one of them writes
none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Any

from attrs import field, frozen
from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.audit.log import entry
from sivuvirta.web.audit.models import Entry
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.changing import RefusedError
from sivuvirta.web.registry.holders import holder, ways
from sivuvirta.web.registry.models import MODELS, Organisations, Register
from sivuvirta.web.registry.rows import Row, Rows

ADD, CHANGE, REMOVE = "add", "change", "remove"
PART = 2000  # rows written at once
_ASKED = 500  # keys asked for at once
_TOLD = 5  # rows that a refusal names
_KEPT = ("circle", "circles")


@frozen
class Line:
    """One row that changes."""

    action: str  # add, change or remove
    table: str
    key: str
    version: int  # that the row has now; 0 where it is new
    before: Mapping[str, Any]  # columns that change, as they are
    after: Mapping[str, Any]  # as they will be


class StaleError(RefusedError):
    """Rows are not as they were when the change was prepared."""


def write(
    register: Register,
    lines: Iterable[Line],
    by: Viewer,
    circle: Level = Level.FACILITATORS,
    tell: Callable[[int], None] = lambda done: None,
) -> Counter[str]:
    """Make all changes, or none.

    Args:
        register: that the rows stand in.
        lines: rows of one table and action together, tables in an order in which none comes before what it names.
        by: who does it.
        circle: who sees the new rows; rows that are there keep who sees them, column by column.
        tell: hears how many rows are done.

    Returns:
        How many rows were added, changed, removed.

    Raises:
        StaleError: a row was changed or made by somebody else meanwhile.
        RefusedError: the viewer may not write one of them, or what is to be removed is named by others.
    """
    done: Counter[str] = Counter()
    with transaction.atomic():
        for (action, table), group in groupby(lines, key=lambda line: (line.action, line.table)):
            while part := list(islice(group, PART)):
                does = {ADD: _add, CHANGE: _change, REMOVE: _remove}[action]
                does(register, table, part, _By(by, circle))
                done[action] += len(part)
                tell(sum(done.values()))
    return done


@frozen
class _By:
    """Who writes, and who sees what is new."""

    viewer: Viewer
    circle: Level


@frozen(eq=False)
class Owners:
    """Whose rows are, for many rows at once; what is asked of the database is asked in parts and once.

    Args:
        register: of the rows.
        own: rows that are not in the database yet, by table, as their columns.
    """

    register: Register
    own: Mapping[str, Iterable[Mapping[str, Any]]] = {}
    _rows: dict[tuple[str, str], Mapping[str, Any] | None] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        for table, rows in self.own.items():
            key = MODELS[table].schema.key
            if len(key) == 1 and table in _LEADING:
                self._rows.update({(table, str(row[key[0]])): row for row in rows if row[key[0]]})

    def learn(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Fetch what rows name on the way to their holders."""
        wanted: dict[str, set[str]] = {}
        for row in rows:
            for other, key in ways(table, row):
                if (other, key) not in self._rows:
                    wanted.setdefault(other, set()).add(key)
        for other, keys in wanted.items():
            named, source = MODELS[other], iter(sorted(keys))
            self._rows.update(dict.fromkeys((other, key) for key in keys))
            while part := list(islice(source, _ASKED)):
                found = list(named.objects.filter(register=self.register, row_key__in=part).values(*named.schema.columns))
                self._rows.update({(other, row[named.schema.key[0]]): row for row in found})
                self.learn(other, found)

    def key(self, table: str, row: Mapping[str, Any]) -> str | None:
        """Key of the organisation that holds a row; None where it is the register's own."""
        return holder(table, row, lambda other, key: self._rows.get((other, key)))


_LEADING = frozenset({"organisations", "sites", "streams", "needs", "plants", "stocks"})


def _holders(register: Register, table: str, rows: Sequence[Mapping[str, Any]]) -> list[int | None]:
    owners = Owners(register)
    owners.learn(table, rows)
    keys = [owners.key(table, row) for row in rows]
    wanted = sorted({key for key in keys if key})
    known: dict[str, int] = {}
    for at in range(0, len(wanted), _ASKED):
        found = Organisations.objects.filter(register=register, organisation__in=wanted[at : at + _ASKED])
        known |= dict(found.values_list("organisation", "pk"))
    return [known.get(key or "") for key in keys]


def _may(by: Viewer, table: str, held: Iterable[int | None]) -> None:
    if not by.maintains and not set(held) <= by.edits:
        raise RefusedError(
            _("%(who)s may not write rows of '%(table)s' that are not their organisation's.") % {"who": by.name, "table": table}
        )


def _add(register: Register, table: str, part: list[Line], by: _By) -> None:
    named = MODELS[table]
    columns = [{name: line.after.get(name) for name in named.schema.columns} for line in part]
    held = _holders(register, table, columns) if table != "organisations" else [None] * len(part)
    _may(by.viewer, table, held)
    rows: list[Any] = []
    for line, values, owner in zip(part, columns, held, strict=True):
        circles = {"circle": line.after.get("circle", by.circle), "circles": line.after.get("circles", {})}
        rows.append(named(register=register, holder_id=owner, **circles, **values).settle())
    try:
        with transaction.atomic():
            named.objects.bulk_create(rows)
    except IntegrityError:
        raise StaleError(_("Somebody made a row of '%(table)s' with one of these keys meanwhile.") % {"table": table}) from None
    if table == "organisations":
        named.objects.filter(register=register, holder=None, pk__in=[row.pk for row in rows]).update(holder=F("pk"))
    _log(register, part, by.viewer)


def _change(register: Register, table: str, part: list[Line], by: _By) -> None:
    named = MODELS[table]
    rows = _locked(register, table, part, by.viewer)
    for line in part:
        row = rows[line.key]
        for name, value in line.after.items():
            setattr(row, name, value)
        row.version += 1
    columns = [{name: getattr(rows[line.key], name) for name in named.schema.columns} for line in part]
    for line, owner in zip(part, _holders(register, table, columns), strict=True):
        rows[line.key].holder_id = owner
        rows[line.key].settle()
    _may(by.viewer, table, [row.holder_id for row in rows.values()])
    fields = [each.name for each in named._meta.concrete_fields if not each.primary_key]
    named.objects.bulk_create(list(rows.values()), update_conflicts=True, unique_fields=["id"], update_fields=fields)
    _log(register, part, by.viewer)


def _remove(register: Register, table: str, part: list[Line], by: _By) -> None:
    rows = _locked(register, table, part, by.viewer)
    told = [
        Line(
            REMOVE, table, line.key, line.version, {**_known(rows[line.key]), **{name: getattr(rows[line.key], name) for name in _KEPT}}, {}
        )
        for line in part
    ]
    pks = [row.pk for row in rows.values()]
    named = MODELS[table].objects.filter(pk__in=pks)
    if table == "organisations":
        named.update(holder=None)
    named.delete()
    if found := named_by(register, table, list(rows)):
        raise RefusedError(_("Rows of '%(table)s' are named by others: %(rows)s. Change those first.") % {"table": table, "rows": found})
    _log(register, told, by.viewer)


def _known(row: Row) -> dict[str, Any]:
    return {name: value for name in row.schema.columns if (value := getattr(row, name)) is not None}


def _locked(register: Register, table: str, part: list[Line], by: Viewer) -> dict[str, Row]:
    """Rows as they are, locked until the transaction ends, each with the version that its line knows."""
    rows: Rows = MODELS[table].objects.filter(register=register).restrict(by, "change").select_for_update(of=("self",))
    found: dict[str, Row] = {}
    for at in range(0, len(part), _ASKED):
        keys = [line.key for line in part[at : at + _ASKED]]
        found |= {row.row_key: row for row in rows.filter(row_key__in=keys)}
    other = [line.key for line in part if line.key not in found or found[line.key].version != line.version]
    if other:
        raise StaleError(_("These rows were changed meanwhile, or are gone: %(rows)s.") % {"rows": _some(other)})
    return found


def _log(register: Register, part: Iterable[Line], by: Viewer) -> None:
    made = [
        entry(by.name, line.action, (register.slug, line.table, line.key), dict(line.before) if line.action != ADD else None,
              dict(line.after) if line.action != REMOVE else None)
        for line in part
    ]  # fmt: skip
    Entry.objects.bulk_create(made)


def named_by(register: Register, table: str, keys: list[str]) -> str:
    """Which rows that are still there name rows of these keys, in words; "" where none does."""
    if len(MODELS[table].schema.key) > 1:
        return ""
    found: list[str] = []
    for name, other in MODELS.items():
        for column in other.schema.columns.values():
            if table not in column.references or column.listed:
                continue
            where: dict[str, Any] = {"register": register}
            if len(column.references) > 1 and "table" in other.schema.columns:
                where["table"] = table
            for at in range(0, len(keys), _ASKED):
                rows = other.objects.filter(**where, **{f"{column.name}__in": keys[at : at + _ASKED]})
                found += [f"{name} {key}" for key in rows.values_list("row_key", flat=True)[:_TOLD]]
                if len(found) >= _TOLD:
                    return _some(found)
    return _some(found)


def _some(found: list[str]) -> str:
    more = len(found) - _TOLD
    return ", ".join(found[:_TOLD]) + (_(" and %(more)s more") % {"more": more} if more > 0 else "")


def newest(register: Register) -> int:
    """The number of the newest entry of the log about a register; 0 where there is none."""
    found: int | None = Entry.objects.filter(register=register.slug).aggregate(newest=Max("pk"))["newest"]
    return found or 0


def undoing(register: Register, request: str, span: tuple[int, int]) -> Iterator[Line]:
    """The changes that take back what was written under one request number, the last first.

    Args:
        register: that it was written in.
        request: number that its entries bear.
        span: numbers of entries between which they stand.

    Raises:
        RefusedError: a row was changed since; the message names it.
    """
    entries = Entry.objects.filter(
        register=register.slug, request=request, pk__gt=span[0], pk__lte=span[1], action__in=(ADD, CHANGE, REMOVE)
    )
    written = {(one.table, one.key): one.action for one in entries.only("table", "key", "action").iterator(chunk_size=PART)}
    later = Entry.objects.filter(register=register.slug, pk__gt=span[1], action__in=(ADD, CHANGE, REMOVE)).values_list(
        "table", "key", "who"
    )
    since = [f"{table} {key} ({who})" for table, key, who in later.iterator(chunk_size=PART) if (table, key) in written]
    if since:
        raise RefusedError(
            _("These rows were changed after the import: %(rows)s. It can no longer be undone as a whole.") % {"rows": _some(since)}
        )
    order = {name: at for at, name in enumerate(MODELS)}
    ways_back = {CHANGE: CHANGE, REMOVE: ADD, ADD: REMOVE}
    for action, back in ways_back.items():
        tables = sorted(
            {table for (table, _key), done in written.items() if done == action}, key=lambda name: order[name], reverse=action == ADD
        )
        for table in tables:
            rows = entries.filter(table=table, action=action).order_by("pk").iterator(chunk_size=PART)
            yield from _back(register, table, back, rows)


def _back(register: Register, table: str, back: str, rows: Iterator[Entry]) -> Iterator[Line]:
    while part := list(islice(rows, PART)):
        versions: dict[str, int] = {}
        for at in range(0, len(part), _ASKED):
            keys = [one.key for one in part[at : at + _ASKED]]
            versions |= dict(MODELS[table].objects.filter(register=register, row_key__in=keys).values_list("row_key", "version"))
        for one in part:
            before, after = one.before or {}, one.after or {}
            names = [*before, *(name for name in after if name not in before)]
            told = {name: before.get(name) for name in names} if back != REMOVE else {}
            yield Line(back, table, one.key, versions.get(one.key, 0), after if back == CHANGE else {}, told)
