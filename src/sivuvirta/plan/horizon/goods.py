"""Goods: stocks of what plants make, each origin and each batch told apart as long as it lies there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import ArcKind, Floats, Links, NodeKind, Texts
from sivuvirta.domain.table import Table
from sivuvirta.links.seasons import calendar
from sivuvirta.lp.entries import Term
from sivuvirta.lp.program import Block, Bounds, Program
from sivuvirta.plan.horizon.stages import Stage
from sivuvirta.plan.horizon.stocks import Keeping, not_known
from sivuvirta.plan.horizon.times import MONTHS, Year
from sivuvirta.plan.program.candidates import Index, Mask
from sivuvirta.plan.program.measures import MEASURES
from sivuvirta.plan.program.plants import batch_rows, yield_rows

_NOWHERE = -1


@frozen(eq=False)
class Goods:
    """What stocks of products hold, told apart by where it came from: lots. Shape (lots,) unless said.

    A lot of an entrance counts in units of the output, a lot of batches in units of activity; the latter takes no room and costs nothing.
    """

    id: Texts  # (stocks,)
    plant: Texts  # (stocks,)
    output: Texts  # (stocks,)
    unit: Texts  # (stocks,)
    capacity: Floats  # (stocks,) inf where not known
    sized: Mask  # (stocks,)
    stock: Index  # position of its stock
    name: tuple[str, ...]  # "store,slag"
    fills: Floats  # units of room per unit: 1 for an entrance, 0 for batches
    family: tuple[str, ...]  # of its rows in each period: yields or batch
    row: Index  # (lots, periods) position in that family, -1 where there is none
    per: Floats  # (lots, periods) units of its row per unit
    keep: Floats  # (lots, periods)
    handling: Floats
    leaving: Mapping[str, Floats]  # what a unit lost, or left at the end, counts for: its worst outlet, else that of its feed, at least 0
    stays: Mask  # some may be left at the end: it has an outlet, or takes no room
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.stock)


def goods(years: Sequence[Year], stages: Sequence[Stage]) -> Goods:
    """The stocks of products of a region, as its first year has them, with a lot for each entrance of the plant that yields the output.

    They are empty when the horizon begins: of what lies there nobody knows what it was made of.

    Args:
        years: of the horizon.
        stages: of each period.
    """
    links = stages[0].links
    table = made_stocks(links)
    periods = [part for year in years for part in year.periods]
    lengths = np.array([calendar(part.months).sum() / MONTHS for part in periods])
    found: dict[tuple[int, str, str], list[tuple[int, int, float]]] = {}
    for number, each in enumerate(stages):
        for at, (plant, output) in enumerate(_ends(table)):
            for family, origin, row, per in _rows(each, str(plant), str(output)):
                found.setdefault((at, family, origin), []).append((number, row, per))
    lots = list(found)
    rows: Index = np.full((len(lots), len(stages)), _NOWHERE, dtype=np.int32)
    units: Floats = np.zeros((len(lots), len(stages)))
    for lot, key in enumerate(lots):
        for number, row, per in found[key]:
            rows[lot, number], units[lot, number] = row, per
    stock: Index = np.array([key[0] for key in lots], dtype=np.int32)
    fills = np.array([float(key[1] == "yields") for key in lots])
    sent, worst = _outlets(stages[-1].links, table)
    loss = np.nan_to_num(table["loss"]) / 100.0
    sized = np.isfinite(table["capacity"])
    return Goods(
        id=table["stock"],
        plant=table["plant"],
        output=table["output"],
        unit=np.array([_unit(links, str(plant), str(output)) for plant, output in _ends(table)], dtype=object),
        capacity=np.where(sized, table["capacity"], np.inf),
        sized=sized,
        stock=stock,
        name=tuple(f"{table['stock'][of]},{origin}" for of, _, origin in lots),
        fills=fills,
        family=tuple(key[1] for key in lots),
        row=rows,
        per=units,
        keep=((1.0 - loss)[:, None] ** lengths[None, :])[stock],
        handling=(np.nan_to_num(table["handling"]) * sent)[stock] * fills,
        leaving={name: value[stock] * fills for name, value in worst.items()},
        stays=(fills == 0) | np.isfinite(worst["value"])[stock] & _has_outlet(stages[-1].links, table)[stock],
        notes=_notes(table),
    )


def made_stocks(links: Links) -> Table:
    """Rows of table `stocks` that hold what plants make."""
    table = links.region.table("stocks")
    known = set(links.nodes.id[links.works.node].tolist())
    return table.take(np.array([row for row, plant in enumerate(table["plant"].tolist()) if plant in known], dtype=np.int64))


def keeping_goods(lp: Program, held: Goods, stages: Sequence[Stage]) -> Keeping:
    """Adds the columns of lots; nothing is put in or taken out in a period that has no row for it.

    Args:
        lp: the whole program.
        held: lots.
        stages: of each period, not in the whole yet.
    """
    count, periods = len(held), len(stages)
    names = [each.period.name for each in stages]
    most = np.array([_size(stages, int(stock), held) for stock in held.stock.tolist()])

    def block(name: str, upper: Any) -> Block:
        bounds = Bounds(upper=upper, size=np.repeat(most, periods))
        return lp.block(name, count * periods, bounds=bounds, label=lambda n: f"{names[n % periods]},{held.name[n // periods]}")

    there = np.where(held.row >= 0, np.inf, 0.0).ravel()
    put, take, level = (
        block(name, upper).columns.reshape(count, periods) for name, upper in (("put", there), ("take", there), ("level", np.inf))
    )
    left = lp.block("left", count, bounds=Bounds(upper=np.where(held.stays, np.inf, 0.0), size=most), label=held.name.__getitem__)
    return Keeping(put, take, level, left.columns)


def stored(held: Goods, kept: Keeping, number: int) -> dict[str, Term]:
    """Entries of lots in the families of one period: what is put in leaves the plant later, what is taken out entered it before."""
    found = {}
    for family in ("yields", "batch"):
        lots = np.flatnonzero(np.array([name == family for name in held.family], dtype=bool) & (held.row[:, number] >= 0))
        if len(lots):
            per = held.per[lots, number]
            columns = np.concatenate([kept.put[lots, number], kept.take[lots, number]])
            found[family] = Term(np.tile(held.row[lots, number], 2), columns, np.concatenate([per, -per]))
    return found


def _rows(each: Stage, plant: str, output: str) -> list[tuple[str, str, int, float]]:
    """Family, origin, row and units of the row per unit of each lot of an output, in one period."""
    at = each.at
    works, found = at.links.works, at.found
    ids = at.links.nodes.id[works.node[works.outputs.plant]]
    outputs = np.flatnonzero((ids == plant) & (works.outputs.name == output))
    if len(outputs) == 0:
        return []
    lots = []
    rows = yield_rows(at)
    slots = works.slots.name[at.links.arcs.slot[found.enter]]
    for row in np.flatnonzero(rows.output == outputs[0]).tolist():
        entrance = int(rows.enter[row])
        lots.append(("yields", f"{found.entrance_name(entrance)}.{slots[entrance]}", row, 1.0 / float(rows.eta[row])))
    batch = batch_rows(at).get(int(outputs[0]), _NOWHERE)
    return lots + ([("batch", "batches", batch, 1.0)] if batch >= 0 else [])


def _size(stages: Sequence[Stage], stock: int, held: Goods) -> float:
    """Scale of a lot: the room, or what the plant could do over the horizon."""
    if held.sized[stock]:
        return max(float(held.capacity[stock]), 1.0)
    could = 0.0
    for each in stages:
        found = each.at.found
        ids = found.links.nodes.id[found.links.works.node[found.plants]]
        could += float(found.activity_most[ids == held.plant[stock]].sum())
    return max(could, 1.0)


def _ends(table: Table) -> list[tuple[object, object]]:
    return list(zip(table["plant"].tolist(), table["output"].tolist(), strict=True))


def _leaving(links: Links, plant: object, output: object) -> Index:
    """Arcs over which an output leaves its plant."""
    arcs, outputs = links.arcs, links.works.outputs
    out = np.flatnonzero(np.isin(arcs.kind, (ArcKind.DELIVER, ArcKind.RESIDUE)))
    here = (links.nodes.id[arcs.origin[out]] == plant) & (outputs.name[arcs.output[out]] == output)
    found: Index = out[here].astype(np.int32)
    return found


def _has_outlet(links: Links, table: Table) -> Mask:
    kind = links.arcs.kind
    return np.array([bool((kind[_leaving(links, *end)] == ArcKind.RESIDUE).any()) for end in _ends(table)], dtype=bool)


def _outlets(links: Links, table: Table) -> tuple[Floats, dict[str, Floats]]:
    """Tonnes as sent per dry tonne of each stock, and what a unit counts for at the worst of its outlets, at least 0.

    What has no outlet of its own counts, where it is lost, as at the worst outlet of what its plant takes: nobody gains by losing.
    """
    sent = np.ones(len(table))
    worst = {name: np.zeros(len(table)) for name in MEASURES}
    for stock, end in enumerate(_ends(table)):
        arcs = _leaving(links, *end)
        if len(arcs):
            sent[stock] = float(links.arcs.sent[arcs[0]])
        fates = arcs[links.arcs.kind[arcs] == ArcKind.RESIDUE]
        fates = fates if len(fates) else _outlets_of_feed(links, str(end[0]))
        for name, measure in MEASURES.items():
            worst[name][stock] = max(0.0, float((measure.sign * measure.arc(links)[fates]).max(initial=0.0)))
    return sent, worst


def _outlets_of_feed(links: Links, plant: str) -> Index:
    """Arcs over which the streams that a plant takes go to outlets."""
    arcs = links.arcs
    feeds = arcs.origin[(arcs.kind == ArcKind.FEED) & (links.nodes.id[arcs.destination] == plant)]
    found: Index = np.flatnonzero((arcs.kind == ArcKind.FATE) & np.isin(arcs.origin, feeds)).astype(np.int32)
    return found


def _unit(links: Links, plant: str, output: str) -> str:
    node, outputs = links.nodes.find(NodeKind.PLANT, plant), links.works.outputs
    rows = np.flatnonzero((links.works.node[outputs.plant] == node) & (outputs.name == output))
    table = links.region.table("materials")
    name = links.materials[outputs.material[rows[0]]] if len(rows) else ""
    return str(table["unit"][table.index[name]]) if name in table.index else "t"


def _notes(table: Table) -> tuple[str, ...]:
    return (
        *not_known(
            table["stock"],
            np.isnan(table["capacity"]),
            "has no known capacity: nothing is put into it on proven evidence, any amount with potential",
        ),
        *not_known(table["stock"], np.isnan(table["handling"]), "has no known cost of handling: it counts as none"),
        *not_known(table["stock"], np.isnan(table["loss"]), "has no known loss: it counts as none"),
    )
