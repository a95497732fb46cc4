"""Shares: the difference of two ledgers taken apart by exchange, so that the parts sum to the whole.

An exchange is what a stream sends to a need, to a plant, or to an outlet that uses it. It gets its own flow, the outlets of today that its
stream leaves for it, and the purchases that it replaces. What plants do is joint: it is shared by the units that enter.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp
from attrs import frozen

from sivuvirta.assess.fates import outlet_groups
from sivuvirta.domain.changes import change
from sivuvirta.domain.ledger import Ledger, sums
from sivuvirta.domain.links import ArcKind, Floats, Ints, Links

Rows = npt.NDArray[np.int64]

_LEAVES = (ArcKind.DIRECT, ArcKind.FEED)
_ARRIVES = (ArcKind.DIRECT, ArcKind.DELIVER)
_ENTERS = (ArcKind.FEED, ArcKind.PASS)
_NOTHING = 1e-12  # share of a plant below which nothing more is handed on


@frozen(eq=False)
class Shares:
    """Who has which part of the difference. The last row of the matrices belongs to no exchange."""

    links: Links
    origin: Ints  # row of nodes, shape (exchanges,)
    destination: Ints
    units: Floats  # what the exchange carries more than in the reference, in its own unit a year
    moves: Floats  # change of each arc, shape (arcs,)
    arcs: sp.csr_array  # units of change of each arc that each exchange answers for, shape (exchanges + 1, arcs)
    plants: sp.csr_array  # share of each plant, shape (exchanges + 1, plants)
    replaced: npt.NDArray[np.bool_]  # arcs to needs that take the place of a purchase, shape (arcs,)

    def __len__(self) -> int:
        return len(self.origin)


def shares(planned: Ledger, reference: Ledger) -> Shares:
    r"""The difference of two ledgers by exchange.

    .. math:: \Delta_a = \sum_j W_{ja} + W_{0a}, \qquad 1 = \sum_j S_{jp} + S_{0p}

    with W the part of the change of arc a that exchange j answers for, S its share of plant p, and 0 what belongs to none, such as one
    outlet left for another. A stream's outlets are left in the mix in which they are left; purchases are replaced by what arrives, at the
    rate at which it serves. A plant's share is the part of the units that enter it more than in the reference, and is handed on to what
    enters the plants before it.

    Args:
        planned: the ledger after.
        reference: the ledger before, over the same links.
    """
    links = planned.links
    moves = change(reference.per_arc(), planned.per_arc())
    movers = _movers(links, moves)
    bundles, replaced = _bundles(links, moves, movers)
    own = np.flatnonzero(_from_streams(links, movers))
    part = _plant_shares(links, moves, movers, own)
    whole = bundles[own] + part @ _pools(links, moves, movers, bundles)
    ends = np.column_stack([links.arcs.origin[movers[own]], links.arcs.destination[movers[own]]])
    unique, group = np.unique(ends, axis=0, return_inverse=True) if len(own) else (ends, np.zeros(0, dtype=np.int64))
    gather = sp.csr_array((np.ones(len(own)), (group.ravel(), np.arange(len(own)))), shape=(len(unique), len(own)))
    return Shares(
        links=links,
        origin=unique[:, 0].astype(np.int32),
        destination=unique[:, 1].astype(np.int32),
        units=np.asarray(gather @ moves[movers[own]], dtype=np.float64),
        moves=moves,
        arcs=_with_rest(gather @ whole, moves),
        plants=_with_rest(gather @ part, np.ones(len(links.works))),
        replaced=replaced,
    )


def _movers(links: Links, moves: Floats) -> Rows:
    """Arcs that carry something new to needs, plants or outlets that use it, or that no longer do."""
    moved = np.flatnonzero(moves)
    kind = links.arcs.kind[moved]
    outlet = moved[(kind == ArcKind.FATE) & (moves[moved] > 0)]
    used = outlet[outlet_groups(links, outlet) == "used"] if len(outlet) else outlet
    return np.sort(np.concatenate([moved[np.isin(kind, (*_LEAVES, ArcKind.DELIVER, ArcKind.PASS))], used]))


def _from_streams(links: Links, movers: Rows) -> npt.NDArray[np.bool_]:
    return np.isin(links.arcs.kind[movers], (*_LEAVES, ArcKind.FATE))


def _bundles(links: Links, moves: Floats, movers: Rows) -> tuple[sp.csr_array, npt.NDArray[np.bool_]]:
    """What each mover answers for, units of each arc, shape (movers, arcs); and which arcs replace a purchase."""
    arcs = links.arcs
    moved = np.flatnonzero(moves)
    outlets = np.setdiff1d(moved[arcs.kind[moved] == ArcKind.FATE], movers)
    bought = moved[arcs.kind[moved] == ArcKind.BUY]
    leaving, arriving = (np.flatnonzero(mask) for mask in (_from_streams(links, movers), np.isin(arcs.kind[movers], _ARRIVES)))
    served = moves[movers[arriving]] * np.nan_to_num(arcs.ratio[movers[arriving]])
    left = _answers(leaving, arcs.origin[movers[leaving]], moves[movers[leaving]], (outlets, arcs.origin[outlets], moves[outlets]))
    instead = _answers(arriving, arcs.destination[movers[arriving]], served, (bought, arcs.destination[bought], moves[bought]))
    every = np.arange(len(movers))
    row, column, amount = (np.concatenate(each) for each in zip((every, movers, moves[movers]), left, instead, strict=True))
    replaced = np.zeros(len(arcs), dtype=bool)
    replaced[movers[np.asarray(instead[0], dtype=np.int64)]] = True
    return sp.csr_array((amount, (row, column)), shape=(len(movers), len(arcs))), replaced


def _answers(mover: Rows, group: Any, weight: Floats, others: tuple[Rows, Any, Floats]) -> tuple[Rows, Rows, Floats]:
    """Which part of the change of other arcs each mover answers for: those of its group that change against the group's sum."""
    arc, of, moves = others
    count = 1 + int(max(group.max(initial=-1), of.max(initial=-1)))
    net = sums(group, weight, count)
    against = np.where(net[of] >= 0, moves < 0, moves > 0)
    whole = sums(of, np.where(against, moves, 0.0), count)
    reach = np.divide(np.abs(whole), np.abs(net), out=np.ones(count), where=np.abs(net) > np.abs(whole))
    part = np.divide(moves, whole[of], out=np.zeros(len(of)), where=against & (whole[of] != 0))
    left = pd.DataFrame({"group": group, "mover": mover, "weight": -weight * reach[group]})
    right = pd.DataFrame({"group": of[against], "arc": arc[against], "part": part[against]})
    both = left.merge(right, on="group")
    return both["mover"].to_numpy(np.int64), both["arc"].to_numpy(np.int64), (both["weight"] * both["part"]).to_numpy(np.float64)


