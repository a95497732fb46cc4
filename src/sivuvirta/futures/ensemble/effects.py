"""Effects: what one standard deviation of each input changes in the program of a plan."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from scipy.sparse import csr_array, vstack

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import ArcKind, Floats, NodeKind
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import OptionError
from sivuvirta.futures.ensemble.inputs import Uncertain
from sivuvirta.futures.ensemble.task import Linear, Task, Today
from sivuvirta.plan.open import OpenPlan
from sivuvirta.plan.program.builds import strong_rows
from sivuvirta.plan.program.candidates import Index
from sivuvirta.plan.program.setting import Setting

_KG = 1000.0  # per tonne
_SAME = 1e-9  # relative


def task(opened: OpenPlan, found: Uncertain) -> Task:
    """The program of an open plan as a task, with the middle of all inputs as its base.

    Args:
        opened: the plan, opened with the largest amounts that streams are drawn with, so that no plant is too small for them.
        found: inputs and what they change of the links.

    Raises:
        OptionError: the plan is not one of money alone.
    """
    options = opened.options
    if options.objective != "value":
        raise OptionError(
            f"An ensemble makes the value largest, not '{options.objective}'. Weigh other measures against it: `weights`, `carbon_price`."
        )
    at, arrays = opened.at, opened.model.arrays
    columns = _Columns.of(at, found)
    weight = _carbon_weight(options)
    moved = _rows(at, found)
    entries = _entries(at, found, columns)
    rows = moved[0]
    proven = arrays.upper.copy()
    proven[opened.unproven()] = 0.0
    blocks = at.blocks
    return Task(
        arrays=_unscaled(opened),
        upper={"proven": proven, "potential": arrays.upper.copy()},
        objective=Linear(opened.goals[0].cost, csr_array(columns.money + weight * columns.carbon)),
        money=Linear(at.coefficients.cost, columns.money),
        carbon=Linear(at.coefficients.carbon, columns.carbon),
        rows=np.asarray(rows, dtype=np.int32),
        least=moved[1],
        most=moved[2],
        entry=(entries[0], entries[1]),
        value=Linear(entries[2], entries[3]),
        today=_today(opened.reference, found),
        builds=blocks.stands().astype(np.int32),
        implied=np.asarray(strong_rows(at), dtype=np.int32),
        structures={},
        time_limit=options.time_limit,
        gap=options.gap,
        origin=np.zeros(len(found)),
    )


def _unscaled(opened: OpenPlan) -> Any:
    """Arrays in the user's units; those of the model are scaled in place."""
    return opened.at.lp.arrays()


def _carbon_weight(options: PlanOptions) -> float:
    return float(dict(options.weights).get("co2", 0.0)) + options.carbon_price / _KG


@frozen(eq=False)
class _Columns:
    """What inputs change of the columns' money, carbon and investment. Sparse, shape (columns, inputs)."""

    money: Any
    carbon: Any
    capex: Any

    @classmethod
    def of(cls, at: Setting, found: Uncertain) -> _Columns:
        size = at.lp.shape[1]
        parts = list(at.carrying(np.arange(len(at.links.arcs))))
        arc, column, times = (np.concatenate([part[which] for part in parts]) for which in range(3))
        carried = csr_array((times, (column, arc)), shape=(size, len(at.links.arcs)))
        plants = at.found.plants
        done = csr_array((np.ones(len(plants)), (at.blocks.activity.columns, plants)), shape=(size, len(at.links.works)))
        curves, blocks = at.curves, at.blocks
        piece = curves.work[curves.segments.candidate]
        work = np.concatenate([curves.work, curves.work, piece, piece])
        column = np.concatenate([block.columns for block in (blocks.size, blocks.built, blocks.piece, blocks.chosen)])
        spent = at.coefficients.capex[column]
        built = csr_array((spent, (column, work)), shape=(size, len(at.links.works)))
        yearly = csr_array((spent * np.nan_to_num(at.links.works.annuity[work]), (column, work)), shape=built.shape)
        return cls(
            money=csr_array(carried @ found.money + done @ found.running + yearly @ found.capex),
            carbon=csr_array(carried @ found.carbon + done @ found.emitting),
            capex=csr_array(built @ found.capex),
        )


