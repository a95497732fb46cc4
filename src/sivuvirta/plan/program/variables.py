"""Variables: the columns of a plan, and what each is worth in euros, carbon, disposal and investment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Floats, Texts
from sivuvirta.lp.program import Block, Bounds, Label, Program
from sivuvirta.plan.program.agreements import NewLinks
from sivuvirta.plan.program.amounts import demand_of, supply_of
from sivuvirta.plan.program.batches import Batches, batch_name
from sivuvirta.plan.program.candidates import Candidates, Index, Mask
from sivuvirta.plan.program.curves import Curves
from sivuvirta.plan.program.measures import MEASURES

_WIDE = 1e9  # units a year where nothing limits them; only a scale for the solver


class Measured(Mapping[str, Floats]):
    """Measures by name, each worked out when it is first asked for: most plans ask for one or two of them."""

    def __init__(self, make: Callable[[str], Floats]) -> None:
        self._make = make
        self._made: dict[str, Floats] = {}

    def __getitem__(self, name: str) -> Floats:
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(MEASURES)

    def __len__(self) -> int:
        return len(MEASURES)


@frozen(eq=False)
class Coefficients:
    """What one unit of each column counts for. Shape (columns,) each."""

    by: Mapping[str, Floats]  # every measure, in its unit a year; value is EUR/a without a carbon price
    capex: Floats  # EUR of investment

    @property
    def cost(self) -> Floats:
        """EUR/a, without a carbon price."""
        return self.by["value"]

    @property
    def carbon(self) -> Floats:
        """Kg CO2e/a."""
        return self.by["co2"]

    @property
    def disposal(self) -> Floats:
        """T dry to landfill, stock and other disposal a year."""
        return self.by["diversion"]


@frozen(eq=False)
class Variables:
    """Blocks of columns. Flows in units a year, activity and size in the plant's units of activity a year."""

    direct: Block  # x of a route without a plant: units that leave the stream
    fate: Block  # x to today's outlets
    buy: Block  # v, primary product still bought
    enter: Block  # x into plants: feeds and reagents
    pair: Block  # f, what entered over one arc and leaves, as one output, over another; units that enter
    activity: Block  # X
    batch: Block  # X_b, part of the activity whose output leaves over an outlet; plants of several slots only
    size: Block  # z of candidates
    built: Block  # y of candidates
    piece: Block  # w, size on a piece of the cost curve
    chosen: Block  # u, whether the size is on that piece
    used: Block  # whether a way with a fixed cost is used
    changed: Block  # whether a link that is new against today is used; where changes are limited
    guard: Block  # what mixes keep from their limits; where plans are robust

    def stands(self) -> Index:
        """Columns of what stands: sizes, builds, ways that are paid, links that are new."""
        blocks = (self.size, self.built, self.piece, self.chosen, self.used, self.changed)
        return np.concatenate([block.columns for block in blocks])


def idle(lp: Program) -> Index:
    """Columns that are at their least in today's network: all but today's outlets and what is bought; of every part."""
    moving = ("fate", "buy")
    return np.concatenate([np.zeros(0, np.int32), *(block.columns for block in lp.blocks if block.name not in moving)])


def variables(lp: Program, found: Candidates, curves: Curves, batches: Batches, fresh: NewLinks, guards: Floats) -> Variables:
    """Adds the columns of a plan, without costs.

    Args:
        lp: gets the columns.
        found: what the plan may use.
        curves: candidate plants.
        batches: ways out of plants that keep a recipe of their own.
        fresh: links that count as changes.
        guards: typical size of each column that keeps mixes from their limits.
    """
    links = found.links
    arcs, routes, segments = links.arcs, found.matches.routes, curves.segments
    supply, demand = supply_of(links), demand_of(links)
    pairs, plant_labels = found.pairs, links.nodes.id[links.works.node[found.plants]]
    pieces = curves.plant[segments.candidate]
    direct_arc, pair_out = routes.arc_in[found.direct], found.outlet[pairs.outlet]

    def flow(name: str, arc: Index, most: Floats) -> Block:
        return lp.block(name, len(arc), bounds=Bounds(size=most), label=_arc_label(found, arc))

    def plant(name: str, size: Floats, position: Index, whole: bool = False) -> Block:
        bounds = Bounds(upper=1.0 if whole else np.inf, integer=whole, size=size)
        return lp.block(name, len(position), bounds=bounds, label=_picked(plant_labels, position))

    takes = demand[arcs.destination]
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.where(takes > 0, takes / arcs.ratio, np.inf)
    comes = np.where(_stocked(found)[found.enter_plant], found.arrives, found.enter_most)  # of a stock more may leave than enters
    pair_most = np.fmin(np.where(np.isfinite(comes), comes, _WIDE)[pairs.enter], reach[pair_out] / pairs.eta)
    return Variables(
        direct=flow("direct", direct_arc, np.fmin(supply[arcs.origin[direct_arc]], reach[direct_arc])),
        fate=flow("fate", found.fate, np.fmin(supply[arcs.origin[found.fate]], arcs.capacity[found.fate])),
        buy=flow("buy", found.buy, takes[found.buy]),
        enter=lp.block("enter", len(found.enter), bounds=Bounds(size=found.enter_most), label=_entrance_label(found)),
        pair=lp.block("pair", len(pair_out), bounds=Bounds(size=pair_most), label=_pair_label(found)),
        activity=plant("activity", found.activity_most, np.arange(len(found.plants), dtype=np.int32)),
        batch=lp.block(
            "batch",
            len(batches.plant),
            bounds=Bounds(size=found.activity_most[batches.plant]),
            label=_batch_label(found, batches),
        ),
        size=plant("size", curves.size_max, curves.plant),
        built=plant("built", np.ones(len(curves.plant)), curves.plant, whole=True),
        piece=plant("piece", segments.high, pieces),
        chosen=plant("chosen", np.ones(len(segments.low)), pieces, whole=True),
        used=_used(lp, found),
        changed=lp.block("changed", len(fresh.first), bounds=Bounds(upper=1.0, integer=True), label=_arc_label(found, fresh.first)),
        guard=lp.block("guard", len(guards), bounds=Bounds(size=guards)),
    )


