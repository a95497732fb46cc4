"""Owners: whose rows are, for many rows at once; what is asked of the database is asked in parts and once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from attrs import field, frozen

from sivuvirta.web.registry.holders import LEADS, holder, ways
from sivuvirta.web.registry.models import MODELS, Register

ASKED = 500
"""Keys asked for at once: databases bound what one question may hold."""

_LEADING = frozenset({"organisations", "sites", "streams", "needs", "plants", "stocks"})


@frozen(eq=False)
class Owners:
    """Whose rows are.

    Args:
        register: of the rows.
        own: rows that are not in the database yet, by table, as their columns.
    """

    register: Register
    own: Mapping[str, Iterable[Mapping[str, Any]]] = {}
    _rows: dict[tuple[str, str], Mapping[str, Any] | None] = field(factory=dict, init=False)
    asked: set[tuple[str, str]] = field(factory=set, init=False)  # rows of the database on the way to a holder, by table and key

    def __attrs_post_init__(self) -> None:
        for table, rows in self.own.items():
            self.remember(table, rows)

    def remember(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Rows as they will be, whatever the database says of them now."""
        if table in _LEADING:
            (key,) = MODELS[table].schema.key
            leads = [key, *(name for name in MODELS[table].schema.columns if name in LEADS and name != key)]
            self._rows.update({(table, str(row[key])): {name: row.get(name) for name in leads} for row in rows if row.get(key)})

    def learn(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Fetch what rows name on the way to their holders."""
        wanted: dict[str, set[str]] = {}
        for row in rows:
            for other, key in ways(table, row):
                if (other, key) not in self._rows:
                    wanted.setdefault(other, set()).add(key)
        for other, keys in wanted.items():
            named, source = MODELS[other], iter(sorted(keys))
            new = [(other, key) for key in keys]
            self.asked.update(new)
            self._rows.update(dict.fromkeys(new))
            while part := list(islice(source, ASKED)):
                found = list(named.objects.filter(register=self.register, row_key__in=part).values(*named.schema.columns))
                self._rows.update({(other, row[named.schema.key[0]]): row for row in found})
                self.learn(other, found)

    def key(self, table: str, row: Mapping[str, Any]) -> str | None:
        """Key of the organisation that holds a row; None where it is the register's own."""
        return holder(table, row, lambda other, key: self._rows.get((other, key)))
