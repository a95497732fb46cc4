"""Steps: rows of one table that are added, changed or removed together: laid ready part by part, then written at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from attrs import evolve, frozen
from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.models import MODELS, Organisations, Register
from sivuvirta.web.registry.rows import MARK, row_key, widest
from sivuvirta.web.registry.sought import sought
from sivuvirta.web.registry.writes.changing import OpenedError, RefusedError, ShutError, taken_out
from sivuvirta.web.registry.writes.moving import agreed, may_give
from sivuvirta.web.registry.writes.owners import ASKED
from sivuvirta.web.registry.writes.staging import Stage, done, makers, quoted, stage

ADD, CHANGE, REMOVE = "add", "change", "remove"
KEPT = ("circle", "circles", "bands", "anonymous", "matched", MARK)
"""What a row says beside its columns."""

_TOLD = 5  # rows that a refusal names
_OWNER = "owner"  # key of the organisation that holds a row


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


class Holding(Protocol):
    """Who writes, who sees what is new, and who holds rows."""

    by: Viewer
    circle: Level

    def holders(self, table: str, rows: Sequence[Mapping[str, Any]]) -> list[str | None]:
        """Keys of the organisations that hold rows as they will be."""

    def entered(self, owner: str | None) -> bool | None:
        """Whether what is written is entered for its holder by another, or by one of its editors; None where neither is so."""


class Step(ABC):
    """Rows of one table that one thing is done with."""

    action: str

    def __init__(self, register: Register, table: str) -> None:
        self.register, self.table, self.model = register, table, MODELS[table]
        self.count = 0
        fields = [each for each in self.model._meta.concrete_fields if not each.primary_key and each.name != "holder"]
        self.making = makers(fields)
        self.stage = self.made()
        self.gone: set[tuple[int | None, str | None]] = set()  # who held rows that go to another holder, and the key of that one

    def made(self) -> Stage:
        """Where its rows are laid ready."""
        return stage(self.model, self.making, (_OWNER,))

    @abstractmethod
    def lay(self, part: list[Line], holding: Holding) -> list[Line]:
        """Make rows ready; tells what the log says of them."""

    @abstractmethod
    def put(self) -> None:
        """Write them."""

    @property
    def at(self) -> str:
        """The model's table, as a statement has it."""
        return quoted(self.model._meta.db_table)

    @property
    def ready(self) -> str:
        """The table of what is ready, as a statement has it."""
        return quoted(self.stage.name)

    def holder(self) -> str:
        """What finds the number of the organisation whose key is laid ready; it may be one that was only just added."""
        named, key = quoted(Organisations._meta.db_table), f"{self.ready}.{quoted(_OWNER)}"
        return f"(SELECT o.id FROM {named} o WHERE o.register_id = {int(self.register.pk)} AND o.row_key = {key})"  # noqa: S608

    def cells(self, values: Mapping[str, Any]) -> list[Any]:
        """Values as the database has them, by the columns of the stage."""
        return [None if (value := values.get(name)) is None else does(value) for name, does in self.making.items()]


class Adding(Step):
    """New rows."""

    action = ADD

    def lay(self, part: list[Line], holding: Holding) -> list[Line]:
        """Values of the rows, with who holds and who sees them."""
        table = self.model.schema
        start = {each.column: each.get_default() for each in self.model._meta.concrete_fields if each.column in self.making}
        start |= {"register_id": self.register.pk, "circle": int(holding.circle)}
        owners = holding.holders(self.table, [line.after for line in part])
        rows: list[list[Any]] = []
        told: list[Line] = []
        for line, owner in zip(part, owners, strict=True):
            row = {**start, **line.after}
            row["row_key"] = row_key(table, {name: row.get(name) for name in table.key})
            row["widest"] = widest(row["circle"], row["circles"])
            row[MARK] = line.after.get(MARK, bool(holding.entered(owner)))
            row["sought"] = sought(table, row)
            rows.append([*self.cells(row), owner])
            told.append(evolve(line, after={**line.after, MARK: True}) if row[MARK] else line)
        self.stage.put(rows)
        return told

    def put(self) -> None:
        """Write them; a new organisation holds itself."""
        names = ", ".join(map(quoted, self.stage.columns))
        own = self.table == "organisations"
        held = "NULL" if own else self.holder()
        done(f"INSERT INTO {self.at} ({names}, holder_id) SELECT {names}, {held} FROM {self.ready}")  # noqa: S608 - our own names
        if own:
            rows = self.model.objects.filter(register=self.register, holder=None, row_key__in=self.stage.these("row_key"))
            rows.update(holder=F("pk"))


