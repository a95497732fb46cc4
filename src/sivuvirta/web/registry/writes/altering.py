"""Altering: the step of rows that change, and may go to another holder by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.registry.models import Organisations
from sivuvirta.web.registry.rows import MARK, row_key, widest
from sivuvirta.web.registry.sought import sought
from sivuvirta.web.registry.writes.changing import OpenedError
from sivuvirta.web.registry.writes.moving import agreed, may_give
from sivuvirta.web.registry.writes.owners import ASKED
from sivuvirta.web.registry.writes.staging import Stage, done, quoted, stage
from sivuvirta.web.registry.writes.steps import CHANGE, OWNER, Holding, Line, Step, found, stale


class Changing(Step):
    """Rows as they will be, each with the version that it will have."""

    action = CHANGE

    def made(self) -> Stage:
        """Where its rows are laid ready, each with its number."""
        return stage(self.model, ("id", *self.making), (OWNER,))

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


def _marked(line: Line, row: dict[str, Any], entered: bool | None) -> Line:
    """What the log says of a row that changes, with its mark where that changes too; a line that tells the mark itself is kept."""
    if MARK in line.after or entered is None or entered == row[MARK]:
        return line
    row[MARK] = entered
    return evolve(line, before={**line.before, MARK: not entered}, after={**line.after, MARK: entered})
