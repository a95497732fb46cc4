"""Reconciliation of a region: what its sources say of one year, and what its register says must add up.

Evidence is a row of `statements`; where a stream has none, its row of `quantities`, unless that is `derived`; activities of the vintage's
year; and exchanges of that year, unless their source tells the same figure elsewhere. Balances are the rows of `balances` and the split
parts of streams. What no balance names stays as it is and is listed as not checked.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from attrs import evolve

from sivuvirta.domain.reconciliations import ReconcileOptions, Reconciliation
from sivuvirta.domain.region import Region
from sivuvirta.domain.spreads import grade_shares
from sivuvirta.ledger.reconcile.book import Balance, Book, Quantity, Statement, Term, assemble, spread
from sivuvirta.ledger.reconcile.told import reconciled

_PER_MG = 1e-6  # mass fraction of 1 mg/kg
_NOTES = {
    "sources against the register": "A quantity with statements is reconciled from them alone; the register's own figure stands beside it.",
    "no range": "A figure without a range or a stated standard deviation has the one of its evidence grade (table uncertainties).",
    "derived": "Figures that follow from others are no evidence: they are computed anew, or stay unknown.",
    "independence": "Sources are taken as independent of one another. Two that copied the same figure look more certain than they are.",
}

Row = dict[str, Any]


def reconcile_region(region: Region, options: ReconcileOptions) -> Reconciliation:
    """Reconcile the sources of a region at its vintage.

    Args:
        region: a checked region.
        options: what is asked for.

    Returns:
        Streams, activities and stocks as they fulfil every balance, beside what each source says.

    Raises:
        SolverError: exact figures contradict each other.
    """
    book = _Register(region, options).book
    found = reconciled(assemble(book), options, region.name, region.vintage, _NOTES)
    sites = region.table("sites")
    return evolve(found, places=dict(zip(sites["site"].tolist(), sites["name"].tolist(), strict=True)))


class _Register:
    """Builds the book of a region."""

    def __init__(self, region: Region, options: ReconcileOptions) -> None:
        self.region, self.options, self.book = region, options, Book()
        self.streams = {row["stream"]: row for row in region.table("streams").rows()}
        self.units = _units(region)
        self.shares = grade_shares(region)
        self.chosen = {(row["table"], row["subject"]): row for row in _whole_years(region)}
        self.spoken: set[str] = set()  # quantities that someone speaks of
        self.told: set[tuple[str | None, float]] = set()  # figures by source: told twice, they are one statement
        self._statements()
        self._figures()
        self._activities()
        self._exchanges()
        self._parts()
        for name in dict.fromkeys(row["balance"] for row in self._of_vintage("balances")):
            self._balance(name)

    def _of_vintage(self, table: str) -> Iterator[Row]:
        for row in self.region.table(table).rows():
            if row["vintage"] in (None, self.region.vintage):
                yield row

    def _quantity(self, table: str, subject: str, unit: str | None = None) -> str:
        """Name of a subject's quantity, added if it is new."""
        name = f"{table}/{subject}"
        if name in self.book.quantities:
            return name
        if table == "streams":
            chosen = self.chosen.get((table, subject))
            stream = self.streams[subject]
            figure = math.nan if chosen is None else chosen["value"]
            return self.book.add(
                Quantity(name, stream["name"], "flow", f"{self.units[subject]}/a", stream["site"] or "", chosen=figure, start=figure)
            )
        if table == "activities":
            site, kind, product = subject.split("/")
            label = f"{self._site(site)}: {kind} of {self._product(product)}"
            return self.book.add(Quantity(name, label, "production", unit or "t/a", site))
        lower = -math.inf if table == "stocks" else 0.0
        return self.book.add(
            Quantity(name, subject.replace("_", " "), "stock" if table == "stocks" else "flow", unit or "t/a", lower=lower)
        )

    def _site(self, site: str) -> str:
        table = self.region.table("sites")
        return str(table["name"][table.index[site]]) if site in table.index else site

    def _product(self, product: str) -> str:
        for name, column in (("products", "name"), ("materials", "name_en")):
            table = self.region.table(name)
            if product in table.index:
                return str(table[column][table.index[product]]).lower()
        return product

    def _say(self, name: str, row: Row) -> None:
        """Adds a row's figure as a statement."""
        value, low, high, stated = (math.nan if row.get(key) is None else float(row[key]) for key in ("value", "low", "high", "sd"))
        sd, how = spread(value, low, high, stated, self.shares.get(row["grade"], 1.0))
        note = row.get("note") or ""
        year = row.get("year")
        if year is not None and int(year) != self.region.year:
            note = f"Figure of {int(year)}. {note}".strip()
        self.book.state(Statement(name, value, sd, how, row["grade"], row["source"] or "", note))
        self.spoken.add(name)
        self.told |= {(row["source"], figure) for figure in (row.get("value"), row.get("reported_value")) if figure is not None}

    def _statements(self) -> None:
        for row in self._of_vintage("statements"):
            self._say(self._quantity(row["table"], row["subject"], row["unit"]), row)

    def _figures(self) -> None:
        """Streams that no statement speaks of: the register's own figure, if it is evidence."""
        for (table, subject), row in self.chosen.items():
            if table == "streams" and f"streams/{subject}" not in self.spoken and row["value"] is not None:
                name = self._quantity("streams", subject)
                if not row["derived"] and row["status"] != "planned":
                    self._say(name, row)

    def _activities(self) -> None:
        for row in self.region.table("activities").rows():
            if row["year"] == self.region.year:
                subject = f"{row['site']}/{row['kind']}/{row['product']}"
                self._say(self._quantity("activities", subject, row["unit"]), row)

    def _exchanges(self) -> None:
        """Observed exchanges: no more of a stream goes into them than there is."""
        taken: dict[str, list[str]] = {}
        for row in self.region.table("exchanges").rows():
            stream, known = row["stream"], row["quantity"] is not None and row["year"] == self.region.year
            if not known or stream not in self.streams or f"streams/{stream}" not in self.book.quantities:
                continue
            if (row["source"], row["quantity"]) in self.told:
                continue
            label = f"{self.streams[stream]['name']} to {row['receiver'] or 'a receiver'}"
            unit = f"{self.units[stream]}/a"
            name = self.book.add(Quantity(f"exchanges/{row['exchange']}", label, "flow", unit, self.streams[stream]["site"] or ""))
            self._say(name, {"value": row["quantity"], "grade": row["grade"], "source": row["source"], "note": row["note"]})
            taken.setdefault(stream, []).append(name)
        for stream, names in taken.items():
            rest = self.book.add(
                Quantity(f"streams/{stream}:rest", f"{self.streams[stream]['name']}, elsewhere", "flow", f"{self.units[stream]}/a")
            )
            terms = (Term(1.0, f"streams/{stream}"), *(Term(-1.0, name) for name in (*names, rest)))
            self.book.balance(
                Balance(f"{stream}.exchanges", f"Outlets of {self.streams[stream]['name']}", terms, f"{self.units[stream]}/a")
            )

    def _parts(self) -> None:
        """Split parts are the whole of their parent."""
        split: dict[str, list[str]] = {}
        for stream, row in self.streams.items():
            if row["part"] == "split" and row["parent"] and f"streams/{stream}" in self.book.quantities:
                split.setdefault(row["parent"], []).append(stream)
        for parent, parts in split.items():
            if f"streams/{parent}" in self.book.quantities:
                terms = (Term(1.0, f"streams/{parent}"), *(Term(-1.0, f"streams/{part}") for part in parts))
                title = f"Parts of {self.streams[parent]['name']}"
                self.book.balance(Balance(f"{parent}.parts", title, terms, f"{self.units[parent]}/a"))

    def _balance(self, name: str) -> None:
        rows = [row for row in self._of_vintage("balances") if row["balance"] == name]
        component = rows[0]["component"]
        if component is not None and not self.options.components:
            return
        terms = []
        for row in rows:
            quantity = self._quantity(row["table"], row["subject"])
            sign = 1.0 if row["side"] == "in" else -1.0
            terms.append(self._term(sign, quantity, row))
        title = next((row["title"] for row in rows if row["title"]), name.replace("_", " "))
        first = rows[0]
        worst = max(row["grade"] for row in rows)
        plain = next((term.name for term in terms if not term.factor), terms[0].name)
        unit = "t/a" if component else self.book.quantities[plain].unit
        self.book.balance(Balance(name, title, tuple(terms), unit, component or "", grade=worst, source=first["source"] or ""))

    def _term(self, sign: float, quantity: str, row: Row) -> Term:
        """A term of a balance; a factor within a range is a quantity of its own."""
        if row["factor"] is None and row["component"] is not None:
            return self._content(sign, quantity, row)
        factor = 1.0 if row["factor"] is None else row["factor"]
        if row["factor_low"] is None or row["factor_high"] is None:
            return Term(sign * factor, quantity)
        kind = "content" if row["component"] else "factor"
        name = f"factors/{row['balance']}/{row['side']}/{row['subject']}"
        label = f"{row['component'] or 'Per unit'} of {self.book.quantities[quantity].label}"
        self.book.add(Quantity(name, label, kind, "1"))
        self._say(name, {"value": factor, "low": row["factor_low"], "high": row["factor_high"], **_cited(row)})
        return Term(sign, quantity, name)

    def _content(self, sign: float, quantity: str, row: Row) -> Term:
        """The content of a stream, from its analyses; unknown where it has none."""
        name = f"contents/{row['subject']}/{row['component']}"
        if name not in self.book.quantities:
            label = f"{row['component']} in {self.book.quantities[quantity].label}"
            self.book.add(Quantity(name, label, "content", "1", upper=1.0))
            for found in self.region.table("analyses").rows():
                told = (found["stream"], found["component"], found["kind"]) == (row["subject"], row["component"], "total")
                if told and found["value"] is not None and not found["below"]:
                    ends = {key: None if found[key] is None else found[key] * _PER_MG for key in ("value", "low", "high", "sd")}
                    self._say(name, {**ends, **_cited(found)})
        return Term(sign, quantity, name)


