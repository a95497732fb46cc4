"""Rows of the register behind what is reconciled: statements and amounts of each quantity, and terms of the balances that it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from attrs import frozen

from sivuvirta.assess.sources.book import key_of
from sivuvirta.domain.reconciliations import Reconciliation
from sivuvirta.domain.region import Region
from sivuvirta.report.following.basis import Basis

_SAID = ("statements", "quantities")


@frozen(eq=False, slots=False)
class Measurements:
    """Where to look for what a reconciled quantity, or a balance, rests on."""

    region: Region
    found: Reconciliation

    def quantity(self, name: str) -> Basis:
        """What states a quantity, and the terms of its balances with what states their other quantities.

        Args:
            name: "table/subject" of the quantity.
        """
        balances = [key for key, names in self._terms.items() if name in names]
        others = [each for key in balances for each in self._terms[key]]
        return self._basis([name, *others], balances, "Measured, and fitted so that every balance that it stands in closes.")

    def balance(self, key: str) -> Basis:
        """Terms of a balance, and what states its quantities."""
        return self._basis(self._terms.get(key, ()), [key], "What goes in less what goes out, by what is stated of each term.")

    def _basis(self, names: Iterable[str], balances: Iterable[str], how: str) -> Basis:
        names = tuple(dict.fromkeys(names))
        own = self.found.statements
        sources = tuple(dict.fromkeys(str(source) for source in own["source"][own["name"].isin(names)] if source))
        said = [row for name in names for row in self._said.get(name, ())]
        terms = [row for key in balances for row in self._rows.get(key, ())]
        return Basis(how, rows=tuple(dict.fromkeys([*said, *terms])), sources=sources)

    @cached_property
    def _terms(self) -> Mapping[str, tuple[str, ...]]:
        """Quantities of each balance."""
        terms, titles = self.found.problem["terms"], self.found.problem["balances"]
        named: dict[int, list[str]] = {}
        for at, name in zip(terms["number"].tolist(), terms["quantity"].tolist(), strict=True):
            named.setdefault(at, []).append(name)
        return {str(key): tuple(named.get(at, ())) for at, key in zip(titles["number"], titles["name"], strict=True)}

    @cached_property
    def _said(self) -> Mapping[str, list[tuple[str, str]]]:
        """Rows that state each quantity in the year of the region; amounts of the year alone, not of its parts."""
        said: dict[str, list[tuple[str, str]]] = {}
        for name in _SAID:
            table = self.region.table(name)
            for at in range(len(table)):
                part = "period" in table.columns and str(table["period"][at] or "") not in ("", "nan")
                if table["vintage"][at] == self.region.vintage and not part:
                    said.setdefault(f"{table['table'][at]}/{table['subject'][at]}", []).append((name, key_of(table, at)))
        return said

    @cached_property
    def _rows(self) -> Mapping[str, list[tuple[str, str]]]:
        """Rows of each balance."""
        table, rows = self.region.table("balances"), dict[str, list[tuple[str, str]]]()
        for at in range(len(table)):
            rows.setdefault(str(table["balance"][at]), []).append(("balances", key_of(table, at)))
        return rows
