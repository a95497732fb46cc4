"""Fit: is the material dry, fine, warm enough for the receiver, and there when it is needed."""

from __future__ import annotations

from typing import Any

import numpy as np

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Floats, Links
from sivuvirta.domain.region import Region
from sivuvirta.match.classes import recipe_rows
from sivuvirta.match.contents import made_anew
from sivuvirta.match.opinion import Opinion
from sivuvirta.match.subjects import Needs, Streams
from sivuvirta.match.verdicts import alone, worst
from sivuvirta.match.ways import Ways
from sivuvirta.units.months import ALL_YEAR


def moisture(links: Links, streams: Streams, needs: Needs, ways: Ways) -> Opinion:
    """Is it dry enough: the stream for the need or the plant's slot, and the plant's output for the need. Moisture in % as sent."""
    most = intake_limit(links, ways, needs.moisture_max, "moisture_max")
    low, high = streams.moisture_low[ways.stream], streams.moisture_high[ways.stream]
    into = within(low, high, most, streams.moisture_grade[ways.stream])
    wet = output_moisture(links, ways)
    return _both(into, _leaving(links, ways, (needs.moisture_max, wet), (low, high, streams.moisture_grade)))


def grain(links: Links, streams: Streams, needs: Needs, ways: Ways) -> Opinion:
    """Is it fine enough: the stream's largest grain, mm. A plant must promise the grain of what it makes."""
    most = intake_limit(links, ways, needs.grain_max, "grain_max")
    size = streams.grain[ways.stream]
    into = within(size, size, most, streams.grade[ways.stream])
    return _both(into, _leaving(links, ways, (needs.grain_max, np.full(len(ways), np.nan)), (size, size, streams.grade)))


def temperature(links: Links, streams: Streams, needs: Needs, ways: Ways) -> Opinion:
    r"""Is it warm enough, degC: the stream itself, or what a plant makes or must promise, after what is lost on the way.

    .. math:: T_{sent} - \kappa \, km - \Delta T_{min} \ge T_{need}
    """
    least = needs.temperature_min[ways.need]
    made, cooling = made_anew(links, ways), cooled(links, ways)
    there = np.where(made, output_temperature(links, ways), streams.temperature[ways.stream]) - cooling
    known = np.where(made, _plant_grade(links, ways), streams.grade[ways.stream])
    carried = np.maximum(_arc_grade(links, ways.arc_in), _arc_grade(links, ways.arc_out))
    grade = np.where(cooling > 0, np.maximum(known, carried), known)
    found = within(-there, -there, -least, grade)
    return Opinion(np.where(made, promised(found).verdict, found.verdict).astype(np.int8), found.grade)


def _leaving(links: Links, ways: Ways, asked: tuple[Floats, Floats], own: tuple[Floats, Floats, Any]) -> Opinion:
    """What a need with a bound says of what leaves a plant: of what it makes to order, or of what came where it only stores."""
    (bound, wet), (low, high, grade) = asked, own
    most = np.where(ways.plant < 0, np.nan, bound[ways.need])
    made, stored = within(wet, wet, most, _plant_grade(links, ways)), within(low, high, most, grade[ways.stream])
    anew = made_anew(links, ways)
    verdict = np.where(anew, promised(made).verdict, stored.verdict)
    return Opinion(verdict.astype(np.int8), np.where(anew, made.grade, stored.grade).astype(np.int8))


def season(links: Links, streams: Streams, needs: Needs, ways: Ways) -> Opinion:
    """Does it arise in the months in which it is used; else it must be stored, which heat and electricity cannot be.

    A plant that stores on the way settles it.
    """
    arises, used = streams.season[ways.stream], needs.season[ways.need]
    arises = np.where(np.append(links.works.stores, [False])[ways.plant], ALL_YEAR, arises)
    short, never = (used & ~arises) != 0, (used & arises) == 0
    fleeting = np.isin(links.nodes.carrier[ways.need].astype(str), ["heat", "electricity"])
    verdict = np.where(never & fleeting, int(Verdict.UNKNOWN), np.where(short, int(Verdict.LIKELY), int(Verdict.PASS)))
    grade = np.where(short, worst(streams.grade[ways.stream], needs.grade[ways.need]), np.int8(Grade.A))
    return Opinion(verdict.astype(np.int8), grade.astype(np.int8))