def _rows(at: Setting, found: Uncertain) -> tuple[Index, Linear, Linear]:
    """Rows whose limits move, with their least and their most."""
    supply, need, capacity = (at.lp.family(name) for name in ("supply", "need", "capacity"))
    outlets, streams = _own_outlets(at, found)
    none = csr_array((len(outlets), len(found)))
    amount, demand = np.nan_to_num(found.links.supply.value), np.nan_to_num(found.links.demand.amounts.value)
    share = capacity.upper[outlets] / amount[streams]
    follow = csr_array(found.supply[streams].multiply(share[:, None])) if len(outlets) else none
    must = np.isfinite(need.lower)
    rows = np.concatenate([supply.positions, need.positions, capacity.positions[outlets]])
    least = vstack([found.supply, found.demand.multiply(must.astype(float)[:, None]), none], format="csr")
    most = vstack([found.supply, found.demand, follow], format="csr")
    base = np.concatenate([amount, np.where(must, demand, -np.inf), np.full(len(outlets), -np.inf)])
    return rows, Linear(base, csr_array(least)), Linear(np.concatenate([amount, demand, capacity.upper[outlets]]), csr_array(most))


def _own_outlets(at: Setting, found: Uncertain) -> tuple[Index, Index]:
    """Rows of capacity of outlets that hold what one stream brings today: they follow its amount. And the stream's position in supply."""
    links, limits = at.links, at.capacities
    arcs, supply = links.arcs, found.links.supply
    position = np.full(len(links.nodes.id), -1)
    position[supply.node] = np.arange(len(supply.node))
    follows = (arcs.kind[limits.arcs] == ArcKind.FATE) & np.isclose(arcs.capacity[limits.arcs], arcs.today[limits.arcs], rtol=_SAME)
    follows &= supply.value[np.maximum(position[arcs.origin[limits.arcs]], 0)] > 0
    chosen = np.flatnonzero(follows)
    return len(limits.plants) + chosen, position[arcs.origin[limits.arcs[chosen]]]


def _entries(at: Setting, found: Uncertain, columns: _Columns) -> tuple[Any, Any, Floats, Any]:
    """Entries of the matrix that move: strong rows with amounts, blends with contents, budget and carbon with their coefficients."""
    parts = [_blends(at, found), _strong(at, found)]
    parts += [_total(at, name, effect) for name, effect in (("budget", columns.capex), ("carbon", columns.carbon))]
    row, column, value = (np.concatenate([part[which] for part in parts]) for which in range(3))
    return row.astype(np.int32), column.astype(np.int32), value.astype(float), csr_array(vstack([part[3] for part in parts], format="csr"))


def _total(at: Setting, name: str, effect: Any) -> tuple[Any, Any, Floats, Any]:
    rows = at.lp.family(name)
    chosen = np.flatnonzero(np.diff(effect[rows.entries.column].indptr)) if rows.count else np.zeros(0, dtype=np.int64)
    column = rows.entries.column[chosen]
    return np.full(len(chosen), rows.start), column, rows.entries.value[chosen], csr_array(effect[column])


def _strong(at: Setting, found: Uncertain) -> tuple[Any, Any, Floats, Any]:
    """Entries -q and -D of the rows that only what is built may be used."""
    rows, first = at.lp.family("build"), 2 * len(at.curves.plant)
    row = rows.entries.row()
    built = np.isin(rows.entries.column, at.blocks.built.columns) & (row >= first)
    place = np.flatnonzero(built)
    links = at.links
    node = _strong_nodes(at, rows.count - first)[row[place] - first]
    amounts = np.zeros((2, len(links.nodes.id)), dtype=np.int64) - 1
    amounts[0, links.supply.node] = np.arange(len(links.supply.node))
    amounts[1, links.demand.amounts.node] = np.arange(len(links.demand.amounts.node))
    effect, value = csr_array((len(place), len(found))), rows.entries.value[place].copy()
    of = (lambda one: one.supply.value), (lambda one: one.demand.amounts.value)
    for which, change in enumerate((found.supply, found.demand)):
        base, stated = of[which](links), of[which](found.links)
        position = amounts[which, node]
        picked = (position >= 0) & (base[np.maximum(position, 0)] > 0)
        times = np.where(picked, rows.entries.value[place] / np.where(picked, base[np.maximum(position, 0)], 1.0), 0.0)
        effect = csr_array(effect + change[np.maximum(position, 0)].multiply(times[:, None]))
        value[picked] *= stated[position[picked]] / base[position[picked]]
    return rows.start + row[place], rows.entries.column[place], value, effect


