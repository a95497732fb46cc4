"""Pipes, cables and belts that are not there yet: what has to be laid for an arc, and what it costs if it is used at all."""

from __future__ import annotations

import numpy as np
from attrs import evolve

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.links import EUR_TERMS, Arcs, Texts, WayCosts
from sivuvirta.links.codes import Mask, ints, picked
from sivuvirta.links.ends import Ends, World
from sivuvirta.links.hauls import OUTLETS, Hauls
from sivuvirta.links.modes import Modes
from sivuvirta.links.money import discount_rate, rate_needed

_TRANSPORT = EUR_TERMS.index("transport")


def pipes(world: World, modes: Modes, ends: Ends, hauls: Hauls, arcs: Arcs) -> tuple[Arcs, WayCosts]:
    r"""Arcs with their part of the investment in what has to be laid for them, and the ways that it is laid for.

    .. math:: fixed_w = a_d (1 - n_d)\, C_d \, km, \qquad c_a \mathrel{+}= a_d \, n_d \frac{C_d}{Q_d} \, km

    with C EUR per km at the reference capacity Q, n the exponent of its curve, a annuity and upkeep. Arcs that carry the same material
    by the same mode between the same two sites share one way. Nothing is laid where a row of `links` states the cost, a fixed cost, or that
    the way exists, and for today's outlets, which are served today.

    Args:
        world: the region.
        modes: C, n, Q and a of each.
        ends: the arcs.
        hauls: their ways and modes.
        arcs: the same with their coefficients.

    Returns:
        The arcs with `fixed_group`, `capex` and cost of transport, and the ways: rows of table `links`, then what is laid.

    Raises:
        OptionError: something has to be laid, and the vintage has no discount rate.
    """
    stated, mode = WayCosts.stated(world.region), hauls.mode.astype(np.int64)
    new = np.flatnonzero(_laid(world, modes, ends, hauls))
    if len(new) == 0:
        return arcs, stated
    if np.isnan(discount_rate(world.region)):
        raise rate_needed(world.region)
    at, start, end = mode[new], world.stands.location[ends.origin[new]], world.stands.location[ends.destination[new]]
    sides = np.column_stack([start, end, at, ends.material[new]])
    _, first, way = np.unique(sides, axis=0, return_index=True, return_inverse=True)
    km, a, which = hauls.km[new], np.nan_to_num(modes.yearly[at]), first
    once, unit = modes.capex[at] * km, modes.capex_unit[at] * km
    eur, capex, group = arcs.eur.copy(), arcs.capex.copy(), arcs.fixed_group.copy()
    eur[new, _TRANSPORT] += a * unit
    capex[new] = unit
    group[new] = len(stated) + way.reshape(-1)
    blind = np.isnan(modes.yearly[at])
    unknown, grade_eur, grade = arcs.unknown_eur.copy(), arcs.grade_eur.copy(), arcs.grade.copy()
    unknown[new[blind]] = True
    grade_eur[new[blind]] = grade[new[blind]] = int(Grade.D)
    ids, kind = world.stands.nodes.id, np.maximum(modes.grade[at], hauls.km_grade[new])
    ways = WayCosts(
        origin=np.concatenate([stated.origin, ids[ends.origin[new[which]]]]),
        destination=np.concatenate([stated.destination, ids[ends.destination[new[which]]]]),
        mode=ints(np.concatenate([stated.mode, at[which]])),
        km=np.concatenate([stated.km, km[which]]),
        fixed=np.concatenate([stated.fixed, (a * once)[which]]),
        capex=np.concatenate([stated.capex, once[which]]),
        grade=np.concatenate([stated.grade, kind[which]]).astype(np.int8),
    )
    return evolve(arcs, eur=eur, capex=capex, fixed_group=group, unknown_eur=unknown, grade_eur=grade_eur, grade=grade), ways


def pipe_notes(ways: WayCosts, modes: Texts) -> dict[str, str]:
    """What is said of ways that are not there yet."""
    laid = ways.mode[ways.mode >= 0]
    if len(laid) == 0:
        return {}
    kinds = ", ".join(sorted({str(modes[mode]) for mode in laid}))
    text = (
        f"{len(laid)} ways have to be laid first ({kinds}). A plan that uses them pays the part of it that is the same whatever flows; "
        "the gain of a single route, whose amount is open, does not know that part. State `existing` in links for what stands."
    )
    return {"new pipes": text}


def _laid(world: World, modes: Modes, ends: Ends, hauls: Hauls) -> Mask:
    """Arcs for which something has to be laid."""
    dear = np.append((modes.capex > 0) | (modes.capex_unit > 0), [False])
    if not dear.any():
        return np.zeros(len(ends), dtype=bool)
    table = world.region.table("links")
    stands = picked((table["existing"] == True) | ~np.isnan(table["fixed_cost"]), hauls.row, False)  # noqa: E712 - objects with None
    free = stands.astype(bool) | ~np.isnan(hauls.cost) | ends.of(*OUTLETS)
    return np.asarray(dear[hauls.mode] & ~free & (hauls.km > 0), dtype=bool)
