"""Marginals: what one more unit of a requirement is worth, with the builds fixed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Floats, NodeKind
from sivuvirta.domain.plans import Marginal
from sivuvirta.lp.program import Rows
from sivuvirta.plan.explain.words import figure, limited, node_name, road_name, unit_of, way_name
from sivuvirta.plan.program.candidates import Mask
from sivuvirta.plan.program.objective import UNITS
from sivuvirta.plan.program.setting import Setting

_NOTHING = 1e-9  # of the largest dual of the family

Reader = Callable[["_Family", int, float], Marginal]


@frozen(eq=False)
class Answer:
    """What a solved program tells its marginals."""

    duals: Floats  # objective per unit of right-hand side, of every row
    low: Floats  # least right-hand side of every row for which its dual holds, NaN where not known
    high: Floats  # largest
    received: Floats  # units of material from streams that come under each limit of a blend, shape (specs,)
    built: Mask  # shape (candidates,)


@frozen(eq=False)
class _Family:
    """Rows of one family, with the program and the answer that its duals belong to."""

    at: Setting
    rows: Rows
    answer: Answer


def marginals(at: Setting, answer: Answer) -> tuple[Marginal, ...]:
    r"""Marginal values of everything that binds, the dearest of each family first.

    .. math:: value = - \frac{\partial\, objective}{\partial\, b}

    with b the supply, demand, capacity, limit ... of the row, and everything that is built held as it is. Positive: one more unit
    helps. A value holds from `low` to `high`, all other requirements as they are; beyond, solve anew. Both are amounts of the requirement,
    but for limits of blends (per cent looser than now) and shares (more than allowed now).

    Args:
        at: the program.
        answer: its duals, and what they are read with.
    """
    found = []
    for name, reader in _READERS.items():
        rows = at.lp.family(name)
        values = rows.of(answer.duals)
        if name == "build":
            values = np.where(np.isin(np.arange(rows.count) % max(len(at.curves.plant), 1), np.flatnonzero(answer.built)), values, 0.0)
        binding = np.flatnonzero(np.abs(values) > _NOTHING * max(np.abs(values).max(initial=0.0), 1e-12))
        family = _Family(at, rows, answer)
        members = [reader(family, int(position), -float(values[position])) for position in binding]
        found += sorted(members, key=lambda marginal: -abs(marginal.value))
    return tuple(found)


def worth_told(at: Setting, value: float) -> str:
    """What something is worth in words, in the unit of the objective."""
    unit = UNITS[at.options.objective]
    if unit == "EUR":
        return f"{'-' if value < 0 else ''}{figure(abs(value))} EUR"
    return f"{figure(abs(value))} {unit} {'less' if value > 0 else 'more'}"


def verb(at: Setting) -> str:
    """What a unit does to the objective, in words."""
    return "is worth" if at.options.objective == "value" else "means"


def _marginal(of: _Family, position: int, told: tuple[int, float, str, str]) -> Marginal:
    node, value, per, text = told
    unit = UNITS[of.at.options.objective]
    low, high = _range(of, position)
    return Marginal(
        constraint=of.rows.name,
        label=of.rows.text(position),
        node=node,
        value=value,
        unit=f"{unit}/{per}",
        text=text,
        low=low,
        high=high,
    )


def _range(of: _Family, position: int) -> tuple[float, float]:
    """The amounts of the requirement between which a value holds, in the unit that it is per."""
    at, name = of.at, of.rows.name
    low, high = (float(of.rows.of(side)[position]) for side in (of.answer.low, of.answer.high))
    if name == "carbon":
        return low / 1000.0, high / 1000.0
    if name == "blend":
        received = float(of.answer.received[position])
        return (100.0 * low / received, 100.0 * high / received) if received > 0 else (np.nan, np.nan)
    if name == "build":
        count = len(at.curves.plant)
        candidate = position % count
        largest = float(at.curves.size_max[candidate])
        return (
            (largest + low, largest + high)
            if position >= count
            else (at.curves.size_min[candidate] - high, at.curves.size_min[candidate] - low)
        )
    return low, high


def one_more(unit: str) -> str:
    """One more of a unit, in words, to begin a sentence."""
    return {"t": "One more tonne", "MWh": "One more MWh", "m3": "One more m3"}.get(unit, f"One more {unit}")


def _supply(of: _Family, position: int, value: float) -> Marginal:
    at = of.at
    node = int(at.links.supply.node[position])
    unit = unit_of(at, node)
    text = f"{one_more(unit)} of '{node_name(at, node)}' a year {verb(at)} {worth_told(at, value)}."
    return _marginal(of, position, (node, value, unit, text))


def _need(of: _Family, position: int, value: float) -> Marginal:
    at = of.at
    node = int(at.links.demand.amounts.node[position])
    unit = unit_of(at, node)
    text = f"{one_more(unit)} of demand at '{node_name(at, node)}' a year {verb(at)} {worth_told(at, value)}."
    return _marginal(of, position, (node, value, unit, text))


def _minimum(of: _Family, position: int, value: float) -> Marginal:
    at = of.at
    label = of.rows.label(position)
    if label.startswith("contract,"):
        name, node, unit = f"contract '{label.removeprefix('contract,')}'", -1, "unit"
    else:
        node = at.links.nodes.find(NodeKind.NEED, label)
        name, unit = f"'{node_name(at, node)}'", unit_of(at, node)
    text = f"{one_more(unit)} in the minimum of {name} a year {verb(at)} {worth_told(at, value)}."
    return _marginal(of, position, (node, value, unit, text))


def _capacity(of: _Family, position: int, value: float) -> Marginal:
    at = of.at
    label, nodes, arcs = of.rows.label(position), at.links.nodes, at.links.arcs
    if label.startswith("contract,"):
        node, unit, where = -1, "unit", f"contract '{label.removeprefix('contract,')}'"
    elif position < len(at.capacities.plants):
        node = nodes.find(NodeKind.PLANT, label)
        unit, where = unit_of(at, node), f"plant '{node_name(at, node)}'"
    else:
        arc = at.capacities.arc(position)
        node, unit, where = int(arcs.destination[arc]), str(at.links.units[arc] or "t"), way_name(at, position)
    text = f"{one_more(unit)} of capacity at {where} a year {verb(at)} {worth_told(at, value)}."
    return _marginal(of, position, (node, value, unit, text))


def _blend(of: _Family, position: int, value: float) -> Marginal:
    """One per cent more of the limit lets the left side be larger by one per cent of what is delivered."""
    at = of.at
    specs = at.found.matches.specs
    node, limit = int(specs.need[position]), int(specs.limit[position])
    percent = value * of.answer.received[position] / 100.0
    name = at.links.region.table("limits")["limit"][limit]
    text = f"Limit '{name}' of '{limited(at, position)}' one per cent looser {verb(at)} {worth_told(at, percent)} a year."
    return _marginal(of, position, (node, percent, "%", text))


def _share(of: _Family, position: int, value: float) -> Marginal:
    at = of.at
    place, material, _ = of.rows.label(position).rsplit(",", 2)
    text = f"{one_more('t')} of '{material}' than its share at '{place}' allows {verb(at)} {worth_told(at, value)}."
    return _marginal(of, position, (-1, value, "t", text))


def _build(of: _Family, position: int, value: float) -> Marginal:
    """What a plant could earn if it might be built larger; its smallest size, if that binds."""
    at, count = of.at, len(of.at.curves.plant)
    candidate = position % count
    node = int(at.links.works.node[at.curves.work[candidate]])
    unit = unit_of(at, node)
    largest = position >= count
    text = f"{one_more(unit)} in the {'largest' if largest else 'smallest'} size of '{node_name(at, node)}' {verb(at)}"
    value = value if largest else -value
    return _marginal(of, position, (node, value, unit, f"{text} {worth_told(at, value)} a year."))


def _network(what: str, per: str, scale: float = 1.0) -> Reader:
    def read(of: _Family, position: int, value: float) -> Marginal:
        text = f"{what} {verb(of.at)} {worth_told(of.at, value * scale)} a year."
        return _marginal(of, position, (-1, value * scale, per, text))

    return read


def _permit(of: _Family, position: int, value: float) -> Marginal:
    text = f"One more tonne as sent under permit '{of.rows.label(position)}' {verb(of.at)} {worth_told(of.at, value)}."
    return _marginal(of, position, (-1, value, "t", text))


def _lawful(of: _Family, position: int, value: float) -> Marginal:
    route = of.rows.label(position).replace(",", " > ")
    text = f"One more unit a year for which a legal path is open on '{route}' {verb(of.at)} {worth_told(of.at, value)}."
    return _marginal(of, position, (-1, value, "unit", text))


def _road(of: _Family, position: int, value: float) -> Marginal:
    text = f"One more heavy vehicle a day on {road_name(of.at, of.rows.label(position))} {verb(of.at)} {worth_told(of.at, value)} a year."
    return _marginal(of, position, (-1, value, "vehicle/d", text))


def _control(of: _Family, position: int, value: float) -> Marginal:
    """What one more unit in what the user holds would bring."""
    name, worth = of.rows.label(position), worth_told(of.at, value)
    text = f"One more unit a year allowed or asked for on '{name}', which you hold, {verb(of.at)} {worth}."
    return _marginal(of, position, (-1, value, "unit", text))


_READERS: dict[str, Reader] = {
    "supply": _supply,
    "need": _need,
    "minimum": _minimum,
    "capacity": _capacity,
    "build": _build,
    "blend": _blend,
    "share": _share,
    "budget": _network("One more euro of budget", "EUR"),
    "carbon": _network("One more tonne of CO2e allowed", "t", 1000.0),
    "disposal": _network("One more tonne of disposal allowed", "t"),
    "virgin": _network("One more tonne of primary product allowed", "t"),
    "traffic": _network("One more vehicle-kilometre allowed", "km"),
    "jobs": _network("One more post asked for", "post", -1.0),
    "permit": _permit,
    "lawful": _lawful,
    "road": _road,
    "control": _control,
}
