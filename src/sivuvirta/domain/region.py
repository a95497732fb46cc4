"""A region: its tables over the library's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from attrs import evolve, field, frozen

from sivuvirta.domain.spreads import graded_tables
from sivuvirta.domain.table import Table
from sivuvirta.errors import SivuvirtaError, UnknownNameError


class Writer(Protocol):
    """Saves a region at a path; the path's ending tells the format."""

    def __call__(self, region: Region, path: Path) -> Path:
        """Write it and return where."""


class Overlay(Protocol):
    """Applies scenarios to a region, in order."""

    def __call__(self, region: Region, *scenarios: str) -> Region:
        """The region as it is under them."""


@frozen(eq=False, slots=False)
class Region:
    """A region's register, as it was checked: its own tables over the library's reference tables.

    `tables` are the region's own rows; `library` are reference rows (materials, technologies, prices ...). A row of the region
    replaces the library's row of the same key. `vintage` is the vintage shown, `on` the day whose law is applied,
    `scenarios` are the scenarios applied to the tables, in order. `graded` says that figures without a range have that of their grade.
    """

    name: str
    tables: Mapping[str, Table]
    library: Mapping[str, Table]
    vintage: str | None = None
    title: str = ""
    warnings: tuple[Any, ...] = ()
    writer: Writer | None = field(default=None, repr=False)
    on: str | None = None
    overlay: Overlay | None = field(default=None, repr=False)
    scenarios: tuple[str, ...] = ()
    graded: bool = False
    _merged: dict[str, Table] = field(factory=dict, init=False, repr=False)

    def table(self, name: str) -> Table:
        """A table by name, the region's rows first, then those of the library that they do not replace.

        Raises:
            UnknownNameError: no table has that name.
        """
        if name not in self._merged:
            own, reference = self.tables.get(name), self.library.get(name)
            if own is None and reference is None:
                known = ", ".join(sorted({*self.tables, *self.library}))
                raise UnknownNameError(f"There is no table '{name}'. There are: {known}.")
            self._merged[name] = _overlay(own, reference)
        return self._merged[name]

    @property
    def vintages(self) -> tuple[str, ...]:
        """Names of the vintages, in the order of the table."""
        return tuple(self.table("vintages")["vintage"].tolist())

    @property
    def year(self) -> int:
        """Year of the vintage shown."""
        table = self.table("vintages")
        return int(table["year"][table.index[self.vintage]])

    @property
    def day(self) -> str:
        """Day whose law is applied, as ISO text: the one asked for, else the last of the year shown."""
        return self.on or f"{self.year}-12-31"

    def dated(self, day: str | None) -> Region:
        """The same region under the law of another day: limits, rules, legal paths and permits that are valid then.

        Args:
            day: ISO text, for example "2017-06-30"; None is the last day of the year shown.
        """
        return evolve(self, on=day)

    def at(self, vintage: str) -> Region:
        """The same region at another vintage.

        Raises:
            UnknownNameError: the region has no such vintage.
        """
        if vintage not in self.vintages:
            raise UnknownNameError(f"'{self.name}' has no vintage '{vintage}'. It has: {', '.join(self.vintages)}.")
        return evolve(self, vintage=vintage)

    @property
    def scenario(self) -> str | None:
        """Names of the scenarios applied, joined by +; None for the region as it was registered."""
        return " + ".join(self.scenarios) or None

    def under(self, *scenarios: str) -> Region:
        """The same region under scenarios of its table `scenarios`, applied in order and checked as a region is checked.

        Raises:
            CheckError: what comes out has problems; it holds all of them.
            UnknownNameError: the region has no such scenario; the message lists those that it has.
        """
        if self.overlay is None:
            raise SivuvirtaError("This region was not made by `sv.load` or `sv.region`, so no scenario can be applied to it.")
        return self.overlay(self, *scenarios)

    def by_grade(self) -> Region:
        """The same region in which each amount, price, rate, fee and factor that states no range has that of its evidence grade.

        The standard deviation of a grade is that of table `uncertainties`, as in reconciliation, life cycles, footprints and circularity.
        Figures keep their values, so the plan is the same; its ranges know what nobody stated.
        """
        own, library = graded_tables(self)
        return evolve(self, tables=own, library=library, graded=True)

    def in_year(self, year: int) -> Region:
        """The same vintage as if it described another year: its plants, contracts, law and emission factors, its money as it was.

        Args:
            year: for example 2030.
        """
        if year == self.year:
            return self
        table = self.table("vintages")
        row = table.index[self.vintage]
        years, priced = table["year"].copy(), table["price_year"].copy()
        priced[row] = self.year if np.isnan(priced[row]) else priced[row]
        years[row] = year
        changed = Table(table.name, table.key, {**table.columns, "year": years, "price_year": priced})
        return evolve(self, tables={**self.tables, "vintages": changed}, on=None)

    def save(self, path: str | Path) -> Path:
        """Save the region's own tables; `.xlsx` is a workbook, `.parquet` a Parquet folder, a bare path a data package.

        Returns:
            Where it was written.
        """
        if self.writer is None:
            raise SivuvirtaError("This region was not made by `sv.load` or `sv.region`, so it does not know how to be saved.")
        return self.writer(self, Path(path))

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(self.tables[name])} {name}" for name in ("sites", "streams", "needs", "plants") if name in self.tables)
        scenario = f", under {self.scenario}" if self.scenarios else ""
        return f"<Region {self.name} ({self.vintage}{scenario}): {counts}>"

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><td>{name}</td><td>{len(table)}</td></tr>" for name, table in self.tables.items() if len(table))
        return f"<b>{self.title or self.name}</b>, {self.vintage}<table><tr><th>table</th><th>rows</th></tr>{rows}</table>"


def _overlay(own: Table | None, reference: Table | None) -> Table:
    if own is None or reference is None:
        return own if own is not None else reference  # type: ignore[return-value]
    taken = set(own.row_keys())
    keep = np.array([key not in taken for key in reference.row_keys()], dtype=bool)
    below = reference.take(keep)
    columns = {name: np.concatenate([own[name], below[name]]) for name in own.columns}
    return Table(own.name, own.key, columns)
