"""Plants: what their running, energy, capital and upkeep rest on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sivuvirta.assess.sources.book import Book, Row
from sivuvirta.assess.sources.register import Register
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import WORK_CO2_TERMS, WORK_EUR_TERMS, Floats
from sivuvirta.domain.traces import Line, Values
from sivuvirta.links.works import UTILITIES

Ledgers = tuple[Ledger, Ledger, Ledger]
"""Today, proven, potential."""

_WORDS = {"opex": "running cost", "energy": "energy and water", "process": "emission of the process"}


PlantLine = tuple[int, str, Line]
"""Row of links.works, the figure that the line belongs to, the line."""


def plant_lines(book: Book, register: Register, ledgers: Ledgers) -> list[PlantLine]:
    """Lines of each plant that runs or is built in any network."""
    found: list[PlantLine] = []
    works = ledgers[0].links.works
    for plant in range(len(works)):
        activity = three(ledgers, "activity", plant)
        if any(activity):
            driver = book.driver("plant", (_name(ledgers[0], plant), "", "activity"), "of activity/a", activity, _rows(register, plant))
            for terms, values, scope in ((WORK_EUR_TERMS, works.eur, "money"), (WORK_CO2_TERMS, works.co2, "carbon")):
                for column, term in enumerate(terms):
                    if values[plant, column]:
                        rate = _rate(book, register, plant, (scope, term), float(values[plant, column]))
                        found.append((plant, f"{scope}/{term}", Line(driver, rate)))
        found += [(plant, key, line) for key, line in _invested(book, register, ledgers, plant)]
    return found


def _rate(book: Book, register: Register, plant: int, term: tuple[str, str], value: float) -> int:
    rows = list(_rows(register, plant))
    if term[1] == "energy":
        rows += list(_utilities(register, plant, term[0]))
    unit = "EUR" if term[0] == "money" else "kg CO2e"
    return book.coefficient(f"{_WORDS[term[1]]} of {register.links.works.technology[plant]}", value, f"{unit} per unit of activity", rows)


def _invested(book: Book, register: Register, ledgers: Ledgers, plant: int) -> Iterator[tuple[str, Line]]:
    """Capital as investment times annuity; the other fixed cost as a share of the investment, or as it is stated."""
    works = ledgers[0].links.works
    capex, fixed = np.array(three(ledgers, "capex", plant)), np.array(three(ledgers, "fixed", plant))
    annuity, whole = float(np.nan_to_num(works.annuity_only[plant])), float(np.nan_to_num(works.annuity[plant]))
    rows = list(_rows(register, plant))
    vintage = list(register.rows("vintages", register.links.region.vintage))
    upkeep = fixed - annuity * capex
    name = _name(ledgers[0], plant)
    if capex.any():
        driver = book.driver("investment", (name, "", "investment"), "EUR", _values(capex), rows)
        if annuity:
            rate = book.coefficient(
                "annuity of capital", annuity, "EUR/a per EUR", [*rows, *vintage], "interest of the vintage and lifetime"
            )
            yield "money/capital", Line(driver, rate)
        share = whole - annuity
        if share and np.allclose(upkeep, share * capex, rtol=1e-9, atol=1e-9):
            yield "money/upkeep", Line(driver, book.coefficient("fixed cost a year, share of the investment", share, "EUR/a per EUR", rows))
            return
    if upkeep.any():
        driver = book.driver("fixed", (name, "", "fixed cost"), "EUR/a", _values(upkeep), rows)
        yield "money/upkeep", Line(driver, book.plain)


def _rows(register: Register, plant: int) -> Iterator[Row]:
    links = register.links
    yield from register.rows("plants", links.nodes.id[links.works.node[plant]])
    yield from register.rows("technologies", links.works.technology[plant])


def behind(register: Register, plant: int, scope: str = "") -> Iterator[Row]:
    """Rows that a plant rests on, with the prices (scope money) or factors (carbon) of what it uses."""
    yield from _rows(register, plant)
    if scope:
        yield from _utilities(register, plant, scope)


def _utilities(register: Register, plant: int, scope: str) -> Iterator[Row]:
    """Prices or factors of what a plant uses of energy and water."""
    table = register.links.region.table("technologies")
    at = table.index.get(register.links.works.technology[plant], -1)
    for column, (product, _) in UTILITIES.items():
        if at >= 0 and np.nan_to_num(table[column][at]):
            yield from register.price(product) if scope == "money" else register.factor(product)


def three(ledgers: Ledgers, name: str, plant: int) -> Values:
    """A figure of a plant's operation in each network."""
    return _values(np.array([getattr(each.operations, name)[plant] for each in ledgers]))


def _values(three: Floats) -> Values:
    first, second, third = (float(each) for each in three)
    return first, second, third


def _name(ledger: Ledger, plant: int) -> str:
    links = ledger.links
    return str(links.nodes.name[links.works.node[plant]])
