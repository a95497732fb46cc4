"""Chances: mean and 5 to 95 % of what is invested and earned, of payback, present value and internal rate, in the draws of all inputs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.assess.economy.discounting import flows
from sivuvirta.domain.links import Floats, Ints
from sivuvirta.domain.ranges import points

NO_ENDS: Mapping[str, float] = dict.fromkeys(("mean", "low", "high"), float("nan"))
_HIGHEST = 1e3  # rate beyond which none is sought
_HALVINGS = 60  # of the rates between 0 and that: to 1e-15 of it
_TINY = 1e-12


@frozen(eq=False)
class Drawn:
    """Ventures in each draw."""

    yearly: Mapping[tuple[str, str], Floats]  # EUR/a saved or earned before capital, by kind and key, (draws,)
    built: Floats  # what each plant costs to build, of what is stated, (draws, plants)
    laid: Floats  # what each way costs to lay, of what is stated, (draws, ways of `arc`)
    arc: Ints  # arcs of the columns of `laid`, ascending

    def invested(self, assets: pd.DataFrame) -> Floats:
        """EUR of each asset, (draws, assets)."""
        found = []
        for row in assets.to_dict("records"):
            of = self.built[:, int(row["plant"])] if row["plant"] >= 0 else self.laid[:, int(np.searchsorted(self.arc, row["arc"]))]
            found.append(row["invested"] * of)
        return np.column_stack(found) if found else np.zeros((len(self.built), 0))


@frozen(eq=False, slots=False)
class Cases:
    """One venture in each draw."""

    assets: Floats  # EUR, (draws, assets)
    lives: tuple[float, ...]  # years, by asset
    yearly: Floats  # EUR/a, (draws,)
    rate: float  # of discount, 0.05 for 5 %

    @property
    def invested(self) -> Floats:
        """EUR, (draws,)."""
        return np.asarray(self.assets.sum(axis=1))

    @property
    def never(self) -> float:
        """Share of the draws in which it does not pay back, 0 to 1."""
        return float((self.yearly <= 0).mean())

    @cached_property
    def flow(self) -> Floats:
        """Cash of years 0 to the longest life, (draws, years + 1): each asset by itself, and what is earned."""
        horizon = max(round(life) for life in self.lives)
        shape = [flows([(1.0, life), (0.0, horizon)], 0.0) for life in self.lives]
        earned = np.concatenate([[0.0], np.ones(horizon)])
        return np.asarray(self.assets @ np.array(shape) + self.yearly[:, None] * earned)

    @property
    def npv(self) -> Floats:
        """Present value, EUR, (draws,)."""
        years = np.arange(self.flow.shape[1])
        return np.asarray((self.flow / (1.0 + self.rate) ** years).sum(axis=1))

    @property
    def payback(self) -> Floats:
        """Years until what is invested is earned, (draws,); infinite where it never is."""
        earns = self.yearly > _TINY * self.invested
        return np.where(earns, self.invested / np.where(earns, self.yearly, 1.0), np.inf)

    def figures(self, *, discounted: bool) -> dict[str, dict[str, float]]:
        """Mean and ends by figure; rates in per cent.

        Args:
            discounted: whether lives and rate are known, so that there is a present value and an internal rate.
        """
        found = {"invested": points(self.invested), "yearly": points(self.yearly), "payback": _ends(self.payback)}
        return {**found, "npv": points(self.npv), "irr": _ends(100 * rates(self.flow))} if discounted else found


def rates(flow: Floats) -> Floats:
    """Internal rate in each draw: minus infinity where what is invested is never earned, NaN where signs change more than once.

    Args:
        flow: cash by year, shape (draws, years + 1).

    >>> [round(rate, 4) for rate in rates(np.array([[-100.0, 60.0, 60.0], [-100.0, 10.0, 10.0]])).tolist()]
    [0.1307, -inf]
    """
    signs = np.sign(flow)
    for year in range(1, signs.shape[1]):
        signs[:, year] = np.where(signs[:, year] == 0, signs[:, year - 1], signs[:, year])
    changes = np.count_nonzero(np.diff(signs, axis=1), axis=1)
    low, high = np.zeros(len(flow)), np.full(len(flow), _HIGHEST)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        worth = np.zeros(len(flow))
        for year in range(flow.shape[1] - 1, -1, -1):  # Horner, from the last year
            worth = worth / (1.0 + middle) + flow[:, year]
        low, high = np.where(worth > 0, middle, low), np.where(worth > 0, high, middle)
    never = (flow.sum(axis=1) < 0) | (flow[:, 1:].max(axis=1) <= 0)
    return np.where(never, -np.inf, np.where((changes != 1) | (flow[:, 0] >= 0), np.nan, (low + high) / 2))


def _ends(draws: Floats) -> dict[str, float]:
    """Mean and ends of figures that some draws may not have: an end there, or the mean, is not a number."""
    if np.isfinite(draws).all():
        return points(draws)
    if np.isnan(draws).any() or len(points(draws[:0])) == 0:
        return dict(NO_ENDS)
    low, high = np.quantile(draws, (0.05, 0.95), method="inverted_cdf").tolist()
    return {"mean": float("nan"), "low": low if np.isfinite(low) else float("nan"), "high": high if np.isfinite(high) else float("nan")}
