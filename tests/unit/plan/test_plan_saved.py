"""A plan that is saved opens again as it was, without being solved; what cannot be opened says why."""

from __future__ import annotations

import json

import numpy as np
import pytest

import sivuvirta as sv
from sivuvirta.domain.controls import Control
from sivuvirta.errors import ReadError


@pytest.fixture(scope="module")
def plan():
    return sv.plan("three_sites", controls=[Control(origin="slag", destination="road", most=3000)], carbon_price=50)


@pytest.fixture
def folder(plan, tmp_path):
    return sv.save(plan, tmp_path / "kept")


def test_a_plan_opens_as_it_was(plan, folder):
    again = sv.reopen(folder)
    assert again.options == plan.options
    for one, other in ((plan.proven, again.proven), (plan.potential, again.potential)):
        assert one.ledger.to_frame().equals(other.ledger.to_frame())
        assert (one.objective, one.bound, one.gap, one.benefit, one.carbon) == (
            other.objective,
            other.bound,
            other.gap,
            other.benefit,
            other.carbon,
        )
        assert [marginal.text for marginal in one.marginals] == [marginal.text for marginal in other.marginals]
        assert np.array_equal(one.ledger.operations.capex, other.ledger.operations.capex)
    assert sv.assess(again).headline.equals(sv.assess(plan).headline)


def test_vintage_and_law_are_kept(tmp_path):
    plan = sv.plan(sv.load("kemi_tornio", "2018").dated("2019-06-30"))
    again = sv.reopen(sv.save(plan, tmp_path / "kept"))
    assert (again.links.region.vintage, again.links.region.on) == ("2018", "2019-06-30")
    assert again.totals().equals(plan.totals())


def test_a_folder_without_a_plan_is_told(tmp_path):
    with pytest.raises(ReadError, match="holds no saved plan"):
        sv.reopen(tmp_path)


def test_a_plan_over_other_routes_is_refused(folder):
    acceptances = folder / "region" / "acceptances.csv"
    lines = [line for line in acceptances.read_text(encoding="utf-8").splitlines() if not line.startswith("road,slag")]
    acceptances.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(ReadError, match="over other routes"):
        sv.reopen(folder)


@pytest.mark.parametrize(("change", "part"), [(lambda text: {**text, "format": 99}, "format 99"), (None, "cannot be read")])
def test_a_file_of_another_kind_is_refused(folder, change, part):
    place = folder / "plan.json"
    text = json.loads(place.read_text(encoding="utf-8"))
    place.write_text(json.dumps(change(text)) if change else "{", encoding="utf-8")
    with pytest.raises(ReadError, match=part):
        sv.reopen(folder)
