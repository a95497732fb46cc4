"""Carriage: cost, emission, tonne-kilometres and trips of every arc, per dry unit."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.links import Codes, Floats, Texts
from sivuvirta.links.codes import Mask, Rows, worst
from sivuvirta.links.ends import Ends
from sivuvirta.links.hauls import Hauls
from sivuvirta.links.materials import CARRIERS, Materials
from sivuvirta.links.modes import Modes


@frozen(eq=False)
class Carriage:
    """What carrying one dry unit over each arc means. Shape (arcs,)."""

    transport: Floats  # EUR
    transport_sd: Floats
    handling: Floats  # EUR
    handling_sd: Floats
    co2: Floats  # kg CO2e
    co2_sd: Floats
    tkm: Floats
    trips: Floats
    grade: Codes
    road: Mask  # goes by road
    unloaded: Mask  # by road, but no payload is known, so trips are not counted


def carriage(modes: Modes, tree: Materials, arcs: Ends, hauls: Hauls) -> Carriage:
    r"""Cost and emission of each haul, per dry unit.

    .. math:: transport = m_i c_d \, km, \quad handling = m_i h_d, \quad co2 = m_i f_d \, km, \quad trips = m_i / payload

    with m the tonnes as sent per dry tonne (1 for other carriers) and d the mode. Where trucks bring to and from terminals, theirs are
    added: their own km, and handling and trips for each leg. A cost that `links` states replaces transport and handling. Payload is the
    smaller of the vehicle's mass and its volume times the loose density.

    Args:
        modes: c EUR, f kg CO2e per unit as sent and km, h EUR per unit as sent, payload t.
        tree: densities and heating values.
        arcs: candidate arcs, m in `sent`.
        hauls: km and mode of each.
    """
    mode = hauls.mode.astype(np.int64)
    carried = mode >= 0
    distance = np.where(np.isnan(hauls.km), 0.0, hauls.km)
    truck, legs, by_truck = hauls.feeder.astype(np.int64), arcs.sent * hauls.feeder_legs, arcs.sent * hauls.feeder_km
    weight = arcs.sent * (distance - hauls.feeder_km)
    computed = np.isnan(hauls.cost)
    stated = np.where(computed, 0.0, hauls.cost)
    own_co2 = np.isnan(hauls.co2)
    tonnes = arcs.sent * _tonnes_per_unit(tree, arcs.material)
    road = carried & (_of(modes.road, mode, False) | (truck >= 0))
    load = _load(modes, tree, np.where(truck >= 0, truck, mode), arcs.material)
    trips = np.divide(tonnes, load, out=np.zeros(len(arcs)), where=road & (load > 0)) * np.where(truck >= 0, hauls.feeder_legs, 1)

    def both(name: str, main: Floats, feeding: Floats) -> Floats:
        values = getattr(modes, name)
        return np.asarray(_of(values, mode, 0.0) * main + _of(values, truck, 0.0) * feeding, dtype=float)

    return Carriage(
        transport=np.where(computed, both("cost", weight, by_truck), stated),
        transport_sd=np.where(computed, both("cost_sd", weight, by_truck), 0.0),
        handling=np.where(computed, both("handling", arcs.sent, legs), 0.0),
        handling_sd=np.where(computed, both("handling_sd", arcs.sent, legs), 0.0),
        co2=np.where(own_co2, both("co2", weight, by_truck), hauls.co2),
        co2_sd=np.where(own_co2, both("co2_sd", weight, by_truck), 0.0),
        tkm=np.where(carried & _of(modes.hauls, mode, False), np.nan_to_num(tonnes) * distance, 0.0),
        trips=trips,
        grade=worst(_grades(modes, hauls, mode), _of(modes.grade, truck, int(Grade.A))),
        road=road,
        unloaded=road & ~(load > 0),
    )


def _of(values: object, mode: Rows, otherwise: object) -> Texts:
    """A mode's figure for each arc, `otherwise` where it has no mode."""
    table = np.append(np.asarray(values), np.asarray(otherwise))
    return table[mode]


def _tonnes_per_unit(tree: Materials, material: Rows) -> Floats:
    """T per canonical unit as sent: 1 for tonnes and for m3 of water, density for other m3, 1/LHV for MWh of fuel, NaN where unknown."""
    water = tree.carrier == CARRIERS.index("water")
    unit = tree.unit
    density = np.where(np.isnan(tree.density) & water, 1.0, tree.density)
    per_unit = np.full(len(tree), np.nan)
    per_unit[unit == "t"] = 1.0
    per_unit[unit == "m3"] = density[unit == "m3"]
    with np.errstate(divide="ignore"):
        per_unit[unit == "MWh"] = 1.0 / tree.lhv[unit == "MWh"]
    per_unit[~np.isfinite(per_unit)] = np.nan
    return np.append(per_unit, np.nan)[material]


def _load(modes: Modes, tree: Materials, mode: Rows, material: Rows) -> Floats:
    """T as sent of one trip: the smaller of what the vehicle bears and what it has room for; NaN where neither is known."""
    room = np.append(modes.volume, np.nan)[mode] * np.append(tree.density, np.nan)[material]
    return np.asarray(np.fmin(np.append(modes.payload, np.nan)[mode], room), dtype=float)


def _grades(modes: Modes, hauls: Hauls, mode: Rows) -> Codes:
    """Worst grade of what the carriage rests on: mode and distance, or the row of `links` that states cost and emission."""
    computed = np.where(mode >= 0, worst(_of(modes.grade, mode, int(Grade.A)), hauls.km_grade), hauls.km_grade)
    computed = np.where(hauls.near, int(Grade.A), computed)
    stated = ~np.isnan(hauls.cost) & (~np.isnan(hauls.co2) | (mode < 0))
    return np.where(stated, hauls.row_grade, np.maximum(computed, hauls.row_grade)).astype(np.int8)
