"""Laws of reconciliation: balances close, consistent figures stay, scale does not matter, classes are those of the ranks, and the statistic
of consistent errors has the mean of its degrees of freedom."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from sivuvirta.ledger.reconcile.book import Balance, Book, Quantity, Statement, Term, assemble
from sivuvirta.ledger.reconcile.solver import Kind, solve
from sivuvirta.ledger.reconcile.system import System


def network(seed, nodes=5, flows=11, share=0.7):
    """A random network with flows that balance, some of them measured. Flows may have any sign, so that no bound is active."""
    random = np.random.default_rng(seed)
    matrix = np.zeros((nodes, flows))
    for flow in range(flows):
        ends = random.choice(nodes + 1, size=2, replace=False)
        for end, sign in zip(ends, (-1.0, 1.0), strict=True):
            if end < nodes:
                matrix[end, flow] = sign
    null = np.linalg.svd(matrix)[2][np.linalg.matrix_rank(matrix) :].T
    true = null @ random.normal(0, 50, null.shape[1])
    measured = random.random(flows) < share
    sd = np.where(measured, random.uniform(0.5, 5, flows), np.nan)
    value = np.where(measured, true + np.nan_to_num(sd) * random.normal(size=flows), 1.0)
    scale = np.maximum(np.abs(value), 1.0)
    bounds = np.full(flows, -np.inf), np.full(flows, np.inf)
    return System(csr_array(matrix), np.zeros(nodes), value, sd, scale, *bounds), true


seeds = st.integers(0, 10_000)
shares = st.floats(0.1, 1.0)


@given(seeds, shares)
@settings(max_examples=150, deadline=None)
def test_classes_are_those_of_the_ranks(seed, share):
    """A measured column is redundant if it lies in the row space that is left without the unknowns; an unknown follows if its column is no
    combination of the other unknowns'."""
    case, _ = network(seed, share=share)
    matrix, unknown = case.matrix.toarray(), np.isnan(case.sd)
    rank = np.linalg.matrix_rank
    loose = matrix[:, unknown]
    left = np.linalg.svd(loose)[0][:, rank(loose) :] if unknown.any() else np.eye(len(matrix))
    equations = left.T @ matrix[:, ~unknown]
    kind = solve(case).kind
    for position, column in enumerate(np.flatnonzero(~unknown)):
        checked = np.abs(equations[:, position]).max(initial=0) > 1e-9
        assert kind[column] == (Kind.REDUNDANT if checked else Kind.JUST_DETERMINED)
    for column in np.flatnonzero(unknown):
        others = unknown.copy()
        others[column] = False
        follows = rank(matrix[:, unknown]) > rank(matrix[:, others])
        assert kind[column] == (Kind.DETERMINABLE if follows else Kind.UNDETERMINED)
    assert solve(case).freedom == rank(equations, tol=1e-9)


@given(seeds, shares)
@settings(max_examples=60, deadline=None)
def test_every_balance_of_known_values_closes(seed, share):
    case, _ = network(seed, share=share)
    found = solve(case)
    for row in case.matrix.toarray():
        touched = row != 0
        if np.isfinite(found.x[touched]).all():
            assert abs(row[touched] @ found.x[touched]) <= 1e-9 * (1 + np.abs(found.x[touched]).sum())


@given(seeds, shares)
@settings(max_examples=60, deadline=None)
def test_consistent_figures_stay_as_they_are(seed, share):
    case, true = network(seed, share=share)
    exact = evolve(case, value=np.where(np.isnan(case.sd), case.value, true))
    found = solve(exact)
    known = np.isfinite(found.x)
    assert found.x[known] == pytest.approx(true[known], abs=1e-7)
    assert found.cost == pytest.approx(0, abs=1e-12)


@given(seeds, st.floats(1e-4, 1e6))
@settings(max_examples=60, deadline=None)
def test_units_do_not_matter(seed, factor):
    case, _ = network(seed)
    scaled = evolve(case, value=case.value * factor, sd=case.sd * factor, scale=case.scale * factor)
    first, second = solve(case), solve(scaled)
    assert second.x == pytest.approx(first.x * factor, rel=1e-8, abs=1e-8 * factor, nan_ok=True)
    assert second.sd == pytest.approx(first.sd * factor, rel=1e-7, abs=1e-8 * factor, nan_ok=True)
    assert second.cost == pytest.approx(first.cost, rel=1e-8, abs=1e-9)
    assert (second.kind == first.kind).all()


@given(seeds)
@settings(max_examples=60, deadline=None)
def test_a_measurement_more_never_makes_anything_less_certain(seed):
    case, true = network(seed, share=0.6)
    unknown = np.flatnonzero(np.isnan(case.sd))
    assume(len(unknown))
    sd, value = case.sd.copy(), case.value.copy()
    sd[unknown[0]], value[unknown[0]] = 3.0, true[unknown[0]]
    before, after = solve(case), solve(evolve(case, sd=sd, value=value))
    known = np.isfinite(before.sd)
    assert (after.sd[known] <= before.sd[known] + 1e-7).all()
    assert (after.sd[np.isfinite(sd)] <= sd[np.isfinite(sd)] + 1e-9).all()