def _plant_shares(links: Links, moves: Floats, movers: Rows, own: Rows) -> sp.csr_array:
    """Share of each plant that each mover from a stream answers for. Shape (movers from streams, plants)."""
    arcs, plants = links.arcs, len(links.works)
    plant = _plant_of(links)
    enters = np.flatnonzero(np.isin(arcs.kind[movers], _ENTERS))
    into = plant[arcs.destination[movers[enters]]]
    share = _part(moves[movers[enters]], into, plants)
    entering = sp.csr_array((share, (enters, into)), shape=(len(movers), plants))
    passes = np.flatnonzero(arcs.kind[movers] == ArcKind.PASS)
    before = sp.csr_array((np.ones(len(passes)), (plant[arcs.origin[movers[passes]]], np.arange(len(passes)))), shape=(plants, len(passes)))
    handed = before @ entering[passes]
    found = direct = entering[own]
    for _ in range(len(passes)):
        further = direct + found @ handed
        done = abs(further - found).max() <= _NOTHING if further.nnz else True
        found = further
        if done:
            break
    return found


def _part(weight: Floats, group: Any, count: int) -> Floats:
    """Share of each member in its group: by size, of those that change as the group's sum does; of all where it does not change."""
    net, size = sums(group, weight, count), sums(group, np.abs(weight), count)
    still = np.abs(net) <= 1e-9 * size
    counted = np.where(still[group], np.abs(weight), np.where(weight * net[group] > 0, np.abs(weight), 0.0))
    whole = sums(group, counted, count)
    found: Floats = np.divide(counted, whole[group], out=np.zeros(len(weight)), where=whole[group] > 0)
    return found


def _pools(links: Links, moves: Floats, movers: Rows, bundles: sp.csr_array) -> sp.csr_array:
    """What is joint at each plant: what it hands over with what that replaces, its reagents and residues. Shape (plants, arcs)."""
    arcs, plants = links.arcs, len(links.works)
    plant = _plant_of(links)
    gives = np.flatnonzero(np.isin(arcs.kind[movers], (ArcKind.DELIVER, ArcKind.PASS)))
    hand = sp.csr_array((np.ones(len(gives)), (plant[arcs.origin[movers[gives]]], gives)), shape=(plants, len(movers)))
    moved = np.flatnonzero(moves)
    kind = arcs.kind[moved]
    side = moved[np.isin(kind, (ArcKind.REAGENT, ArcKind.RESIDUE))]
    at = plant[np.where(arcs.kind[side] == ArcKind.REAGENT, arcs.destination[side], arcs.origin[side])]
    return hand @ bundles + sp.csr_array((moves[side], (at, side)), shape=(plants, len(arcs)))


def _plant_of(links: Links) -> Rows:
    """Row of works of each node, -1 for others. Shape (nodes,)."""
    found = np.full(len(links.nodes.id), -1, dtype=np.int64)
    found[links.works.node] = np.arange(len(links.works))
    return found


def _with_rest(parts: sp.csr_array, whole: Floats) -> sp.csr_array:
    """Parts with a last row of what no exchange answers for; what differs by rounding alone is none."""
    held = np.asarray(parts.sum(axis=0)).ravel()
    rest = np.asarray(change(held, whole), dtype=np.float64)
    return sp.csr_array(sp.vstack([parts, sp.csr_array(rest[None, :])]))
