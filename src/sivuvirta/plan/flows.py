"""Constraint families of flows: every tonne goes somewhere, every need is met, no outlet overflows."""

from __future__ import annotations

import numpy as np

from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.program import Label, Rows
from sivuvirta.plan.agreements import Agreement, agreements
from sivuvirta.plan.candidates import Index
from sivuvirta.plan.setting import Setting


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

    .. math:: X_p \le Z_p, \qquad \sum_{f \in a} \eta_f f \le c_a, \qquad \sum_{a \in c} x_a \le d^{max}_c \qquad \text{(P7)}

    A row that can never bind is left out: a capacity that the whole stream does not reach.

    Args:
        at: the program and its columns; Z is the capacity of an existing plant in units of activity a year, c of an arc in its units.

    Returns:
        Rows of plants, then of arcs, then of contracts; the negative of the dual is what one more unit of capacity is worth.
    """
    links, found, blocks, limits = at.links, at.found, at.blocks, at.capacities
    single = ((limits.direct, blocks.direct), (limits.fate, blocks.fate), (limits.enter, blocks.enter))
    columns = [blocks.activity.columns[limits.plants]] + [block.columns[part] for part, block in single]
    first = sum(len(part) for part in columns)
    row, pair = at.pairs_of_outlets(limits.outlet)
    terms = [
        Term(np.arange(first), np.concatenate(columns), 1.0),
        Term(first + row, blocks.pair.columns[pair], found.pairs.eta[pair]),
    ]
    first += len(limits.outlet)
    terms += [_contract(at, agreement, first + number) for number, agreement in enumerate(limits.contracts)]
    agreed = np.array([agreement.maximum for agreement in limits.contracts])
    most = np.concatenate([links.works.capacity[found.plants[limits.plants]], links.arcs.capacity[limits.arcs], agreed])
    return at.lp.rows("capacity", gather(len(most), *terms), upper=most, label=_capacity_label(at))


def _capacity_label(at: Setting) -> Label:
    limits, ids, arcs = at.capacities, at.links.nodes.id, at.links.arcs
    plants, first = at.plant_label(limits.plants), len(limits.plants)

    def label(position: int) -> str:
        if position < first:
            return plants(position)
        if position < first + len(limits.arcs):
            arc = limits.arcs[position - first]
            return f"{ids[arcs.origin[arc]]},{ids[arcs.destination[arc]]}"
        return f"contract,{limits.contracts[position - first - len(limits.arcs)].name}"

    return label


def _contract(at: Setting, agreement: Agreement, row: int) -> Term:
    column = np.concatenate([block.columns[positions] for block, positions, _ in at.carrying(agreement.arcs)])
    value = np.concatenate([value for _, _, value in at.carrying(agreement.arcs)])
    return Term(np.full(len(column), row), column, value)


def _numbered(nodes: Index, count: int) -> Index:
    position = np.full(count, -1, dtype=np.int32)
    position[nodes] = np.arange(len(nodes), dtype=np.int32)
    return position
