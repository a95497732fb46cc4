"""What a better answer might still save, by hand."""

import numpy as np
import pytest

from sivuvirta.lp.gaps import gap_of


def test_a_gap_is_a_part_of_the_improvement():
    """Of 1 000 000, of which 999 980 nobody can change, 20 are gained, and 5 more might be."""
    assert gap_of(1e6 - 20, 1e6 - 25, -1e6) == 5 / 20
    assert gap_of(1e6 - 20, 1e6 - 25) == pytest.approx(5 / (1e6 - 20))


def test_a_gap_is_of_no_less_than_the_whole():
    """A regret of 2 that might be 1, in a benefit of 100: 1/100; of nothing else it is a half; where it might be -8, all is missing."""
    assert gap_of(2.0, 1.0, whole=100.0) == 0.01
    assert gap_of(2.0, 1.0) == 0.5
    assert gap_of(2.0, -8.0) == 1.0


def test_rounding_is_no_gap():
    """A billionth of 1 000 is a millionth."""
    assert gap_of(0.0, -9e-7, whole=1e3) == 0.0
    assert gap_of(0.0, -2e-6, whole=1e3) == pytest.approx(2e-9)
    assert gap_of(5.0, 6.0) == 0.0
    assert gap_of(5.0, -np.inf) == np.inf
