"""Organisations: what each spends less what it earns, line by line."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sivuvirta.assess.sources.book import Book
from sivuvirta.assess.sources.flows import Used, paid_ways, way_line
from sivuvirta.assess.sources.plants import Ledgers, PlantLine
from sivuvirta.assess.sources.register import Register
from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.links import NodeKind, Texts
from sivuvirta.domain.traces import Line, Traced


def organisations(
    book: Book, register: Register, flows: Used, running: list[PlantLine], found: tuple[Assessment, Ledgers]
) -> Iterator[Traced]:
    """One figure an organisation: haulage and outlets of who sends, purchases of who buys, plants of their owner, payments between them.

    Args:
        book: that lines are written into.
        register: where rows are found.
        flows: used arcs with the coefficients that money was traced to.
        running: lines of plants.
        found: the assessment and its ledgers.
    """
    links, (assessment, ledgers) = register.links, found
    owner = np.array([key or "" for key in links.nodes.organisation], dtype=object)
    lines: dict[str, list[Line]] = {}
    bearer = _bearer(register, flows, owner)
    for (at, money, _), rate in flows.coefficient.items():
        if money:
            lines.setdefault(bearer[at], []).append(Line(flows.driver[at], rate))
    for who, line in _payments(book, register, flows, owner):
        lines.setdefault(who, []).append(line)
    for plant, term, line in running:
        if term.startswith("money/"):
            lines.setdefault(owner[links.works.node[plant]], []).append(line)
    for (way, who), paid in paid_ways(ledgers, _bearer_of(register, owner)).items():
        lines.setdefault(who, []).append(way_line(book, register, way, paid))
    yield from _figures(assessment, lines)


def _figures(found: Assessment, lines: dict[str, list[Line]]) -> Iterator[Traced]:
    sides = [
        each.organisations.groupby("organisation", sort=False)[["reference", "planned"]].sum() for each in (found.proven, found.potential)
    ]
    names = {
        str(row["organisation"]): str(row["name"])
        for each in (found.proven, found.potential)
        for row in each.organisations.to_dict("records")
    }
    for key, name in names.items():
        (today, proven), (again, potential) = (
            (float(each["reference"].get(key, 0.0)), float(each["planned"].get(key, 0.0))) for each in sides
        )
        values = (max(today, again, key=abs), proven, potential)
        yield Traced(f"organisations/{key}", name, "EUR/a", values, tuple(lines.get(key, ())))


def _bearer_of(register: Register, owner: Texts) -> Texts:
    """Who pays for what flows on each arc. Shape (arcs,)."""
    arcs, nodes = register.links.arcs, register.links.nodes
    return np.asarray(owner[np.where(nodes.kind[arcs.origin] == NodeKind.PRODUCT, arcs.destination, arcs.origin)], dtype=object)


def _bearer(register: Register, flows: Used, owner: Texts) -> Texts:
    return np.asarray(_bearer_of(register, owner)[flows.arc], dtype=object)


def _payments(book: Book, register: Register, flows: Used, owner: Texts) -> Iterator[tuple[str, Line]]:
    """What the destination pays the origin, once as cost and once as income."""
    links, arcs = register.links, register.links.arcs
    for at in np.flatnonzero(np.nan_to_num(arcs.payment[flows.arc])).tolist():
        arc = int(flows.arc[at])
        origin, destination = arcs.origin[arc], arcs.destination[arc]
        rows = [*register.acceptance(arc), *register.rows("needs", links.nodes.id[destination])]
        words = f"paid between organisations for {links.nodes.name[origin]}"
        rate = book.coefficient(words, float(arcs.payment[arc]), f"EUR/{links.units[arc]}", rows)
        yield str(owner[destination]), Line(flows.driver[at], rate)
        yield str(owner[origin]), Line(flows.driver[at], rate, -1.0)
