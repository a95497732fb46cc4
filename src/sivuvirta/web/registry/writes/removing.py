"""Removing: the step of rows that are taken out, where nothing names them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.registry.models import MODELS, Organisations, Register
from sivuvirta.web.registry.rows import HOLDER, KEPT, beside
from sivuvirta.web.registry.writes.changing import RefusedError, ShutError, taken_out
from sivuvirta.web.registry.writes.staging import Stage, done, stage
from sivuvirta.web.registry.writes.steps import REMOVE, TOLD, Holding, Line, Step, found, some, stale


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
        holders = dict(Organisations.objects.filter(pk__in={row["holder_id"] for row in rows}).values_list("pk", "row_key"))
        told: list[Line] = []
        for row in rows:
            known = {name: row[name] for name in columns if row[name] is not None}
            held = {HOLDER: holders[row["holder_id"]]} if row["holder_id"] in holders else {}
            told.append(Line(REMOVE, self.table, row["row_key"], row["version"], {**known, **beside(self.model, row), **held}, {}))
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
            seen = rows.restrict(by).told(by, column.name).values_list("row_key", flat=True)[: TOLD + 1]
            yield from (f"{name} {key}" for key in seen)
            hidden = hidden or (not seen and rows.exists())
    if hidden:
        yield _("rows that are not open to you")
