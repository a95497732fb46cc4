"""Product carbon footprints: what goes into a tonne, three allocations side by side, today and with a plan, and what others print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import pandas as pd
from attrs import field, frozen

from sivuvirta.domain.burdens import ECONOMIC, EXPANSION, MASS, TODAY, UNKNOWN_SPAN, Inventory, Result, credit_row, entry_row, signed
from sivuvirta.domain.indicators import NAN, Input, comparable_words, digits, whose_words
from sivuvirta.errors import UnknownNameError

Item = TypeVar("Item")


@frozen(eq=False)
class Compared:
    """What a source prints of another producer or of this product. It stands beside the computed figure and never enters it."""

    kind: str  # alternative | statement
    name: str
    value: float
    low: float
    high: float
    unit: str  # kgCO2e per unit, or 1 for how many times the other's footprint is this one's
    year: int | None
    definition: str
    grade: str
    source: str
    method: str  # allocation of the computed figure beside it
    computed: float  # ratio of an alternative; ratio or footprint of a statement
    computed_low: float
    computed_high: float
    agreement: str  # of a statement; "" of an alternative
    whose: str = ""  # who or what was measured
    comparable: str = ""  # yes | no: whether it is of the same thing within the same bounds; "" where nobody says
    why: str = ""

    @property
    def words(self) -> str:
        """Whose figure it is, of which year and within which bounds, and whether it is comparable."""
        return f"{whose_words(self.whose, self.year, self.definition)}; {comparable_words(self.comparable, self.why)}"


@frozen(eq=False, slots=False)
class Footprint:
    """Carbon footprint of a product of a site, cradle to gate."""

    region: str
    vintage: str
    site: str
    site_name: str
    product: str  # material
    product_name: str
    output: Input  # of the product a year
    price: Input  # of the product at the gate
    boundary: tuple[str, ...]  # sites inside, in words
    cutoffs: tuple[str, ...]
    inventories: tuple[Inventory, ...]
    results: tuple[Result, ...]
    compared: tuple[Compared, ...]
    differences: tuple[Result, ...] = field(default=())  # plan less today, by allocation

    @property
    def unit(self) -> str:
        """Unit of the footprint, for example kg CO2e/t."""
        return f"kg CO2e/{self.output.unit.removesuffix('/a')}"

    @property
    def functional_unit(self) -> str:
        """What the figures are per."""
        return f"1 {self.output.unit.removesuffix('/a')} of {self.product_name} at the gate of {self.site_name}"

    def result(self, method: str, state: str = TODAY) -> Result:
        """The footprint by one allocation.

        Raises:
            UnknownNameError: there is no such allocation or state.
        """
        return _first(self.results, lambda each: (each.method, each.state), (method, state))

    def difference(self, method: str, state: str) -> Result:
        """What a plan changes in the footprint by one allocation; unknown without a reference scenario.

        Raises:
            UnknownNameError: there is no such allocation or state.
        """
        return _first(self.differences, lambda each: (each.method, each.state), (method, state))

    @property
    def wanted(self) -> str:
        """Which single figure would make today's footprint known; "" where it is, or where no figure would."""
        missing = tuple(dict.fromkeys(part for each in self.results if each.state == TODAY for part in each.missing))
        if not missing or not self.output.value > 0:
            return ""
        if len(missing) == 1:
            return f"One figure would make it known: {missing[0]}."
        unit = self.output.unit.removesuffix("/a")
        return (
            f"One figure would make it known: the declared footprint of {self.product_name} at the gate of {self.site_name}, "
            f"kgCO2e/{unit}, as a row of role 'declared' in table footprints; else all {len(missing)} figures that are "
            "missing."
        )

    def years(self, state: str = TODAY) -> str:
        """One sentence on how well the years of its figures represent the vintage; "" where all are of it."""
        return self.inventory(state).years(self.output.year, self.vintage)

    def inventory(self, state: str = TODAY) -> Inventory:
        """The product system in one state.

        Raises:
            UnknownNameError: there is no such state.
        """
        return _first(self.inventories, lambda each: each.state, state)

    def to_frame(self) -> pd.DataFrame:
        """One row an allocation and state: value with its range and grade, or what is known of it and why not all."""
        rows = [
            {
                "state": each.state,
                "method": each.method,
                "value": each.value,
                "mean": each.mean,
                "low": each.low,
                "high": each.high,
                "unit": self.unit,
                "known_part": each.known_part,
                "bound": each.bound,
                "share": each.share,
                "grade": each.grade,
                "missing": "; ".join(each.missing),
            }
            for each in self.results
        ]
        return pd.DataFrame(rows, columns=list(_RESULT))

    def contributions(self, method: str = MASS, state: str = TODAY) -> pd.DataFrame:
        """What the footprint is made of; `value` adds up to it (to its known part where something is missing).

        Returns:
            Columns name, kind, scope, amount, amount_unit, factor, factor_unit, emission (kg CO2e a year, before allocation), value, low,
            high, unit, year (of the amount), factor_year, grade, source, row, missing; credits of co-products (and of waste that is put to
            use) last, in system expansion. Ranges are points of the same draws as that of the whole, so they do not add up to it.
        """
        share, unit_share = (each / self.output.value if self.output.value > 0 else NAN for each in (self.result(method, state).share, 1.0))
        inventory = self.inventory(state)
        spans = iter(self.result(method, state).spans)
        counted = [each for each in inventory.entries if method in each.methods]
        rows = [entry_row(each, share, UNKNOWN_SPAN if each.missing else next(spans, UNKNOWN_SPAN)) for each in counted]
        if method == EXPANSION:
            rows += [credit_row(each, unit_share, next(spans, UNKNOWN_SPAN)) for each in inventory.leaving]
        return pd.DataFrame(rows, columns=_CONTRIBUTION[:-1]).assign(unit=self.unit)[list(_ORDER)]

    def coproducts(self, state: str = TODAY) -> pd.DataFrame:
        """The product and what leaves with it: amount, price, credit, and by mass and value its share and its own footprint per unit."""
        inventory = self.inventory(state)
        own = {"name": self.product_name, "role": "product", "amount": self.output.value, "unit": self.output.unit}
        rows = [{**own, "price": self.price.value, "credit": 0.0, "fate": "at the gate", "mass": True}]
        rows += [
            {
                "name": each.name,
                "role": each.role,
                "amount": each.amount.value,
                "unit": each.amount.unit,
                "price": each.price.value,
                "credit": each.credit.value,
                "fate": each.fate,
                "mass": each.mass,
            }
            for each in inventory.leaving
        ]
        frame = pd.DataFrame(rows)
        shared = frame["role"] != "waste"
        for method, weight in ((MASS, frame["amount"] * frame["mass"]), (ECONOMIC, frame["amount"] * frame["price"])):
            part = shared.astype(float) if shared.sum() == 1 else weight.where(shared, 0.0)  # alone it bears all, whatever its price
            whole = part.sum(skipna=False)
            frame[f"{method}_share"] = part / whole if whole > 0 else NAN
            burden = sum(each.emission for each in inventory.entries if method in each.methods and not each.missing)
            frame[f"{method}_footprint"] = (frame[f"{method}_share"] * burden / frame["amount"]).where(frame["amount"] > 0)
        return frame.drop(columns="mass")

    def comparisons(self) -> pd.DataFrame:
        """What sources print of other producers and of this product, beside the computed figure."""
        names = [each.name for each in Compared.__attrs_attrs__]
        return pd.DataFrame([{name: getattr(each, name) for name in names} for each in self.compared], columns=names)

    def card(self) -> str:
        """All that is known of it, as plain text."""
        lines = [f"Carbon footprint of {self.product_name} ({self.region}, {self.vintage}), per {self.functional_unit}"]
        lines += [f"  boundary, cradle to gate: {', '.join(self.boundary)}"]
        lines += [f"  {each.state}, {each.method}: {each.text()} {self.unit}" for each in self.results]
        lines += [f"  {each.state} less today, {each.method}: {_signed(each)} {self.unit}" for each in self.differences]
        lines += [f"  missing: {each}" for each in dict.fromkeys(part for result in self.results for part in result.missing)]
        lines += [f"  {self.wanted}"] if self.wanted else []
        lines += [f"  {self.years()}"] if self.years() else []
        lines += [f"  left out: {each}" for each in self.cutoffs]
        return "\n".join(lines + [f"  {_told(each)}" for each in self.compared])

    def __repr__(self) -> str:
        found = ", ".join(f"{each.method} {each.text()}" for each in self.results if each.state == TODAY)
        return f"<Footprint {self.site}/{self.product} ({self.region}, {self.vintage}), {self.unit}: {found}>"

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(index=False, notebook=True, na_rep="", float_format=lambda number: f"{number:,.4g}"))


