"""Pricing: what each plant that is not there could earn at most, from the marginal values of the network without it."""

from __future__ import annotations

import numpy as np
from attrs import evolve, frozen
from scipy.sparse import csr_array

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import Floats
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.links.codes import Mask, ints
from sivuvirta.lp.entries import Term, gather
from sivuvirta.lp.model import Model
from sivuvirta.lp.program import Arrays, Bounds, Program
from sivuvirta.plan.program.candidates import Index
from sivuvirta.plan.program.families import program
from sivuvirta.plan.program.objective import first_objective
from sivuvirta.plan.program.setting import Setting
from sivuvirta.prospects.networks import admitting
from sivuvirta.prospects.relaxed import relaxed, solved


@frozen(eq=False)
class Earnings:
    """What plants that are not there could earn."""

    each: Floats  # EUR/a, shape (plants,): most that each adds to the relaxed network; 0 for plants that are there
    slack: float  # EUR/a by which the relaxed network lies below the network itself; inf where it was not solved

    @property
    def at_most(self) -> Floats:
        """Bound on what each plant alone adds to the network itself, EUR/a, shape (plants,)."""
        return np.asarray(self.each + self.slack, dtype=float)


def earnings(matches: Matches, new: Mask, worst: Verdict, reached: float, options: PlanOptions) -> Earnings:
    r"""Most that each new plant alone adds to the network without any of them; without end where a program is not solved.

    .. math:: \max_{x_p \in X_p} \; (y A_p - c_p)\, x_p

    with y the duals of the network without new plants and whole numbers, of the rows in which something of that network stands (supply,
    need, outlets, specifications), and X_p the other rows of plant p: recipe, yields, size and cost, and what only new plants reach. A row
    that several new plants reach and nothing else, the amount of a market say, binds each of them as if it stood alone; so one program
    prices all at once. By Lagrangian duality the network with plant p gains no more than this above the relaxed network.

    Args:
        matches: the routes of the region with all new plants in it; what only holds because several are there must be left out of their
            specifications (see `alone`).
        new: plants that are not there, shape (plants,).
        worst: verdict that the network admits.
        reached: objective of the network without new plants, EUR/a.
        options: of the plan.
    """
    at = program(admitting(matches, worst), options)
    plant = _plant_of_columns(at)
    mine = (plant >= 0) & np.append(new, [False])[plant]
    result = relaxed(at, ints(np.flatnonzero(mine)), options)
    unknown = np.where(new, np.inf, 0.0)
    if result is None:
        return Earnings(unknown, np.inf)
    slack = max(0.0, reached - result.objective)
    found = np.zeros(len(new))
    if not mine.any():
        return Earnings(found, slack)
    arrays, cost = at.lp.arrays(), first_objective(at.coefficients, options)
    rows, columns = at.lp.shape
    matrix = csr_array((arrays.value, arrays.column, arrays.start), shape=(rows, columns))
    size = np.diff(arrays.start)
    own = (size > 0) & ((matrix != 0) @ mine.astype(np.int64) == size)
    reduced = cost - matrix.T @ np.where(own, 0.0, result.duals)
    x = _separate(arrays, matrix, reduced, (np.flatnonzero(own), np.flatnonzero(mine), plant[mine]), options)
    if x is None:
        return Earnings(unknown, slack)
    np.add.at(found, plant[mine], -reduced[mine] * x)
    return Earnings(np.maximum(found, 0.0), slack)


def alone(everywhere: Matches, now: Matches) -> Matches:
    """The routes with all new plants, less the limits of blends that hold only because several of them are there.

    A limit that a route may meet with a partner binds it where a partner is at hand. Among a thousand plants there is one, beside a single
    plant there may be none: then nothing but a test decides. So only routes that have a partner now are bound; all credits stay.

    Args:
        everywhere: the routes with all new plants.
        now: the routes without them.
    """
    specs = everywhere.specs
    bound = set(_spec_keys(now))
    keep = np.array([of in bound for of in _spec_keys(everywhere)], dtype=bool) | (specs.coefficient < 0)
    return evolve(
        everywhere,
        specs=evolve(specs, row=specs.row[keep], route=specs.route[keep], coefficient=specs.coefficient[keep], middle=specs.middle[keep]),
    )


def _spec_keys(matches: Matches) -> list[tuple[str, ...]]:
    """Need, limit, stream, plant and output of each entry of the specifications, by their ids."""
    links, specs, routes = matches.links, matches.specs, matches.routes
    works, ids = links.works, links.nodes.id
    plants = np.append(ids[works.node], [""])
    outputs = np.append(works.outputs.name, [""])
    limits = links.region.table("limits")["limit"]
    output = np.where(routes.plant >= 0, links.arcs.output[routes.arc_out], -1)
    columns = (
        ids[specs.need][specs.row],
        limits[specs.limit][specs.row],
        ids[routes.stream[specs.route]],
        plants[routes.plant[specs.route]],
        outputs[output[specs.route]],
    )
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _plant_of_columns(at: Setting) -> Index:
    """Row of works of each column, -1 where it is of none. Shape (columns,)."""
    found, blocks, curves = at.found, at.blocks, at.curves
    result = np.full(at.lp.shape[1], -1, dtype=np.int64)
    segment = curves.plant[curves.segments.candidate]
    parts = (
        (blocks.enter, found.enter_plant),
        (blocks.pair, found.enter_plant[found.pairs.enter]),
        (blocks.activity, np.arange(len(found.plants))),
        (blocks.batch, at.batches.plant),
        (blocks.size, curves.plant),
        (blocks.built, curves.plant),
        (blocks.piece, segment),
        (blocks.chosen, segment),
    )
    for block, position in parts:
        result[block.columns] = found.plants[position]
    return result


def _separate(arrays: Arrays, matrix: csr_array, cost: Floats, at: tuple[Index, Index, Index], options: PlanOptions) -> Floats | None:
    """The plants' own program at those prices, each row once for each plant in it; a flow is at most what its ends can give or take."""
    rows, columns, plant = at
    part = matrix[rows][:, columns].tocoo()
    count = int(plant.max()) + 1
    copies, position = np.unique(part.coords[0].astype(np.int64) * count + plant[part.coords[1]], return_inverse=True)
    of = rows[copies // count]
    sizes, upper = arrays.sizes[columns], arrays.upper[columns]
    alone = Program("plants at the network's prices")
    most = np.fmin(np.where(np.isfinite(sizes) & (arrays.integer[columns] == 0), sizes, np.inf), upper)
    alone.block("plants", len(columns), cost=cost[columns], bounds=Bounds(upper=most, size=np.where(sizes > 0, sizes, 1.0)))
    entries = gather(len(of), Term(position, part.coords[1], part.data))
    alone.rows("own", entries, arrays.row_lower[of], arrays.row_upper[of])
    result = solved(Model(alone), options)
    return None if result is None else result.x
