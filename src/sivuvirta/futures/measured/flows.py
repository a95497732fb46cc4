"""Flows of a ledger in each draw: the plan held in proportion, with streams and needs as large as they are drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import ArcKind, Floats, NodeKind
from sivuvirta.futures.measured.coefficients import Coefficients, drawn
from sivuvirta.futures.measured.effects import Effects
from sivuvirta.futures.measured.setting import Setting, gathered, times


@frozen(eq=False)
class Flows:
    """One ledger in each draw."""

    ledger: Ledger
    amount: Floats  # (draws, used) units a year
    activity: Floats  # (draws, plants)
    fed: Floats  # (draws, plants) times what enters in the ledger
    beyond: Floats  # (draws, needs) need units that are delivered beyond what is taken


@frozen(eq=False)
class Held:
    """What is held of one ledger's flows. Sparse matrices."""

    ledger: Ledger
    flow: Floats  # (used,)
    stream: Any  # (used,) position in supply of the stream that an arc leaves, -1 for none
    output: Any  # (used,) output that an arc carries, -1 for none
    plant: Any  # (used,) plant that a reagent enters, -1 for none
    enters: Any  # (used, plants) what a plant is fed with
    makes: Any  # (used, outputs) what of each output an arc that enters makes
    fills: Any  # (used, needs) arcs that supply a need
    buys: Any  # (used, needs) arcs by which a need buys
    share: Floats  # (used,) share of an arc in what its need buys
    steps: int  # plants behind one another, at most
    owner: Any  # (outputs,) plant


def held(setting: Setting, name: str) -> Held:
    """What the flows of a ledger are in proportion to."""
    links, flow = setting.links, setting.flow[name]
    arcs, works, nodes = links.arcs, links.works, links.nodes
    origin, destination = setting.of(arcs.origin), setting.of(arcs.destination)
    position = np.full(len(nodes.id), -1)
    position[links.supply.node] = np.arange(len(links.supply.node))
    plant, need = (np.full(len(nodes.id), -1) for _ in range(2))
    plant[works.node] = np.arange(len(works))
    need[links.demand.amounts.node] = np.arange(len(links.demand.amounts.node))
    feeds, reagent = setting.kind(ArcKind.FEED, ArcKind.PASS), setting.kind(ArcKind.REAGENT)
    bought, filled = setting.kind(ArcKind.BUY), setting.kind(ArcKind.DIRECT, ArcKind.DELIVER)
    owner = np.asarray(works.outputs.plant, dtype=np.int64)
    return Held(
        ledger=setting.ledgers[name],
        flow=flow,
        stream=np.where(nodes.kind[origin] == NodeKind.STREAM, position[origin], -1),
        output=setting.of(arcs.output),
        plant=np.where(reagent, plant[destination], -1),
        enters=gathered(np.where(feeds, plant[destination], -1), len(works)),
        makes=_makes(setting),
        fills=gathered(np.where(filled, need[destination], -1), len(links.demand.amounts.node)),
        buys=gathered(np.where(bought, need[destination], -1), len(links.demand.amounts.node)),
        share=_share(np.where(bought, need[destination], -1), flow),
        steps=1 + int((flow[setting.kind(ArcKind.PASS)] > 0).sum()),
        owner=owner,
    )


def _makes(setting: Setting) -> Any:
    """Yields of the used arcs. Sparse, (used, outputs)."""
    links = setting.links
    yields = links.works.yields
    place = np.full(len(links.arcs), -1, dtype=np.int64)
    place[setting.arc] = np.arange(len(setting.arc))
    here = np.flatnonzero(place[yields.arc] >= 0)
    matrix = gathered(yields.output[here], len(links.works.outputs.plant), yields.eta[here])
    return gathered(place[yields.arc[here]], len(setting.arc)).T @ matrix


def _share(need: Any, flow: Floats) -> Floats:
    """Share of each purchase in what its need buys; where nothing is bought, the first product that it may buy."""
    size = int(need.max(initial=-1)) + 2
    whole = np.bincount(need + 1, weights=np.where(need >= 0, flow, 0.0), minlength=size)[need + 1]
    first = np.zeros(len(need))
    row = np.flatnonzero(need >= 0)
    first[row[np.unique(need[row], return_index=True)[1]]] = 1.0
    return np.where(need < 0, 0.0, np.divide(flow, whole, out=first, where=whole > 0))


def flows(setting: Setting, found: Effects, at: Held, numbers: Coefficients, delta: Floats) -> Flows:
    r"""A ledger in each draw.

    .. math:: x_a = x_a^0 \frac{q_i}{q_i^0}, \quad x_g = x_g^0 \frac{\sum_a \eta_a x_a}{\sum_a \eta_a x_a^0}, \quad
        z_p = z_p^0 \frac{\sum_{a \to p} x_a}{\sum_{a \to p} x_a^0}, \quad
        b_j = \max\Bigl(0, b_j^0 + D_j - D_j^0 - \sum_{a \to j} (e_a x_a - e_a^0 x_a^0)\Bigr)

    Each stream is parted among its uses and outlets as in the ledger; a plant parts each output likewise, runs and takes reagents in
    proportion to what it is fed with; a need buys what is missing. What is delivered beyond its demand replaces nothing. What is built, and
    which way is taken, stays.

    Args:
        setting: used arcs.
        found: inputs and what they move.
        at: what is held of the ledger.
        numbers: coefficients of the draws.
        delta: standard deviations of each input from its middle, shape (draws, inputs).
    """
    supply = _times(found.amount.base, drawn(found.amount, delta))
    flow = at.flow * _at(supply, at.stream)
    made, fed = (np.asarray(at.flow @ matrix) for matrix in (at.makes, at.enters))
    more = np.ones((len(delta), len(fed)))
    for _ in range(at.steps):  # plant by plant
        more = _times(fed, times(flow, at.enters))
        flow = np.where(at.plant >= 0, at.flow * _at(more, at.plant), flow)
        given = times(flow * numbers.arriving, at.makes)
        each = np.where(made > 0, _times(made, given), more[:, at.owner])
        flow = np.where(at.output >= 0, at.flow * _at(each, at.output), flow)
    needed = drawn(found.demand, delta) - found.demand.base
    filled = times(numbers.ratio * flow, at.fills)
    missing = np.nan_to_num(at.flow @ at.buys + needed - filled + (found.ratio.base * at.flow) @ at.fills)
    bought = np.asarray(at.buys @ np.maximum(missing, 0.0).T).T
    here = np.diff(at.buys.indptr) > 0
    return Flows(
        ledger=at.ledger,
        amount=np.where(here, bought * at.share, flow),
        activity=at.ledger.operations.activity * more,
        fed=more,
        beyond=np.maximum(np.nan_to_num(filled - needed - found.demand.base), 0.0),
    )


def _at(values: Floats, position: Any) -> Floats:
    """Values at some positions, 1 at none (-1). (draws, values) -> (draws, positions)."""
    return np.asarray(np.column_stack([values, np.ones(len(values))])[:, position])


def _times(base: Floats, values: Floats) -> Floats:
    """Values by their base, 1 where that is nothing."""
    return np.asarray(np.divide(values, base, out=np.ones_like(values), where=base > 0))
