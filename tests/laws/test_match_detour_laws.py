"""Laws of detours: no plant gets a stream past a limit that a blend may not meet, and none earns where its stream may not go."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from match_rows import amount, analysis, heap, limit, made, matched, need, plant, price, route, stream, tables
from sivuvirta.domain.grades import Verdict
from sivuvirta.links import build
from sivuvirta.match.grounds import grounds
from sivuvirta.match.judge import judgement
from sivuvirta.match.screening import DOES_NOT_HOLD
from sivuvirta.match.ways import ways

NAMES = ("slag", "ash", "dust")
KINDS = {"Cd": "total", "Cr_total": "total", "leach_Cr": "leaching", "strength": "property"}
STATUSES = ("waste", "unknown", "by_product", "end_of_waste", "product")
lawful = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

contents = st.floats(0.1, 30).map(lambda value: round(value, 2))
grades = st.sampled_from("ABCD")


@st.composite
def registers(draw):
    """Streams of every status, with figures on every evidence or none, and limits meant for every status."""
    figures = []
    for key in NAMES:
        for component, kind in KINDS.items():
            low, value, high = sorted(draw(st.tuples(contents, contents, contents)))
            if draw(st.integers(0, 5)):
                figures.append(analysis(key, component, value, low=low, high=high, kind=kind, grade=draw(grades)))
    limits = [
        limit(
            f"{component}_{status}",
            component,
            draw(contents),
            kind=kind,
            comparator=draw(st.sampled_from(["max", "min"])),
            mixing="mass" if kind == "total" else "none",
            blending=draw(st.integers(0, 3)) == 0,
            verified=draw(st.booleans()),
            applies_to=status,
        )
        for component, kind in KINDS.items()
        for status in draw(st.lists(st.sampled_from(["any", "waste", "by_product", "product"]), min_size=1, max_size=2, unique=True))
    ]
    streams = [stream(key, key, legal_status=draw(st.sampled_from(STATUSES)), grade=draw(grades)) for key in NAMES]
    return {"analyses": figures, "limits": limits, "streams": streams}


@st.composite
def detours(draw):
    """A plant that recovers nothing, yet claims whatever status and shares of components it likes; it mixes or it does not."""
    output = draw(st.floats(0.1, 1.0)) if draw(st.booleans()) else 1.0
    feed = draw(st.floats(0.05, 1.0))
    rows = plant(
        recovery=False,
        mixes=draw(st.booleans()),
        hazardous_ok=True,
        output_status=draw(st.sampled_from(STATUSES)),
        grade=draw(grades),
    )
    till = {**rows["recipe_inputs"][1], "amount_low": 1 - feed, "amount_high": 1 - feed}
    slots = [
        {"technology": "mixing", "slot": "feed", "material": key, "amount_low": feed, "amount_high": feed, "grade": "A"} for key in NAMES
    ]
    yields = {"technology": "mixing", "grade": "A"}
    outputs = [
        {**yields, "output": name, "slot": slot, "makes": makes, "kind": kind, "yield": share}
        for slot in (("feed", "till") if feed < 1 else ("feed",))
        for name, makes, kind, share in (("mix", "mix", "product", output), ("smoke", "gas", "emission", 1 - output))
        if share > 0
    ]
    claimed = [
        {"technology": "mixing", "output": "mix", "component": component, "value": draw(st.floats(0, 100)), "grade": draw(grades)}
        for component in ("Cd", "Cr_total")
        if draw(st.booleans())
    ]
    return {**rows, "recipe_inputs": [*slots, till] if feed < 1 else slots, "recipe_outputs": outputs, "recoveries": claimed}


def world(register, detour):
    """The region of a register and a detour: the road takes each stream straight, and what the plant makes."""
    return made(
        **{
            **register,
            **detour,
            "materials": [*tables()["materials"], {"material": "dust", "carrier": "solid", "unit": "t", "name_en": "Dust"}],
            "needs": [need("road", use_class="road")],
            "acceptances": [{"need": "road", "material": key, "ratio": 1, "grade": "A"} for key in (*NAMES, "mix")],
            "fates": [heap(key) for key in NAMES],
            "quantities": [amount("needs", "road", 500), *(amount("streams", key, 100) for key in NAMES)],
        }
    )


def by_limit(region):
    """Verdict of each (stream, limit) on the way straight to the road, and through the plant; the verdicts of both routes beside them."""
    links = build(region)
    found, known = ways(links), grounds(links)
    judged = judgement(links, known, found)
    entries, table = judged.entries, links.region.table("limits")
    limits = table["limit"][known.demanded.limits.row[known.demanded.limit[entries.pair]]].tolist()
    straight, through = {}, {}
    for way, name, verdict in zip(entries.way.tolist(), limits, judged.mix.verdict.tolist(), strict=True):
        of = straight if found.plant[way] < 0 else through
        of[(links.nodes.id[found.stream[way]], name)] = (verdict, int(judged.verdict[way]))
    return straight, through


@lawful
@given(registers(), detours())
def test_no_plant_makes_lawful_what_its_input_alone_is_not(register, detour):
    """Whatever it claims to make: a limit that no blend may meet stays, and nobody meets it who fails it alone."""
    straight, through = by_limit(world(register, detour))
    mixes = detour["technologies"][0]["mixes"]
    for row in register["limits"]:
        firm = row["kind"] == "total" or (row["kind"] == "leaching" and mixes)
        for key in NAMES:
            (alone, _), (made_of_it, whole) = straight[key, row["limit"]], through[key, row["limit"]]
            if row["blending"] or alone == DOES_NOT_HOLD:
                continue
            assert made_of_it != DOES_NOT_HOLD
            assert made_of_it > Verdict.LIKELY or alone <= Verdict.LIKELY
            assert made_of_it >= alone or not firm
            assert whole >= made_of_it


@lawful
@given(registers(), detours(), st.sampled_from(STATUSES), grades)
def test_a_claimed_status_changes_nothing_at_a_limit_that_holds_for_the_input(register, detour, status, grade):
    """Two plants that differ in what they claim alone: the same verdict at each limit that the stream is under and no blend may meet."""
    claims = {**detour, "technologies": [{**detour["technologies"][0], "output_status": status, "grade": grade}]}
    straight, one = by_limit(world(register, detour))
    _, other = by_limit(world(register, claims))
    closed = [row["limit"] for row in register["limits"] if not row["blending"]]
    under = [(key, name) for key in NAMES for name in closed if straight[key, name][0] != DOES_NOT_HOLD]
    assert [one[at][0] for at in under] == [other[at][0] for at in under]


@lawful
@given(registers(), detours())
def test_a_plant_that_recovers_may_leave_the_limits_of_waste_behind(register, detour):
    """The same plant, but it destroys or separates: what it makes is under the limits of its own status alone."""
    recovers = {**detour, "technologies": [{**detour["technologies"][0], "recovery": True, "output_status": "product"}]}
    _, through = by_limit(world(register, recovers))
    for row in register["limits"]:
        for key in NAMES:
            assert (through[key, row["limit"]][0] == DOES_NOT_HOLD) == (row["applies_to"] in ("waste", "by_product"))


@settings(max_examples=40, deadline=None)
@given(st.floats(0.1, 0.9), st.floats(0, 20), st.floats(1, 500), st.floats(1, 500), st.booleans())
def test_what_a_closed_need_pays_changes_no_gain(share, bound, one, other, reagent):
    """A plant of two outputs: the gain on the way of the first is the same at any price of a need that fails for the second."""
    first, second = (_two_outputs(share, bound, paid, reagent) for paid in (one, other))
    at, closed = route(first, "slag", "road", "mixer"), route(first, "slag", "yard", "mixer")
    assert (first.routes.verdict[closed] == Verdict.FAIL) == (bound < 9)
    gains = [float(matches.routes.gain[at]) for matches in (first, second)]
    assert gains[1] - gains[0] == pytest.approx(0 if bound < 9 else (share if not reagent else 5 * share) * (other - one), abs=1e-8)
    assert np.isclose(first.routes.gain[closed], second.routes.gain[closed]) == np.isclose(one, other)


def _two_outputs(share, bound, paid, reagent):
    """A mixer that makes mix for the road and fines for a yard, which pays but takes no more cadmium than its bound; slag holds 9 mg/kg."""
    rows = plant(mixes=False)
    if not reagent:
        rows["recipe_inputs"] = [{**rows["recipe_inputs"][0], "amount_low": 1, "amount_high": 1}]
    rows["recipe_outputs"] = [
        {"technology": "mixing", "output": name, "slot": slot, "makes": makes, "kind": kind, "yield": part, "grade": "A"}
        for slot in (("feed", "till") if reagent else ("feed",))
        for name, makes, kind, part in (("mix", "mix", "product", 1 - share), ("fines", "slag.fines", "coproduct", share))
    ]
    more = {
        "needs": [need("road"), need("yard", product="stone")],
        "acceptances": [
            {"need": "road", "material": "mix", "ratio": 1, "grade": "A"},
            {"need": "yard", "material": "slag.fines", "ratio": 1, "grade": "A"},
        ],
        "products": [*rows["products"], {"product": "stone", "name": "Stone", "material": "aggregate", "unit": "t"}],
        "prices": [*rows["prices"], price("stone", paid)],
        "quantities": [amount("streams", "slag", 1000), amount("needs", "road", 500), amount("needs", "yard", 500)],
        "analyses": [analysis("slag", "Cd", 9)],
        "limits": [limit("yard_cd", "Cd", bound, use_class=None, need="yard")],
    }
    return matched(**{**rows, **more})
