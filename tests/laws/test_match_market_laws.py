"""Laws of screening: it says of every direct pair what `match` says of the route, whatever the figures."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from match_rows import amount, analysis, heap, limit, made, need, stream, tables
from sivuvirta.domain.grades import Verdict
from sivuvirta.links import build
from sivuvirta.match import match
from sivuvirta.match.market import prepare, screen, with_stream

STREAMS, NEEDS = ("slag", "ash", "fines"), ("road", "field")
COMPONENTS = (("Cd", "total"), ("Cr_total", "total"), ("Ca", "total"), ("leach_Cr", "leaching"), ("strength", "property"))
lawful = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

few = st.sampled_from([0.0, 1.0, 2.0, 3.0, 3.0, 4.0, 5.0])  # ties are what is hard
contents = st.one_of(few, st.floats(0.0, 30.0).map(lambda value: round(value, 2)))
grades = st.sampled_from("ABCD")
maybe = st.one_of(st.none(), st.floats(1.0, 60.0).map(round))
seasons = st.sampled_from([None, None, "5-9", "11-2", "6"])


@st.composite
def figures(draw, key):
    rows = []
    for component, kind in COMPONENTS:
        low, value, high = sorted(draw(st.tuples(contents, contents, contents)))
        more = draw(
            st.sampled_from(
                [{}, {"low": low, "high": high}, {"n": 5, "sd": round(0.2 * value + 0.1, 2)}, {"below": True}, None],
            )
        )
        if more is not None:
            rows.append(analysis(key, component, value, kind=kind, grade=draw(grades), **more))
    return rows


@st.composite
def limits(draw):
    rows = []
    for at in range(draw(st.integers(0, 7))):
        component, kind = draw(st.sampled_from(COMPONENTS))
        whose = draw(st.sampled_from([{"need": "road", "use_class": None}, {"use_class": "road"}, {"use_class": "field"}]))
        rows.append(
            limit(
                f"limit_{at}",
                component,
                draw(contents),
                kind=kind,
                comparator=draw(st.sampled_from(["max", "max", "min"])),
                compliance=draw(st.sampled_from(["mean_ucl", "every_sample", "declared"])),
                blending=draw(st.booleans()),
                mixing=draw(st.sampled_from(["mass", "none"])),
                verified=draw(st.booleans()),
                grade=draw(grades),
                applies_to=draw(st.sampled_from(["any", "any", "waste", "by_product"])),
                **whose,
            )
        )
    return rows


@st.composite
def donor(draw, key, material):
    return stream(
        key,
        material,
        legal_status=draw(st.sampled_from(["by_product", "product", "waste", "end_of_waste", "unknown", None])),
        status_grade=draw(st.one_of(st.none(), grades)),
        hazardous=draw(st.sampled_from(["no", "no", "yes", "mirror", "unknown"])),
        moisture=draw(maybe),
        grain_max=draw(maybe),
        temperature=draw(maybe),
        season=draw(seasons),
        grade=draw(grades),
    )


@st.composite
def receiver(draw, key):
    return need(
        key,
        use_class=key,
        jurisdiction=draw(st.sampled_from(["FI", "SE", None])),
        hazardous_ok=draw(st.booleans()),
        moisture_max=draw(maybe),
        grain_max=draw(maybe),
        temperature_min=draw(st.one_of(st.none(), maybe)),
        season=draw(seasons),
        grade=draw(grades),
    )


@st.composite
def worlds(draw):
    """Three streams of a material and its child, two needs that take some classes, limits and figures of every kind."""
    rule = {"subject": "scope", "jurisdiction": "FI", "verified": True, "effect": "It may"}
    taken = draw(
        st.lists(st.tuples(st.sampled_from(NEEDS), st.sampled_from(["slag", "slag.fines", "ash"]), grades), unique_by=lambda r: r[:2])
    )
    return {
        "streams": [draw(donor("slag", "slag")), draw(donor("fines", "slag.fines")), draw(donor("ash", "ash"))],
        "needs": [draw(receiver(key)) for key in NEEDS],
        "sites": [{**row, "country": draw(st.sampled_from(["FI", "SE", None]))} for row in tables()["sites"]],
        "acceptances": [{"need": key, "material": material, "ratio": 1, "grade": grade} for key, material, grade in taken],
        "fates": [heap(key) for key in STREAMS],
        "quantities": [*(amount("needs", key, 500) for key in NEEDS), *(amount("streams", key, 100) for key in STREAMS)],
        "analyses": [row for key in STREAMS for row in draw(figures(key))],
        "limits": draw(limits()),
        "rules": [{"rule": key, "use_class": key, "holds": draw(st.booleans()), "grade": draw(grades), **rule} for key in NEEDS],
    }


def said(screening):
    """What a screening says by stream and need; limits by their id."""
    ids = np.append(screening.region.table("limits")["limit"], [None])
    columns = (screening.verdict, screening.cause, screening.grade, ids[screening.limit], screening.value, screening.bound)
    names = zip(screening.stream[screening.row].tolist(), screening.needs[screening.need].tolist(), strict=True)
    return dict(zip(names, zip(*(column.tolist() for column in columns), strict=True), strict=True))


def routed(matches):
    """The same of the direct routes of matches."""
    routes, nodes = matches.routes, matches.links.nodes
    ids = np.append(matches.links.region.table("limits")["limit"], [None])
    columns = (routes.verdict, routes.cause, routes.grade, ids[routes.limit], routes.value, routes.bound)
    names = zip(nodes.id[routes.stream].tolist(), nodes.id[routes.need].tolist(), strict=True)
    return dict(zip(names, zip(*(column.tolist() for column in columns), strict=True), strict=True))


@lawful
@given(worlds())
def test_a_screening_says_what_match_says_of_direct_routes(changed):
    region = made(**changed)
    screening, matches = screen(prepare(region, None)), match(build(region))
    ours, theirs = said(screening), routed(matches)
    assert set(ours) == set(theirs)
    for (pair, route), blend, reach in zip(ours.items(), screening.blend.tolist(), screening.reach.tolist(), strict=True):
        if blend:  # a partner may change which limit decides, and lift the verdict as far as `reach` says
            assert reach <= theirs[pair][0] <= route[0]
        else:
            assert str(route) == str(theirs[pair])
            assert reach == route[0]


@lawful
@given(worlds(), st.data())
def test_a_changed_stream_is_judged_as_in_a_region_that_was_changed(changed, data):
    key = data.draw(st.sampled_from(STREAMS))
    row = data.draw(donor(key, data.draw(st.sampled_from(["slag", "slag.fines", "ash"]))))
    measured = data.draw(figures(key))
    after = {
        **changed,
        "streams": [row if each["stream"] == key else each for each in changed["streams"]],
        "analyses": [*(each for each in changed["analyses"] if each["stream"] != key), *measured],
    }
    cells = {name: cell for name, cell in row.items() if name != "stream"}
    market = with_stream(prepare(made(**changed), None), key, measured, **cells)
    whole = screen(prepare(made(**after), None))
    assert str(sorted(said(screen(market)).items())) == str(sorted(said(whole).items()))
    alone = said(screen(market, [key]))
    assert str(alone) == str({pair: route for pair, route in said(whole).items() if pair[0] == key})


@lawful
@given(worlds())
def test_a_pair_that_no_blend_can_help_reaches_no_more_than_it_has(changed):
    screening = screen(prepare(made(**changed), None))
    assert (screening.reach <= screening.verdict).all()
    assert (screening.reach[~screening.blend] == screening.verdict[~screening.blend]).all()
    assert (screening.verdict != Verdict.BLEND).all()
