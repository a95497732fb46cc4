"""What is otherwise in a row than it was in an older version of the register."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table

_SILENT = frozenset({"added", "changed"})
_OF_THE_LIBRARY = ("practices",)  # the same for both versions
_FIGURES = ("sample", "value", "low", "high", "n", "sd", "below", "basis", "grade")
Analysis = tuple[Any, ...]


@frozen(eq=False, slots=False)
class Differences:
    """Two versions of a register, compared row by row."""

    now: Region
    before: Region

    def of(self, kind: str, key: str) -> tuple[str, ...]:
        """What is otherwise in a row that both have, in words: columns, then analyses."""
        if kind in _OF_THE_LIBRARY:
            return ()
        told = [*self._columns(kind, key)]
        if kind == "streams":
            told += self._analysed(key)
        return tuple(told)

    def _columns(self, kind: str, key: str) -> Iterator[str]:
        new, old = _row(self.now.table(kind), key), _row(self.before.table(kind), key)
        for name, value in new.items():
            if name not in _SILENT and not _same(value, old.get(name)):
                yield f"{name}: {shown(old.get(name))} -> {shown(value)}"

    def _analysed(self, key: str) -> list[str]:
        new, old = self._analyses_now.get(key, {}), self._analyses_before.get(key, {})
        told = []
        for (component, kind), figures in new.items():
            if figures != old.get((component, kind)):
                told.append(f"{'changed' if (component, kind) in old else 'new'} analysis: {component}, {kind}")
        return told + [f"analysis gone: {component}, {kind}" for component, kind in old if (component, kind) not in new]

    @cached_property
    def _analyses_now(self) -> dict[str, dict[tuple[str, str], tuple[Analysis, ...]]]:
        return _analyses(self.now)

    @cached_property
    def _analyses_before(self) -> dict[str, dict[tuple[str, str], tuple[Analysis, ...]]]:
        return _analyses(self.before)


def _row(table: Table, key: str) -> dict[str, Any]:
    row = table.index[key]
    return {name: column[row] for name, column in table.columns.items()}


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float | np.floating) and bool(np.isnan(value)))


def _same(one: Any, two: Any) -> bool:
    return (_missing(one) and _missing(two)) or one == two


def shown(value: Any) -> str:
    """A cell in words."""
    if _missing(value):
        return "unknown"
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    return f"{value:,.6g}".replace(",", " ") if isinstance(value, float | np.floating) else str(value)


def _analyses(region: Region) -> dict[str, dict[tuple[str, str], tuple[Analysis, ...]]]:
    """By stream, then by component and kind, the figures of all samples; unknown is None, so that equal ones compare equal."""
    table = region.table("analyses")
    found: dict[str, dict[tuple[str, str], tuple[Analysis, ...]]] = {}
    for row in table.rows():
        of_stream, what = found.setdefault(row["stream"], {}), (row["component"], row["kind"])
        of_stream[what] = (*of_stream.get(what, ()), tuple(row[name] for name in _FIGURES))
    return found
