"""Khamis 2024, the animal feed mix after Jensen: three ingredients of which no two meet the bounds, 0.4916 USD per kilogram."""

import pytest

import sivuvirta as sv
from sivuvirta import cases
from sivuvirta.domain.grades import Verdict

ANSWER = cases.answer("feed_mix_2024")
PLAN = sv.plan(sv.load("feed_mix_2024"))


def test_a_kilogram_costs_the_printed_sum():
    assert ANSWER["value"] == 0.4916
    assert PLAN.proven.status == "optimal"
    assert PLAN.cost == pytest.approx(ANSWER["value"], abs=ANSWER["tolerance"])


def test_the_printed_recipe():
    """Printed in whole per cent: 65 corn, 3 limestone, 32 soybean meal."""
    frame = PLAN.ledger.to_frame()
    recipe = frame[frame["kind"] == "direct"].set_index("origin")["amount"]
    assert (100 * recipe).round().to_dict() == {"stream:corn": 65, "stream:limestone": 3, "stream:soybean": 32}


def test_each_ingredient_breaks_a_bound_alone_and_enters_by_a_blend_of_all_three():
    verdict = sv.match(sv.load("feed_mix_2024")).routes.verdict
    assert verdict.tolist() == [Verdict.BLEND] * 3
