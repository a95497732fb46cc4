"""The shelf of a page: rows of the register and sources that its numbers name, each once, numbered as they are first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import define, field

from sivuvirta.assess.sources.book import key_of, origin_of, source_of
from sivuvirta.domain.region import Region
from sivuvirta.domain.traces import Origin, Source, Traces
from sivuvirta.report.following.basis import Basis


@define
class Shelf:
    """Rows and sources that a page has put down so far."""

    traces: Traces
    region: Region
    _rows: dict[Origin, int] = field(factory=dict)
    _cited: dict[str, int] = field(factory=dict)
    _keys: dict[str, Mapping[str, int]] = field(factory=dict)

    def origins(self, rows: tuple[int, ...]) -> list[int]:
        """Numbers of origins of figures of the assessment."""
        return [self._row(self.traces.origins[at]) for at in rows]

    def told(self, basis: Basis) -> tuple[list[int], list[int]]:
        """Numbers of the rows of a basis, and of the sources that it names beside them."""
        rows = list(dict.fromkeys(self._row(one) for row in basis.rows for one in self._found(row)))
        behind = {self.rows[at].source for at in rows}
        table = self.region.table("sources")
        return rows, [self._source(name) for name in basis.sources if name in table.index and name not in behind]

    @property
    def rows(self) -> list[Origin]:
        """Rows in the order of their numbers."""
        return list(self._rows)

    def source(self, origin: Origin) -> int:
        """Number of the source that a row names, -1 where it names none."""
        known = origin.source in self.traces.sources or origin.source in self.region.table("sources").index
        return self._source(origin.source) if known else -1

    def sources(self) -> list[Source]:
        """Sources in the order of their numbers."""
        every = self.traces.sources
        return [every[name] if name in every else source_of(self.region, name) for name in self._cited]

    def _row(self, origin: Origin) -> int:
        return self._rows.setdefault(origin, len(self._rows))

    def _source(self, name: str) -> int:
        return self._cited.setdefault(name, len(self._cited))

    def _found(self, row: tuple[str, str]) -> list[Origin]:
        """The row of a table and key, or all rows whose keys begin with it, as samples of one analysis do; none where there is none."""
        name, key = row
        if name not in self.region.tables and name not in self.region.library:
            return []
        if name not in self._keys:
            table: Any = self.region.table(name)
            self._keys[name] = {key_of(table, at): at for at in reversed(range(len(table)))}
        known = self._keys[name]
        places = [known[key]] if key in known else [at for each, at in known.items() if each.startswith(f"{key}/")]
        return [origin_of(self.region, name, at) for at in places]
