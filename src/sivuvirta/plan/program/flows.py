"""Constraint families of flows: every tonne goes somewhere, every need is met, no outlet overflows."""

from __future__ import annotations

import numpy as np

from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.program import Label, Rows
from sivuvirta.plan.program.agreements import Agreement, agreements
from sivuvirta.plan.program.candidates import Index
from sivuvirta.plan.program.setting import Setting


def supply(at: Setting) -> Rows:
    r"""Every unit that a stream gives off goes somewhere: to a need, into a plant, or to one of today's outlets.

    .. math:: \sum_{a \in \delta^+(i)} x_a = q_i \qquad \forall i  \quad \text{(P1)}

    Args:
        at: the program and its columns; q is `links.supply`, t dry, MWh or m3 a year, shape (streams,).

    Returns:
        One row a stream; the negative of its dual, EUR per unit, is what one more unit is worth to the region.
    """
    links, found, blocks = at.links, at.found, at.blocks
    position = _numbered(links.supply.node, len(links.nodes.id))
    origin = links.arcs.origin
    parts = (
        (found.matches.routes.arc_in[found.direct], blocks.direct.columns),
        (found.fate, blocks.fate.columns),
        (found.enter[at.feeds], blocks.enter.columns[at.feeds]),
    )
    terms = [Term(position[origin[arc]], column, 1.0) for arc, column in parts]
    amount = np.nan_to_num(links.supply.value)
    return at.lp.rows("supply", gather(len(amount), *terms), amount, amount, at.node_label(links.supply.node))


def need(at: Setting) -> Rows:
    r"""A need gets its amount, from streams, plants or the primary product that it buys today; a market takes up to its amount.

    .. math:: \sum_{a \in \delta^-(j)} e_a x_a + v_j = D_j, \quad v_j \ge 0 \qquad \text{(P2)}

    with e the units of primary product that one unit sent replaces. For a market, and for a need without a known product, it is
    at most D and nothing is bought.

    Args:
        at: the program and its columns; D is `links.demand`, product units a year, shape (needs,).

    Returns:
        One row a need; its dual is what one more unit of demand costs.
    """
    links, found = at.links, at.found
    demand = links.demand.amounts
    position = _numbered(demand.node, len(links.nodes.id))
    terms = [Term(position[row], column, value) for row, column, value in at.into_needs(ratio=True)]
    bought = position[links.arcs.destination[found.buy]]
    terms.append(Term(bought, at.blocks.buy.columns, 1.0))
    amount = np.nan_to_num(demand.value)
    must = np.zeros(len(amount), dtype=bool)
    must[bought] = True
    must &= ~links.demand.market
    return at.lp.rows("need", gather(len(amount), *terms), np.where(must, amount, -np.inf), amount, at.node_label(demand.node))


def minimum(at: Setting) -> Rows:
    r"""A need gets at least what it was promised, and a contract is kept.

    .. math:: \sum_{a \in \delta^-(j)} e_a x_a \ge d^{min}_j, \qquad \sum_{a \in c} x_a \ge d^{min}_c \qquad \text{(P2)}

    Args:
        at: the program and its columns; the minimum of a need is in product units a year, of a contract in units of the material.

    Returns:
        One row a need with a minimum, then one a contract with a minimum; the dual is what the last unit of it costs.
    """
    links = at.links
    least = np.nan_to_num(links.demand.minimum)
    needs = np.flatnonzero(least > 0)
    contracts = [agreement for agreement in agreements(at.found) if agreement.minimum > 0]
    nodes = links.demand.amounts.node[needs]
    position = _numbered(nodes, len(links.nodes.id))
    terms = []
    for row, column, value in at.into_needs(ratio=True):
        wanted = position[row] >= 0
        terms.append(Term(position[row][wanted], column[wanted], value[wanted]))
    terms += [_contract(at, agreement, len(needs) + number) for number, agreement in enumerate(contracts)]
    names = [str(links.nodes.id[node]) for node in nodes] + [f"contract,{agreement.name}" for agreement in contracts]
    bounds = np.concatenate([least[needs], [agreement.minimum for agreement in contracts]])
    return at.lp.rows("minimum", gather(len(names), *terms), bounds, label=names.__getitem__)


def capacity(at: Setting) -> Rows:
    r"""No plant does more than it can, no outlet or way takes more than it may, no contract is exceeded.

    .. math:: X_p \le Z_p, \qquad \sum_{a \in w} \sum_{f \in a} \eta_f f \le c_w, \qquad \sum_{a \in c} x_a \le d^{max}_c \qquad \text{(P7)}

    w is an arc with a capacity of its own, an outlet that several plants fill, or all arcs that share one row of `links`. A row that can
    never bind is left out: a capacity that the whole of the streams does not reach.

    Args:
        at: the program and its columns; Z is the capacity of an existing plant in units of activity a year, c in units of what flows.

    Returns:
        Rows of plants, of arcs, of what arcs share, then of contracts; the negative of the dual is what one more unit of capacity is worth.
    """
    links, found, blocks, limits = at.links, at.found, at.blocks, at.capacities
    plants, arcs, ways = len(limits.plants), len(limits.arcs), len(limits.ways.capacity)
    alone = np.full(len(links.arcs), -1, dtype=np.int32)
    alone[limits.arcs] = np.arange(arcs, dtype=np.int32)
    terms = [Term(np.arange(plants), blocks.activity.columns[limits.plants], 1.0)]
    for first, number in ((plants, alone), (plants + arcs, limits.ways.number[0]), (plants + arcs, limits.ways.number[1])):
        terms += [Term(first + number[arc], column, value) for arc, column, value in at.carrying(np.flatnonzero(number >= 0))]
    first = plants + arcs + ways
    terms += [_contract(at, agreement, first + number) for number, agreement in enumerate(limits.contracts)]
    agreed = np.array([agreement.maximum for agreement in limits.contracts])
    working = links.works.capacity[found.plants[limits.plants]]
    most = np.concatenate([working, links.arcs.capacity[limits.arcs], limits.ways.capacity, agreed])
    return at.lp.rows("capacity", gather(len(most), *terms), upper=most, label=_capacity_label(at))


def _capacity_label(at: Setting) -> Label:
    limits, ids, arcs = at.capacities, at.links.nodes.id, at.links.arcs
    plants, every = at.plant_label(limits.plants), np.concatenate([limits.arcs, limits.ways.first])
    known = at.links.region.table("links")

    def label(position: int) -> str:
        if position < len(limits.plants):
            return plants(position)
        position -= len(limits.plants)
        if position >= len(every):
            return f"contract,{limits.contracts[position - len(every)].name}"
        arc, way = every[position], position - len(limits.arcs)
        if way < 0:
            return f"{ids[arcs.origin[arc]]},{ids[arcs.destination[arc]]}"
        if limits.ways.outlet[way]:
            return f"outlet,{ids[arcs.destination[arc]]}"
        row = arcs.capacity_group[arc]
        return f"way,{known['origin'][row]},{known['destination'][row]}"

    return label


def _contract(at: Setting, agreement: Agreement, row: int) -> Term:
    parts = list(at.carrying(agreement.arcs))
    column, value = (np.concatenate([part[n] for part in parts]) for n in (1, 2))
    return Term(np.full(len(column), row), column, value)


def _numbered(nodes: Index, count: int) -> Index:
    position = np.full(count, -1, dtype=np.int32)
    position[nodes] = np.arange(len(nodes), dtype=np.int32)
    return position