class Changing(Step):
    """Rows as they will be, each with the version that it will have."""

    action = CHANGE

    def made(self) -> Stage:
        """Where its rows are laid ready, each with its number."""
        return stage(self.model, ("id", *self.making), (_OWNER,))

    def lay(self, part: list[Line], holding: Holding) -> list[Line]:
        """Rows as they are, with what changes."""
        table, changed = self.model.schema, {line.key: line for line in part}
        rows = found(self, part, holding.by, ("id", "holder_id", *self.making))
        keys = [row["row_key"] for row in rows]
        for row in rows:
            row.update(changed[row["row_key"]].after)
            row["version"] += 1
            row["row_key"] = row_key(table, {name: row[name] for name in table.key})
            row["widest"] = widest(row["circle"], row["circles"])
            row["sought"] = sought(table, row)
        owners = holding.holders(self.table, rows)
        self._stay(rows, owners, holding.by)
        told = [_marked(changed[key], row, holding.entered(owner)) for key, row, owner in zip(keys, rows, owners, strict=True)]
        self.stage.put([[row["id"], *self.cells(row), owner] for row, owner in zip(rows, owners, strict=True)])
        self.count += len(rows)
        return told

    def _stay(self, rows: Sequence[Mapping[str, Any]], owners: Sequence[str | None], by: Viewer) -> None:
        """Nothing, where no row goes to another holder that may not.

        Raises:
            OpenedError: one does.
        """
        if self.table == "organisations":  # they hold themselves
            return
        keys = self._keys(owners)
        moved = {
            row["id"]: (row, (row["holder_id"], keys.get(owner)), owner)
            for row, owner in zip(rows, owners, strict=True)
            if row["holder_id"] != keys.get(owner)
        }
        self.gone |= {(pair[0], owner) for _row, pair, owner in moved.values()}
        asked = {pk: row["row_key"] for pk, (row, pair, _owner) in moved.items() if not agreed(pair, by)}
        if asked:
            whole = self.model.objects.filter(pk__in=asked).told(by.others(), *self.model.schema.columns)
            for pk in asked.keys() - set(whole.values_list("pk", flat=True)):
                raise OpenedError(asked[pk])
        free = {pair: may_give(pair, by, whole=True) for pair in {moved[pk][1] for pk in asked}}
        for pk, key in asked.items():
            if not free[moved[pk][1]]:
                raise OpenedError(key)

    def _keys(self, owners: Sequence[str | None]) -> dict[str | None, int | None]:
        """Numbers of organisations by key; of new ones there is none yet."""
        wanted = sorted({owner for owner in owners if owner})
        found: dict[str | None, int | None] = {None: None}
        for at in range(0, len(wanted), ASKED):
            part = Organisations.objects.filter(register=self.register, row_key__in=wanted[at : at + ASKED])
            found |= dict(part.values_list("row_key", "pk"))
        return found

    def put(self) -> None:
        """Write those that have the version still that they had."""
        names = [name for name in self.making if name != "register_id"]
        given = ", ".join(f"{quoted(name)} = {self.ready}.{quoted(name)}" for name in names)
        same = f"{self.at}.id = {self.ready}.id AND {self.at}.version = {self.ready}.version - 1"
        if done(f"UPDATE {self.at} SET {given}, holder_id = {self.holder()} FROM {self.ready} WHERE {same}") != self.count:  # noqa: S608
            raise stale(self)


