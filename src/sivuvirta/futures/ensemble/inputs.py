"""Inputs: the figures of a region that are not known well, one a source row, and what each changes of the links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import frozen
from scipy.sparse import csr_array

from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.links import CO2_TERMS, EUR_TERMS, Amounts, Floats, Ints, Links
from sivuvirta.domain.matches import Matches
from sivuvirta.futures.ensemble.contents import Contents, contents
from sivuvirta.futures.ensemble.gathering import Book, Part
from sivuvirta.links.codes import known, picked, positions
from sivuvirta.links.money import factors, prices
from sivuvirta.links.works import UTILITIES
from sivuvirta.units.ranges import SPREAD

_ENERGY = 1  # position in WORK_EUR_TERMS and WORK_CO2_TERMS
_BY_MODE = ("transport", "handling")
_BY_ORIGIN = ("purchase", "gate")
_WORDS = {
    "transport": "haulage by",
    "handling": "handling for",
    "fee": "fee of",
    "tax": "tax at",
    "revenue": "revenue from",
    "purchase": "price of",
    "gate": "value at the gate of",
    "co2 transport": "emission of haulage by",
    "co2 outlet": "emission of outlet",
    "co2 displaced": "emission displaced at",
    "co2 purchase": "emission factor of",
}


@frozen(eq=False)
class Uncertain:
    """Inputs with what one standard deviation of each changes. Sparse, the second axis is of inputs."""

    links: Links  # with the stated amounts
    inputs: tuple[Input, ...]
    money: Any  # (arcs, inputs) EUR per unit
    carbon: Any  # (arcs, inputs) kg CO2e per unit
    running: Any  # (plants, inputs) EUR per unit of activity
    emitting: Any  # (plants, inputs) kg CO2e per unit of activity
    capex: Any  # (plants, inputs) parts of the investment
    supply: Any  # (streams, inputs) units a year
    demand: Any  # (needs, inputs) units a year
    contents: Contents

    def __len__(self) -> int:
        return len(self.inputs)


def uncertain(matches: Matches, kinds: Sequence[str] = (), *, mixes: bool = True) -> Uncertain:
    """Every figure of a region that has a range.

    A figure that many links use (the price of a product, the rate of a mode, the fee of an outlet) is one input. Of a range the standard
    deviation counts, as everywhere: (high - low)/3.29. Yields and recoveries keep their values.

    Args:
        matches: routes with their verdicts; these stay as they are judged.
        kinds: kinds of input that are wanted; none: all.
        mixes: whether contents of streams are among them.
    """
    links, book = matches.links, Book()
    supply = amounts_of(book, "amount", links, links.supply)
    demand = amounts_of(book, "demand", links, links.demand.amounts)
    money, carbon = _terms(book, links, money=True), _terms(book, links, money=False)
    running, emitting = _running(book, links, money=True), _running(book, links, money=False)
    capex = investments(book, links)
    inside = contents(book, matches, mixes=mixes and (not kinds or "content" in kinds))
    wanted = [not kinds or one.kind in kinds for one in book.inputs]
    place = np.cumsum(wanted) - 1
    kept = np.flatnonzero(wanted)

    def matrix(part: Part, rows: int) -> Any:
        return _matrix(part, rows, len(wanted))[:, kept]

    return Uncertain(
        links=links,
        inputs=tuple(book.inputs[at] for at in kept),
        money=matrix(money, len(links.arcs)),
        carbon=matrix(carbon, len(links.arcs)),
        running=matrix(running, len(links.works)),
        emitting=matrix(emitting, len(links.works)),
        capex=matrix(capex, len(links.works)),
        supply=matrix(supply, len(links.supply.node)),
        demand=matrix(demand, len(links.demand.amounts.node)),
        contents=inside.renumbered(place),
    )


def _matrix(part: Part, rows: int, columns: int) -> Any:
    row, column, value = part.arrays()
    return csr_array((value, (row, column)), shape=(rows, columns))


def amounts_of(book: Book, kind: str, links: Links, amounts: Amounts) -> Part:
    """One input an amount with a range, of the distribution that the register names."""
    part = Part()
    family = _families(links, "streams" if kind == "amount" else "needs")
    wide = (amounts.high > amounts.low) & (amounts.value > 0)
    for at in np.flatnonzero(wide).tolist():
        node = amounts.node[at]
        low, high, value = (float(side[at]) for side in (amounts.low, amounts.high, amounts.value))
        sd = (high - low) / SPREAD
        key = str(links.nodes.id[node])
        shape = family.get(key, "lognormal")
        shape = "lognormal" if shape == "beta" else shape  # a beta is of shares, and an amount is none
        number = book.number(
            Input(kind, key, f"{'amount' if kind == 'amount' else 'demand'} of {links.nodes.name[node]}", shape, value, sd, low, high)
        )
        part.add([at], number, [sd])
    return part


def _families(links: Links, table: str) -> dict[str, str]:
    """Distribution that the register names for each subject."""
    rows = links.region.table("quantities")
    chosen = (rows["table"] == table) & (rows["vintage"] == links.region.vintage)
    return {str(subject): str(name) for subject, name in zip(rows["subject"][chosen], rows["distribution"][chosen], strict=True) if name}


def _terms(book: Book, links: Links, *, money: bool) -> Part:
    """One input a source row behind each term of the arcs."""
    arcs, part = links.arcs, Part()
    values, spreads, terms = (arcs.eur, arcs.eur_sd, EUR_TERMS) if money else (arcs.co2, arcs.co2_sd, CO2_TERMS)
    for column, term in enumerate(terms):
        group, names, labels = _sources(links, term)
        value, sd = values[:, column], spreads[:, column]
        for source in np.unique(group[(sd > 0) & (group >= 0)]).tolist():
            rows = np.flatnonzero((group == source) & (sd > 0))
            sign = np.where(value[rows] < 0, -1.0, 1.0)
            certain = (value[rows] == 0).any()
            relative = 1.0 if certain else float((sd[rows] / np.abs(value[rows])).max())
            kind = term if money else f"co2 {term}"
            one = Input(kind, str(names[source]), f"{_WORDS[kind]} {labels[source]}", "normal" if certain else "lognormal", 1.0, relative)
            part.add(rows, book.number(one), sign * sd[rows])
    return part


def _sources(links: Links, term: str) -> tuple[Ints, Any, Any]:
    """Number of the source row behind a term of each arc, and id and name of each number."""
    if term in _BY_MODE:
        table = links.region.table("modes")
        name = dict(zip(table["mode"].tolist(), table["name"].tolist(), strict=True))
        return links.arcs.mode.astype(np.int32), links.modes, [name.get(mode) or mode for mode in links.modes]
    end = links.arcs.origin if term in _BY_ORIGIN else links.arcs.destination
    return end, links.nodes.id, links.nodes.name


def _running(book: Book, links: Links, *, money: bool) -> Part:
    """Energy and water of plants: the inputs are those of the products, so that one price is drawn once for all that use it."""
    works, region, part = links.works, links.region, Part()
    sd = (works.eur_sd if money else works.co2_sd)[:, _ENERGY]
    table, products = region.table("technologies"), region.table("products")
    figures = prices(region) if money else factors(region)
    technology = positions(table["technology"], works.technology)
    rows = [int(positions(products["product"], [product])[0]) for product, _ in UTILITIES.values()]
    uses = np.zeros((len(works), len(rows)))
    for at, ((column, (_, units)), row) in enumerate(zip(UTILITIES.items(), rows, strict=True)):
        unit = units.get(products["unit"][row], 0.0) if row >= 0 else 0.0
        uses[:, at] = known(picked(table[column], technology, 0.0), 0.0) * unit * (known(figures.sd[row], 0.0) if row >= 0 else 0.0)
    norm = np.linalg.norm(uses, axis=1)
    share = np.divide(uses, norm[:, None], out=np.zeros_like(uses), where=norm[:, None] > 0) * sd[:, None]
    kind = "purchase" if money else "co2 purchase"
    for at, row in enumerate(rows):
        plants = np.flatnonzero(share[:, at])
        if len(plants):
            relative = abs(float(figures.sd[row] / figures.value[row])) if figures.value[row] else 1.0
            one = Input(kind, str(products["product"][row]), f"{_WORDS[kind]} {products['name'][row]}", "lognormal", 1.0, relative)
            part.add(plants, book.number(one), share[plants, at])
    return part


def investments(book: Book, links: Links) -> Part:
    """Investment, one input a technology."""
    works, part, table = links.works, Part(), links.region.table("technologies")
    names = dict(zip(table["technology"].tolist(), table["name"].tolist(), strict=True))
    sd: Floats = np.nan_to_num(works.capex_sd)
    for name in dict.fromkeys(works.technology[sd > 0].tolist()):
        plants = np.flatnonzero((works.technology == name) & (sd > 0))
        one = Input("capex", str(name), f"investment of {names.get(name) or name}", "lognormal", 1.0, float(sd[plants].max()))
        part.add(plants, book.number(one), sd[plants])
    return part
