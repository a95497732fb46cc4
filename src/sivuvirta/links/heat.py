"""Heat on its way: what is lost of it, and how much colder it can be used."""

from __future__ import annotations

import numpy as np
from attrs import evolve

from sivuvirta.domain.links import EUR_TERMS, ArcKind, Arcs, Floats, Yields
from sivuvirta.links.codes import Mask, known, picked
from sivuvirta.links.ends import Ends, World
from sivuvirta.links.hauls import Hauls
from sivuvirta.links.materials import CARRIERS

HEAT = CARRIERS.index("heat")
_REVENUE = EUR_TERMS.index("revenue")


def heated(world: World, ends: Ends, hauls: Hauls, arcs: Arcs) -> Arcs:
    r"""Arcs of heat with what arrives of it, and at which temperature.

    .. math:: \theta_a = (1 - \lambda_d)^{km}, \qquad e_a \leftarrow \theta_a e_a, \qquad
        T_{there} = T_{sent} - \kappa_d \, km - \Delta T_{min}

    with :math:`\lambda` the heat loss, 1/km, :math:`\kappa` the temperature loss, K/km, and :math:`\Delta T_{min}` the approach, K, of the
    mode. The rest of the heat is lost on the way: sent = arrived + lost. What a market or a need pays, it pays for what arrives. Today's
    outlets are counted where the heat leaves. A mode that does not say how much heat cools on it leaves the temperature unknown. Within one
    site nothing is lost, and the approach is the largest of the modes that carry heat.

    Args:
        world: the region.
        ends: the arcs.
        hauls: their ways and modes.
        arcs: the same with their coefficients.

    Returns:
        The arcs with `arriving`, `cooling` and, where heat is lost, `ratio`, `revenue` and `payment` of what arrives.
    """
    kinds = ends.of(ArcKind.DIRECT, ArcKind.FEED, ArcKind.DELIVER, ArcKind.PASS)
    at = np.flatnonzero(kinds & (world.tree.carriers(ends.material) == HEAT))
    if len(at) == 0:
        return arcs
    table, mode, near = world.region.table("modes"), hauls.mode[at].astype(np.int64), hauls.near[at]
    km = np.where(near, 0.0, arcs.km[at])
    lost = known(picked(table["heat_loss"], mode, 0.0), 0.0) / 100.0
    arriving, cooling = arcs.arriving.copy(), arcs.cooling.copy()
    arriving[at] = (1.0 - lost) ** km
    carries = np.array(["heat" in (carriers or ()) for carriers in table["carriers"].tolist()], dtype=bool)
    usual = float(known(table["approach"][carries], 0.0).max(initial=0.0))
    approach = np.where(near, usual, known(picked(table["approach"], mode, np.nan), 0.0))
    on_way = np.where(km > 0, picked(table["temperature_loss"], mode, np.nan) * km, 0.0)
    cooling[at] = np.asarray(on_way, dtype=float) + approach
    eur, sold = arcs.eur.copy(), ends.of(ArcKind.DIRECT, ArcKind.DELIVER)
    eur[:, _REVENUE] *= np.where(sold, arriving, 1.0)
    payment = arcs.payment * np.where(sold, arriving, 1.0)
    return evolve(arcs, arriving=arriving, cooling=cooling, ratio=arcs.ratio * arriving, eur=eur, payment=payment)


def arrived(yields: Yields, arcs: Arcs) -> Yields:
    """Yields of a unit sent: of what arrives of it at the plant."""
    share: Floats = arcs.arriving[yields.arc]
    full: Mask = share == 1.0
    return yields if full.all() else evolve(yields, eta=yields.eta * share, eta_sd=yields.eta_sd * share)


def heat_notes(arcs: Arcs) -> dict[str, str]:
    """What is said of heat that is lost."""
    lossy = arcs.arriving < 1.0
    if not lossy.any():
        return {}
    most = 100.0 * (1.0 - float(arcs.arriving.min()))
    return {"heat lost on the way": f"{int(lossy.sum())} flows of heat lose some of it, up to {most:.1f} %; less arrives than is sent."}
