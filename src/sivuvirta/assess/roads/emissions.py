"""Emissions of transport by the method of ISO 14083: transport activity times the intensity of each mode, empty running included."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.assess.roads.steps import empty_ways, of_mode, tonnes
from sivuvirta.domain.changes import change
from sivuvirta.domain.grades import Grade
from sivuvirta.domain.ledger import NO_REFERENCE, Ledger, sums
from sivuvirta.domain.links import CO2_TERMS, Flags, Floats
from sivuvirta.domain.paths import LANES
from sivuvirta.domain.traffic import REFERENCE, Driven
from sivuvirta.domain.unknowns import blind, unaccounted

HAULING = ("road", *LANES)
"""Kinds of mode that have a transport activity in tonne-kilometres here."""

VEHICLE = "vehicle-kilometres, loaded and empty, by load"
FACTOR = "one intensity per tonne-kilometre"

STANDARD = (
    (
        "Transport activity is tonnes times the shortest feasible or the great-circle distance",
        "partly",
        "Tonnes as sent times the shortest way on the road graph; where no road is known, the great circle times 1.3, grade D.",
    ),
    ("Energy from well to wheel", "yes", "Intensities are well to wheel; British ones stand in for Finnish ones where a source says so."),
    (
        "Empty running is part of the intensity",
        "yes",
        "Trucks that come back empty are counted on the way back, at what they emit empty; trains and ships as far as their factor has it.",
    ),
    (
        "The load is the real one",
        "partly",
        "Full by mass, or by volume where goods are light. Loads that are part full for other reasons are not known.",
    ),
    ("Hubs: loading, unloading, terminals, ports", "no", "No factor of a hub is in the register, so it is not known and not in the sum."),
    ("Leaked refrigerants of cooled transport", "no", "No cooled transport is in the register."),
    ("Primary data before modelled and default data", "no", "All intensities are modelled or default; fuel that carriers burnt would do."),
    ("Making and scrapping of vehicles and roads is left out", "yes", "It is not counted."),
    ("Pipelines and conveyors", "no", "They have no tonne-kilometres here; the plan's carbon counts what they emit."),
)
"""What the standard asks, whether it is met, and how: requirement, yes | partly | no, words."""


@frozen(eq=False)
class Run:
    """What one mode does in a ledger, a year."""

    activity: float  # tkm
    loaded: float  # km of loaded vehicles, 0 where none are counted
    empty: float  # km of empty vehicles
    load: float  # mean load over payload on loaded kilometres, NaN where not known
    emission: float  # kg CO2e, NaN where not known
    low: float
    high: float
    method: str


def standard() -> pd.DataFrame:
    """What of ISO 14083 is met, and what is not."""
    return pd.DataFrame(list(STANDARD), columns=["requirement", "met", "how"])


def emissions(years: Sequence[Driven]) -> pd.DataFrame:
    r"""Emissions by ledger and mode.

    .. math:: E_d = \sum_a x_a \, n_a \, km_a \left( e_0 + (e_1 - e_0) \, \lambda_a + r_a e_0 \right), \qquad i_d = E_d / A_d

    with n loads per unit, λ the load over the payload, e_1 and e_0 the emission of a vehicle-kilometre full and empty, r 1 where it comes
    back empty, A the tonne-kilometres. Without e_0 and e_1 it is the factor of the mode times A. `counted` is what links and plans count:
    the factor of the mode, whatever the load.

    Args:
        years: ledgers of a year; that of the state `reference` is what the others of its year are compared with.
    """
    rows = [row for each in years for row in _rows(each)]
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    base = {(row["period"], row["mode"]): row["emission"] for row in rows if row["state"] == REFERENCE}
    has = any(each.state == REFERENCE for each in years)
    keys = zip(frame["period"], frame["mode"], strict=True)
    before = np.array([base.get(key, 0.0) if has else np.nan for key in keys], dtype=np.float64)
    frame["difference"] = change(before, frame["emission"])
    today = {each.period: each.ledger for each in years if each.state == REFERENCE}
    why = {(each.state, each.period): blind(each.ledger.links, unaccounted(each.ledger, today.get(each.period))) for each in years}
    lost = [why[key] for key in zip(frame["state"], frame["period"], strict=True)]
    frame["difference"] = frame["difference"].mask(np.array([bool(text) for text in lost], dtype=bool))
    frame["unknown"] = ["; ".join(filter(None, pair)) for pair in zip(frame["unknown"], lost, strict=True)]
    return frame if has else frame.assign(unknown=with_reason(frame["unknown"], NO_REFERENCE))


def with_reason(told: Iterable[str], reason: str) -> list[str]:
    """Reasons with one more."""
    return [f"{text}; {reason}" if text else reason for text in told]


_COLUMNS = [
    *(
        "state",
        "period",
        "mode",
        "name",
        "activity",
        "loaded_km",
        "empty_km",
        "load_factor",
        "intensity",
        "unit",
        "emission",
        "low",
        "high",
    ),
    *("counted", "difference", "method", "grade", "source", "unknown"),
]


def _rows(year: Driven) -> list[dict[str, Any]]:
    ledger, links = year.ledger, year.ledger.links
    table = links.region.table("modes")
    found = []
    counted = _counted(ledger)
    for position, mode in enumerate(links.modes):
        row = table.index.get(mode, -1)
        if row < 0 or str(table["kind"][row]) not in HAULING:
            continue
        run = _run(ledger, position)
        if run.activity == 0:
            continue
        found.append(
            {
                "state": year.state,
                "period": year.period,
                "mode": mode,
                "name": table["name"][row],
                "activity": run.activity,
                "loaded_km": run.loaded,
                "empty_km": run.empty,
                "load_factor": run.load,
                "intensity": run.emission / run.activity,
                "unit": "kg CO2e/a",
                "emission": run.emission,
                "low": run.low,
                "high": run.high,
                "counted": counted[position],
                "difference": np.nan,
                "method": run.method,
                "grade": table["grade"][row] or Grade.D.name,
                "source": table["source"][row] or "",
                "unknown": _unknown(mode, run),
            }
        )
    return found


def _unknown(mode: str, run: Run) -> str:
    if np.isnan(run.emission):
        return f"the emission of '{mode}' is not known: its row states neither a factor nor what it emits full and empty"
    return f"no range: the row of '{mode}' states none" if np.isnan(run.low) or np.isnan(run.high) else ""


def _run(ledger: Ledger, mode: int) -> Run:
    """What a mode does as the main haul, and as the truck to and from terminals."""
    links, arcs, amount = ledger.links, ledger.links.arcs, ledger.amount
    arc = ledger.arc
    main, feeding = arcs.mode[arc] == mode, (arcs.feeder[arc] == mode) & (arcs.feeder_legs[arc] > 0)
    share = np.divide(arcs.feeder_km, arcs.km, out=np.zeros(len(arcs)), where=arcs.feeder_legs > 0)[arc]
    tkm = amount * np.nan_to_num(arcs.tkm)[arc]
    activity = np.where(main, tkm * (1.0 - share), 0.0) + np.where(feeding, tkm * share, 0.0)
    drives = feeding | (main & (arcs.feeder_legs[arc] == 0) & (np.nan_to_num(arcs.trips[arc]) > 0))
    loaded = np.where(drives, amount * arcs.vehicle_km[arc], 0.0)
    full, empty = (_one(ledger, f"co2_{name}", mode) for name in ("full", "empty"))
    whole, factor = float(activity.sum()), _one(ledger, "co2", mode)
    back = loaded * empty_ways(links)[arc]
    load = _load(ledger, mode)
    mean = float(loaded @ np.nan_to_num(load) / loaded.sum()) if loaded.sum() > 0 and not np.isnan(load[loaded > 0]).any() else np.nan
    if np.isnan(full) or np.isnan(empty) or np.isnan(mean):
        low, high = (_one(ledger, f"co2_{name}", mode) * whole for name in ("low", "high"))
        return Run(whole, float(loaded.sum()), float(back.sum()), mean, factor * whole, low, high, FACTOR)
    distances = (float(loaded.sum()), float(back.sum()), mean)
    ends = [(_one(ledger, f"co2_full{end}", mode), _one(ledger, f"co2_empty{end}", mode)) for end in ("", "_low", "_high")]
    emission, low, high = (_emitted(distances, pair) for pair in ends)
    return Run(whole, *distances, emission, low, high, VEHICLE)


def _emitted(distances: tuple[float, float, float], per_km: tuple[float, float]) -> float:
    (loaded, back, load), (full, empty) = distances, per_km
    return loaded * (empty + (full - empty) * load) + back * empty


def _load(ledger: Ledger, mode: int) -> Floats:
    """Load over payload of each flow's vehicles; NaN where the payload is not known. Shape (flows,)."""
    links, arc = ledger.links, ledger.arc
    loads = np.nan_to_num(links.arcs.loads)[arc]
    mass = np.divide(tonnes(links)[arc], loads, out=np.full(len(arc), np.nan), where=loads > 0)
    found: Floats = mass / _one(ledger, "payload", mode)
    return found


def _one(ledger: Ledger, column: str, mode: int) -> float:
    return float(of_mode(ledger.links, column, np.array([mode], dtype=np.int16))[0])


def _counted(ledger: Ledger) -> Floats:
    """Emission of transport that links and plans count, by mode; a haul over terminals is with its main haul. Shape (modes,)."""
    links, arc = ledger.links, ledger.arc
    hauled: Flags = links.arcs.mode[arc] >= 0
    kg = ledger.amount * links.arcs.co2[arc, CO2_TERMS.index("transport")]
    return sums(links.arcs.mode[arc][hauled], np.nan_to_num(kg[hauled]), len(links.modes))