def least_cost(case):
    """The best of all ways to hold some variables at 0, each by its normal equations: slow, and beyond doubt."""
    matrix, count, best = case.matrix.toarray(), case.matrix.shape[1], np.inf
    for held in product((False, True), repeat=count):
        rows = np.vstack([matrix, np.eye(count)[np.array(held)]])
        null = np.linalg.svd(rows)[2][np.linalg.matrix_rank(rows) :].T
        weighted = null / case.sd[:, None]
        x = null @ np.linalg.lstsq(weighted, case.value / case.sd, rcond=None)[0] if null.size else np.zeros(count)
        if x.min() >= -1e-9:
            best = min(best, float((((x - case.value) / case.sd) ** 2).sum()))
    return best


@given(seeds)
@settings(max_examples=40, deadline=None)
def test_bounds_are_kept_at_the_least_cost(seed):
    random = np.random.default_rng(seed)
    case, _ = network(seed, nodes=3, flows=6, share=1.0)
    case = evolve(case, value=np.abs(case.value) * random.uniform(0, 1, 6), lower=np.zeros(6))
    found = solve(case)
    assert found.x.min() >= -1e-9
    assert np.abs(case.matrix @ found.x).max() < 1e-7
    assert found.cost == pytest.approx(least_cost(case), rel=1e-7, abs=1e-7)


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_many_bounds_are_those_of_the_least_squares(seed):
    """The conditions of Karush, Kuhn and Tucker: the slope of the cost is a sum of balances, and points outwards where a bound holds."""
    case, _ = network(seed, nodes=30, flows=150, share=1.0)
    case = evolve(case, lower=np.zeros(150))
    found, first = solve(case), int(np.random.default_rng(seed).integers(150))
    slope = (found.x - case.value) / case.sd**2
    across = slope - case.matrix.T @ np.linalg.lstsq(case.matrix[:, ~found.bounded].toarray().T, slope[~found.bounded], rcond=None)[0]
    assert np.abs(across[~found.bounded]).max(initial=0.0) < 1e-6
    assert (found.x >= -1e-9).all()
    assert np.abs(case.matrix @ found.x).max() < 1e-7
    again = solve(case, solve(case.without(first)))
    assert again.x == pytest.approx(found.x, abs=1e-7)
    assert (again.freedom, again.cost) == (found.freedom, pytest.approx(found.cost))


def test_the_statistic_of_consistent_errors_has_the_mean_of_its_freedom():
    """Mean of chi-square with d degrees of freedom is d, its variance 2 d: the mean of 1 500 lies within 4 standard errors."""
    statistics, freedoms = zip(*((found.cost, found.freedom) for found in (solve(network(seed)[0]) for seed in range(1500))), strict=True)
    error = np.sqrt(2 * np.mean(freedoms) / len(freedoms))
    assert abs(np.mean(np.subtract(statistics, freedoms))) < 4 * error


def test_the_scores_of_consistent_errors_are_standard_normal():
    scores = np.concatenate([score[np.isfinite(score)] for score in (solve(network(seed, share=1.0)[0]).score for seed in range(600))])
    assert abs(scores.mean()) < 0.05
    assert abs(scores.std() - 1) < 0.05


def test_the_stated_uncertainty_covers_the_truth_as_often_as_it_says():
    inside = []
    for seed in range(800):
        case, true = network(seed)
        found = solve(case)
        known = np.isfinite(found.sd) & (found.sd > 0)
        inside.append(np.abs(found.x - true)[known] <= 1.645 * found.sd[known])
    assert np.concatenate(inside).mean() == pytest.approx(0.9, abs=0.015)


@given(seeds)
@settings(max_examples=60, deadline=None)
def test_layers_close_and_contents_stay_shares(seed):
    """A good that is parted twice, errors of 3 %, some figures not measured: mass and substance close wherever they are known."""
    random = np.random.default_rng(seed)
    amount, content = [100.0], [random.uniform(0.1, 0.4)]
    for share, rich in zip(random.uniform(0.2, 0.8, 2), random.uniform(0.5, 1.5, 2), strict=True):
        part, grade = amount[-1] * share, content[-1] * rich
        amount += [part, amount[-1] - part]
        content += [grade, (content[-1] * amount[-3] - part * grade) / amount[-1]]
    book, ends = Book(), (("0", ("1", "2")), ("2", ("3", "4")))
    for number, (flow, grade) in enumerate(zip(amount, content, strict=True)):
        book.add(Quantity(str(number), "", "flow", "t"))
        book.add(Quantity(f"c{number}", "", "content", "1", upper=1.0, start=0.2))
        for name, value in ((str(number), flow), (f"c{number}", grade)):
            if random.random() < 0.8:
                book.state(Statement(name, value * (1 + 0.03 * random.normal()), 0.03 * value))
    for whole, parts in ends:
        book.balance(Balance(whole, "", (Term(1.0, whole), *(Term(-1.0, part) for part in parts))))
        book.balance(Balance(f"s{whole}", "", (Term(1.0, whole, f"c{whole}"), *(Term(-1.0, part, f"c{part}") for part in parts))))
    assembly = assemble(book)
    x = solve(assembly.system).x
    residual = assembly.system.residual(x)
    assert np.nanmax(np.abs(residual), initial=0.0) <= 1e-7 * max(amount)
    contents = x[[assembly.position[f"c{number}"] for number in range(len(amount))]]
    assert ((contents >= -1e-9) & (contents <= 1 + 1e-9) | np.isnan(contents)).all()
