r"""Recall and reciprocal rank over exchanges, with intervals by case.

.. math:: R@k = \frac{1}{n} \sum_i [\rho_i \le k], \qquad MRR = \frac{1}{n} \sum_i \frac{1}{\rho_i}

:math:`\rho_i` is the rank of the receiver of exchange *i*, infinite where it is not ranked. Several receivers of one stream are several
exchanges. Intervals are percentiles over samples of whole cases with replacement, since exchanges of one case are alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

KS = (1, 5, 10)
MEASURES = (*(f"recall@{k}" for k in KS), "MRR")
SAMPLES = 2000


def rank(scores: Mapping[str, float], receiver: str) -> float:
    """Rank of a receiver, 1 is best, 0 where it is not ranked; equals share the mean of their ranks.

    >>> rank({"23.51": 2.0, "42.11": 1.0, "24.10": 1.0}, "42.11")
    2.5
    """
    own = scores.get(receiver, 0.0)
    if own <= 0:
        return 0.0
    better = sum(score > own for score in scores.values())
    return better + (sum(score == own for score in scores.values()) + 1) / 2


def measured(ranks: Floats) -> Floats:
    """Each exchange's part in each measure, shape (exchanges, measures)."""
    found = ranks > 0
    hits = [found & (ranks <= k) for k in KS]
    return np.column_stack([*hits, np.divide(1.0, ranks, out=np.zeros(len(ranks)), where=found)]).astype(float)


def samples(cases: Sequence[str], seed: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """How often each case is drawn in each sample, shape (samples, cases), and the case of each exchange."""
    _, owner = np.unique(np.asarray(cases, dtype=object).astype(str), return_inverse=True)
    count = int(owner.max()) + 1
    draws = np.random.default_rng(seed).multinomial(count, np.full(count, 1.0 / count), size=SAMPLES)
    return draws, owner


def interval(parts: Floats, draws: npt.NDArray[np.int64], owner: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Ends of the 95 % interval of the mean of each column, each of shape (columns,)."""
    sums = np.zeros((draws.shape[1], parts.shape[1]))
    np.add.at(sums, owner, parts)
    sizes = np.bincount(owner, minlength=draws.shape[1])
    means = (draws @ sums) / np.maximum(draws @ sizes, 1)[:, None]
    low, high = np.percentile(means, [2.5, 97.5], axis=0)
    return low, high
