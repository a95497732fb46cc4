"""Dantzig, Linear Programming and Extensions, chapter 3-3: two canneries, three markets, least cost 153.675 thousand USD."""

import pytest

import sivuvirta as sv
from sivuvirta import cases

ANSWER = cases.answer("dantzig_1963")


def test_transport_problem_of_dantzig_1963():
    plan = sv.plan(sv.load("dantzig_1963"))
    assert ANSWER["value"] == 153.675
    assert plan.cost == pytest.approx(ANSWER["value"], abs=ANSWER["tolerance"])  # the last printed digit
    assert plan.potential.objective == pytest.approx(ANSWER["value"], abs=ANSWER["tolerance"])


def test_the_markets_get_what_they_ask_and_fifty_cases_stay():
    frame = sv.plan(sv.load("dantzig_1963")).ledger.to_frame()
    got = frame[frame["kind"] == "direct"].groupby("destination")["amount"].sum()
    assert got.to_dict() == pytest.approx({"need:market_new_york": 325, "need:market_chicago": 300, "need:market_topeka": 275})
    assert frame.loc[frame["kind"] == "fate", "amount"].sum() == pytest.approx(50)