def _cited(row: Row) -> Row:
    return {"grade": row["grade"], "source": row["source"], "note": row["note"]}


def _units(region: Region) -> dict[str, str]:
    """Unit of an amount of each stream, without the year."""
    materials, streams = region.table("materials"), region.table("streams")
    units = dict(zip(materials["material"].tolist(), materials["unit"].tolist(), strict=True))
    return {
        stream: units.get(material, "t") for stream, material in zip(streams["stream"].tolist(), streams["material"].tolist(), strict=True)
    }


def _whole_years(region: Region) -> Iterator[Row]:
    """Rows of quantities at the vintage, parts of a year added up."""
    parts: dict[tuple[str, str], list[Row]] = {}
    for row in region.table("quantities").rows():
        if row["vintage"] == region.vintage:
            parts.setdefault((row["table"], row["subject"]), []).append(row)
    for rows in parts.values():
        yield rows[0] if len(rows) == 1 else _added(rows)


def _added(rows: list[Row]) -> Row:
    """Parts of a year as one row; their ranges are taken as independent."""
    value = math.fsum(row["value"] or 0.0 for row in rows)
    half = [(row["high"] - row["low"]) / 2 for row in rows if row["low"] is not None and row["high"] is not None]
    whole = math.hypot(*half) if len(half) == len(rows) else None
    ends = {"low": None, "high": None} if whole is None else {"low": value - whole, "high": value + whole}
    return {**rows[0], "value": value, **ends, "grade": max(row["grade"] for row in rows), "period": None}
