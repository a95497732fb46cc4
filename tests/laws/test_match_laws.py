"""Laws of matching: what must hold for every region, whatever its figures."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from match_rows import amount, analysis, heap, limit, made, matched, need, plant, route, stream, tables
from sivuvirta.domain.grades import Verdict
from sivuvirta.links import build
from sivuvirta.match import match

COMPONENTS = ("Cd", "Cr_total", "Ca")
NAMES = ("slag", "ash", "dust")
lawful = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

contents = st.floats(0.1, 30).map(lambda value: round(value, 2))
grades = st.sampled_from("ABCD")


@st.composite
def ranges(draw):
    """low, value and high in order, with a grade; sometimes no figure at all."""
    ends = sorted(draw(st.tuples(contents, contents, contents)))
    return None if draw(st.integers(0, 9)) == 0 else (*ends, draw(grades))


@st.composite
def rules(draw):
    """A limit of each component, of any kind that the law knows."""
    return [
        limit(
            f"limit_{name}",
            name,
            draw(contents),
            comparator=draw(st.sampled_from(["max", "min"])),
            blending=draw(st.booleans()),
            mixing=draw(st.sampled_from(["mass", "none"])),
            verified=draw(st.booleans()),
            applies_to=draw(st.sampled_from(["any", "waste", "by_product"])),
        )
        for name in COMPONENTS
    ]


@st.composite
def worlds(draw):
    """Three streams that go to one road, with figures, statuses and hazards of every kind."""
    figures = {(key, name): draw(ranges()) for key in NAMES for name in COMPONENTS}
    streams = [
        stream(
            key,
            key,
            legal_status=draw(st.sampled_from(["by_product", "product", "waste"])),
            hazardous=draw(st.sampled_from(["no", "no", "yes", "mirror"])),
            grade=draw(grades),
        )
        for key in NAMES
    ]
    return world(figures, draw(rules()), streams)


def world(figures, limits, streams):
    """Tables of a world."""
    scope = {
        "rule": "scope",
        "subject": "scope",
        "use_class": "road",
        "jurisdiction": "FI",
        "holds": True,
        "verified": True,
        "effect": "It may",
    }
    return {
        "materials": [*tables()["materials"], {"material": "dust", "carrier": "solid", "unit": "t", "name_en": "Dust"}],
        "streams": streams,
        "needs": [need("road", use_class="road")],
        "acceptances": [{"need": "road", "material": key, "ratio": 1, "grade": "A"} for key in NAMES],
        "fates": [heap(key) for key in NAMES],
        "quantities": [amount("needs", "road", 500), *(amount("streams", key, 100) for key in NAMES)],
        "analyses": [
            analysis(key, name, figure[1], low=figure[0], high=figure[2], grade=figure[3])
            for (key, name), figure in figures.items()
            if figure
        ],
        "limits": limits,
        "rules": [{**scope, "grade": "B"}],
    }


def verdicts(changed):
    """Verdict of each stream on its way to the road."""
    matches = matched(**changed)
    return {key: int(matches.routes.verdict[route(matches, key, "road")]) for key in NAMES}


@lawful
@given(worlds(), st.sampled_from(COMPONENTS), st.floats(1.0, 5.0))
def test_a_relaxed_limit_never_makes_a_verdict_worse(tables_of, component, factor):
    relaxed = [
        {**row, "value": row["value"] * factor if row["comparator"] == "max" else row["value"] / factor}
        if row["component"] == component
        else row
        for row in tables_of["limits"]
    ]
    before, after = verdicts(tables_of), verdicts({**tables_of, "limits": relaxed})
    assert all(after[key] <= before[key] for key in NAMES)


@lawful
@given(worlds(), st.integers(0, 2))
def test_a_limit_that_goes_never_makes_a_verdict_worse(tables_of, gone):
    fewer = [row for at, row in enumerate(tables_of["limits"]) if at != gone]
    before, after = verdicts(tables_of), verdicts({**tables_of, "limits": fewer})
    assert all(after[key] <= before[key] for key in NAMES)


@lawful
@given(worlds(), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(tables_of, shuffled):
    other = {name: shuffled.sample(rows, len(rows)) for name, rows in tables_of.items()}
    one, two = matched(**tables_of), matched(**other)
    limits = [matches.links.region.table("limits")["limit"] for matches in (one, two)]
    for key in NAMES:
        here, there = route(one, key, "road"), route(two, key, "road")
        for name in ("verdict", "cause", "value", "bound", "grade", "gain", "gain_low", "netback", "carbon"):
            assert np.array_equal(getattr(one.routes, name)[here], getattr(two.routes, name)[there], equal_nan=True), name
        decides = [named[matches.routes.limit[at]] for named, matches, at in ((limits[0], one, here), (limits[1], two, there))]
        assert decides[0] == decides[1] or one.routes.limit[here] == -1


@lawful
@given(worlds(), st.floats(1e-3, 1e3))
def test_units_do_not_matter(tables_of, factor):
    """All contents and limits in another unit of mass per mass: the same verdicts and the same specifications."""
    analyses = [{**row, **{end: row[end] * factor for end in ("low", "value", "high")}} for row in tables_of["analyses"]]
    limits = [{**row, "value": row["value"] * factor} for row in tables_of["limits"]]
    one, two = matched(**tables_of), matched(**{**tables_of, "analyses": analyses, "limits": limits})
    touching = np.abs(one.routes.value - one.routes.bound) <= 1e-9 * np.abs(one.routes.bound)
    assert np.array_equal(one.routes.verdict[~touching], two.routes.verdict[~touching])
    if np.array_equal(one.routes.verdict, two.routes.verdict) and len(one.specs.coefficient) == len(two.specs.coefficient):
        assert np.allclose(one.specs.coefficient, two.specs.coefficient, rtol=1e-9)


@lawful
@given(worlds(), st.sampled_from(NAMES), st.sampled_from(COMPONENTS), st.floats(0, 1), st.floats(0, 1))
def test_a_narrower_range_never_turns_a_pass_into_a_fail(tables_of, key, component, cut_low, cut_high):
    """More precise data inside the old range, on the same evidence: no stream that passed then fails."""
    narrow = []
    for row in tables_of["analyses"]:
        if (row["stream"], row["component"]) == (key, component):
            low, value, high = row["low"], row["value"], row["high"]
            narrow.append({**row, "low": low + cut_low * (value - low), "high": high - cut_high * (high - value)})
        else:
            narrow.append(row)
    before, after = verdicts(tables_of), verdicts({**tables_of, "analyses": narrow})
    assert not (before[key] == Verdict.PASS and after[key] != Verdict.PASS)


@lawful
@given(worlds(), st.sampled_from(NAMES), st.sampled_from(COMPONENTS))
def test_better_evidence_of_the_same_figure_leaves_no_question_open(tables_of, key, component):
    """The same figure on grade A: what was likely stays good or becomes so; only what was unknown may fail."""
    better = [{**row, "grade": "A"} if (row["stream"], row["component"]) == (key, component) else row for row in tables_of["analyses"]]
    before, after = verdicts(tables_of), verdicts({**tables_of, "analyses": better})
    if before[key] <= Verdict.LIKELY:
        assert after[key] <= before[key]


@lawful
@given(worlds(), st.floats(0.05, 0.9), st.booleans(), st.sampled_from(["by_product", "product", "unknown", "waste"]))
def test_a_mixing_plant_never_grows_the_set_of_lawful_uses(tables_of, share, claims_recovery, status):
    """No dilution by detour: a stream that fails a limit which no blend may meet fails it through a mixing plant too."""
    closed = [{**row, "blending": False} for row in tables_of["limits"]]
    mixing = plant(output_status=status)
    mixing["recipe_inputs"] = [
        {"technology": "mixing", "slot": "feed", "material": key, "amount_low": share, "amount_high": share, "grade": "A"} for key in NAMES
    ] + [{**mixing["recipe_inputs"][1], "amount_low": 1 - share, "amount_high": 1 - share}]
    accepted = [*tables_of["acceptances"], {"need": "road", "material": "mix", "ratio": 1, "grade": "A"}]
    claimed = [{"technology": "mixing", "output": "mix", "component": name, "value": 1, "grade": "A"} for name in COMPONENTS]
    given_ = {**tables_of, **mixing, "materials": tables_of["materials"], "acceptances": accepted, "limits": closed}
    matches = matched(**given_, recoveries=claimed if claims_recovery else [])
    alone = {key: matches.routes.verdict[route(matches, key, "road")] for key in NAMES}
    through = {key: matches.routes.verdict[route(matches, key, "road", "mixer")] for key in NAMES}
    open_to = {key for key in NAMES if through[key] < Verdict.FAIL}
    assert open_to <= {key for key in NAMES if alone[key] < Verdict.FAIL}


@lawful
@given(worlds())
def test_a_fail_is_never_in_a_specification_and_a_blend_always_has_a_partner(tables_of):
    matches = matched(**tables_of)
    routes, specs = matches.routes, matches.specs
    assert (routes.verdict[specs.route] < Verdict.FAIL).all()
    for at in np.flatnonzero(routes.verdict == Verdict.BLEND):
        rows = specs.row[(specs.route == at) & (specs.coefficient > 0)]
        assert len(rows)
        for row in rows:
            assert (specs.coefficient[specs.row == row] < 0).any()


@lawful
@given(worlds())
def test_every_blend_can_really_be_mixed_of_proven_streams(tables_of):
    """For each route called blend there is a mix of passes and blends that holds it and meets every specification."""
    matches = matched(**tables_of)
    routes, specs = matches.routes, matches.specs
    proven = np.flatnonzero(routes.verdict <= Verdict.BLEND)
    rows = np.zeros((len(specs.need), len(routes)))
    rows[specs.row, specs.route] = specs.coefficient
    for at in np.flatnonzero(routes.verdict == Verdict.BLEND):
        bounds = [(1.0, 1.0) if route == at else (0.0, None) for route in proven]
        assert linprog(np.zeros(len(proven)), A_ub=rows[:, proven], b_ub=np.full(len(rows), 1e-9), bounds=bounds).success


@lawful
@given(worlds())
def test_verdicts_of_a_region_are_the_same_when_asked_twice(tables_of):
    links = build(made(**tables_of))
    assert np.array_equal(match(links).routes.verdict, match(links).routes.verdict)
