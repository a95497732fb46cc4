"""Coefficients of arcs: which rows each term of money and emission of a flow rests on, and how it follows from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from sivuvirta.assess.sources.book import Book, Row
from sivuvirta.assess.sources.register import Register
from sivuvirta.domain.links import CO2_TERMS, EUR_TERMS, ArcKind, Links

_OUTLET = (ArcKind.FATE, ArcKind.RESIDUE)

Rule = tuple[str, Callable[[Register, int], Iterable[Row]]]
"""Words of a coefficient, and the rows that it rests on."""


def _haul(register: Register, arc: int) -> Iterable[Row]:
    yield from register.vehicles(arc)
    yield from register.water(arc)
    yield from register.way(arc)


def _loading(register: Register, arc: int) -> Iterable[Row]:
    yield from register.vehicles(arc)
    yield from register.water(arc)


def _outlet(register: Register, arc: int) -> Iterable[Row]:
    yield from register.rows("fates", register.links.nodes.id[register.links.arcs.destination[arc]])


def _sale(register: Register, arc: int) -> Iterable[Row]:
    """What a sale earns: the outlet's revenue, or the price of the acceptance or need with the contents that are paid for."""
    links = register.links
    if links.arcs.kind[arc] in _OUTLET:
        yield from _outlet(register, arc)
        return
    yield from register.acceptance(arc)
    yield from register.rows("needs", links.nodes.id[links.arcs.destination[arc]])
    component = links.region.table("acceptances")["payable_component"][links.arcs.acceptance[arc]]
    if component:
        key = (links.nodes.id[links.arcs.origin[arc]], component)
        yield from register.rows("analyses", key, "stream", "component")


def _replaced(register: Register, arc: int) -> Iterable[Row]:
    fates = register.links.region.table("fates")
    for name, at in _outlet(register, arc):
        yield name, at
        yield from register.factor(fates["product"][at])


def _price(register: Register, arc: int) -> Iterable[Row]:
    yield from register.price(register.links.nodes.id[register.links.arcs.origin[arc]])


def _factor(register: Register, arc: int) -> Iterable[Row]:
    yield from register.factor(register.links.nodes.id[register.links.arcs.origin[arc]])


def _gate(register: Register, arc: int) -> Iterable[Row]:
    yield from register.rows("streams", register.links.nodes.id[register.links.arcs.origin[arc]])


_MONEY: Mapping[str, Rule] = {
    "transport": ("haulage", _haul),
    "handling": ("loading and unloading", _loading),
    "fee": ("fee of the outlet", _outlet),
    "tax": ("waste tax", _outlet),
    "revenue": ("sale", _sale),
    "purchase": ("price", _price),
    "gate": ("value given up at the gate", _gate),
}
_CARBON: Mapping[str, Rule] = {
    "transport": ("emission of haulage", _haul),
    "outlet": ("emission of the outlet", _outlet),
    "displaced": ("replaced outside the region", _replaced),
    "purchase": ("emission factor", _factor),
}
_RATES = {("eur", "transport"): ("cost", True), ("eur", "handling"): ("handling", False), ("co2", "transport"): ("co2", True)}
"""Column of `modes` behind a term, and whether it is a km."""


def coefficient(book: Book, register: Register, arc: int, money: bool, column: int) -> int:
    """Position of a coefficient of an arc in the book.

    Args:
        book: that it is written into.
        register: where its rows are found.
        arc: row of links.arcs.
        money: a term of the money, else of the emission.
        column: which term, in the order of EUR_TERMS or CO2_TERMS.
    """
    links = register.links
    term = (EUR_TERMS if money else CO2_TERMS)[column]
    words, rows = (_MONEY if money else _CARBON)[term]
    value = float((links.arcs.eur if money else links.arcs.co2)[arc, column])
    unit = f"{'EUR' if money else 'kg CO2e'}/{links.units[arc]}"
    subject = _subject(links, arc, term)
    formula = hauled(links, arc, value, ("eur" if money else "co2", term)) or _stated(register, arc, term if money else "", value)
    return book.coefficient(f"{words}{subject}", value, unit, rows(register, arc), formula)


def behind(register: Register, arc: int, money: bool) -> Iterable[Row]:
    """Rows that the money, or the emission, of a unit on an arc rests on."""
    arcs = register.links.arcs
    values, terms, rules = (arcs.eur, EUR_TERMS, _MONEY) if money else (arcs.co2, CO2_TERMS, _CARBON)
    for column, term in enumerate(terms):
        if values[arc, column]:
            yield from rules[term][1](register, arc)


def hauled(links: Links, arc: int, value: float, term: tuple[str, str]) -> str:
    """How a coefficient of haulage follows from the rate of its mode, the length and the water; empty where a row states it."""
    arcs = links.arcs
    if term not in _RATES or arcs.mode[arc] < 0 or arcs.feeder[arc] >= 0:
        return ""
    column, by_length = _RATES[term]
    km, sent = float(arcs.km[arc]) if by_length else 1.0, float(arcs.sent[arc])
    if not km * sent:
        return ""
    rate, unit = value / (km * sent), "EUR" if term[0] == "eur" else "kg CO2e"
    of = links.region.table("modes")
    stated = float(of[column][of.index[links.modes[arcs.mode[arc]]]])
    indexed = "" if np.isclose(rate, stated, rtol=1e-6) else f", in money of the price year; the row states {stated:.4g}"
    if indexed and term[0] == "co2":
        return ""  # emissions have no index: a row of `links` states it, or a pipe loses on its way
    length = f" × {km:.4g} km" if by_length else ""
    weight = f" × {sent:.4g} sent per dry unit" if sent != 1.0 else ""
    return f"{rate:.4g} {unit} a unit{' and km' if by_length else ''}{indexed}{length}{weight}"


def _stated(register: Register, arc: int, term: str, value: float) -> str:
    """What the row of a fee, tax, revenue or price states where water or an index turned it; empty where it is the same."""
    links, nodes = register.links, register.links.nodes
    if term in ("fee", "tax", "revenue") and links.arcs.kind[arc] in _OUTLET:
        table, column = links.region.table("fates"), term
        row = table.index.get(nodes.id[links.arcs.destination[arc]], -1)
    elif term == "purchase":
        table, column = links.region.table("prices"), "value"
        row = next((at for name, at in _price(register, arc) if name == "prices"), -1)
    else:
        return ""
    if row < 0 or np.isclose(abs(value), abs(table[column][row]), rtol=1e-6):
        return ""
    if term == "purchase":
        return f"the row states {table[column][row]:.4g} {table['unit'][row]} in money of {int(table['year'][row])}"
    return f"{table[column][row]:.4g} EUR a unit as sent × {float(links.arcs.sent[arc]):.4g} sent per dry unit"


def _subject(links: Links, arc: int, term: str) -> str:
    arcs, nodes = links.arcs, links.nodes
    if term in ("transport", "handling"):
        mode = links.modes[arcs.mode[arc]] if arcs.mode[arc] >= 0 else "a stated way"
        table = links.region.table("modes")
        name = str(table["name"][table.index[mode]]) if mode in table.index else mode
        return f" by {name[:1].lower()}{name[1:]}" + (f", {float(arcs.km[arc]):.3g} km" if term == "transport" and arcs.km[arc] > 0 else "")
    if term in ("purchase", "gate"):
        return f" of {nodes.name[arcs.origin[arc]]}"
    return f": {nodes.name[arcs.destination[arc]]}"
