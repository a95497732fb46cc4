"""Words: the requirements of a horizon, and what was taken for granted, as the user knows them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sivuvirta.domain.links import NodeKind
from sivuvirta.lp.conflicts import Conflict
from sivuvirta.lp.fewest import Kinds, fewest
from sivuvirta.lp.watch import Watch
from sivuvirta.plan.explain.words import ASKED, INNER, carried, figure, link_name, requirement
from sivuvirta.plan.horizon.whole import Whole
from sivuvirta.plan.program.candidates import Index
from sivuvirta.plan.solve import PROVEN_ONLY

_INNER = INNER | {"standing", "once", "stock", "change_lasts", "laid"}
_ASKED = frozenset({*ASKED, *(f"year_{name}" for name in ASKED), "all_changes", "year_build"})
_KG = 1000.0  # per tonne


def infeasible(at: Whole, closed: Index, watch: Watch | None = None) -> list[str]:
    """Requirements that cannot hold together, in the user's words.

    Args:
        at: the program.
        closed: columns that are held at 0, because they rest on likely or unknown evidence.
        watch: who may stop the search for them.
    """
    found = fewest(at.lp, Kinds(_INNER, _ASKED), closed, at.options.time_limit, watch)
    texts = [text for conflict in found.conflicts if (text := told(at, conflict))]
    if found.by_closed:
        texts.append(PROVEN_ONLY)
    return list(dict.fromkeys(texts)) or [f"{conflict.family}({conflict.label})" for conflict in found.conflicts]


def told(at: Whole, conflict: Conflict) -> str:
    """A row in words, with its period; nothing for what says how plants and stocks work."""
    if conflict.family in _INNER:
        return ""
    for each in at.stages:
        if each.part.name == conflict.part:
            return f"in {each.period.name}, {requirement(each.at, conflict.family, conflict.position)} in that part of the year"
    phrase = _PHRASES.get(conflict.family)
    return phrase(at, conflict) if phrase else f"{conflict.family}({conflict.label})"


def _bounds(at: Whole, conflict: Conflict) -> tuple[float, float]:
    rows = at.lp.family(conflict.family)
    return float(rows.lower[conflict.position]), float(rows.upper[conflict.position])


def _capacity(at: Whole, conflict: Conflict) -> str:
    year, label = conflict.label.split(",", 1)
    _, most = _bounds(at, conflict)
    if label.startswith("contract,"):
        return f"contract '{label.removeprefix('contract,')}' may carry at most {figure(most)} in {year}"
    return f"at most {figure(most)} a year fit into '{label.removeprefix('outlet,').split(',')[-1]}' in {year}"


def _minimum(at: Whole, conflict: Conflict) -> str:
    year, label = conflict.label.split(",", 1)
    least, _ = _bounds(at, conflict)
    if label.startswith("contract,"):
        return f"contract '{label.removeprefix('contract,')}' must carry at least {figure(least)} in {year}"
    links = at.matches[0].links
    return f"need '{link_name(links, links.nodes.find(NodeKind.NEED, label))}' must get at least {figure(least)} in {year}"


def _when(label: str) -> str:
    return "over the whole horizon" if label == "horizon" else f"in {label}"


def _budget(at: Whole, conflict: Conflict) -> str:
    return f"investment may be at most {figure(_bounds(at, conflict)[1])} EUR {_when(conflict.label)}"


def _carbon(at: Whole, conflict: Conflict) -> str:
    return f"emissions may be at most {figure(_bounds(at, conflict)[1] / _KG)} t CO2e {_when(conflict.label)}"


def _disposal(at: Whole, conflict: Conflict) -> str:
    return f"at most {figure(_bounds(at, conflict)[1])} t may go to landfill, stock and other disposal {_when(conflict.label)}"


def _virgin(at: Whole, conflict: Conflict) -> str:
    return f"at most {figure(_bounds(at, conflict)[1])} t of primary product may be bought {_when(conflict.label)}"


def _traffic(at: Whole, conflict: Conflict) -> str:
    return f"loaded vehicles may drive at most {figure(_bounds(at, conflict)[1])} km {_when(conflict.label)}"


def _jobs(at: Whole, conflict: Conflict) -> str:
    return f"plants must give at least {figure(-_bounds(at, conflict)[1])} posts {_when(conflict.label)}"


def _changes(at: Whole, conflict: Conflict) -> str:
    return f"at most {figure(_bounds(at, conflict)[1])} links may be new against today {_when(conflict.label)}"


def _lawful(at: Whole, conflict: Conflict) -> str:
    year, kind, name = conflict.label.split(",", 2)
    most = figure(_bounds(at, conflict)[1])
    if kind == "permit":
        return f"permit '{name}' lets in at most {most} t as sent in {year}"
    return f"no legal path is open for more than {most} of '{name}' in {year}"


def _cycle(at: Whole, conflict: Conflict) -> str:
    year, name = conflict.label.split(",", 1)
    return f"stock '{name}' must end {year}, which stands for several years, as it began"


def _room(at: Whole, conflict: Conflict) -> str:
    period, name = conflict.label.split(",", 1)
    return f"stock '{name}' has room for {figure(_bounds(at, conflict)[1])} in {period}"


def _control(at: Whole, conflict: Conflict) -> str:
    year, name = conflict.label.split(",", 1)
    least, most = _bounds(at, conflict)
    return f"in {year}, {carried(name, least, most)}"


def _build(at: Whole, conflict: Conflict) -> str:
    year, name = conflict.label.split(",", 1)
    return f"plant '{name}' must {'' if _bounds(at, conflict)[0] else 'not '}be built {_when(year)}, as you asked"


_PHRASES: dict[str, Callable[[Whole, Conflict], str]] = {
    "year_capacity": _capacity,
    "year_minimum": _minimum,
    "year_budget": _budget,
    "year_carbon": _carbon,
    "year_disposal": _disposal,
    "year_virgin": _virgin,
    "year_traffic": _traffic,
    "year_jobs": _jobs,
    "all_changes": _changes,
    "stock_cycle": _cycle,
    "stock_room": _room,
    "year_lawful": _lawful,
    "year_control": _control,
    "year_build": _build,
}


def notes(at: Whole) -> tuple[str, ...]:
    """What was taken as none because it is not known, and what waits for the law."""
    found = [*at.stocks.notes, *at.goods.notes]
    used = {key for built in at.investments for key in built.plant}
    plants = at.matches[0].links.region.table("plants")
    unled = [key for key, lead in zip(plants["plant"].tolist(), plants["lead"].tolist(), strict=True) if key in used and np.isnan(lead)]
    if unled:
        found.append(f"No lead time is known of {len(unled)} plants that may be built: they stand in the year in which they are decided.")
    if at.waiting:
        found.append(f"{at.waiting} routes wait for an answer of the law when the horizon begins.")
    if at.unknown_leads:
        found.append(f"Of {at.unknown_leads} routes it is not known how long the law takes: they may carry at once.")
    return tuple(found)
