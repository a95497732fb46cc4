"""Means of transport, and the cheapest one for each haul."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from attrs import frozen

from sivuvirta.domain.links import Codes, Floats, Texts
from sivuvirta.domain.paths import LANES
from sivuvirta.domain.region import Region
from sivuvirta.links.codes import Mask, Rows, grade_codes, known, spread
from sivuvirta.links.curves import annuity
from sivuvirta.links.materials import CARRIERS
from sivuvirta.links.money import discount_rate, indexed


@frozen(eq=False)
class Modes:
    """Modes in the order of the table, in money of the price year. Shape (modes,) unless said."""

    id: Texts
    road: Mask
    hauls: Mask  # moves vehicles: road, rail, sea
    kind: Texts  # road, rail, sea, pipe, grid, conveyor
    carries: Mask  # (modes, carriers) can take a carrier
    fits: Mask  # (modes, carriers) chosen by itself for a carrier: a road mode for solids and liquids, any for the others
    payload: Floats  # t, NaN where unknown
    volume: Floats  # m3
    cost: Floats  # EUR per unit as sent and km
    cost_sd: Floats
    handling: Floats  # EUR per unit as sent
    handling_sd: Floats
    co2: Floats  # kg CO2e per unit as sent and km
    co2_sd: Floats
    max_km: Floats  # inf where not limited
    capex: Floats  # EUR of investment per km, whatever flows; 0 for what needs no pipe
    capex_unit: Floats  # EUR of investment per km and unit a year
    yearly: Floats  # annuity and upkeep, 1/a of an investment; NaN where not known
    whole: Floats  # EUR per unit as sent and km with the investment at its reference capacity
    grade: Codes
    order: Rows  # modes by cost a km, then by id: of two that cost the same within one place, the one that goes further for less
    unindexed: Mask

    def __len__(self) -> int:
        return len(self.id)


def modes(region: Region) -> Modes:
    """The modes that a region may use."""
    table = region.table("modes")
    ratio, unindexed = indexed(region, table["year"], ("freight",))
    carries = np.zeros((len(table), len(CARRIERS)), dtype=bool)
    for row, members in enumerate(table["carriers"].tolist()):
        carries[row, [CARRIERS.index(member) for member in members or () if member in CARRIERS]] = True
    road = np.asarray(table["kind"] == "road", dtype=bool)
    solid = np.isin(CARRIERS, ["solid", "liquid"])
    laid = _laid(region)
    whole = table["cost"] * ratio + laid["whole"]
    return Modes(
        id=table["mode"],
        road=road,
        hauls=np.isin(table["kind"].astype(str), ["road", *LANES]),
        kind=table["kind"].astype(str),
        carries=carries,
        fits=carries & (road[:, None] | ~solid[None, :]),
        payload=table["payload"],
        volume=table["volume"],
        cost=table["cost"] * ratio,
        cost_sd=spread(table["cost_low"], table["cost_high"]) * ratio,
        handling=known(table["handling"], 0.0) * ratio,
        handling_sd=spread(table["handling_low"], table["handling_high"]) * ratio,
        co2=known(table["co2"], 0.0),
        co2_sd=spread(table["co2_low"], table["co2_high"]),
        max_km=known(table["max_km"], np.inf),
        capex=laid["capex"],
        capex_unit=laid["capex_unit"],
        yearly=laid["yearly"],
        whole=whole,
        grade=grade_codes(table["grade"]),
        order=np.lexsort((pd.factorize(table["mode"], sort=True)[0], whole)),
        unindexed=unindexed,
    )


def _laid(region: Region) -> dict[str, Floats]:
    r"""Investment per km, as the tangent of its curve at the reference capacity.

    .. math:: C \left(\frac{x}{Q}\right)^n \approx (1 - n)\, C + n\, C\, \frac{x}{Q}, \qquad a = \frac{r}{1 - (1 + r)^{-L}} + u

    The curve is concave, so the tangent is never below it: 8 % over at a half and at twice the reference for n = 0.5.
    """
    table = region.table("modes")
    ratio, _ = indexed(region, table["year"], ("capex",))
    capex = known(table["capex_per_km"], 0.0) * ratio
    if not capex.any():
        nothing = np.zeros(len(table))
        return {"capex": nothing, "capex_unit": nothing, "yearly": nothing, "whole": nothing}
    size, bend = table["reference_capacity"], known(table["scale"], 0.0)
    bend = np.where(np.isnan(size), 0.0, bend)
    per_unit = np.divide(capex, size, out=np.zeros(len(table)), where=~np.isnan(size))
    yearly = annuity(discount_rate(region), table["lifetime"]) + known(table["fixed_opex"], 0.0) / 100.0
    return {
        "capex": (1.0 - bend) * capex,
        "capex_unit": bend * per_unit,
        "yearly": np.where(capex > 0, yearly, 0.0),
        "whole": per_unit * known(yearly, 0.0),
    }


def cheapest(modes: Modes, carrier: Codes, km: Floats, free: Mask, barred: tuple[Rows, Rows]) -> npt.NDArray[np.int16]:
    r"""The mode of least cost for each haul, -1 where none takes it; a pipe with its investment as it is at its reference capacity.

    .. math:: \arg\min_d \; c_d \, km + h_d

    Args:
        modes: the means of transport.
        carrier: what is carried, position in CARRIERS, shape (n,).
        km: length, NaN where unknown, shape (n,).
        free: hauls for which the longest haul of a mode is no obstacle, since a row of `links` names the way, shape (n,).
        barred: (haul, mode) pairs that are not allowed.
    """
    least = np.full(len(km), np.inf)
    best = np.full(len(km), -1, dtype=np.int16)
    for mode in modes.order.tolist():
        taken = modes.fits[mode][carrier] & ((km <= modes.max_km[mode]) | free)
        cost = np.where(taken, modes.whole[mode] * km + modes.handling[mode], np.inf)
        cost[barred[0][barred[1] == mode]] = np.inf
        better = cost < least
        least[better], best[better] = cost[better], mode
    return best
