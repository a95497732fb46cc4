"""What a plant makes of the material at hand: contents, status, hazard, moisture, season."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import evolve

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Codes, Ints
from sivuvirta.links.codes import Mask
from sivuvirta.match.applicable import ANY_STATUS, status_codes
from sivuvirta.match.chains.network import Network
from sivuvirta.match.chains.records import Contents, taken
from sivuvirta.match.fit import output_moisture
from sivuvirta.match.subjects import HAZARDS, NOT_WASTE_LAW, Streams
from sivuvirta.match.verdicts import alone
from sivuvirta.units.months import ALL_YEAR


def raw(net: Network, stream: Ints) -> tuple[Streams, Contents]:
    """Streams as they leave their gates.

    Args:
        net: the network of plants.
        stream: rows of nodes, shape (labels,).
    """
    grounds, count = net.grounds, len(stream)
    known, none = grounds.evidence, np.zeros(count, dtype=np.int8)
    failed = np.zeros((count, len(grounds.demanded.limits)), dtype=bool)
    held = Contents(known.low[stream], known.high[stream], known.grade[stream], failed, none, none.copy())
    return taken(grounds.streams, stream), held


def contents_after(net: Network, held: Contents, entry: Any, status: Codes) -> Contents:
    r"""Contents of what a plant makes, judged on this input alone at every step, so that no detour dilutes.

    .. math:: u' = \rho u / \eta    (P6)

    What fails a limit that no blend may meet goes on failing it, and the limits meant for the status of an input stay, until a plant that
    is marked `recovery` ends both. A plant that mixes keeps the limits that a blend may meet as well.

    Args:
        net: the network.
        held: contents of the inputs, shape (rows,).
        entry: rows of works.yields, shape (rows,).
        status: legal status of the inputs as limits name it, shape (rows,).
    """
    works, limits = net.links.works, net.grounds.demanded.limits
    plant = works.outputs.plant[works.yields.output[entry]]
    keeps, recovers, mixes = net.keeps[plant], works.recovery[plant], works.mixes[plant]
    low, high, grade = held.low[:, limits.figure], held.high[:, limits.figure], held.grade[:, limits.figure]
    stuck = (limits.total | (limits.leaching & mixes[:, None]) | keeps[:, None]) & ~limits.blending & ~recovers[:, None]
    fails = alone(low, high, limits.bound, grade, verified=False) == Verdict.FAIL
    factor, graded, kind = net.richer
    by, of = factor[kind[entry]], graded[kind[entry]]
    lost = np.isnan(by)
    with np.errstate(invalid="ignore"):
        after_low, after_high = held.low * by, held.high * by
    bit = np.where(keeps, 0, 1 << status).astype(np.int8)
    return Contents(
        low=after_low,
        high=after_high,
        grade=np.where(lost, np.int8(Grade.D), np.maximum(held.grade, of)).astype(np.int8),
        failed=(held.failed | fails) & stuck,
        firm=np.where(recovers, 0, held.firm | bit).astype(np.int8),
        whole=np.where(keeps, held.whole, np.where(mixes & ~recovers, held.whole | bit, 0)).astype(np.int8),
    )


def holding(net: Network, held: Contents, status: Codes, row: Any, limit: Any) -> Mask:
    """Whether limits are meant for the status of the material, or still for one that it had before.

    Args:
        net: the network.
        held: contents of the material, shape (rows,).
        status: legal status as limits name it, shape (rows,).
        row: row of each limit, shape (entries,).
        limit: position in grounds.demanded.limits, shape (entries,).
    """
    limits = net.grounds.demanded.limits
    meant = limits.status[limit]
    bit = np.where(meant == ANY_STATUS, 0, 1 << np.minimum(meant, ANY_STATUS - 1).astype(np.int8))
    kept = (held.whole[row] & bit) | np.where(limits.blending[limit], 0, held.firm[row] & bit)
    return np.asarray((meant == ANY_STATUS) | (meant == status[row]) | (kept > 0), dtype=bool)


def thing_after(net: Network, thing: Streams, entry: Any) -> Streams:
    """The material that a plant makes, as if it were a stream of its site.

    What is hazardous stays so, until a plant that is marked `recovery` leaves it open. A plant that stores hands over what came, in any
    month.

    Args:
        net: the network.
        thing: the inputs, shape (rows,).
        entry: rows of works.yields, shape (rows,).
    """
    links, works = net.links, net.links.works
    output = works.yields.output[entry]
    plant = works.outputs.plant[output]
    keeps, grade, count = net.keeps[plant], works.grade[plant], len(output)
    status, unknown = works.outputs.status[output], np.full(count, np.nan)
    open_ = works.recovery[plant] & (thing.hazard != HAZARDS.index("no"))
    made = evolve(
        thing,
        row=np.full(count, -1, dtype=thing.row.dtype),
        status=status,
        status_code=status_codes(status),
        hazard=np.where(open_, HAZARDS.index("unknown"), thing.hazard).astype(np.int8),
        lawful=_lawful(net)[output],
        moisture_low=output_moisture(links, net.ways(entry)),
        moisture_high=output_moisture(links, net.ways(entry)),
        grain=unknown,
        temperature=unknown,
        grade=grade,
        status_grade=grade,
        moisture_grade=grade,
    )
    kept = {name: np.where(keeps, getattr(thing, name), getattr(made, name)) for name in _KEPT}
    season = np.where(works.stores[plant], ALL_YEAR, thing.season).astype(thing.season.dtype)
    country = net.grounds.streams.country[works.node[plant]]
    return evolve(made, **kept, season=season, country=country)


_KEPT = (
    "row",
    "status",
    "status_code",
    "hazard",
    "lawful",
    "moisture_low",
    "moisture_high",
    "grain",
    "temperature",
    "grade",
    "status_grade",
    "moisture_grade",
)


def _lawful(net: Network) -> Mask:
    """Whether waste law does not reach an output, by its carrier. Shape (outputs,)."""
    return np.isin(net.carrier.astype(str), NOT_WASTE_LAW)
