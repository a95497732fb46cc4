"""What measures of a network of flows rest on: the rows behind all its flows, or behind those that touch a node."""

from __future__ import annotations

from collections.abc import Iterable

from sivuvirta.assess.network.entries import CARRIED, MONEY
from sivuvirta.domain.links import Links
from sivuvirta.domain.networks import NetworkFigures, NetworkMetrics
from sivuvirta.report.following.basis import NOTHING, Basis
from sivuvirta.report.following.legs import Keys, Legs

_TABLES = {"site": "sites", "organisation": "organisations"}


def flowing(found: NetworkMetrics) -> dict[str, Basis]:
    """The rows behind all flows of each network, by its name among the columns; nothing where none is known."""
    legs: dict[int, Legs] = {}
    bases = {}
    for column, one in zip(found.columns, found.networks, strict=True):
        if one.ledger is None:
            bases[column] = NOTHING
            continue
        links = one.ledger.links
        behind = _rows(legs.setdefault(id(links), Legs.of(links)), one.flows["arc"].tolist(), found.unit)
        bases[column] = Basis(rows=tuple(sorted(behind)))
    return bases


def together(first: Basis, second: Basis) -> Basis:
    """What a difference of two networks rests on."""
    return Basis(rows=tuple(sorted({*first.rows, *second.rows})))


def touching(one: NetworkFigures, level: str, unit: str) -> list[Basis]:
    """What each node of a network rests on, in the order of its table: its own row and the rows behind the flows that it gives and takes.

    Args:
        one: the network.
        level: what a node is.
        unit: what is counted.
    """
    if one.ledger is None:
        return [NOTHING] * len(one.nodes)
    links, flows = one.ledger.links, one.flows
    legs = Legs.of(links)
    found = []
    for node in one.nodes["node"].tolist():
        arcs = flows["arc"][(flows["origin"] == node) | (flows["destination"] == node)].tolist()
        found.append(Basis(rows=tuple(dict.fromkeys([*_own(links, level, node), *_rows(legs, arcs, unit)]))))
    return found


def _own(links: Links, level: str, node: str) -> Keys:
    """The row of a site or organisation; a sector has none, and the rows of a stream's or plant's flows name it."""
    table = _TABLES.get(level)
    return ((table, node),) if table and node in links.region.table(table).index else ()


def _rows(legs: Legs, arcs: Iterable[int], unit: str) -> Keys:
    """Rows behind what flows in a unit: amounts, with money for what is paid, and analyses for what is contained."""
    arcs = list(arcs)
    if unit == MONEY:
        return legs.worth(arcs)
    return legs.amounts(arcs) if unit in CARRIED else (*legs.amounts(arcs), *legs.contents(arcs, unit))
