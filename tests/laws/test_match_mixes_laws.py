"""Laws of mixes: a verdict on blends says what an independent linear program says of the same figures."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from match_rows import amount, analysis, heap, limit, matched, route, stream
from sivuvirta.domain.grades import Verdict
from sivuvirta.match import why
from sivuvirta.match.mixes import Pool, largest_share, mixable

COMPONENTS = ("Cd", "Cr_total", "Ca")
STATUSES = {Verdict.PASS: {}, Verdict.LIKELY: {"grade": "D"}, Verdict.UNKNOWN: {"legal_status": "waste"}}
"""Streams whose law is settled, assumed, and open for want of a permit."""

lawful = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def needs(draw, weak):
    """Contents, grades and legal verdicts of two to five streams, and limits of one need that blends may meet."""
    count = draw(st.integers(2, 5))
    content = np.array(draw(st.lists(st.lists(st.integers(1, 30), min_size=3, max_size=3), min_size=count, max_size=count)), dtype=float)
    grade = draw(st.lists(st.sampled_from("AABC" if weak else "AB"), min_size=count, max_size=count))
    law = draw(st.lists(st.sampled_from(list(STATUSES) if weak else [Verdict.PASS]), min_size=count, max_size=count))
    limits = draw(
        st.lists(st.tuples(st.integers(0, 2), st.integers(2, 25), st.sampled_from(["max", "min"])), min_size=2, max_size=5, unique=True)
    )
    return content, grade, law, limits


def world(content, grade, law, limits):
    """Matches of a need as drawn."""
    names = [f"s{at}" for at in range(len(content))]
    return matched(
        streams=[stream(key, "slag", **STATUSES[said]) for key, said in zip(names, law, strict=True)],
        fates=[heap(key) for key in names],
        quantities=[amount("needs", "road", 500), *(amount("streams", key, 100) for key in names)],
        analyses=[
            analysis(key, name, float(value), grade=known)
            for key, values, known in zip(names, content, grade, strict=True)
            for name, value in zip(COMPONENTS, values, strict=True)
        ],
        limits=[
            limit(f"l{at}", COMPONENTS[component], float(bound), comparator=side, blending=True)
            for at, (component, bound, side) in enumerate(limits)
        ],
    )


def excess(content, limits):
    """How far each stream lies over each limit, as in a textbook: shape (streams, limits)."""
    columns = [(1 if side == "max" else -1) * (content[:, component] - bound) / bound for component, bound, side in limits]
    return np.column_stack(columns)


def theta(table, rows, at):
    """Largest share of stream `at` in a mix of the streams `rows` within all limits, by scipy."""
    cost = -(rows == at).astype(float)
    result = linprog(cost, A_ub=table[rows].T, b_ub=np.zeros(table.shape[1]), A_eq=np.ones((1, len(rows))), b_eq=[1.0])
    return -result.fun if result.success else 0.0


def expected(table, grade, law, at):
    """Verdict of a stream by the definition: alone, else the best evidence on which some mix with it meets all limits."""
    bar = [max(said, Verdict.LIKELY if known == "C" else Verdict.PASS) for said, known in zip(law, grade, strict=True)]
    if (table[at] <= 0).all():
        return bar[at]
    for level in (Verdict.BLEND, Verdict.LIKELY, Verdict.UNKNOWN):
        rows = np.flatnonzero(np.array(bar) <= level)
        if at in rows:
            share = theta(table, rows, at)
            assume(share == 0 or share > 1e-5)
            if share > 0:
                return level
    return Verdict.FAIL


@lawful
@given(needs(weak=False))
def test_a_verdict_is_blend_exactly_where_a_mix_exists(drawn):
    content, _, _, limits = drawn
    matches, table = world(*drawn), excess(content, limits)
    everyone = np.arange(len(content))
    for at in everyone:
        share = theta(table, everyone, at)
        assume(share == 0 or share > 1e-5)
        found = Verdict(int(matches.routes.verdict[route(matches, f"s{at}", "road")]))
        assert (found <= Verdict.BLEND) == (share > 0)
        assert (found == Verdict.PASS) == bool((table[at] <= 0).all())


@lawful
@given(needs(weak=True))
def test_a_verdict_says_on_what_evidence_a_mix_exists(drawn):
    content, grade, law, limits = drawn
    matches, table = world(*drawn), excess(content, limits)
    for at in range(len(content)):
        found = Verdict(int(matches.routes.verdict[route(matches, f"s{at}", "road")]))
        assert found == expected(table, grade, law, at)


@lawful
@given(needs(weak=True))
def test_a_blend_is_always_told_with_its_partners(drawn):
    matches = world(*drawn)
    for at in np.flatnonzero(matches.routes.verdict == Verdict.BLEND).tolist():
        assert "a blend may meet it: with S" in why(matches, at)


tables = st.integers(1, 6).flatmap(
    lambda ways: st.integers(1, 5).flatmap(
        lambda limits: st.lists(st.lists(st.integers(-9, 9), min_size=limits, max_size=limits), min_size=ways, max_size=ways)
    )
)


@lawful
@given(st.lists(tables, min_size=1, max_size=4))
def test_one_program_over_all_needs_says_of_each_what_it_says_alone(needs_of):
    """Blocks do not disturb one another, and each says what an independent program says of each way and each limit."""
    blocks = [np.array(table, dtype=float) for table in needs_of]
    size = np.array([block.shape for block in blocks])
    offset = np.vstack([[0, 0], np.cumsum(size, axis=0)])
    whole = np.zeros(tuple(offset[-1]))
    for block, (way, pair) in zip(blocks, offset[:-1], strict=True):
        whole[way : way + block.shape[0], pair : pair + block.shape[1]] = block
    way, pair = np.nonzero(whole)
    pool = Pool(way.astype(np.int32), pair.astype(np.int32), whole[way, pair], *whole.shape)
    found = mixable(pool, np.ones(len(whole), dtype=bool), np.arange(whole.shape[1]))
    for block, (first, column) in zip(blocks, offset[:-1], strict=True):
        everyone = np.arange(len(block))
        for at in everyone[block.any(axis=1)]:  # a way that touches no limit is in no pool
            assert found.way[first + at] == (theta(block, everyone, at) > 1e-7)
        for limit_ in range(block.shape[1]):
            room = linprog(block[:, limit_], A_ub=block.T, b_ub=np.zeros(block.shape[1]), bounds=(0, 1))
            assert found.room[column + limit_] == (room.fun < -1e-7)


@lawful
@given(tables, st.data())
def test_the_largest_share_is_that_of_an_independent_program(rows, data):
    table = np.array(rows, dtype=float)
    at = data.draw(st.integers(0, len(table) - 1))
    share, other = largest_share(table, at), theta(table, np.arange(len(table)), at)
    assert np.isclose(share[at] if len(share) else 0.0, other, atol=1e-8)
    if len(share):
        assert np.isclose(share.sum(), 1.0)
        assert (share @ table <= 1e-8).all()
