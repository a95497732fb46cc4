"""Options that a plan cannot have are refused in words."""

from __future__ import annotations

import numpy as np
import pytest

from sivuvirta.domain.plans import PlanOptions
from sivuvirta.errors import InfeasibleError, OptionError


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("budget", -1),
        ("budget", float("inf")),
        ("budget", "1000"),
        ("co2_limit", float("nan")),
        ("co2_limit", True),
        ("disposal_limit", -0.5),
        ("carbon_price", float("nan")),
        ("carbon_price", -80),
        ("carbon_price", None),
        ("time_limit", 0),
        ("gap", -1),
        ("gap", float("nan")),
        ("method", "guess"),
        ("objective", "profit"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(name, value):
    with pytest.raises(OptionError, match=f"Option '{name}' is "):
        PlanOptions(**{name: value})


def test_the_message_says_what_is_possible_and_in_which_unit():
    with pytest.raises(OptionError) as caught:
        PlanOptions(budget=-1)
    assert str(caught.value) == "Option 'budget' is -1. It can be a number of at least 0, in EUR; leave it out for no limit."
    with pytest.raises(OptionError) as caught:
        PlanOptions(time_limit=0)
    assert str(caught.value) == "Option 'time_limit' is 0. It can be a number above 0, in seconds."
    with pytest.raises(OptionError, match="It can be: value, co2, diversion"):
        PlanOptions(objective="profit")


def test_numbers_of_every_kind_are_taken():
    options = PlanOptions(budget=np.int64(5), co2_limit=-3, carbon_price=np.float64(80), time_limit=float("inf"), gap=0)
    assert (options.budget, options.co2_limit, options.gap) == (5, -3, 0)


def test_one_requirement_is_spoken_of_as_one():
    assert str(InfeasibleError(["only this"])) == "One requirement cannot be met:\n  1. only this\nRelax or remove it."
    assert str(InfeasibleError(["a", "b"])).startswith("2 requirements cannot all be met:")
