"""Streams, needs and plants: what flows from, to and through each, and the rows that state their amounts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sivuvirta.assess.sources.book import Book
from sivuvirta.assess.sources.flows import Used
from sivuvirta.assess.sources.plants import Ledgers, three
from sivuvirta.assess.sources.register import Register
from sivuvirta.domain.links import ArcKind, Floats, NodeKind
from sivuvirta.domain.traces import Line, Traced, Values


def nodes(book: Book, register: Register, flows: Used, ledgers: Ledgers) -> Iterator[Traced]:
    """One figure a stream (what leaves it), a need (what serves it) and a plant (what it does)."""
    yield from _streams(book, register, flows)
    yield from _needs(book, register, flows)
    links = register.links
    for plant, node in enumerate(links.works.node.tolist()):
        values = three(ledgers, "activity", plant)
        if any(values) or any(three(ledgers, "capex", plant)):
            key = links.nodes.id[node]
            rows = [*register.rows("plants", key), *register.rows("technologies", links.works.technology[plant])]
            note = "Follows from what enters the plant and from its recipe."
            yield Traced(f"plants/{key}", str(links.nodes.name[node]), "of activity/a", values, (), book.rows(rows), note)


def _streams(book: Book, register: Register, flows: Used) -> Iterator[Traced]:
    links = register.links
    origin = links.arcs.origin[flows.arc]
    for node in links.supply.node.tolist():
        at = np.flatnonzero(origin == node)
        lines = tuple(Line(flows.driver[each], book.plain) for each in at.tolist())
        unit = f"{links.nodes.unit[node]}/a"
        values = _sums(flows.amounts[at])
        key, name = links.nodes.id[node], str(links.nodes.name[node])
        yield Traced(f"streams/{key}", name, unit, values, lines, book.rows(register.amount(node)))


def _needs(book: Book, register: Register, flows: Used) -> Iterator[Traced]:
    links, arcs = register.links, register.links.arcs
    serves = np.isin(arcs.kind[flows.arc], (ArcKind.DIRECT, ArcKind.DELIVER, ArcKind.BUY))
    for node in np.flatnonzero(links.nodes.kind == NodeKind.NEED).tolist():
        at = np.flatnonzero(serves & (arcs.destination[flows.arc] == node) & (arcs.kind[flows.arc] != ArcKind.BUY))
        ratio = np.nan_to_num(arcs.ratio[flows.arc[at]])
        unit = str(links.nodes.unit[node])
        lines = []
        for each, share in zip(at.tolist(), ratio.tolist(), strict=True):
            arc = int(flows.arc[each])
            rows = register.acceptance(arc)
            rate = book.coefficient("replaces of what the need buys", share, f"{unit}/{links.units[arc]}", rows)
            lines.append(Line(flows.driver[each], rate))
        values = _sums(flows.amounts[at] * ratio[:, None])
        key, name = links.nodes.id[node], str(links.nodes.name[node])
        yield Traced(f"needs/{key}", name, f"{unit}/a", values, tuple(lines), book.rows(register.amount(node)))


def _sums(amounts: Floats) -> Values:
    first, second, third = (float(each) for each in amounts.sum(axis=0))
    return first, second, third