class Removing(Step):
    """Rows that are taken out, kept whole in the log."""

    action = REMOVE

    def made(self) -> Stage:
        """Numbers, keys and versions of the rows."""
        return stage(self.model, ("id", "row_key", "version"))

    def lay(self, part: list[Line], holding: Holding) -> list[Line]:
        """Rows as they are, for the log."""
        self.by = holding.by
        columns = tuple(self.model.schema.columns)
        rows = found(self, part, holding.by, ("id", "row_key", "version", *columns, *KEPT, "holder_id"))
        if not all(map(holding.by.writes, {row["holder_id"] for row in rows})):
            raise RefusedError(_("%(who)s may not write rows that are not their organisation's.") % {"who": holding.by.name})
        for row in rows:
            circles, circle = row["circles"], row["circle"]
            if row["holder_id"] not in holding.by.edits and min(circles.get(name, circle) for name in columns) < holding.by.floor:
                raise ShutError(row["row_key"])
        self.stage.put([[row["id"], row["row_key"], row["version"]] for row in rows])
        self.count += len(rows)
        usual = {name: self.model._meta.get_field(name).get_default() for name in KEPT[2:]}
        told: list[Line] = []
        for row in rows:
            known = {name: row[name] for name in columns if row[name] is not None}
            kept = {name: row[name] for name in KEPT if name not in usual or row[name] != usual[name]}
            told.append(Line(REMOVE, self.table, row["row_key"], row["version"], {**known, **kept}, {}))
        return told

    def put(self) -> None:
        """Take them out, where nothing names them and each has the version still that it had."""
        same = f"SELECT {self.at}.id FROM {self.at} JOIN {self.ready} ON {self.at}.id = {self.ready}.id"  # noqa: S608 - our own names
        same += f" AND {self.at}.version = {self.ready}.version"
        same += f" FOR UPDATE OF {self.at}" if connection.features.has_select_for_update else ""
        if done(f"SELECT count(*) FROM ({same}) AS held") != self.count:  # noqa: S608 - our own names
            raise stale(self)
        rows = self.model.objects.filter(pk__in=self.stage.these("id"))
        if self.table == "organisations":
            rows.update(holder=None)
        rows.delete()
        keys = self.stage.these("row_key")
        if named := some(naming(self.register, self.table, keys, self.by)):
            raise RefusedError(
                _("Rows of '%(table)s' are named by others: %(rows)s. Change those first.") % {"table": self.table, "rows": named}
            )
        taken_out.send(self.model, register=self.register, table=self.table, keys=keys)


STEPS: Mapping[str, type[Step]] = {ADD: Adding, CHANGE: Changing, REMOVE: Removing}


def _marked(line: Line, row: dict[str, Any], entered: bool | None) -> Line:
    """What the log says of a row that changes, with its mark where that changes too; a line that tells the mark itself is kept."""
    if MARK in line.after or entered is None or entered == row[MARK]:
        return line
    row[MARK] = entered
    return evolve(line, before={**line.before, MARK: not entered}, after={**line.after, MARK: entered})


def found(step: Step, part: list[Line], by: Viewer, columns: Iterable[str]) -> list[dict[str, Any]]:
    """Rows as they are, each with the version that its line knows, in the order of the lines.

    Raises:
        StaleError: some are not there, or not any more as they were, or not the viewer's to change.
    """
    rows = step.model.objects.filter(register=step.register).restrict(by, "change")
    here: dict[str, dict[str, Any]] = {}
    for at in range(0, len(part), ASKED):
        keys = [line.key for line in part[at : at + ASKED]]
        here |= {row["row_key"]: row for row in rows.filter(row_key__in=keys).values(*columns)}
    other = [line.key for line in part if line.key not in here or here[line.key]["version"] != line.version]
    if other:
        raise StaleError(_("These rows were changed meanwhile, or are gone: %(rows)s.") % {"rows": some(other)})
    return [here[line.key] for line in part]


def stale(step: Step) -> StaleError:
    """What is said of rows that changed between being made ready and being written."""
    return StaleError(_("Rows of '%(table)s' were changed meanwhile. Look at what would change now.") % {"table": step.table})


def naming(register: Register, table: str, keys: Any, by: Viewer) -> Iterator[str]:
    """Rows that name rows of these keys, in words; a few of each column. Of those that a viewer does not see only that there are some."""
    if len(MODELS[table].schema.key) > 1:
        return
    hidden = False
    for name, other in MODELS.items():
        for column in other.schema.columns.values():
            if table not in column.references or column.listed:
                continue
            where: dict[str, Any] = {"register": register, f"{column.name}__in": keys}
            if len(column.references) > 1 and "table" in other.schema.columns:
                where["table"] = table
            rows = other.objects.filter(**where).order_by()
            seen = rows.restrict(by).told(by, column.name).values_list("row_key", flat=True)[: _TOLD + 1]
            yield from (f"{name} {key}" for key in seen)
            hidden = hidden or (not seen and rows.exists())
    if hidden:
        yield _("rows that are not open to you")


def some(found: Iterable[str]) -> str:
    """A few of many, in words."""
    every = list(found)
    more = len(every) - _TOLD
    return ", ".join(every[:_TOLD]) + (_(" and %(more)s more") % {"more": more} if more > 0 else "")
