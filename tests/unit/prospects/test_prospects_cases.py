"""The named case: stainless slag fines on a waste-rock pile are unknown, and the L/S 10 test is named and priced."""

from __future__ import annotations

import pytest

import sivuvirta as sv
from sivuvirta import library
from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import NodeKind
from sivuvirta.match.laboratory import lab_tests
from sivuvirta.prospects.questions import questions


@pytest.fixture(scope="module")
def matches():
    return sv.match("kemi_tornio")


@pytest.fixture(scope="module")
def orders(matches):
    return sv.unknowns(matches, top=3)


@pytest.mark.parametrize("pile", ["cover_kevitsa", "cover_kittila"])
def test_slag_fines_on_a_pile_wait_for_the_leaching_test(matches, pile):
    asked = questions(matches, lab_tests(library.catalogue()["tests"].columns))
    nodes, routes = matches.links.nodes, matches.routes
    stream, need = nodes.find(NodeKind.STREAM, "ss_slag_fines"), nodes.find(NodeKind.NEED, pile)
    route = next(row for row in range(len(routes)) if (routes.stream[row], routes.need[row], routes.plant[row]) == (stream, need, -1))
    assert routes.verdict[route] == Verdict.UNKNOWN
    wanted = {asked.all[number].key: asked.all[number] for number in asked.wants[route]}
    leaching = wanted["leaching_batch:ss_slag_fines"]
    assert {"leach_Cr", "leach_Ni"} <= set(leaching.settles)
    row = library.catalogue()["tests"].index["leaching_batch"]
    assert leaching.test is not None
    assert leaching.test.price == library.catalogue()["tests"]["price"][row] > 0


def test_the_order_list_has_it_with_price_and_value(orders):
    rows = orders.order().set_index("key")
    row = rows.loc["leaching_batch:ss_slag_fines"]
    assert row["method"].startswith("EN 12457")
    assert row["price_low"] <= row["price"] <= row["price_high"]
    assert row["in_bundle"] > 0
    assert row["value_likely"] == 0  # a permit and the sulphur are missing too


def test_no_decision_is_in_the_order_list(orders):
    assert set(orders.order()["key"]).isdisjoint(one.questions[0].key for one in orders.decisions)
    assert all(question.test is not None for one in orders.tests for question in one.questions)


def test_values_lie_between_nothing_and_all_that_is_missing(orders):
    most = sv.plan(orders.links.region).potential.benefit
    for one in (*orders.tests, *orders.decisions, *orders.bundles):
        for value in (one.proven, one.likely):
            assert not value > most - orders.proven + 10
            assert not value < 0
