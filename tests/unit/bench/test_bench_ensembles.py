"""The page's part on draws says of each target whether it was met; a slip there would be a false claim."""

from __future__ import annotations

import pytest
from bench.ensembles import HEAD, Added, Drawn, Solves, section
from bench.pages import replaced


def solves(streams: int, ours: float, fresh: float) -> Solves:
    return Solves(streams, 50_000, 20, "warm", ours, fresh, (fresh / ours - 0.5, fresh / ours + 0.5))


def test_targets_of_sizes_are_met_by_the_ratio_of_medians():
    page = section([solves(100, 0.01, 0.05), solves(300, 0.1, 0.19), solves(1000, 1.0, 2.0)], [], [], 10)
    assert "| 100 | 50,000 | 20 | warm | 0.010 | 0.050 | 5.0 | 4.5 to 5.5 | 5 (met) |" in page
    assert "| 1.9 | 1.4 to 2.4 | 2 (missed) |" in page
    assert "| 2.0 | 1.5 to 2.5 | 1 (met) |" in page


def test_seconds_count_for_a_thousand_draws_alone():
    page = section([], [Drawn("fixed", 1000, 59.9, 100.0), Drawn("free", 1000, 60.1, 110.0), Drawn("free", 10, 1.0, 1.0)], [], 10)
    assert "| fixed | 1,000 | 59.9 | 100.0 | 60 s (met) |" in page
    assert "| free | 1,000 | 60.1 | 110.0 | 60 s (missed) |" in page
    assert "| free | 10 | 1.0 | 1.0 |  |" in page


def test_what_a_cluster_adds_is_told_beside_the_noise_of_the_pool():
    """Medians 50 and 52 ms: 4 %; the pool's turns lie between 48 and 52 ms: half of 4 of 50."""
    added = Added(5, 0.1, (0.048, 0.050, 0.052), (0.052, 0.052, 0.060))
    assert added.share == pytest.approx(4.0)
    assert added.noise == pytest.approx(4.0)
    assert "| 5 | 100 | 50.0 | 52.0 | +4.0 % | ±4.0 % | met |" in section([], [], [added], 10)


def test_a_cluster_is_not_judged_where_the_noise_is_larger_than_what_it_may_add():
    page = section([], [], [Added(1, 0.1, (0.04, 0.05, 0.06), (0.04, 0.04, 0.04))], 10)
    assert "| -20.0 % | ±20.0 % | not told: the noise is larger |" in page


def test_the_part_takes_the_place_of_the_one_before():
    page = f"# Benchmarks\n\n## First\n\na\n\n{HEAD}\n\nold\n\n## Last\n\nz\n"
    assert replaced(page, f"{HEAD}\n\nnew\n") == page.replace("old", "new")
    assert replaced("# Benchmarks\n", f"{HEAD}\n\nnew\n") == f"# Benchmarks\n\n{HEAD}\n\nnew\n"
