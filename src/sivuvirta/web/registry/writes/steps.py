"""Steps: rows of one table that are added, changed or removed together: laid ready part by part, then written at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from attrs import frozen
from django.db import connection
from django.utils.translation import gettext as _

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.core.levels import Level
from sivuvirta.web.registry.models import MODELS, Organisations, Register
from sivuvirta.web.registry.writes.changing import RefusedError
from sivuvirta.web.registry.writes.owners import ASKED
from sivuvirta.web.registry.writes.staging import Stage, done, makers, quoted, stage

ADD, CHANGE, REMOVE = "add", "change", "remove"

TOLD = 5  # rows that a refusal names
OWNER = "owner"  # key of the organisation that holds a row


@frozen
class Line:
    """One row that changes."""

    action: str  # add, change or remove
    table: str
    key: str
    version: int  # that the row has now; of a new one 0, or where it was there before the log's number of its removal
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
        return stage(self.model, self.making, (OWNER,))

    @abstractmethod
    def lay(self, part: list[Line], holding: Holding) -> list[Line]:
        """Make rows ready; tells what the log says of them."""

    def hold(self) -> None:
        """Hold what its rows name until the transaction ends, as `naming.hold` does for one row."""
        if not connection.features.has_select_for_update:
            return
        for name, column in self.model.schema.columns.items():
            for table in column.references if name in self.stage.columns and not column.listed else ():
                if table in MODELS:
                    rows = f"SELECT o.id FROM {quoted(MODELS[table]._meta.db_table)} o WHERE o.register_id = {int(self.register.pk)}"  # noqa: S608
                    named = f"o.row_key IN (SELECT {quoted(name)} FROM {self.ready})"  # noqa: S608 - our own names
                    done(f"SELECT count(*) FROM ({rows} AND {named} ORDER BY o.id FOR SHARE) AS held")  # noqa: S608 - the same

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
        named, key = quoted(Organisations._meta.db_table), f"{self.ready}.{quoted(OWNER)}"
        return f"(SELECT o.id FROM {named} o WHERE o.register_id = {int(self.register.pk)} AND o.row_key = {key})"  # noqa: S608

    def cells(self, values: Mapping[str, Any]) -> list[Any]:
        """Values as the database has them, by the columns of the stage."""
        return [None if (value := values.get(name)) is None else does(value) for name, does in self.making.items()]


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


def some(found: Iterable[str]) -> str:
    """A few of many, in words."""
    every = list(found)
    more = len(every) - TOLD
    return ", ".join(every[:TOLD]) + (_(" and %(more)s more") % {"more": more} if more > 0 else "")
