"""Judging: the engine's verdicts on a mask, put into words anew from what may be said.

No sentence of the engine is passed on. Each check is taken apart into its verdict, its limit and, where the figure is hidden, its band;
pages write their own sentences from these parts, in the reader's language.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from sivuvirta import verbs
from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.matches import Check, Matches
from sivuvirta.domain.region import Region
from sivuvirta.errors import CheckError
from sivuvirta.match import checks, ranked
from sivuvirta.web.matching.masks import Mask
from sivuvirta.web.registry.models import Register
from sivuvirta.web.registry.seen.bands import band

_LOG = logging.getLogger(__name__)

Answer = dict[str, Any]
"""Of one pair, as JSON: verdict, parts, via, km, netback."""

_ROUNDS = 8  # of leaving out what cannot stand
_TIMES = (1.0, 1.25, 2.0, 5.0, 10.0)
"""Borders of "exceeds by", in times the limit, of figures that are open; of a hidden one only its band is told."""


def judged(register: Register, mask: Mask) -> dict[tuple[str, str], Answer]:
    """The best route of every pair of the mask, by stream and need. Nothing where the mask is no region that the engine can read."""
    if not {"streams", "needs"} <= set(mask.frames):
        return {}
    region = _region(register, mask)
    if region is None:
        return {}
    found = verbs.match(region)
    nodes, answers = found.links.nodes, {}
    for route in ranked(found).tolist():
        pair = (str(nodes.id[found.routes.stream[route]]), str(nodes.id[found.routes.need[route]]))
        if pair not in answers:
            answers[pair] = _answer(found, route, pair, mask)
    return answers


def _region(register: Register, mask: Mask) -> Region | None:
    """The mask as a region. Rows that cannot stand without what is not shown, a plant without an outlet, are left out, round by round."""
    frames = dict(mask.frames)
    for _ in range(_ROUNDS):
        try:
            region = verbs.region(register.slug, frames)
        except CheckError as error:
            out = {(problem.table, problem.row - 1) for problem in error.problems if problem.level == "error" and problem.row}
            if not out or any(table in ("streams", "needs") for table, _ in out):
                _LOG.warning("Matching of %s: the engine cannot read %s.", register.slug, sorted({each.table for each in error.problems}))
                return None
            for table in {table for table, _ in out}:
                frames[table] = frames[table].drop(index=[row for name, row in out if name == table]).reset_index(drop=True)
        else:
            return region.at(register.vintage) if register.vintage else region
    return None


def _answer(found: Matches, route: int, pair: tuple[str, str], mask: Mask) -> Answer:
    routes = found.routes
    placed = not set(pair) & mask.placeless
    verdict = Verdict(int(routes.verdict[route]))
    parts = [_part(found, check, pair[0], mask) for check in checks(found, route) if check.subject != "recipe"]
    return {
        "verdict": verdict.word,
        "parts": _first(parts, verdict),
        "via": [str(found.links.nodes.name[found.links.works.node[plant]]) for plant in found.plants(route)],
        "km": _km(float(routes.km[route])) if placed else None,
        "netback": _netback(routes, route) if placed else None,
        "hidden": any(part["band"] is not None for part in parts),
    }


def _first(parts: list[dict[str, Any]], verdict: Verdict) -> list[dict[str, Any]]:
    """Parts from the worst to the best; those of limits that are met are told by their number alone where there are many."""
    order = sorted(parts, key=lambda part: -int(Verdict[part["verdict"].upper()]))
    worst = [part for part in order if part["verdict"] != "pass"]
    return (worst or order)[:12] if verdict != Verdict.PASS else order[:3]


def _part(found: Matches, check: Check, stream: str, mask: Mask) -> dict[str, Any]:
    """What may be said of a check."""
    told: dict[str, Any] = {"subject": check.subject, "verdict": check.verdict.word, "band": None, "missing": bool(check.missing)}
    if check.subject != "limit":
        return told
    table = found.links.region.table("limits")
    row = table.index[check.limit]
    guarded = mask.guarded.get((stream, str(check.component), str(table["kind"][row])))
    told |= {
        "limit": check.limit,
        "component": _component(found, check.component),
        "bound": _number(check.bound),
        "unit": check.unit,
        "minimum": check.minimum,
        "regulation": str(table["regulation"][row]),
        "blending": bool(table["blending"][row]),
        "value": None,
        "over": None,
    }
    if guarded is not None:
        return {**told, "band": [_number(guarded.low), _number(guarded.high)]}
    return {**told, "value": _number(check.value), "over": _over(check)}


def _over(check: Check) -> list[float | None] | None:
    """By how many times an open figure exceeds its upper limit, as a band; None where it does not, or cannot be said so."""
    if check.minimum or not check.bound > 0 or not check.value > check.bound:
        return None
    times = check.value / check.bound
    low = max(each for each in _TIMES if each <= times)
    high = next((each for each in _TIMES if each > times), None)
    return [low, high]


def _netback(routes: Any, route: int) -> list[float | None] | None:
    """What reaches the donor's gate, EUR a unit, as a band; None where it is not known. An upper bound has no lower end."""
    low, high = float(routes.netback_low[route]), float(routes.netback_high[route])
    if not math.isfinite(low) or not math.isfinite(high):
        return None
    ends = band(low) if low else None, band(high) if high else None
    lower = 0.0 if ends[0] is None else ends[0].low
    upper = 0.0 if ends[1] is None else ends[1].high
    return [_number(lower) if routes.priced[route] else None, _number(upper)]


def _km(value: float) -> float | None:
    """Upper border of the band of a distance."""
    if not math.isfinite(value):
        return None
    return 1.0 if value <= 1 else band(value).high


def _component(found: Matches, key: str | None) -> str:
    table = found.links.region.table("components")
    if key is None or key not in table.index or "name_en" not in table.columns:
        return str(key or "")
    return str(table["name_en"][table.index[key]] or key)


def _number(value: float) -> float | None:
    return None if not np.isfinite(value) else float(value)


def nothing() -> Answer:
    """The answer of a pair that no route joins."""
    return {"verdict": "", "parts": [], "via": [], "km": None, "netback": None, "hidden": False}


def merged(open_answer: Mapping[str, Any] | None, blind: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What is shown of a pair: the answer to a question that was asked, else what follows from what is open."""
    return blind or open_answer or nothing()