_RESULT = ("state", "method", "value", "mean", "low", "high", "unit", "known_part", "bound", "share", "grade", "missing")
_ORDER = (
    *("name", "kind", "scope", "amount", "amount_unit", "factor", "factor_unit", "emission"),
    *("value", "low", "high", "unit", "year", "factor_year", "grade", "source", "row", "missing"),
)
_CONTRIBUTION = (*(name for name in _ORDER if name != "unit"), "unit")


def _first(items: Sequence[Item], key: Callable[[Item], object], wanted: object) -> Item:
    for each in items:
        if key(each) == wanted:
            return each
    known = ", ".join(dict.fromkeys(str(key(each)) for each in items)) or "none"
    raise UnknownNameError(f"There is no {wanted} here. There are: {known}.")


def _signed(each: Result) -> str:
    if not each.known:
        return f"unknown ({'; '.join(each.missing)})"
    return signed(each)


def _told(each: Compared) -> str:
    computed = f"{digits(each.computed)} ({digits(each.computed_low)} to {digits(each.computed_high)})"
    printed = f"{digits(each.value)} times" if each.unit == "1" else f"{digits(each.value)} {each.unit}"
    if each.kind == "alternative":
        return f"alternative: {each.name}: {printed}, {computed} times this one; {each.words} [{each.grade}, {each.source}]"
    return f"published: {each.name}: {printed}; computed {computed}: {each.agreement}; {each.words} [{each.grade}, {each.source}]"
