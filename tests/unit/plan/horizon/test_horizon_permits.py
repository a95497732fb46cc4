"""What law lets in a year, it lets in the year: not once in each of its seasons."""

from __future__ import annotations

import pytest
from tests.engine.worlds import region
from tests.golden.test_golden_families import notice, with_path, with_permit

import sivuvirta as sv
from sivuvirta import InfeasibleError, Period
from sivuvirta.domain.controls import control

HALVES = [Period(year=2024, period=name, months=months) for name, months in (("winter", "11-4"), ("summer", "5-10"))]
PATHS = {**with_path(), "legal_paths": [notice("small", 200)]}


@pytest.mark.parametrize("tables", [PATHS, with_permit()])
def test_two_seasons_bring_what_the_year_does(tables):
    given = region(tables)
    whole, halves = (sv.pathway(given, periods, leads="none", gap=1e-9) for periods in ([Period(year=2024)], HALVES))
    assert whole.proven.benefit == pytest.approx(sv.plan(given).proven.benefit)
    assert halves.proven.benefit == pytest.approx(whole.proven.benefit)


def test_a_notification_of_200_t_as_sent_is_160_t_dry_for_both_seasons():
    flows = sv.pathway(region(PATHS), HALVES, leads="none").flows("proven")
    into = flows[(flows["origin"] == "stream:slag") & (flows["destination"] == "need:road")]
    assert into["amount"].sum() == pytest.approx(160)


def test_more_than_the_law_lets_in_is_told_with_its_year():
    with pytest.raises(InfeasibleError, match="no legal path is open for more than 160 of 'slag > road' in 2024"):
        sv.pathway(region(PATHS), HALVES, leads="none", controls=[control("slag > road", least=300)])
