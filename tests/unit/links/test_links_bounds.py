"""Bounds of samples against textbook figures, and figures of streams from analyses."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from builders import table
from match_rows import analysis, made
from sivuvirta.links.bounds import Compliance, bounds, samples
from sivuvirta.links.evidence import Figures, evidence


def _bounds(compliance: Compliance = Compliance.MEAN_UCL, **row: object) -> tuple[float, float]:
    found = bounds(samples(table("analyses", [row]).columns), compliance)
    return float(found.low[0]), float(found.high[0])


def test_mean_of_samples_has_the_one_sided_t_bound():
    # t(0.95, 9) = 1.833 in every t table
    assert _bounds(value=10, sd=2, n=10) == pytest.approx((10 - 1.833 * 2 / np.sqrt(10), 10 + 1.833 * 2 / np.sqrt(10)), abs=1e-3)


def test_skewed_samples_are_read_as_lognormal():
    """The modified Cox interval, worked by hand: mean 10, sd 10, n = 10, so v = ln 2, and t = 1.833."""
    v = np.log(2)
    half = 1.8331 * np.sqrt(v / 10 + v**2 / 18)
    assert _bounds(value=10, sd=10, n=10) == pytest.approx((10 * np.exp(-half), 10 * np.exp(half)), rel=1e-4)


def test_lognormal_bound_covers_a_skewed_mean_more_often_than_the_normal_one():
    """Of 4 000 sets of 12 samples; both fall short of 95 %, for a mean and a standard deviation say less than the samples do."""
    drawn = np.random.default_rng(3).lognormal(0, 0.8, (4000, 12))
    mean, sd = drawn.mean(axis=1), drawn.std(axis=1, ddof=1)
    nothing = np.full(4000, np.nan)
    columns = {"value": mean, "sd": sd, "low": nothing, "high": nothing, "n": np.full(4000, 12.0), "below": np.full(4000, False)}
    truth = np.exp(0.8**2 / 2)
    covered = (bounds(samples(columns), Compliance.MEAN_UCL).high >= truth).mean()
    normal = (mean + stats.t.ppf(0.95, 11) * sd / np.sqrt(12) >= truth).mean()
    assert normal + 0.02 < covered < 0.95


def test_few_samples_give_the_smallest_and_the_largest():
    assert _bounds(value=10, low=4, high=19, n=2) == (4, 19)


def test_range_without_samples_gives_its_ends():
    assert _bounds(value=10, low=4, high=19) == (4, 19)


def test_bare_value_is_both_ends():
    assert _bounds(value=10) == (10, 10)


def test_one_end_alone_leaves_the_value_as_the_other():
    assert _bounds(value=10, high=19) == (10, 19)
    assert _bounds(low=4, high=19) == (4, 19)


def test_below_detection_is_anything_from_nothing_to_the_detection_limit():
    assert _bounds(value=0.5, below=True) == (0, 0.5)


def test_no_figure_has_no_bounds():
    assert np.isnan(_bounds()).all()


def test_every_sample_looks_at_single_samples():
    t = stats.t.ppf(0.95, 9) * 2 * np.sqrt(1.1)
    assert _bounds(Compliance.EVERY_SAMPLE, value=10, sd=2, n=10) == pytest.approx((10 - t, 10 + t))
    assert _bounds(Compliance.EVERY_SAMPLE, value=10, sd=2, n=10, low=7, high=13) == (7, 13)


def test_declared_figure_is_taken_as_declared():
    assert _bounds(Compliance.DECLARED, value=10, low=4, high=19) == (10, 10)


def _figure(component: str, rows: list[dict[str, object]], kind: str = "total", minimum: bool = False) -> tuple[float, float, int]:
    asked = Figures(np.array([component], object), np.array([kind], object), np.zeros(1, np.int8), np.array([minimum]))
    found = evidence(made(analyses=rows), np.array(["slag"], object), asked)
    return float(found.low[0, 0]), float(found.high[0, 0]), int(found.grade[0, 0])


def test_oxide_gives_the_element():
    low, high, grade = _figure("Cr_total", [analysis("slag", "Cr2O3", 100, low=80, high=120, grade="C")])
    assert (low, high, grade) == (pytest.approx(54.7368), pytest.approx(82.1052), 2)


def test_element_gives_the_oxide():
    assert _figure("Cr2O3", [analysis("slag", "Cr_total", 68.421)])[:2] == (pytest.approx(100), pytest.approx(100))


def test_direct_measurement_wins():
    rows = [analysis("slag", "Cr2O3", 1000, grade="A"), analysis("slag", "Cr_total", 50, grade="C")]
    assert _figure("Cr_total", rows) == (50, 50, 2)


def test_chromium_vi_never_follows_from_total_chromium():
    assert np.isnan(_figure("Cr_VI", [analysis("slag", "Cr_total", 90_000)])[1])
    assert np.isnan(_figure("Cr_total", [analysis("slag", "Cr_VI", 2)])[1])


def test_leaching_is_not_total_content():
    rows = [analysis("slag", "leach_Cr", 0.3, kind="leaching")]
    assert np.isnan(_figure("Cr_total", rows)[1])
    assert _figure("Cr_total", rows, kind="leaching")[:2] == (0.3, 0.3)


def test_several_samples_give_the_lowest_the_highest_and_the_worst_grade():
    rows = [analysis("slag", "Cd", value, sample=str(value), grade=grade) for value, grade in ((3, "A"), (9, "C"), (5, "B"))]
    assert _figure("Cd", rows) == (3, 9, 2)


def test_no_content_is_more_than_all_of_it():
    assert _figure("Cd", [analysis("slag", "Cd", 900_000, low=-5, high=1_200_000)])[:2] == (0, 1_000_000)


def test_minimum_holds_the_negative():
    assert _figure("Cd", [analysis("slag", "Cd", 5, low=4, high=6)], minimum=True)[:2] == (-6, -4)


@pytest.mark.parametrize("other", ["ash", "unheard_of"])
def test_analyses_of_other_streams_do_not_count(other):
    assert np.isnan(_figure("Cd", [analysis(other, "Cd", 5)])[1])