def _strong_nodes(at: Setting, count: int) -> Index:
    """Stream or need whose amount each strong row holds, from the flows in it."""
    rows, blocks, links = at.lp.family("build"), at.blocks, at.links
    first, row = 2 * len(at.curves.plant), rows.entries.row()
    node = np.zeros(count, dtype=np.int64)
    for block, end in (
        (blocks.enter, links.arcs.origin[at.found.enter]),
        (blocks.pair, links.arcs.destination[at.found.outlet[at.found.pairs.outlet]]),
    ):
        inside = (row >= first) & (rows.entries.column >= block.start) & (rows.entries.column < block.start + block.count)
        node[row[inside] - first] = end[rows.entries.column[inside] - block.start]
    return node


def _blends(at: Setting, found: Uncertain) -> tuple[Any, Any, Floats, Any]:
    """Entries of blends whose content is drawn, at the middle of its range; what a careful plan keeps from a limit is none then."""
    specs, inside = at.found.matches.specs, found.contents
    column = np.full(len(at.found.matches.routes), -1, dtype=np.int32)
    column[at.found.direct] = at.blocks.direct.columns
    routed = np.flatnonzero(at.found.pairs.route >= 0)
    column[at.found.pairs.route[routed]] = at.blocks.pair.columns[routed]
    kept = np.flatnonzero(column[specs.route[inside.entry]] >= 0)
    entry = inside.entry[kept]
    base = np.asarray(specs.coefficient[entry] + inside.shift[kept], dtype=float)
    guards, first = at.guards, at.lp.family("blend").start
    margin = np.flatnonzero(guards.column) if len(inside.entry) else np.zeros(0, dtype=np.int64)
    row = np.concatenate([specs.row[entry], guards.column_row[margin]])
    columns = np.concatenate([column[specs.route[entry]], at.blocks.guard.columns[margin]])
    effect = csr_array((inside.change[kept], (np.arange(len(kept)), inside.number[kept])), shape=(len(row), len(found)))
    return first + row, columns, np.concatenate([base, np.zeros(len(margin))]), effect


def _today(reference: Ledger, found: Uncertain) -> Today:
    """Today's ledger: what leaves a stream follows its amount, what a need buys its demand."""
    links = reference.links
    arcs, arc = links.arcs, reference.arc
    effect = csr_array((len(arc), len(found)))
    ends = ((links.supply, found.supply, arcs.origin), (links.demand.amounts, found.demand, arcs.destination))
    kinds = (NodeKind.STREAM, NodeKind.NEED)
    free = np.ones(len(arc), dtype=bool)
    for (amounts, change, end), kind in zip(ends, kinds, strict=True):
        position = np.full(len(links.nodes.id), -1)
        position[amounts.node] = np.arange(len(amounts.node))
        at = position[end[arc]]
        follows = free & (links.nodes.kind[end[arc]] == kind) & (at >= 0) & (amounts.value[np.maximum(at, 0)] > 0)
        times = np.where(follows, reference.amount / np.where(follows, amounts.value[np.maximum(at, 0)], 1.0), 0.0)
        if len(amounts.node):
            effect = csr_array(effect + change[np.maximum(at, 0)].multiply(times[:, None]))
        free &= ~follows
    done = reference.operations
    fixed = float(done.fixed.sum() + done.activity @ links.works.eur.sum(axis=1))
    money, carbon = (values[arc] @ np.ones(values.shape[1]) for values in (arcs.eur, arcs.co2))
    return Today(Linear(reference.amount, effect), Linear(money, found.money[arc]), Linear(carbon, found.carbon[arc]), fixed)
