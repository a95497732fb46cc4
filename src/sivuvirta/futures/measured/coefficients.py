"""Coefficients: what each used arc and plant costs, emits and carries per unit, in each of many draws."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import CO2_TERMS, EUR_TERMS, ArcKind, Floats
from sivuvirta.futures.ensemble.task import Linear
from sivuvirta.futures.measured.effects import Effects
from sivuvirta.futures.measured.setting import Setting
from sivuvirta.futures.measured.uses import paid
from sivuvirta.links.codes import picked, positions

_EUR = {name: at for at, name in enumerate(EUR_TERMS)}
_CO2 = {name: at for at, name in enumerate(CO2_TERMS)}


@frozen(eq=False)
class Fixed:
    """What of the arcs no draw changes. Shape (used,)."""

    dry: Any  # an outlet whose money is per dry tonne
    with_water: Any  # price of what reaches a need, per tonne as sent
    with_ratio: Any  # price of what reaches a need, per need unit
    outlet: Any
    need: Any


def unmoved(setting: Setting) -> Fixed:
    """What of the arcs no draw changes."""
    links = setting.links
    fates = links.region.table("fates")
    outlet = setting.kind(ArcKind.FATE, ArcKind.RESIDUE)
    row = np.where(outlet, positions(fates["fate"], links.nodes.id[setting.of(links.arcs.destination)]), -1)
    dry = np.asarray(picked(fates["basis"], row, None) == "dry", dtype=bool)
    return Fixed(dry=dry, outlet=outlet, need=setting.kind(ArcKind.DIRECT, ArcKind.DELIVER), **paid(setting))


@frozen(eq=False)
class Coefficients:
    """Per unit sent, in each draw. Shape (draws, used) unless said."""

    eur: Floats  # (draws, used, EUR_TERMS)
    co2: Floats  # (draws, used, CO2_TERMS)
    payment: Floats
    ratio: Floats  # need units
    arriving: Floats  # times what arrives at the stated length
    wetter: Floats  # times the stated weight as sent
    longer: Floats  # times the stated length
    truck_km: Floats
    km: Floats
    replaced: Floats  # product units replaced outside the region
    work_eur: Floats  # (draws, plants, 2) per unit of activity
    work_co2: Floats  # (draws, plants, 2)
    capex: Floats  # (draws, plants) times the stated investment


def drawn(figures: Linear, delta: Floats) -> Floats:
    """Figures of many draws: base + effect · delta. (draws, inputs) -> (draws, figures)."""
    return np.asarray(figures.base + (figures.effect @ delta.T).T)


def coefficients(setting: Setting, found: Effects, fixed: Fixed, delta: Floats) -> Coefficients:
    r"""Coefficients of each draw, by the formulas of links with the drawn figures in them.

    .. math:: m = \frac{1}{1 - w}, \quad transport = m \, (c_d (km - km_t) + c_t \, km_t), \quad fee = m \, fee_w, \quad
        displaced = - e_w f, \quad \theta = \theta_0^{km / km_0}

    Args:
        setting: used arcs.
        found: inputs and what they move.
        fixed: what no draw changes.
        delta: standard deviations of each input from its middle, shape (draws, inputs).
    """
    links, way = setting.links, found.ways
    arcs, works = links.arcs, links.works
    sent = setting.of(arcs.sent)
    weight = np.where(found.is_wet, 1.0 / (1.0 - drawn(found.water, delta)), sent)
    km = way.km + (way.length @ delta.T).T
    truck_km = way.truck_km + (way.trucked @ delta.T).T
    longer = np.divide(km, way.km, out=np.ones_like(km), where=way.km > 0)
    arriving = setting.of(arcs.arriving) ** (longer - 1.0)
    wetter = weight / sent
    ratio = drawn(found.ratio, delta) * arriving
    base = setting.of(arcs.eur)
    carried = _carried(setting, found, delta, (weight, km, truck_km, longer))
    per_tonne = np.where(fixed.dry, 1.0, wetter)
    metal, before = drawn(found.metal, delta), found.metal.base
    price = np.where(fixed.with_ratio, ratio / found.ratio.base, np.where(fixed.with_water, wetter, 1.0) * arriving)
    sold = np.where(fixed.need, base[:, _EUR["revenue"]], 0.0)
    sells, inside = sold != 0, setting.of(arcs.payment)
    revenue = np.where(fixed.outlet, drawn(found.revenue, delta) * per_tonne, np.where(sells, (sold + before) * price - metal, sold))
    eur = np.zeros((len(delta), *base.shape))
    terms = {
        "transport": carried[0],
        "handling": carried[1],
        "fee": np.where(fixed.outlet, drawn(found.fee, delta) * per_tonne, base[:, _EUR["fee"]]),
        "tax": np.where(fixed.outlet, base[:, _EUR["tax"]] * per_tonne, base[:, _EUR["tax"]]),
        "revenue": revenue,
        "purchase": drawn(found.purchase, delta),
        "gate": np.broadcast_to(base[:, _EUR["gate"]], km.shape),
    }
    for name, values in terms.items():
        eur[:, :, _EUR[name]] = values
    co2 = np.zeros((len(delta), len(setting.arc), len(CO2_TERMS)))
    replaced = drawn(found.replaced, delta)
    emitted = {
        "transport": carried[2],
        "outlet": drawn(found.outlet, delta),
        "displaced": 0.0 - replaced * drawn(found.factor, delta),
        "purchase": drawn(found.emission, delta),
    }
    for name, values in emitted.items():
        co2[:, :, _CO2[name]] = values
    pays = (inside != 0) & ~sells
    return Coefficients(
        eur=eur,
        co2=co2,
        payment=np.where(pays, (np.nan_to_num(inside) - before) * price + metal, np.nan_to_num(inside)),
        ratio=ratio,
        arriving=arriving,
        wetter=wetter,
        longer=longer,
        truck_km=truck_km,
        km=km,
        replaced=replaced,
        work_eur=np.stack([np.broadcast_to(works.eur[:, 0], (len(delta), len(works))), drawn(found.energy, delta)], axis=2),
        work_co2=np.stack([np.broadcast_to(works.co2[:, 0], (len(delta), len(works))), drawn(found.heat, delta)], axis=2),
        capex=drawn(found.capex, delta),
    )


def _carried(setting: Setting, found: Effects, delta: Floats, lengths: tuple[Floats, ...]) -> tuple[Floats, Floats, Floats]:
    """Transport and handling, EUR, and emission of carriage, kg CO2e; what a row of `links` states stays."""
    (weight, km, truck_km, longer), way, arcs = lengths, found.ways, setting.links.arcs
    legs = setting.of(arcs.feeder_legs)
    cost, handling, co2 = (drawn(figures, delta) for figures in (found.cost, found.handling, found.co2))

    def hauled(rate: Floats) -> Floats:
        return np.asarray(weight * (rate[:, way.main] * (km - truck_km) + rate[:, way.truck] * truck_km))

    stated = setting.of(arcs.eur)
    transport = np.where(way.rated, hauled(cost) + way.pipe * longer, stated[:, 0])
    handled = np.where(way.handled, weight * (handling[:, way.main] + legs * handling[:, way.truck]), stated[:, 1])
    return transport, handled, np.where(way.emitting, hauled(co2), setting.of(arcs.co2)[:, 0])
