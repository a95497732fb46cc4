"""Sections: loaded and empty vehicles a day on each section of road, beside its other traffic, its threshold and its weight limit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.assess.roads.rise import passed, stated
from sivuvirta.assess.roads.steps import by_truck, empty_ways, of_mode, tonnes
from sivuvirta.assess.spread import relative_ends
from sivuvirta.domain.changes import change
from sivuvirta.domain.grades import Grade
from sivuvirta.domain.ledger import NO_REFERENCE, sums
from sivuvirta.domain.links import Codes, Flags, Floats, NodeKind
from sivuvirta.domain.traffic import REFERENCE, Driven
from sivuvirta.domain.unknowns import blind, unaccounted
from sivuvirta.links.codes import grade_codes
from sivuvirta.units.months import months

OFF = "access roads, within one place, or off the road graph"


@frozen(eq=False)
class Loaded:
    """What drives over each section in a part of time; the last place holds what uses none. Shape (roads + 1,)."""

    out: Floats  # loads, from `from_place` to `to_place`
    back: Floats  # loads, the other way
    empty_out: Floats
    empty_back: Floats
    low: Floats  # 5 and 95 % points of the loads by the ranges of the amounts, NaN where one is not known
    high: Floats
    heavy: Floats  # loads in vehicles above the section's weight limit while it holds, NaN where not known
    tonnes: Floats  # as sent, trains and ships included
    tkm: Floats
    grade: Codes

    @property
    def loads(self) -> Floats:
        """Loads both ways."""
        return self.out + self.back

    @property
    def empty(self) -> Floats:
        """Empty vehicles both ways."""
        return self.empty_out + self.empty_back

    @property
    def vehicles(self) -> Floats:
        """Loaded and empty vehicles both ways."""
        return self.loads + self.empty


def assigned(driven: Driven) -> Loaded:
    r"""All flows of a part of time put on the sections of their shortest ways.

    .. math:: n_e = \sum_{a: e \in path(a)} x_a \frac{m_a}{payload_a}, \qquad empty_{e,\leftarrow} = n_{e,\rightarrow} r_a

    with r 1 where the mode comes back empty, along the same way. Vehicles are those of the part; divide by its days. Grows with the
    sections of all ways together.
    """
    ledger, way, links = driven.ledger, driven.steps, driven.ledger.links
    count = len(links.region.table("roads")) + 1
    arc, truck = ledger.arc, by_truck(links, way.edge)
    loads = driven.amount * np.nan_to_num(links.arcs.loads)[arc]
    off = links.arcs.pair[arc] < 0
    back_ratio = empty_ways(links)[arc]
    there, return_way = truck & driven.forward, truck & ~driven.forward

    def on(mask: Flags, values: Floats) -> Floats:
        return sums(way.edge[mask], values[way.flow[mask]], count)

    out, back = on(there, loads), on(return_way, loads)
    empty_out, empty_back = on(return_way, loads * back_ratio), on(there, loads * back_ratio)
    out[-1], empty_back[-1] = loads[off].sum(), (loads * back_ratio)[off].sum()
    low, high = _ends(driven, out + back)
    weight, tkm = _weights(driven)
    return Loaded(out, back, empty_out, empty_back, low, high, _too_heavy(driven, loads, truck), weight, tkm, _grades(driven))


def _ends(driven: Driven, total: Floats) -> tuple[Floats, Floats]:
    r"""5 and 95 % points of the loads of each section: every amount varies for itself, and all that leaves one node with it.

    .. math:: n_e - \sqrt{\sum_n (\sum_{a \in n} n_{ea} \delta_n^-)^2}, \qquad n_e + \sqrt{\sum_n (\sum_{a \in n} n_{ea} \delta_n^+)^2}
    """
    ledger, way, links = driven.ledger, driven.steps, driven.ledger.links
    truck, off = by_truck(links, way.edge), np.flatnonzero(links.arcs.pair[ledger.arc] < 0)
    flow = np.concatenate([way.flow[truck], off])
    edge = np.concatenate([way.edge[truck], np.full(len(off), len(total) - 1)])
    loads = (driven.amount * np.nan_to_num(links.arcs.loads)[ledger.arc])[flow]
    origin, destination = links.arcs.origin[ledger.arc], links.arcs.destination[ledger.arc]
    node = np.where(links.nodes.kind[origin] == NodeKind.PRODUCT, destination, origin)[flow]
    moves = loads > 0
    cell, group = np.unique(edge[moves].astype(np.int64) * len(links.nodes.id) + node[moves], return_inverse=True)
    ends = []
    for relative in relative_ends(ledger):
        reach = sums(group, loads[moves] * relative[node[moves]], len(cell))
        ends.append(np.sqrt(sums(cell // len(links.nodes.id), reach**2, len(total))))
    return np.maximum(change(ends[0], total), 0.0), total + ends[1]


def _weights(driven: Driven) -> tuple[Floats, Floats]:
    """T as sent and tonne-kilometres on each section by any mode; in the last place what lies beside the sections."""
    ledger, way, links = driven.ledger, driven.steps, driven.ledger.links
    km = links.region.table("roads")["km"]
    sent = driven.amount * tonnes(links)[ledger.arc]
    weight = sums(way.edge, sent[way.flow], len(km) + 1)
    tkm = weight * np.append(km, 0.0)
    on_sections = sums(way.flow, km[way.edge], len(ledger))
    tkm[-1] = (driven.amount * np.nan_to_num(links.arcs.tkm)[ledger.arc] - sent * on_sections).sum()
    weight[-1] = sent[links.arcs.pair[ledger.arc] < 0].sum()
    return weight, tkm


def _too_heavy(driven: Driven, loads: Floats, truck: Flags) -> Floats:
    links, way = driven.ledger.links, driven.steps
    table = links.region.table("roads")
    limit = table["weight_limit"]
    held = np.array([bool(months(text) & driven.months) for text in table["limit_months"].tolist()])
    gross = of_mode(links, "gross", links.arcs.vehicle[driven.ledger.arc])
    payload = of_mode(links, "payload", links.arcs.vehicle[driven.ledger.arc])
    weight = np.where(np.isnan(gross), payload, gross)[way.flow]
    above = weight > limit[way.edge]
    unsure = np.isnan(weight) | (~above & np.isnan(gross[way.flow]))
    values = np.where(above, loads[way.flow], np.where(unsure & (loads[way.flow] > 0), np.nan, 0.0))
    total = sums(way.edge[truck], values[truck], len(limit))
    return np.append(np.where(np.isnan(limit), np.nan, np.where(held, total, 0.0)), np.nan)


def _grades(driven: Driven) -> Codes:
    ledger, way, links = driven.ledger, driven.steps, driven.ledger.links
    found = np.append(grade_codes(links.region.table("roads")["grade"]), np.int8(Grade.D))
    mode = grade_codes(links.region.table("modes")["grade"])
    vehicle = np.append(mode, np.int8(Grade.D))[_mode_rows(driven)]
    np.maximum.at(found, way.edge, np.maximum(ledger.evidence, vehicle)[way.flow])
    return found


def _mode_rows(driven: Driven) -> Any:
    links = driven.ledger.links
    index = links.region.table("modes").index
    rows = np.array([*(index.get(mode, -1) for mode in links.modes), -1])
    return rows[links.arcs.vehicle[driven.ledger.arc]]


def sections(driven: Sequence[Driven], threshold: float | None = None) -> pd.DataFrame:
    """Sections with loads in any ledger, one row a ledger, part of time and section; see `Traffic`.

    Args:
        driven: ledgers by parts of time; that of the state `reference` is what the others of its part are compared with.
        threshold: heavy vehicles a day at which a section needs strengthening, where the register states none.
    """
    loaded = [assigned(each) for each in driven]
    base = {each.period: (each, one) for each, one in zip(driven, loaded, strict=True) if each.state == REFERENCE}
    used = {str(name) for each, one in zip(driven, loaded, strict=True) for name in _named(each)[np.append(one.loads[:-1] > 0, False)]}
    frames = [_frame(each, one, base.get(each.period), (used, threshold)) for each, one in zip(driven, loaded, strict=True)]
    told = pd.concat(frames, ignore_index=True)
    most = stated(driven[-1].ledger.links.region).most
    return told.assign(rise_threshold=most, rise_over=passed(told["added"].to_numpy(float), most))


def _named(driven: Driven) -> Any:
    return np.append(driven.ledger.links.region.table("roads")["road"], "")


def _frame(driven: Driven, one: Loaded, base: tuple[Driven, Loaded] | None, asked: tuple[set[str], float | None]) -> pd.DataFrame:
    used, threshold = asked
    table, days = driven.ledger.links.region.table("roads"), driven.days
    rows = np.flatnonzero(np.isin(_named(driven)[:-1].astype(str), sorted(used)))
    last = len(table)
    pick = np.append(rows, last) if one.tkm[last] or one.loads[last] else rows
    on_road = pick < last
    frame = pd.DataFrame({"state": driven.state, "period": driven.period, "year": driven.year, "days": days}, index=range(len(pick)))
    for name, empty in (("road", ""), ("number", OFF), ("from_place", ""), ("to_place", ""), ("km", np.nan)):
        frame[name] = [_cell(table[name][row]) if row < last else empty for row in pick.tolist()]
    frame["unit"] = "1/d"
    for name in ("loads", "low", "high", "out", "back", "empty", "vehicles"):
        frame[name] = getattr(one, name)[pick] / days
    frame["pairable"] = np.where(on_road, np.minimum(one.out, one.back)[pick] / days, np.nan)
    frame["difference"] = np.nan if base is None else change(*_beside(base, driven, one.vehicles[pick], pick)) / days
    lost = "" if base is None else blind(driven.ledger.links, unaccounted(driven.ledger, base[0].ledger))
    frame["difference"] = np.nan if lost else frame["difference"]
    for name in ("mean", "difference_mean", "difference_low", "difference_high"):
        frame[name] = np.nan  # of draws, which a plan has
    frame["cause"] = ""
    _against(frame, driven, threshold)
    frame["too_heavy"] = one.heavy[pick] / days
    frame["tonnes"], frame["tkm"] = one.tonnes[pick], one.tkm[pick]
    frame["grade"] = [Grade(code).name for code in one.grade[pick]]
    frame["source"] = [_cell(table["source"][row]) if row < last else "" for row in pick.tolist()]
    frame["unknown"] = ["; ".join(filter(None, (text, lost))) for text in _reasons(frame, base is None)]
    return frame


def _cell(value: Any) -> Any:
    return "" if value is None else value


def _beside(base: tuple[Driven, Loaded], driven: Driven, values: Floats, pick: Any) -> tuple[Floats, Floats]:
    """Vehicles of the reference and of this ledger; sections are joined by name, since a scenario may add some."""
    names, known = _named(base[0]), {}
    for row, name in enumerate(names.tolist()):
        known[name] = base[1].vehicles[row]
    return np.array([known.get(name, 0.0) for name in _named(driven)[pick].tolist()]), values


def _against(frame: pd.DataFrame, driven: Driven, threshold: float | None) -> None:
    """Adds what the vehicles are beside the section's traffic of today and its threshold."""
    table = driven.ledger.links.region.table("roads")
    index = table.index
    rows = [index.get(name, -1) for name in frame["road"]]
    heavy = np.array([table["heavy_traffic"][row] if row >= 0 else np.nan for row in rows])
    stated = np.array([table["threshold"][row] if row >= 0 else np.nan for row in rows])
    asked = np.isnan(stated) & (np.array(rows) >= 0) & (threshold is not None)
    frame["heavy_traffic"] = heavy
    frame["share"] = frame["vehicles"] / heavy
    frame["added"] = frame["difference"] / heavy
    frame["threshold"] = np.where(asked, np.nan if threshold is None else threshold, stated)
    frame["threshold_from"] = np.where(asked, "asked", np.where(np.isnan(stated), "", "register"))
    then = heavy if driven.state == REFERENCE else heavy + frame["difference"].to_numpy()
    sure = ~np.isnan(then) & frame["threshold"].notna().to_numpy()
    over = then > frame["threshold"].to_numpy()
    frame["over"] = pd.Series([bool(yes) if known else None for yes, known in zip(over, sure, strict=True)], dtype=object)


def _reasons(frame: pd.DataFrame, alone: bool) -> list[str]:
    told = []
    for row in frame[["road", "low", "heavy_traffic", "threshold", "too_heavy"]].to_dict("records"):
        reasons = [NO_REFERENCE] if alone else []
        if row["road"]:
            wanted = {
                "heavy_traffic": "heavy traffic of today",
                "threshold": "threshold",
                "too_heavy": "weight limit, or a vehicle's full weight",
            }
            reasons += [f"not known: {text}" for name, text in wanted.items() if pd.isna(row[name])]
        if pd.isna(row["low"]):
            reasons.append("no range: an amount states none")
        told.append("; ".join(reasons))
    return told
