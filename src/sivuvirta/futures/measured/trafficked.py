"""Trafficked: loads on each section of road in the draws of `ranges`, of planned networks and of today's alike."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import frozen

from sivuvirta.assess.roads.haulage import loads
from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.indicators import digits
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Floats, Links
from sivuvirta.futures.measured.amounts import roads
from sivuvirta.futures.measured.network import networks
from sivuvirta.futures.measured.quoting import chunks

_TODAY = "today"


@frozen(eq=False)
class Trafficked:
    """Draws of the loads a day by ledger and section, with the inputs behind them."""

    loads: Mapping[tuple[str, str], Floats]  # (draws,)
    inputs: tuple[Input, ...]
    delta: Floats  # of the inputs, (draws, inputs)

    def cause(self, drawn: Floats) -> str:
        r"""The input that carries most of a figure's range, in words; "" where nothing of it varies.

        .. math:: r_i^2 = cov(x_i, y)^2 / (var(x_i) var(y))

        Args:
            drawn: the figure in each draw.
        """
        moved, about = self.delta - self.delta.mean(axis=0), drawn - drawn.mean()
        size = np.sqrt((moved**2).sum(axis=0) * (about**2).sum())
        share = np.divide(moved.T @ about, size, out=np.zeros(len(size)), where=size > 0) ** 2
        if not len(share) or not share.max() > 0:
            return ""
        one = self.inputs[int(share.argmax())]
        return f"{one.label}, {digits(one.low)} to {digits(one.high)}: {share.max():.0%} of the variance"


def trafficked(links: Links, planned: Mapping[str, Ledger], today: Ledger | None) -> Trafficked:
    """Draw what drives over each section, the networks in proportion, all inputs drawn together.

    Args:
        links: of all of them.
        planned: ledgers by name.
        today: what flows today, named `today` in the draws; None: nobody knows.
    """
    every = {**planned, **({} if today is None else {_TODAY: today})}
    over = networks(links, every, today, lambda setting: (roads(setting, setting.of(loads(links))),))
    deltas = list(chunks(over))
    parts = [over.figures(delta)[0] for delta in deltas]
    drawn = {
        (name, row.key): np.concatenate([part[name][:, at] for part in parts])
        for name in over.planned
        for at, (_, row) in enumerate(over.rows)
    }
    return Trafficked(drawn, tuple(over.found.inputs), np.concatenate(deltas))
