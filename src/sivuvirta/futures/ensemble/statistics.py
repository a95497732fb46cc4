"""Statistics of draws: tails, ranks, what an input explains, and what knowing it is worth."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.polynomial import legendre
from scipy.stats import rankdata
from scipy.stats import t as student

from sivuvirta.domain.links import Floats

DEGREES = 3  # of the polynomials that a regression may have
_SAMPLES = 200  # of the coefficients, for the error of a value of information
_SEED = 20_140  # of these samples
_CHANCE = 0.05  # that the largest of all correlations by chance is beyond the noise
_MORE = 2  # times as many draws as inputs that a joint regression needs


def value_at_risk(values: Floats, tail: float) -> tuple[float, float]:
    r"""What a benefit falls short of in a tail of the draws, and its mean there.

    .. math:: VaR = b_{(k)}, \; k = \lceil \alpha N \rceil, \qquad
        CVaR = \frac{1}{\alpha N} \Bigl( \sum_{i < k} b_{(i)} + (\alpha N - k + 1)\, b_{(k)} \Bigr)

    Args:
        values: benefit of each draw, the more the better; NaN counts as worse than all.
        tail: alpha, 0..1.

    References:
        Rockafellar and Uryasev 2000, Optimization of conditional value-at-risk, Journal of Risk 2(3), 21-41 (from memory).
    """
    ordered = np.sort(np.where(np.isnan(values), -np.inf, values))
    mass = tail * len(ordered)
    k = max(1, int(np.ceil(mass - 1e-9)))
    edge = float(ordered[k - 1])
    if not np.isfinite(edge) or not np.isfinite(ordered[0]):
        return edge, -np.inf
    return edge, float((ordered[: k - 1].sum() + (mass - k + 1) * edge) / mass)


def rank_correlation(inputs: Floats, output: Floats) -> Floats:
    """Spearman's correlation of each input with the output; 0 for what does not vary. Shape (inputs,)."""
    x, y = _standard_ranks(inputs), _standard_ranks(output[:, None])[:, 0]
    return np.asarray(x.T @ y / len(y))


def noise(draws: int, inputs: int) -> float:
    r"""Correlation below which so many draws cannot tell one of so many inputs from chance.

    .. math:: r = \frac{t}{\sqrt{N - 2 + t^2}}, \qquad t = t_{1 - \alpha / 2K} \text{ of } N - 2 \text{ degrees}

    Of K inputs without influence the largest is beyond it in 5 % of ensembles at most (Bonferroni). 1 with fewer than three draws.

    Args:
        draws: N.
        inputs: K.

    References:
        Kendall and Stuart, The advanced theory of statistics, vol. 2, on Spearman's coefficient (from memory).
    """
    if draws < 3 or inputs < 1:
        return 1.0
    edge = float(student.ppf(1.0 - _CHANCE / (2 * inputs), draws - 2))
    return edge / float(np.sqrt(draws - 2 + edge**2))


def rank_regression(inputs: Floats, output: Floats) -> Floats:
    """Standardised coefficients of the ranks of all inputs together; NaN with fewer than two draws an input. Shape (inputs,).

    References:
        Iman and Conover 1979, The use of the rank transform in regression, Technometrics 21, 499-509 (from memory).
    """
    if len(output) < _MORE * inputs.shape[1]:
        return np.full(inputs.shape[1], np.nan)
    x, y = _standard_ranks(inputs), _standard_ranks(output[:, None])[:, 0]
    return np.asarray(np.linalg.lstsq(x, y, rcond=None)[0])