def intake_limit(links: Links, ways: Ways, of_need: Floats, column: str) -> Floats:
    """What the first receiver takes at most: the need, or the plant's slot for that material. NaN where it does not mind."""
    most = np.where(ways.plant < 0, of_need[ways.need], np.nan)
    through = np.flatnonzero(ways.plant >= 0)
    inputs = links.region.table("recipe_inputs")
    if len(through) == 0 or np.isnan(inputs[column]).all():
        return most
    most[through] = inputs[column][recipe_rows(links, ways.take(through))]
    return most


def cooled(links: Links, ways: Ways) -> Floats:
    """K between what leaves the stream, or the plant that makes it, and what the need can use; NaN where not known."""
    cooling = np.append(links.arcs.cooling, 0.0)
    first = np.where(made_anew(links, ways), 0.0, cooling[ways.arc_in])
    return np.asarray(first + cooling[ways.arc_out], dtype=float)


def output_temperature(links: Links, ways: Ways) -> Floats:
    """Temperature of what plants make, degC; NaN for direct ways and where the recipe does not say."""
    outputs = links.works.outputs
    table = links.region.table("recipe_outputs")
    stated = ~np.isnan(table["temperature"])
    if not stated.any() or len(outputs.plant) == 0:
        return np.full(len(ways), np.nan)
    keys = zip(table["technology"][stated].tolist(), table["output"][stated].tolist(), strict=True)
    coldest: dict[tuple[str, str], float] = {}
    for key, value in zip(keys, table["temperature"][stated].tolist(), strict=True):
        coldest[key] = min(value, coldest.get(key, np.inf))
    names = zip(links.works.technology[outputs.plant].tolist(), outputs.name.tolist(), strict=True)
    warm = np.array([coldest.get(key, np.nan) for key in names])
    return np.where(ways.plant < 0, np.nan, warm[np.maximum(ways.output, 0)])


def _arc_grade(links: Links, arc: Any) -> Any:
    return np.append(links.arcs.grade, [np.int8(Grade.A)])[arc]


def output_moisture(links: Links, ways: Ways) -> Floats:
    """Moisture of what plants make, % as sent; NaN for direct ways and where the recipe does not say."""
    outputs = links.works.outputs
    if len(outputs.plant) == 0:
        return np.full(len(ways), np.nan)
    stated = _stated_moisture(links.region)
    names = zip(links.works.technology[outputs.plant].tolist(), outputs.name.tolist(), strict=True)
    wet = np.array([stated.get(key, np.nan) for key in names])
    return np.where(ways.plant < 0, np.nan, wet[np.maximum(ways.output, 0)])


def _stated_moisture(region: Region) -> dict[tuple[str, str], float]:
    table = region.table("recipe_outputs")
    rows = zip(*(table[name].tolist() for name in ("technology", "output", "moisture")), strict=True)
    wettest: dict[tuple[str, str], float] = {}
    for technology, output, value in rows:
        if not np.isnan(value):
            wettest[technology, output] = max(value, wettest.get((technology, output), 0.0))
    return wettest


def within(low: Floats, high: Floats, bound: Floats, grade: Any) -> Opinion:
    """The verdict where a bound is stated; where none is, there is nothing to say."""
    asked = ~np.isnan(bound)
    verdict = np.where(asked, alone(low, high, bound, grade, verified=True), np.int8(Verdict.PASS))
    return Opinion(
        verdict.astype(np.int8), np.where(asked, np.where(np.isnan(high), np.int8(Grade.D), grade), np.int8(Grade.A)).astype(np.int8)
    )


def promised(opinion: Opinion) -> Opinion:
    """What a plant makes to order: where nothing is stated of it, it is likely to be made as asked."""
    unknown = opinion.verdict == Verdict.UNKNOWN
    return Opinion(np.where(unknown, np.int8(Verdict.LIKELY), opinion.verdict).astype(np.int8), opinion.grade)


def _both(one: Opinion, other: Opinion) -> Opinion:
    return Opinion(worst(one.verdict, other.verdict), np.where(one.verdict >= other.verdict, one.grade, other.grade).astype(np.int8))


def _plant_grade(links: Links, ways: Ways) -> Any:
    if len(links.works) == 0:
        return np.full(len(ways), int(Grade.A), np.int8)
    return links.works.grade[np.maximum(ways.plant, 0)]
