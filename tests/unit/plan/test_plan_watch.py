"""A plan whose search is stopped keeps the best network so far, and what was proven of it."""

from __future__ import annotations

import pytest

import sivuvirta as sv
from sivuvirta.lp.watch import Watch
from sivuvirta.plan import open as opening


@pytest.fixture(scope="module")
def matches() -> sv.Matches:
    return sv.match("kemi_tornio")


@pytest.fixture(scope="module")
def exact(matches: sv.Matches) -> sv.Plan:
    return sv.plan(matches, gap=1e-7, evidence="potential")


@pytest.mark.parametrize(("method", "last"), [(method, last) for method in ("simplex", "guided") for last in (1, 4, 16, 64, 400, 2100)])
def test_a_plan_stopped_anywhere_is_a_plan(matches: sv.Matches, exact: sv.Plan, method: str, last: int):
    """Today's network is known before any search, so that a stopped plan is never worse; and its bound is true."""
    questions: list[int] = []

    def stop() -> bool:
        questions.append(0)
        return len(questions) >= last

    found = sv.plan(matches, gap=1e-7, evidence="potential", method=method, watch=Watch(stop=stop)).potential
    best = exact.potential
    assert found.benefit >= -1e-6
    assert found.objective >= best.objective - 2e-7 * abs(best.benefit)
    assert found.bound <= best.objective + 1e-6 * abs(best.objective)
    assert found.status == "optimal" or len(questions) >= last


def test_a_network_that_is_not_finished_has_no_prices(matches: sv.Matches, monkeypatch: pytest.MonkeyPatch):
    """Without the time to finish, the network of the search stays, and nothing is said of what its limits are worth."""
    monkeypatch.setattr(opening, "_FINISH", 0.0)
    seen: list[float] = []
    watch = Watch(tell=lambda progress: seen.append(progress.found), stop=lambda: len(seen) > 0 and min(seen) < 0)
    found = sv.plan(matches, gap=1e-7, evidence="potential", method="simplex", watch=watch).potential
    assert found.status == "feasible"
    assert found.benefit > 0
    assert found.marginals == ()


def test_a_network_that_is_soon_finished_has_prices_after_a_stop(matches: sv.Matches):
    found = sv.plan(matches, gap=1e-7, evidence="potential", watch=Watch(stop=lambda: True)).potential
    assert found.status == "feasible"
    assert len(found.marginals) > 0


def test_who_looks_on_hears_of_the_first_objective_alone(matches: sv.Matches):
    """With emissions first, the cost that follows is in euros and is not told: the last word is of the plan's objective."""
    told: list[float] = []
    watch = Watch(tell=lambda progress: told.append(progress.found))
    found = sv.plan(matches, objective="co2", gap=1e-6, evidence="potential", watch=watch).potential
    assert told[-1] == pytest.approx(found.objective, rel=1e-5)
