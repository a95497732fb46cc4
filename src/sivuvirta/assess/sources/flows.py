"""Flows: the amount on each used arc in each network, with the rows that it rests on, and the lines of money and emission."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import field, frozen

from sivuvirta.assess.sources.arcs import coefficient
from sivuvirta.assess.sources.book import Book, Row
from sivuvirta.assess.sources.plants import Ledgers
from sivuvirta.assess.sources.register import Register
from sivuvirta.domain.links import CO2_TERMS, EUR_TERMS, Floats, NodeKind, Texts
from sivuvirta.domain.traces import Line, Values
from sivuvirta.links.codes import Rows


@frozen(eq=False)
class Used:
    """Arcs that carry something in any network. Shape (used,) unless said."""

    arc: Rows
    amounts: Floats  # (used, 3)
    driver: tuple[int, ...]
    coefficient: dict[tuple[int, bool, int], int] = field(factory=dict)  # by position, money or emission, and term


def used(book: Book, register: Register, ledgers: Ledgers) -> Used:
    """The used arcs as drivers of figures."""
    links = ledgers[0].links
    every = np.column_stack([each.per_arc() for each in ledgers])
    arc = np.flatnonzero(every.any(axis=1))
    amounts = every[arc]
    names, arcs = links.nodes.name, links.arcs
    materials = links.region.table("materials")
    drivers = []
    for at, row in enumerate(arc.tolist()):
        material = links.materials[arcs.material[row]] if arcs.material[row] >= 0 else ""
        what = str(materials["name_en"][materials.index[material]]) if material in materials.index else material
        ends = (str(names[arcs.origin[row]]), str(names[arcs.destination[row]]), what)
        today, proven, potential = (float(each) for each in amounts[at])
        drivers.append(book.driver("flow", ends, f"{links.units[row]}/a", (today, proven, potential), carried(register, row)))
    return Used(arc, amounts, tuple(drivers))


def flow_lines(book: Book, register: Register, flows: Used) -> dict[str, list[Line]]:
    """Lines of money and emission of the used arcs, by the figure that they belong to."""
    arcs = register.links.arcs
    found: dict[str, list[Line]] = {}
    for money, terms, values in ((True, EUR_TERMS, arcs.eur), (False, CO2_TERMS, arcs.co2)):
        for at, column in np.argwhere(values[flows.arc] != 0).tolist():
            rate = flows.coefficient[at, money, column] = coefficient(book, register, int(flows.arc[at]), money, column)
            found.setdefault(f"{'money' if money else 'carbon'}/{terms[column]}", []).append(Line(flows.driver[at], rate))
    return found


def paid_ways(ledgers: Ledgers, who: Texts) -> dict[tuple[int, str], Values]:
    """EUR a year of the fixed cost of ways that are used at all, by way and by who bears the flow, in each network.

    Args:
        ledgers: today, proven, potential.
        who: bears what flows on each arc; shape (arcs,).
    """
    links = ledgers[0].links
    paid: dict[tuple[int, str], list[float]] = {}
    for state, ledger in enumerate(ledgers):
        cost = ledger.amount * ledger.way_cost()[ledger.arc]
        for at in np.flatnonzero(cost).tolist():
            arc = int(ledger.arc[at])
            paid.setdefault((int(links.arcs.fixed_group[arc]), str(who[arc])), [0.0, 0.0, 0.0])[state] += float(cost[at])
    return {key: (values[0], values[1], values[2]) for key, values in paid.items()}


def way_line(book: Book, register: Register, way: int, paid: Values) -> Line:
    """Fixed cost of a way that is used at all, which is a part of haulage."""
    links = register.links
    ways, mode = links.ways, links.ways.mode[way]
    rows = register.rows("modes", links.modes[mode]) if mode >= 0 else iter([("links", way)])
    names = (str(ways.origin[way]), str(ways.destination[way]), "fixed cost of the way")
    return Line(book.driver("fixed", names, "EUR/a", paid, rows), book.plain)


def carried(register: Register, arc: int) -> Iterator[Row]:
    """Rows behind the amount of a flow: of the stream or need, of the recipe, the outlet, the acceptance, the plant."""
    links = register.links
    origin, destination = links.arcs.origin[arc], links.arcs.destination[arc]
    yield from register.amount(origin)
    yield from register.made(arc)
    yield from register.acceptance(arc)
    if links.nodes.kind[origin] == NodeKind.PRODUCT:
        yield from register.amount(destination)
    name = {NodeKind.FATE: "fates", NodeKind.PLANT: "plants"}.get(NodeKind(links.nodes.kind[destination]))
    if name:
        yield from register.rows(name, links.nodes.id[destination])
