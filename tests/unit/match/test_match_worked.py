"""Worked examples: lab sheets as they are written, down to the verdict, with the arithmetic beside it."""

from __future__ import annotations

import pytest

from match_rows import analysis, limit, matched, route, stream
from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.match import checks


def judged(rows, limits, **more):
    """The limit's check of slag on the road."""
    matches = matched(analyses=rows, limits=limits, **more)
    return next(check for check in checks(matches, route(matches, "slag", "road")) if check.subject == "limit")


def test_a_figure_as_sent_is_turned_into_dry():
    """6 mg/kg of a slag with 25 % of water: 6 / (1 - 0.25) = 8 mg/kg dry, which is at the limit; 7 mg/kg is 9.33 and too much."""
    wet = [stream("slag", "slag", moisture=25)]
    met = judged([analysis("slag", "Cd", 6, basis="as_sent")], [limit("cd", "Cd", 8)], streams=wet)
    missed = judged([analysis("slag", "Cd", 7, basis="as_sent")], [limit("cd", "Cd", 8)], streams=wet)
    assert (met.value, met.verdict) == (pytest.approx(8.0), Verdict.PASS)
    assert (missed.value, missed.gap, missed.verdict) == (pytest.approx(28 / 3), pytest.approx(4 / 3), Verdict.FAIL)


def test_a_dry_figure_does_not_ask_for_the_moisture():
    assert judged([analysis("slag", "Cd", 7)], [limit("cd", "Cd", 8)], streams=[stream("slag", "slag", moisture=25)]).value == 7


def test_the_ends_of_the_moisture_widen_the_figure():
    """6 mg/kg as sent at 20 to 40 % of water: 6 / 0.8 = 7.5 and 6 / 0.6 = 10 mg/kg dry."""
    wet = [stream("slag", "slag", moisture=25, moisture_low=20, moisture_high=40, grade="C")]
    found = judged([analysis("slag", "Cd", 6, basis="as_sent")], [limit("cd", "Cd", 8)], streams=wet)
    assert (found.low, found.high) == (pytest.approx(7.5), pytest.approx(10.0))
    assert (found.grade, found.verdict) == (Grade.C, Verdict.UNKNOWN)  # the figure is no better known than its water


def test_without_moisture_a_figure_as_sent_is_unknown():
    dry = [stream("slag", "slag", moisture=None)]
    found = judged([analysis("slag", "Cd", 6, basis="as_sent")], [limit("cd", "Cd", 8)], streams=dry)
    assert found.verdict == Verdict.UNKNOWN


def test_samples_as_sent_keep_their_spread():
    """Mean 6, sd 0.6 of 4 samples at 25 %: mean 8, sd 0.8 dry; u = 8 + 2.353 x 0.8 / 2 = 8.941."""
    rows = [analysis("slag", "Cd", 6, n=4, sd=0.6, basis="as_sent")]
    found = judged(rows, [limit("cd", "Cd", 8)], streams=[stream("slag", "slag", moisture=25)])
    assert found.high == pytest.approx(8 + 2.3534 * 0.8 / 2, abs=1e-3)


def test_leaching_and_ph_have_no_other_basis():
    rows = [analysis("slag", "leach_Cr", 0.4, kind="leaching", basis="as_sent")]
    limits = [limit("cr", "leach_Cr", 0.5, kind="leaching", mixing="none")]
    assert judged(rows, limits, streams=[stream("slag", "slag", moisture=50)]).value == 0.4


def test_chromium_oxide_in_a_lab_sheet_meets_a_limit_on_chromium():
    """0.05 % Cr2O3 is 500 mg/kg, of which 0.68421 is chromium: 342.1 mg/kg, within 350 and beyond 300."""
    rows = [analysis("slag", "Cr2O3", 500)]
    met, missed = (judged(rows, [limit("cr", "Cr_total", bound)]) for bound in (350, 300))
    assert met.value == pytest.approx(342.105)
    assert (met.verdict, missed.verdict) == (Verdict.PASS, Verdict.FAIL)


@pytest.mark.parametrize(("comparator", "verdict"), [("max", Verdict.PASS), ("min", Verdict.FAIL)])
def test_below_detection_counts_as_the_detection_limit_or_as_nothing(comparator, verdict):
    """ "<0.01" may be anything up to 0.01: enough for a maximum of 0.02, never enough for a minimum of 0.005."""
    bound = 0.02 if comparator == "max" else 0.005
    found = judged([analysis("slag", "Cd", 0.01, below=True)], [limit("cd", "Cd", bound, comparator=comparator)])
    assert (found.low, found.high) == (0.0, 0.01)
    assert found.verdict == verdict


def test_a_detection_limit_above_the_limit_does_not_show_that_it_is_met():
    """ "<0.05" against 0.02: compliance is to be shown, and counts the detection limit; a finer method may show it."""
    assert judged([analysis("slag", "Cd", 0.05, below=True)], [limit("cd", "Cd", 0.02)]).verdict == Verdict.FAIL
