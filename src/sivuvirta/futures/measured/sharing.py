"""Sharing out: which input carries which part of a figure's range, by Sobol's indices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from sivuvirta.domain.draws import deviation
from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.links import Floats
from sivuvirta.errors import MissingExtraError

_CHUNK = 512  # points evaluated at once
_PLACES = 8  # random places where an input is tried
_ENDS = (0.001, 0.999)  # how far: nearly as low and as high as it gets, so that what acts only far out is seen
_STILL = 1e-12  # relative: what a figure changes by rounding alone
_WHOLE = {name: np.array([part]) for name, part in (("S1", 1.0), ("S1_conf", 0.0), ("ST", 1.0), ("ST_conf", 0.0))}
"""Indices of a group that is the only one: by definition all of the variance."""

_RESAMPLES = 100
_CONFIDENCE = 0.95

Evaluate = Callable[[Floats], Floats]
"""Figures of draws: (draws, inputs) standard deviations -> (draws, figures)."""

COLUMNS = ["figure", "rank", "input", "label", "first", "first_error", "total", "total_error"]


def shared(
    evaluate: Evaluate, grouped: tuple[Sequence[Input], Sequence[str]], figures: Sequence[str], points: int, seed: int
) -> pd.DataFrame:
    r"""First and total indices of groups of inputs for each figure.

    .. math:: S_g = \frac{V(E[Y | X_g])}{V(Y)}, \qquad T_g = 1 - \frac{V(E[Y | X_{\sim g}])}{V(Y)}

    S is the part of the variance that would go if the group were known; T has also what it does together with others. By Saltelli's
    design over scrambled Sobol points, N (g + 2) evaluations; errors are half of a 95 % interval by resampling. Inputs that change no
    figure at either far end in eight random places are left out before.

    Args:
        evaluate: figures of draws.
        grouped: all inputs, in the order of a draw, and the group of each: its source row.
        figures: names of the figures.
        points: N, a power of two.
        seed: of the points.

    Returns:
        Columns figure, rank (by total), input (group), label, first, first_error, total, total_error. A figure that does not vary has none.

    Raises:
        MissingExtraError: SALib is not there.

    References:
        Saltelli et al. 2010, Variance based sensitivity analysis of model output, Computer Physics Communications 181, 259-270 (from
        memory).
    """
    sample, analyse = salib()
    inputs, groups = grouped
    moving = _moving(evaluate, inputs, seed)
    names = [groups[at] for at in moving]
    if not names:
        return pd.DataFrame(columns=COLUMNS)
    order = list(dict.fromkeys(names))
    problem: dict[str, Any] = {"num_vars": len(names), "names": [f"x{at}" for at in range(len(names))], "bounds": [[0.0, 1.0]] * len(names)}
    if len(order) > 1:
        problem["groups"] = names
    cube = sample(problem, points, calc_second_order=False, seed=np.random.default_rng(seed))
    values = np.concatenate([evaluate(_deltas(inputs, moving, part)) for part in _parts(cube)])
    frames = []
    for at, figure in enumerate(figures):
        if np.ptp(values[:, at]) > _STILL * np.abs(values[:, at]).max():
            found = analyse(problem, values[:, at], seed) if len(order) > 1 else _WHOLE
            frames.append(_ranked(figure, order, _labels(inputs, groups, order), found))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS)


def salib() -> tuple[Any, Any]:
    """Saltelli's sample and the analysis of its values.

    Raises:
        MissingExtraError: SALib is not there.
    """
    try:
        from SALib.analyze import sobol as indices  # noqa: PLC0415 - an optional extra
        from SALib.sample import sobol as saltelli  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise MissingExtraError('Sharing out a range needs the extra "sobol": pip install "sivuvirta[sobol]".') from error

    def analyse(problem: dict[str, Any], values: Floats, seed: int) -> Any:
        return indices.analyze(
            problem, values, calc_second_order=False, num_resamples=_RESAMPLES, conf_level=_CONFIDENCE, seed=np.random.default_rng(seed)
        )

    return saltelli.sample, analyse


def _parts(cube: Floats) -> list[Floats]:
    return [cube[start : start + _CHUNK] for start in range(0, len(cube), _CHUNK)]


def _deltas(inputs: Sequence[Input], moving: Sequence[int], cube: Floats) -> Floats:
    """Draws whose other inputs are at their middle."""
    delta = np.zeros((len(cube), len(inputs)))
    for column, at in enumerate(moving):
        delta[:, at] = deviation(inputs[at], cube[:, column])
    return delta


def _moving(evaluate: Evaluate, inputs: Sequence[Input], seed: int) -> list[int]:
    """Inputs that change a figure at one of their ends in one of some random places."""
    rng, moves = np.random.default_rng(seed), np.zeros(len(inputs), dtype=bool)
    every = list(range(len(inputs)))
    ends = [_deltas(inputs, every, np.full((1, len(inputs)), far))[0] for far in _ENDS]
    for _ in range(_PLACES):
        here = _deltas(inputs, every, rng.random((1, len(inputs))))
        base = evaluate(here)
        for end, start in product(ends, range(0, len(inputs), _CHUNK)):
            chosen = np.arange(start, min(start + _CHUNK, len(inputs)))
            tried = np.repeat(here, len(chosen), axis=0)
            tried[np.arange(len(chosen)), chosen] = end[chosen]
            moves[chosen] |= (np.abs(evaluate(tried) - base) > _STILL * np.abs(base)).any(axis=1)
    return np.flatnonzero(moves).tolist()


def _labels(inputs: Sequence[Input], groups: Sequence[str], order: Sequence[str]) -> dict[str, str]:
    """A group in words: its inputs, joined."""
    return {name: ", ".join(dict.fromkeys(one.label for one, group in zip(inputs, groups, strict=True) if group == name)) for name in order}


def _ranked(figure: str, order: Sequence[str], labels: dict[str, str], found: Any) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "figure": figure,
            "input": list(order),
            "label": [labels[name] for name in order],
            "first": found["S1"],
            "first_error": found["S1_conf"],
            "total": found["ST"],
            "total_error": found["ST_conf"],
        }
    ).sort_values("total", ascending=False, kind="stable", ignore_index=True)
    table.insert(1, "rank", np.arange(1, len(table) + 1))
    return table
