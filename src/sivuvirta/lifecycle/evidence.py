"""Evidence: grade and sources of the rows of the register behind the processes of a foreground."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.lifecycles import Inventory
from sivuvirta.domain.provenance import sources
from sivuvirta.links.money import factor_rows

_TABLES = {"haul": "modes", "outlet": "fates", "plant": "technologies"}


@frozen(eq=False, slots=False)
class Evidence:
    """Where to look for what stands behind a process; `ledgers` are the planned one and the reference."""

    ledgers: tuple[Ledger, ...]
    inventory: Inventory

    def emitter(self, at: int) -> tuple[str, str]:
        """Grade and sources, parted by "; ", of what a process emits itself: its row of factors, modes, fates or technologies."""
        return _joined([self._own(at)])

    def activity(self, at: int) -> tuple[str, str]:
        """Grade and sources of a flow or plant: of its own rows, and of everything that it takes or replaces."""
        return _joined([self._own(at), *(self._own(row) for row in self._takes.get(at, ()))])

    def _own(self, at: int) -> tuple[str, str]:
        kind, _, name = str(self.inventory.processes.key[at]).partition(":")
        links = self.ledgers[0].links
        region = links.region
        if kind == "arc":
            return self._flows[int(name)]
        if kind == "product":
            return _told(region.table("factors"), int(self._factors[region.table("products").index[name]]))
        if kind == "plant":
            work = np.flatnonzero(links.nodes.id[links.works.node] == name)
            name = str(links.works.technology[work[0]]) if len(work) else ""
        table = region.table(_TABLES[kind]) if kind in _TABLES else None
        return ("", "") if table is None else _told(table, table.index.get(name, -1))

    @cached_property
    def _takes(self) -> dict[int, list[int]]:
        """What each process takes."""
        entries, found = self.inventory.exchanges, dict[int, list[int]]()
        for row, column in zip(entries.row.tolist(), entries.column.tolist(), strict=True):
            if row != column:
                found.setdefault(column, []).append(row)
        return found

    @cached_property
    def _factors(self) -> Any:
        return factor_rows(self.ledgers[0].links.region)

    @cached_property
    def _flows(self) -> dict[int, tuple[str, str]]:
        """Grade and sources of every flow, of the first ledger that has it."""
        found: dict[int, tuple[str, str]] = {}
        for ledger in reversed(self.ledgers):
            told = zip(ledger.arc.tolist(), ledger.grade.tolist(), sources(ledger.links, ledger.arc), strict=True)
            found |= {arc: (Grade(int(grade)).name, text) for arc, grade, text in told}
        return found


def _told(table: Any, row: int) -> tuple[str, str]:
    return ("", "") if row < 0 else (str(table["grade"][row] or ""), str(table["source"][row] or ""))


def _joined(parts: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """The worst grade, and every source once."""
    known = list(parts)
    names = dict.fromkeys(name for _, text in known for name in text.split("; ") if name)
    return max((grade for grade, _ in known), default=""), "; ".join(names)
