"""Stocks: what streams may keep from one period to the next, what that costs and loses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import ArcKind, Floats, Links, NodeKind, Texts
from sivuvirta.domain.matches import Matches
from sivuvirta.links.seasons import calendar, part_of_year
from sivuvirta.lp.program import Block, Bounds, Program
from sivuvirta.plan.horizon.times import MONTHS, Year
from sivuvirta.plan.program.candidates import Index, Mask
from sivuvirta.plan.program.measures import MEASURES


@frozen(eq=False)
class Stocks:
    """Stockpiles of streams. Shape (stocks,) unless said; amounts in the unit of the stream, dry."""

    id: Texts
    stream: Index  # position in links.supply
    capacity: Floats  # inf where not known
    sized: Mask  # its capacity is known
    handling: Floats  # EUR per unit put in and taken out, half each; 0 where not known
    keep: Floats  # (stocks, periods) part of the level that is there at the end of a period
    start: Floats
    leaving: Mapping[str, Floats]  # what a unit lost, or left beyond the start, counts for: its worst outlet of today, at least 0
    reach: Floats  # (streams, periods) most that stocks may give
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.id)


@frozen(eq=False)
class Keeping:
    """Columns of stocks in the whole program. Shape (stocks, periods) but for `left`."""

    put: Index
    take: Index
    level: Index  # at the end of the period
    left: Index  # (stocks,) beyond the start at the end of the horizon


def stocks(years: Sequence[Year], matches: Sequence[Matches]) -> Stocks:
    """The stocks of a region, as its first year has them."""
    links = matches[0].links
    table = links.region.table("stocks")
    position = {str(links.nodes.id[node]): number for number, node in enumerate(links.supply.node.tolist())}
    rows = [row for row, stream in enumerate(table["stream"].tolist()) if stream is not None and stream in position]
    table = table.take(np.array(rows, dtype=np.int64))
    stream = np.array([position[key] for key in table["stream"].tolist()], dtype=np.int32)
    start, told = _start(links, table["stock"])
    supply = _supplies(years, matches)
    sized = np.isfinite(table["capacity"])
    capacity = np.where(sized, np.maximum(table["capacity"], start), np.inf)
    loss = np.nan_to_num(table["loss"]) / 100.0
    lengths = np.array([calendar(part.months).sum() / MONTHS for year in years for part in year.periods])
    reach = np.zeros_like(supply)
    could = np.minimum(start[:, None] + np.cumsum(supply[stream], axis=1), np.maximum(capacity, start)[:, None])
    np.add.at(reach, stream, could)
    notes = [
        *told,
        *not_known(table["stock"], ~sized, "has no known capacity: nothing is put into it on proven evidence, any amount with potential"),
        *not_known(table["stock"], np.isnan(table["handling"]), "has no known cost of handling: it counts as none"),
        *not_known(table["stock"], np.isnan(table["loss"]), "has no known loss: it counts as none"),
    ]
    return Stocks(
        id=table["stock"],
        stream=stream,
        capacity=capacity,
        sized=sized,
        handling=np.nan_to_num(table["handling"]) * _sent(links, stream),
        keep=(1.0 - loss)[:, None] ** lengths[None, :],
        start=start,
        leaving=_leaving(matches[-1].links, links.nodes.id[links.supply.node[stream]]),
        reach=reach,
        notes=tuple(notes),
    )


def keeping(lp: Program, held: Stocks, names: Sequence[str]) -> Keeping:
    """Adds the columns of stocks.

    Args:
        lp: the whole program.
        held: stocks.
        names: of the periods.
    """
    count, periods = len(held), len(names)
    size = held.reach[held.stream]

    def block(name: str, upper: Floats | float = np.inf) -> Block:
        bounds = Bounds(upper=upper, size=size.ravel())
        return lp.block(name, count * periods, bounds=bounds, label=lambda n: f"{names[n % periods]},{held.id[n // periods]}")

    put, take = (block(name).columns.reshape(count, periods) for name in ("put", "take"))
    level = block("level", np.repeat(held.capacity, periods)).columns.reshape(count, periods)
    left = lp.block("left", count, bounds=Bounds(size=size[:, -1] if periods else 1.0), label=lambda n: str(held.id[n]))
    return Keeping(put, take, level, left.columns)


def joined_keeping(one: Keeping, other: Keeping) -> Keeping:
    """Columns of both, one behind the other."""
    return Keeping(*(np.concatenate([getattr(one, name), getattr(other, name)]) for name in ("put", "take", "level", "left")))


def earlier(years: Sequence[Year], matches: Sequence[Matches]) -> Floats:
    """What streams have given before each period: most that can be left of it in goods. Shape (streams, periods)."""
    supply = _supplies(years, matches)
    return np.cumsum(supply, axis=1) - supply


def _supplies(years: Sequence[Year], matches: Sequence[Matches]) -> Floats:
    """Supply of each stream in each period. Shape (streams, periods)."""
    found = [
        np.nan_to_num(part_of_year(known.links, calendar(part.months)).supply.value)
        for year, known in zip(years, matches, strict=True)
        for part in year.periods
    ]
    return np.column_stack(found)


def _start(links: Links, names: Texts) -> tuple[Floats, list[str]]:
    """What lies in each stock when the horizon begins."""
    table = links.region.table("quantities")
    here = (table["table"] == "stocks") & (table["vintage"] == links.region.vintage) & ~np.isnan(table["value"])
    known = dict(zip(table["subject"][here].tolist(), table["value"][here].tolist(), strict=True))
    unknown = np.array([name not in known for name in names.tolist()], dtype=bool)
    start = np.array([known.get(name, 0.0) for name in names.tolist()], dtype=float)
    return start, not_known(names, unknown, "has no known amount at the start: none of it is used")


def not_known(names: Texts, which: Mask, words: str) -> list[str]:
    """What is not known of some stocks, in words."""
    return [f"Stock '{name}' {words}." for name in names[which].tolist()]


def _sent(links: Links, stream: Index) -> Floats:
    """Tonnes as sent per dry tonne of each stream."""
    sent = np.ones(len(links.nodes.id))
    sent[links.arcs.origin] = links.arcs.sent
    return sent[links.supply.node[stream]]


def _leaving(links: Links, streams: Texts) -> dict[str, Floats]:
    """What a unit of each stream counts for at the worst of today's outlets in the last year, at least 0."""
    arcs = links.arcs
    used = np.flatnonzero((arcs.kind == ArcKind.FATE) & (arcs.today > 0))
    found = {}
    for name, measure in MEASURES.items():
        most = np.zeros(len(links.nodes.id))
        np.maximum.at(most, arcs.origin[used], measure.sign * measure.arc(links)[used])
        found[name] = np.array([most[links.nodes.find(NodeKind.STREAM, key)] for key in streams.tolist()], dtype=float)
    return found
