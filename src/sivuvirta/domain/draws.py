"""Draws: a Latin hypercube over inputs, each as standard deviations from its middle."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import betaincinv, ndtr, ndtri

from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.links import Floats

_ROUND = 6.0  # a + b of the beta between two ends, as in PERT
_END = float(ndtri(0.95))  # standard deviations from the median to a 95 % point
_TO_END = 0.45  # of the probability, from a 5 % point to the median
_SMALLEST = 1e-3  # of a beta's parameters, where a range is too wide for a share


def draws(inputs: Sequence[Input], count: int, seed: int, spread: float = 1.0) -> Floats:
    r"""Latin hypercube: each input's range is cut in as many parts of equal probability as there are draws, and each part is drawn once.

    .. math:: u_{nk} = \frac{\pi_k(n) + v_{nk}}{N}, \qquad \delta_{nk} = \frac{F_k^{-1}(u_{nk}) - m_k}{\sigma_k}    (U)

    with m the middle and :math:`\sigma = (high - low)/3.29`. F is lognormal for positive figures, beta for shares, normal otherwise;
    between `bounds` a beta of mean m with a + b = 6 (PERT); triangular as stated. A lognormal of a stated range has its ends as 5 and 95 %
    points and m as its median, one width below and one above; all else has mean m, and standard deviation sigma where it has no ends.

    Args:
        inputs: what is drawn.
        count: N.
        seed: of the generator; equal seeds give equal draws.
        spread: times the stated ranges; 0 leaves everything at its middle.

    Returns:
        delta, times `spread`. Shape (count, inputs).

    References:
        McKay, Beckman and Conover 1979, A comparison of three methods for selecting values of input variables in the analysis of output
        from a computer code, Technometrics 21, 239-245 (from memory).
    """
    if not inputs or spread == 0:
        return np.zeros((count, len(inputs)))
    points = latin(count, len(inputs), np.random.default_rng(seed))
    return np.column_stack([deviation(one, points[:, at], spread) for at, one in enumerate(inputs)])


def latin(count: int, inputs: int, generator: np.random.Generator) -> Floats:
    r"""Latin hypercube: each of so many equal parts of 0 to 1 once for each input, in random order, and a random place in each.

    .. math:: u_{nk} = \frac{\pi_k(n) - v_{nk}}{N}, \qquad \pi_k \text{ a permutation of } 1 \dots N, \quad v_{nk} \in [0, 1)

    Args:
        count: N.
        inputs: how many.
        generator: of random numbers.

    Returns:
        Shape (count, inputs).
    """
    generator = generator.spawn(1)[0]
    inside = generator.random((count, inputs))
    order = np.tile(np.arange(1, count + 1), (inputs, 1))
    for row in order:
        generator.shuffle(row)
    return np.asarray((order.T - inside) / count)


def deviation(one: Input, u: Floats, spread: float = 1.0) -> Floats:
    """Standard deviations from the middle at which an input is exceeded with probability 1 - u. Shape as u."""
    return _FAMILIES[one.family](one, u, spread)


def deviations(inputs: Sequence[Input], points: Floats) -> Floats:
    """Standard deviations from the middle of several inputs. Shape as `points`: (draws, inputs)."""
    return np.column_stack([np.zeros((len(points), 0)), *(deviation(one, points[:, at]) for at, one in enumerate(inputs))])


def _normal(_: Input, u: Floats, spread: float) -> Floats:
    return np.asarray(ndtri(u) * spread)


def _lognormal(one: Input, u: Floats, spread: float) -> Floats:
    """Between the ends of a stated range; by mean and standard deviation where a figure is one of several coefficients."""
    return _relative(one, u, spread) if np.isnan(one.low) or np.isnan(one.high) else _ranged(one, u, spread)


def _ranged(one: Input, u: Floats, spread: float) -> Floats:
    r"""Median at the middle, 5 and 95 % points at the ends: a width below the median and a width above it.

    .. math:: X = m \, e^{s z}, \qquad s = \frac{\ln (m / low)}{1.645} \; (z < 0), \quad \frac{\ln (high / m)}{1.645} \; (z \ge 0)

    A range that begins at 0 has no logarithm there: below the median the figure is uniform then, and 0 where that is negative.
    """
    sign = np.sign(one.centre)
    middle, low, high = sorted((one.low * sign, one.high * sign, abs(one.centre)))[1], *sorted((one.low * sign, one.high * sign))
    z = ndtri(u if sign > 0 else 1.0 - u)
    above = middle * np.exp(spread * np.log(high / middle) * np.maximum(z, 0.0) / _END)
    if low > 0:
        below = np.exp(spread * np.log(low / middle) * np.maximum(-z, 0.0) / _END)
    else:
        below = np.maximum(1.0 + spread * (1.0 - low / middle) * np.minimum(ndtr(z) - 0.5, 0.0) / _TO_END, 0.0)
    return np.asarray((above * below - abs(one.centre)) * sign / one.unit)


def _relative(one: Input, u: Floats, spread: float) -> Floats:
    r"""exp(s z - s²/2) has mean 1; s² = ln(1 + r²) gives it the standard deviation r."""
    relative = abs(one.unit / one.centre) * spread
    s = np.sqrt(np.log1p(relative**2))
    sign = np.sign(one.centre)
    times = np.expm1(s * ndtri(u if sign > 0 else 1.0 - u) - s**2 / 2)
    return np.asarray(times * one.centre / one.unit)


def _beta(one: Input, u: Floats, spread: float) -> Floats:
    """A share of the whole, 1; of the negative of a share where the middle is below 0."""
    sign = np.sign(one.centre)
    mean, sd = abs(one.centre), one.unit * spread
    total = max(mean * (1 - mean) / sd**2 - 1, _SMALLEST / min(mean, 1 - mean))
    share = betaincinv(mean * total, (1 - mean) * total, u if sign > 0 else 1.0 - u)
    return np.asarray((share - mean) * sign / one.unit)


def _bounds(one: Input, u: Floats, spread: float) -> Floats:
    low, high = _ends(one, spread)
    place = (one.centre - low) / (high - low)
    a = np.clip(_ROUND * place, _SMALLEST, _ROUND - _SMALLEST)
    return np.asarray((low + (high - low) * betaincinv(a, _ROUND - a, u) - one.centre) / one.unit)


def _triangular(one: Input, u: Floats, spread: float) -> Floats:
    low, high = _ends(one, spread)
    width, below = high - low, one.centre - low
    rising, falling = low + np.sqrt(u * width * below), high - np.sqrt((1.0 - u) * width * (high - one.centre))
    return np.asarray((np.where(u * width < below, rising, falling) - one.centre) / one.unit)


def _ends(one: Input, spread: float) -> tuple[float, float]:
    low, high = min(one.low, one.centre), max(one.high, one.centre)
    return one.centre + spread * (low - one.centre), one.centre + spread * (high - one.centre)


_FAMILIES: dict[str, Callable[[Input, Floats, float], Floats]] = {
    "normal": _normal,
    "lognormal": _lognormal,
    "beta": _beta,
    "bounds": _bounds,
    "triangular": _triangular,
}
