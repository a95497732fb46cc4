"""Constraint families of plants: recipes, batches, yields."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from attrs import frozen

from sivuvirta.domain.links import Floats
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.program import Label, Rows
from sivuvirta.plan.program.batches import batch_name
from sivuvirta.plan.program.candidates import Index, yielding
from sivuvirta.plan.program.entrances import joined
from sivuvirta.plan.program.setting import Setting


def recipe_low(at: Setting) -> Rows:
    r"""A slot of a plant gets at least what its activity needs.

    .. math:: \sum_{a \to (p,s)} \theta_a x_a \ge r^{lo}_s X_p, \qquad \sum_{a \to s} \theta_a f_{ab} \ge r^{lo}_s X_b \qquad \text{(P4)}

    with theta the share of what is sent that arrives, 1 but for heat. The second holds for each way b out of a plant of several slots: a
    batch that goes one way has been made by the recipe, so that no reagent leaves as a product without the stream that it was mixed with.

    Args:
        at: the program and its columns; r is in units of material per unit of activity.

    Returns:
        One row a slot, then one a slot and way out.
    """
    return _recipe(at, "recipe_low", at.links.works.slots.low, -1.0)


def recipe_high(at: Setting) -> Rows:
    r"""A slot of a plant gets at most what its activity takes.

    .. math:: \sum_{a \to (p,s)} \theta_a x_a \le r^{hi}_s X_p, \qquad \sum_{a \to s} \theta_a f_{ab} \le r^{hi}_s X_b \qquad \text{(P4)}

    Args:
        at: the program and its columns; r is in units of material per unit of activity.

    Returns:
        One row a slot, then one a slot and way out.
    """
    return _recipe(at, "recipe_high", at.links.works.slots.high, 1.0)


def _recipe(at: Setting, name: str, rate: Floats, sign: float) -> Rows:
    """Rows sign (sum of inputs - rate X) <= 0."""
    links, found, blocks = at.links, at.found, at.blocks
    slots = links.works.slots
    enter_slot, arriving = links.arcs.slot[found.enter], links.arcs.arriving[found.enter]
    position = np.full(len(links.works) + 1, -1, dtype=np.int32)
    position[found.plants] = np.arange(len(found.plants), dtype=np.int32)
    matters = (rate > 0) & np.isfinite(rate) if sign < 0 else np.isfinite(rate)
    slot = np.flatnonzero((position[slots.plant] >= 0) & matters) if len(slots.plant) else np.zeros(0, dtype=np.int32)
    row = _numbering(slot, len(slots.plant))
    inside = np.flatnonzero(row[enter_slot] >= 0)
    terms = [
        Term(row[enter_slot[inside]], blocks.enter.columns[inside], sign * arriving[inside]),
        Term(np.arange(len(slot)), blocks.activity.columns[position[slots.plant[slot]]], -sign * rate[slot]),
    ]
    ways, batch_slot, batch = _batch_slots(at, row)
    members = at.batches.members
    key = enter_slot[members.enter] * np.int64(max(len(at.batches.plant), 1)) + members.batch
    place = np.searchsorted(ways, key)
    used = np.flatnonzero(np.append(ways, -1)[place] == key)
    terms.append(
        Term(len(slot) + place[used], blocks.pair.columns[members.pair[used]], sign * members.per[used] * arriving[members.enter[used]])
    )
    terms.append(Term(len(slot) + np.arange(len(ways)), blocks.batch.columns[batch], -sign * rate[batch_slot]))
    return at.lp.rows(name, gather(len(slot) + len(ways), *terms), upper=0.0, label=_slot_label(at, slot, batch_slot, batch))


def _batch_slots(at: Setting, row: Index) -> tuple[npt.NDArray[np.int64], Index, Index]:
    """Slots that take part in each batch: every input of the slot ends up, at least in part, in the batch's output.

    Returns:
        Key slot * batches + batch in ascending order, slot, batch.
    """
    links, found = at.links, at.found
    slots, count_ways = links.works.slots, max(len(at.batches.plant), 1)
    enter_slot = links.arcs.slot[found.enter]
    inputs = np.bincount(enter_slot, minlength=len(slots.plant))
    yielding = np.unique(np.column_stack([found.pairs.output, found.pairs.enter]), axis=0)
    output_slot = yielding[:, 0] * np.int64(len(slots.plant)) + enter_slot[yielding[:, 1]]
    pairs, count = np.unique(output_slot, return_counts=True)
    whole = pairs[count == inputs[pairs % max(len(slots.plant), 1)]]
    output, slot = np.divmod(whole, max(len(slots.plant), 1))
    keep = row[slot] >= 0
    output, slot = output[keep], slot[keep]
    left, batch = joined(output, links.arcs.output[found.outlet[at.batches.outlet]])
    slot = slot[left]
    way = slot * np.int64(count_ways) + batch
    order = np.argsort(way)
    return way[order], slot[order], batch[order]


def batch(at: Setting) -> Rows:
    r"""The activity of a plant of several slots is the sum of its batches, for every output.

    .. math:: \sum_{b \in \delta^+(g)} X_b = X_p, \qquad \sum_{b' \in \delta^+(g')} X_{b b'} = X_b \qquad \forall g, g'  \quad \text{(P4)}

    The second holds where what leaves over b enters another plant, for each output g' of that: what has been mixed stays mixed.

    Args:
        at: the program and its columns.

    Returns:
        One row an output that leaves in batches, then one a batch that goes on and output of the next plant.
    """
    blocks, known = at.blocks, at.batches
    keys, first, row = np.unique(_batch_keys(at), return_index=True, return_inverse=True)
    whole = np.where(known.parent < 0, blocks.activity.columns[known.plant], np.append(blocks.batch.columns, -1)[known.parent])
    terms = (
        Term(row, blocks.batch.columns, 1.0),
        Term(np.arange(len(keys)), whole[first], -1.0),
    )
    return at.lp.rows("batch", gather(len(keys), *terms), 0.0, 0.0, _batch_label(at, first))


def _batch_keys(at: Setting) -> Index:
    """Row of each batch as a number: below 0 by output for those that leave their plant, then by batch that goes on and output."""
    known, count = at.batches, np.int64(len(at.links.works.outputs.plant))
    output = at.links.arcs.output[at.found.outlet[known.end]]
    return np.where(known.parent < 0, output - count, known.parent * count + output)


def batch_rows(at: Setting) -> dict[int, int]:
    """Row of the family `batch` of each output that leaves its plant in batches, by row of works.outputs."""
    keys, count = np.unique(_batch_keys(at)), len(at.links.works.outputs.plant)
    return {int(key) + count: row for row, key in enumerate(keys.tolist()) if key < 0}


@frozen(eq=False)
class YieldRows:
    """Rows of the family `yields`. Shape (rows,)."""

    enter: Index  # position in Candidates.enter
    output: Index  # row of works.outputs
    eta: Floats


def yield_rows(at: Setting) -> YieldRows:
    """Every way into a plant with every output that it yields, in the order of rows."""
    enter, rows = yielding(at.links, at.found.ways_in)
    output, eta = at.links.works.yields.output[rows], at.links.works.yields.eta[rows]
    order = np.argsort(enter * np.int64(max(len(at.links.works.outputs.plant), 1)) + output, kind="stable")
    return YieldRows(enter[order], output[order], eta[order])


def yields(at: Setting) -> Rows:
    r"""What enters a plant leaves it: as every output that it yields, and each input on its own.

    .. math:: \sum_{b \in \delta^+(g)} f_{ab} = x_a \qquad \forall a \to p,\ g : \eta_{ag} > 0 \quad \text{(P5)}

    The flow f is counted in units that enter; eta f leaves the plant. The yields of one input sum to 1 over all outputs, losses and
    emissions included, so that mass closes; they are checked where recipes are read.

    Args:
        at: the program and its columns; eta is `links.works.yields`.

    Returns:
        One row an arc into a plant and output.
    """
    found, blocks, rows = at.found, at.blocks, yield_rows(at)
    enter, output = rows.enter, rows.output
    outputs = np.int64(max(len(at.links.works.outputs.plant), 1))
    row = np.searchsorted(enter * outputs + output, found.pairs.enter * outputs + found.pairs.output)
    terms = (
        Term(row, blocks.pair.columns, 1.0),
        Term(np.arange(len(enter)), blocks.enter.columns[enter], -1.0),
    )
    names = _output_label(at, output)

    def label(position: int) -> str:
        return f"{found.entrance_name(int(enter[position]))},{names(position)}"

    return at.lp.rows("yields", gather(len(enter), *terms), 0.0, 0.0, label)


def onward(at: Setting) -> Rows:
    r"""What one plant hands on enters the next, each batch by itself.

    .. math:: x_{ab} = \eta_{ag} f_{ab} \qquad \forall\ b \text{ from output } g \text{ to a plant} \quad \text{(P5)}

    A batch that came over a and goes on over b is an input of its own at the next plant, with its own yields and ways out, however many
    batches take the same arc. So a verdict on a route of several steps holds for what takes that route and for nothing else.

    Args:
        at: the program and its columns.

    Returns:
        One row a way into a plant from another plant.
    """
    found, blocks = at.found, at.blocks
    entrance = np.flatnonzero(found.source >= 0)
    source, row = found.source[entrance], np.arange(len(entrance))
    terms = (
        Term(row, blocks.enter.columns[entrance], 1.0),
        Term(row, blocks.pair.columns[source], -found.pairs.eta[source]),
    )
    ids, end = at.links.nodes.id, at.links.arcs.destination[found.enter[entrance]]

    def label(position: int) -> str:
        return f"{found.entrance_name(int(entrance[position]))},{ids[end[position]]}"

    return at.lp.rows("onward", gather(len(entrance), *terms), 0.0, 0.0, label)


def _output_label(at: Setting, outputs: Index) -> Label:
    works, ids = at.links.works, at.links.nodes.id
    plant = works.node[works.outputs.plant[outputs]]
    return lambda position: f"{ids[plant[position]]}.{works.outputs.name[outputs[position]]}"


def _batch_label(at: Setting, first: Index) -> Label:
    known, arcs = at.batches, at.links.arcs
    outputs = _output_label(at, arcs.output[at.found.outlet[known.end[first]]])
    leaving = _output_label(at, arcs.output[at.found.outlet[known.outlet[first]]])

    def label(position: int) -> str:
        if known.parent[first[position]] < 0:
            return outputs(position)
        return f"{leaving(position)},{outputs(position)}"

    return label


def _slot_label(at: Setting, slot: Index, batch_slot: Index, batch: Index) -> Label:
    works, ids = at.links.works, at.links.nodes.id
    every = np.concatenate([slot, batch_slot])
    plant, slots = ids[works.node[works.slots.plant[every]]], works.slots.name[every]
    names = batch_name(at.found, at.batches)

    def label(position: int) -> str:
        way = "" if position < len(slot) else f",{names(int(batch[position - len(slot)]))}"
        return f"{plant[position]}.{slots[position]}{way}"

    return label


def _numbering(rows: Index, count: int) -> Index:
    position = np.full(count + 1, -1, dtype=np.int32)
    position[rows] = np.arange(len(rows), dtype=np.int32)
    return position