def knowing(input: Floats, worth: Floats, among: int = 1) -> tuple[float, float]:  # noqa: A002
    r"""Value of knowing one input before deciding (EVPPI), and its standard error.

    .. math:: E_\theta \max_d E[V_d | \theta] - \max_d E[V_d]

    The inner mean is a regression of what each decision is worth more than the first on the input: Legendre polynomials of its rank, of
    the degree 0..3 of the least BIC, so that an input without influence has the value 0; where it is the best of several, that choice is
    paid by 2 ln(among) a degree, as in the extended BIC. The error is the standard deviation over samples
    of the coefficients, of all decisions together: they share the draws, so what one regression leaves is correlated with what others do.

    Args:
        input: theta, shape (draws,).
        worth: V, the more the better, shape (draws, decisions).
        among: inputs of which this one is looked at because it may be the best.

    References:
        Strong, Oakley and Brennan 2014, Estimating multiparameter partial expected value of perfect information from a probabilistic
        sensitivity analysis sample: a nonparametric regression approach, Medical Decision Making 34, 311-326 (from memory).
    """
    count, decisions = worth.shape
    if decisions < 2 or np.ptp(input) == 0:
        return 0.0, 0.0
    place = 2.0 * (rankdata(input) - 0.5) / count - 1.0
    more = worth[:, 1:] - worth[:, :1]
    basis = np.linalg.qr(legendre.legvander(place, DEGREES))[0]  # orthonormal: the covariance of its coefficients is that of what is left
    sizes = [_size(basis, each, among) for each in more.T]
    if max(sizes) == 1:
        return 0.0, 0.0
    return fitted_gain(basis, more, np.array(sizes))


def fitted_gain(basis: Floats, more: Floats, sizes: Any) -> tuple[float, float]:
    """Value of knowing what decisions are worth as far as a regression tells it, and its standard error.

    Args:
        basis: orthonormal columns of the regression, the constant first, shape (draws, columns).
        more: what each decision is worth more than the first, shape (draws, decisions - 1).
        sizes: leading columns that each of them uses.
    """
    count, (columns, decisions) = len(more), (basis.shape[1], more.shape[1] + 1)
    used = np.arange(columns)[:, None] < sizes
    found: Floats = np.where(used, basis.T @ more, 0.0)
    left = more - basis @ found
    best = _gain((basis @ found)[:, :, None])[0]
    free = np.sqrt(np.maximum(count - sizes, 1.0))
    shared = _root(left.T @ left / free[:, None] / free)
    normal = np.random.default_rng(_SEED).standard_normal((_SAMPLES, columns, decisions - 1))
    samples = basis @ (found + np.where(used, normal @ shared.T, 0.0))
    return float(best), float(np.std(_gain(np.moveaxis(samples, 0, 2)), ddof=1))


def perfect(best: Floats, worth: Floats) -> tuple[float, float]:
    """Value of knowing everything before deciding (EVPI) against the best of the decisions, and its standard error.

    Args:
        best: worth of the best that could be done in each draw, shape (draws,).
        worth: of each decision, shape (draws, decisions).
    """
    if worth.shape[1] == 0:
        return float("nan"), float("nan")
    chosen = int(np.argmax(worth.mean(axis=0)))
    missing = best - worth[:, chosen]
    return float(missing.mean()), float(missing.std(ddof=1) / np.sqrt(len(missing)))


def _gain(more: Floats) -> Floats:
    """Mean of the best less best of the means; 0 is the first decision. (draws, decisions, samples) -> (samples,)."""
    best = np.maximum(more.max(axis=1), 0.0).mean(axis=0)
    gained: Floats = np.maximum(best - np.maximum(more.mean(axis=0).max(axis=0), 0.0), 0.0)
    return gained


def _size(basis: Floats, values: Floats, among: int) -> int:
    """Number of leading columns of an orthonormal basis whose regression has the least BIC, chosen among so many bases."""
    count, scores = len(values), []
    for size in range(1, basis.shape[1] + 1):
        part = basis[:, :size]
        error = float(np.sum((values - part @ (part.T @ values)) ** 2))
        scores.append(count * np.log(max(error, np.finfo(float).tiny) / count) + size * np.log(count) + 2.0 * (size - 1) * np.log(among))
    return int(np.argmin(scores)) + 1


def _root(spread: Floats) -> Floats:
    """A matrix whose square is a covariance, also where that is 0."""
    values, vectors = np.linalg.eigh(spread)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


def _standard_ranks(values: Floats) -> Floats:
    ranks: Floats = np.asarray(rankdata(values, axis=0), dtype=float)
    ranks = ranks - ranks.mean(axis=0)
    size = ranks.std(axis=0)
    return np.asarray(np.divide(ranks, size, out=np.zeros_like(ranks), where=size > 0))