def _stocked(found: Candidates) -> Mask:
    """Plants whose outputs have a stock. Shape (plants,)."""
    held = found.links.region.table("stocks")["plant"]
    return np.isin(found.links.nodes.id[found.links.works.node[found.plants]].astype(str), held[held != None].astype(str))  # noqa: E711 - objects


def coefficients(found: Candidates, curves: Curves, blocks: Variables) -> Coefficients:
    """Every measure of each column, and investment: the coefficients of links, nothing else."""
    works, work, segments = found.links.works, found.plants, curves.segments
    none, free = np.zeros(blocks.batch.count), np.zeros(2 * blocks.size.count + 2 * blocks.piece.count)
    built = np.concatenate([curves.slope, curves.intercept, segments.slope, segments.intercept])
    rate = np.concatenate([works.annuity[curves.work]] * 2 + [works.annuity[curves.work[segments.candidate]]] * 2)
    explicit = np.concatenate([works.per_size[curves.work], works.fixed[curves.work], np.zeros(2 * blocks.piece.count)])
    fixed = np.nan_to_num(rate) * built + np.nan_to_num(explicit)
    lines = fixed_ways(found)

    def measure(name: str) -> Floats:
        wanted = MEASURES[name]
        used = _flow_values(found, wanted.arc(found.links)), wanted.activity(found.links)[work]
        ways = found.links.ways.fixed[lines] if wanted.builds else np.zeros(blocks.used.count)
        return np.concatenate([*used, none, fixed if wanted.builds else free, ways, np.zeros(blocks.changed.count + blocks.guard.count)])

    before = np.zeros(blocks.size.start)
    if found.links.arcs.capex.any():
        laid = _flow_values(found, found.links.arcs.capex)
        before[: len(laid)] = laid
    return Coefficients(
        Measured(measure),
        np.concatenate([before, built, found.links.ways.capex[lines], np.zeros(blocks.changed.count + blocks.guard.count)]),
    )


def fixed_ways(found: Candidates) -> Index:
    """Ways with a fixed cost that a plan may use, ascending: positions in `links.ways`."""
    if not found.links.ways.fixed.any():
        return np.zeros(0, dtype=np.int32)
    group = found.links.arcs.fixed_group
    arcs = np.concatenate([found.matches.routes.arc_in[found.direct], found.fate, found.enter, found.outlet])
    rows = np.unique(group[arcs])
    return rows[rows >= 0]


def _used(lp: Program, found: Candidates) -> Block:
    rows, ways = fixed_ways(found), found.links.ways
    kinds = (*found.links.modes, "")

    def label(position: int) -> str:
        way = rows[position]
        return ",".join(str(part) for part in (ways.origin[way], ways.destination[way], kinds[ways.mode[way]]) if part)

    return lp.block("used", len(rows), bounds=Bounds(upper=1.0, integer=True), label=label)


def _flow_values(found: Candidates, per_unit: Floats) -> Floats:
    """What one unit of each flow counts for, from what one on each arc does; a pair counts as what leaves, unless it enters a plant."""
    direct = per_unit[found.matches.routes.arc_in[found.direct]]
    pair = np.where(found.pairs.into < 0, found.pairs.eta * per_unit[found.outlet[found.pairs.outlet]], 0.0)
    return np.concatenate([direct, per_unit[found.fate], per_unit[found.buy], per_unit[found.enter], pair])


def _picked(labels: Texts, rows: Index) -> Label:
    """Names, with a number behind where one comes several times in a row."""
    several = len(np.unique(rows)) < len(rows)

    def label(position: int) -> str:
        number = position - int(np.searchsorted(rows, rows[position]))
        return f"{labels[rows[position]]}{f',{number}' if several else ''}"

    return label


def _arc_label(found: Candidates, rows: Index) -> Label:
    arcs, nodes = found.links.arcs, found.links.nodes
    return lambda position: f"{nodes.id[arcs.origin[rows[position]]]},{nodes.id[arcs.destination[rows[position]]]}"


def _entrance_label(found: Candidates) -> Label:
    ends = found.links.nodes.id[found.links.arcs.destination[found.enter]]
    return lambda position: f"{found.entrance_name(position)},{ends[position]}"


def _batch_label(found: Candidates, batches: Batches) -> Label:
    origin, names = found.links.nodes.id[found.links.works.node[found.plants[batches.plant]]], batch_name(found, batches)
    return lambda position: f"{origin[position]},{names(position)}"


def _pair_label(found: Candidates) -> Label:
    links, pairs = found.links, found.pairs

    def label(position: int) -> str:
        outlet = int(found.outlet[pairs.outlet[position]])
        end = links.nodes.id[links.arcs.destination[outlet]]
        return f"{found.entrance_name(int(pairs.enter[position]))},{links.handed_over(outlet)},{end}"

    return label
