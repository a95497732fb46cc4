"""Who looks on while a horizon is planned, and stops it; years that no vintage and no law reaches."""

from __future__ import annotations

import pytest

import sivuvirta as sv
from sivuvirta import Period
from sivuvirta.lp.watch import Watch


def test_what_is_found_is_told_against_today():
    """The last answer told is the course itself, but for the gap left open."""
    told = []
    found = sv.pathway("kemi_tornio", [Period(year=2024)], watch=Watch(tell=told.append), gap=1e-3)
    assert told
    known = [each for each in told if each.found < float("inf")]
    assert -known[-1].found == pytest.approx(found.potential.benefit, rel=2e-3)
    assert all(each.bound <= each.found + 1e-6 * abs(each.found) for each in known)


def test_a_course_that_is_stopped_is_the_best_so_far_with_its_gap():
    found = sv.pathway("kemi_tornio", [Period(year=2024)], watch=Watch(stop=lambda: True), gap=1e-7)
    assert found.potential.status == "feasible"
    assert found.potential.bound <= found.potential.objective
    assert found.potential.benefit >= -1e-6


def test_a_year_before_all_vintages_and_laws_is_noted():
    early = sv.pathway("kemi_tornio", [Period(year=1980)], evidence="potential", watch=Watch(stop=lambda: True))
    assert early.notes[0].startswith("1980: before the first vintage of 'kemi_tornio', 2018")
    assert "no dated law reaches 1980: the first is of 1986-06-12" in early.notes[0]
    later = sv.pathway("two_seasons", "one_year")
    assert not any("before the first vintage" in note for note in later.notes)
