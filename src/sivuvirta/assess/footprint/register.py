"""What the register says of a product system: its sites, what enters, what it emits, which other products leave."""

from __future__ import annotations

import math
from functools import cached_property

from attrs import evolve, field, frozen

from sivuvirta.assess.footprint.figures import Figures, Row, given, less, negative, unknown
from sivuvirta.assess.footprint.subject import Subject
from sivuvirta.domain.burdens import Entry, Leaving
from sivuvirta.domain.indicators import Input
from sivuvirta.domain.region import Region
from sivuvirta.domain.unknowns import Unknown

CO2 = "gas.co2"
"""Material of emissions that count as they are; any other gas needs a factor."""

_KG = given("kg in a tonne", 1000.0, "kgCO2e/t")
_SCOPE_2 = ("electricity", "heat")


@frozen(eq=False, slots=False)
class Register:
    """Rows of `footprints` and `activities` for one product."""

    region: Region
    subject: Subject
    figures: Figures = field(init=False)

    @figures.default
    def _figures(self) -> Figures:
        return Figures(self.region)

    @cached_property
    def rows(self) -> list[Row]:
        """Rows of `footprints` that speak of the product."""
        return [row for row in self.region.table("footprints").rows() if row["subject"] == self.subject.key]

    def of_role(self, role: str) -> list[Row]:
        """Rows of a role."""
        return [row for row in self.rows if row["role"] == role]

    @cached_property
    def sites(self) -> tuple[str, ...]:
        """Sites inside the boundary, the product's own first."""
        return tuple(dict.fromkeys([self.subject.site, *(row["of"] for row in self.of_role("site"))]))

    @cached_property
    def organisations(self) -> frozenset[str]:
        """Who operates them."""
        table = self.region.table("sites")
        return frozenset(str(table["organisation"][table.index[site]]) for site in self.sites if site in table.index)

    @cached_property
    def made(self) -> dict[tuple[str, str], Row]:
        """What the sites make, by site and product."""
        return self.figures.activity(self.sites, "production")

    @cached_property
    def bought(self) -> dict[tuple[str, str], Row]:
        """What the sites buy, by site and product."""
        return self.figures.activity(self.sites, "purchase")

    @cached_property
    def output(self) -> Input:
        """The product a year."""
        chosen = next(row for (site, of), row in self.made.items() if (site, self.figures.material(of)) == self._own)
        return self.figures.amount(chosen, self.figures.named(self.subject.material))

    @property
    def _own(self) -> tuple[str, str]:
        return self.subject.site, self.subject.material

    @property
    def nothing_made(self) -> tuple[str, ...]:
        """Why there is nothing that a footprint could be per, empty where there is."""
        return () if self.output.value > 0 else (f"production of {self.figures.named(self.subject.material)} above 0",)

    @property
    def price(self) -> Input:
        """Price of the product at the gate, in money of the price year."""
        return self.priced[0]

    @cached_property
    def priced(self) -> tuple[Input, str]:
        """The same, and why it is not known."""
        return self._price(self.subject.material, self.output.unit)

    def _price(self, of: str, unit: str) -> tuple[Input, str]:
        row = self.figures.nearest(row for row in self.of_role("price") if self.figures.material(row["of"]) == self.figures.material(of))
        found = self.figures.price(of) if row is None else self.figures.turned(self.told(row), row["year"], (row["of"],))
        name, wanted = self.figures.named(of), f"EUR/{unit.removesuffix('/a')}"
        if math.isnan(found.value):
            return found, f"price of {name}"
        if found.unit != wanted:
            return unknown(of, wanted), f"price of {name} in {wanted}: the one there is in {found.unit}"
        return found, ""

    def told(self, row: Row) -> Input:
        """The figure of a row of `footprints`."""
        year = f" ({int(row['year'])})" if row["year"] is not None else ""
        return self.figures.told(row, f"{row['name'] or self.figures.named(row['of'])}{year}", f"footprints: {row['entry']}")

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Parts of the burden that the register tells."""
        return (*self._direct(), *self._inputs(), *self._separate(), *self._gaps())

    @cached_property
    def declared(self) -> Entry | None:
        """The whole footprint by a declaration, which stands for a computed one; None where nobody declares it."""
        row = self.figures.nearest(self.of_role("declared"))
        if row is None:
            return None
        name = row["name"] or f"{self.figures.named(self.subject.material)}, as declared"
        factor, missing = self.figures.factor(row["factor"], "") if row["factor"] is not None else (self.told(row), "")
        return _entry(name, "declared", "1 to 3", self.output, factor, missing)

    def _direct(self) -> list[Entry]:
        found = []
        for (site, gas), row in self.figures.activity(self.sites, "emission").items():
            of = "" if gas == CO2 else f" of {self.figures.named(gas)}"
            name = f"Direct emissions{of}, {self.figures.named(site)}"
            amount = self.figures.amount(row, name)
            factor, missing = (_KG, "") if gas == CO2 else self.figures.factor(None, gas)
            found.append(_entry(name, "direct", "1", amount, factor, missing))
        if not found:
            missing = f"direct emissions of {', '.join(map(self.figures.named, self.sites))}"
            found.append(_entry("Direct emissions", "direct", "1", unknown("direct emissions", "t/a"), _KG, missing))
        return found

    def _inputs(self) -> list[Entry]:
        found, taken = [], set()
        for row in self.of_role("input"):
            taken.add(self.figures.material(row["of"]))
            amount = self.told(row) if row["value"] is not None else self._purchase(row["of"])
            found.append(self._input(row["of"], amount, row["name"], row["factor"], row["scope"]))
        for (_, of), row in self.bought.items():
            if self.figures.material(of) not in taken | self._inside:
                found.append(self._input(of, self.figures.amount(row, self.figures.named(of)), None, None, None))
        if not found:
            nothing = unknown("purchases", "t/a")
            found.append(_entry("Purchases", "input", "3", nothing, unknown("", ""), "what enters: purchases, or rows 'input'"))
        return found

    def _input(self, of: str, amount: Input | None, name: str | None, key: str | None, scope: str | None) -> Entry:
        words = name or self.figures.named(of)
        factor, missing = self.figures.factor(key, of)
        if amount is None:
            amount, missing = unknown(words, "t/a"), f"amount of {words}"
        scope = scope or ("2" if self.figures.carrier(of) in _SCOPE_2 else "3")
        return _entry(words, "input", scope, amount, factor, missing)

    def _purchase(self, of: str) -> Input | None:
        rows = [row for (_, bought), row in self.bought.items() if self.figures.material(bought) == self.figures.material(of)]
        return self.figures.amount(rows[0], self.figures.named(of)) if len(rows) == 1 else None

    @cached_property
    def _inside(self) -> set[str]:
        """Materials that the sites make and buy from one another."""
        return {self.figures.material(of) for _, of in self.made}

    @cached_property
    def others(self) -> dict[str, tuple[str, Input, float]]:
        """Other products: site, what leaves of it a year, and the share of it that stays inside."""
        found = {}
        for (site, of), row in self.made.items():
            if (site, self.figures.material(of)) != self._own:
                whole = self.figures.amount(row, self.figures.named(of))
                inside = self._purchase(of) or given(of, 0.0, whole.unit)
                kept = min(1.0, inside.value / whole.value) if whole.value > 0 else 0.0
                found[of] = (site, less(whole, inside, f"{self.figures.named(of)} that leaves"), kept)
        return found

    def _separate(self) -> list[Entry]:
        """Products of processes of their own: they take away their footprint, so nothing has to be allocated (ISO 14044, 4.3.4.2 a)."""
        found = []
        for row in self.of_role("separate"):
            leaves = self._leaves(row["of"])
            factor, missing = self.figures.factor(row["factor"], row["of"])
            words = row["name"] or self.figures.named(row["of"])
            if leaves is None:
                found.append(_entry(words, "separate", "3", unknown(words, "t/a"), factor, f"how much of {words} is made"))
            else:
                found.append(_entry(words, "separate", "3", leaves[1], negative(factor), missing))
        return [evolve(each, takes=True) for each in found]

    def _leaves(self, of: str) -> tuple[str, Input, float] | None:
        material = self.figures.material(of)
        return next((found for made, found in self.others.items() if self.figures.material(made) == material), None)

    def kept(self, site: str) -> float:
        """Share of a site's side streams that belongs to the product system: what separate products leave of it."""
        shares = [found[2] for row in self.of_role("separate") if (found := self._leaves(row["of"])) is not None and found[0] == site]
        return min(shares, default=1.0)

    def _gaps(self) -> list[Entry]:
        rows = self.of_role("gap")
        return [_entry(row["name"], "input", "3", unknown(row["name"], "t/a"), unknown("", ""), f"amount of {row['name']}") for row in rows]

    @cached_property
    def coproducts(self) -> tuple[Leaving, ...]:
        """Other products of the sites that are not separate: they share the burden."""
        apart = {self.figures.material(row["of"]) for row in self.of_role("separate")}
        return tuple(self._coproduct(of, amount) for of, (_, amount, _) in self.others.items() if self._shares(of, amount, apart))

    def _shares(self, of: str, amount: Input, apart: set[str]) -> bool:
        return self.figures.material(of) not in apart and amount.value > 0

    def _coproduct(self, of: str, amount: Input) -> Leaving:
        factor, missing = self.figures.factor(None, of)
        price, unpriced = self._price(of, amount.unit)
        name, same = self.figures.named(of), amount.unit == self.output.unit
        missing = missing or _other_unit(name, amount, factor)
        credit = unknown(of, "") if missing else negative(factor)
        gaps = (Unknown(missing, adds=False),) if missing else ()
        return Leaving(name, of, "coproduct", amount, price, credit, same, "sold as a product", gaps, unpriced)


def _entry(name: str, kind: str, scope: str, amount: Input, factor: Input, missing: str) -> Entry:
    """An entry; one whose factor is per another unit than its amount is missing."""
    return Entry(name, kind, scope, amount, factor, missing=missing or _other_unit(name, amount, factor))


def _other_unit(name: str, amount: Input, factor: Input) -> str:
    """What to say of an emission factor that is per another unit than the amount, "" where it fits."""
    wanted = f"kgCO2e/{amount.unit.removesuffix('/a')}"
    return "" if factor.unit == wanted else f"emission factor of {name} in {wanted}: the one there is in {factor.unit}"
