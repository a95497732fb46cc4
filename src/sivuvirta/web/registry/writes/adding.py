"""Adding: the step of rows that are new."""

from __future__ import annotations

from typing import Any

from attrs import evolve
from django.db.models import F

from sivuvirta.web.registry.rows import MARK, row_key, widest
from sivuvirta.web.registry.sought import sought
from sivuvirta.web.registry.writes.staging import done, quoted
from sivuvirta.web.registry.writes.steps import ADD, Holding, Line, Step


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
            if line.version:
                row["version"] = line.version + 1  # above all that it had: whoever holds an older form of it is told
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
