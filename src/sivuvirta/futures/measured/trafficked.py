"""Trafficked: loads on each section of road in the draws of `ranges`, of planned networks and of today's alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from attrs import frozen

from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.indicators import digits
from sivuvirta.domain.links import Floats
from sivuvirta.domain.traffic import REFERENCE, Driven
from sivuvirta.futures.measured.amounts import roads
from sivuvirta.futures.measured.blocks import Block
from sivuvirta.futures.measured.network import networks
from sivuvirta.futures.measured.quoting import chunks
from sivuvirta.futures.measured.setting import Setting

Key = tuple[str, str, int, str]
"""State, part of time, year, section."""


@frozen(eq=False, slots=False)
class Trafficked:
    """Draws of the loads a day by ledger, part of time and section, with the inputs behind them."""

    loads: Mapping[Key, Floats]  # (draws,)
    inputs: tuple[Input, ...]
    delta: Floats  # of the inputs, (draws, inputs)

    @cached_property
    def _moved(self) -> tuple[Floats, Floats]:
        """Inputs about their mean, and the sum of their squares."""
        moved = self.delta - self.delta.mean(axis=0)
        return moved, np.asarray((moved**2).sum(axis=0))

    def cause(self, drawn: Floats) -> str:
        r"""The input that carries most of a figure's range, in words; "" where nothing of it varies.

        .. math:: r_i^2 = cov(x_i, y)^2 / (var(x_i) var(y))

        Args:
            drawn: the figure in each draw.
        """
        (moved, squares), about = self._moved, drawn - drawn.mean()
        size = np.sqrt(squares * (about**2).sum())
        share = np.divide(moved.T @ about, size, out=np.zeros(len(size)), where=size > 0) ** 2
        if not len(share) or not share.max() > 0:
            return ""
        one = self.inputs[int(share.argmax())]
        return f"{one.label}, {digits(one.low)} to {digits(one.high)}: {share.max():.0%} of the variance"


def trafficked(driven: Sequence[Driven]) -> Trafficked:
    r"""Draw what drives over each section in each part of time, the networks in proportion, all inputs drawn together.

    .. math:: n^s_{ep} = \frac{1}{d_p} \sum_a x^s_a f_{ap} w^s_a m_a

    with x the flow of arc a in draw s, f the share of it that moves in part p of d days, w its water beside that stated, and m the
    vehicles of a unit. Parts of one year share their draws.

    Args:
        driven: ledgers by parts of time, over the same links.
    """
    ledgers = {id(each.ledger): each.ledger for each in driven}
    today = next((each.ledger for each in driven if each.state == REFERENCE), None)
    every = {str(key): ledger for key, ledger in ledgers.items()}
    over = networks(driven[0].ledger.links, every, today, lambda _: ())
    told = [(each, _block(over.at, each)) for each in driven]
    deltas, parts = list(chunks(over)), []
    for delta in deltas:
        flows, numbers = over.flows(delta)
        parts.append([block.sums(flows[str(id(each.ledger))], numbers) for each, block in told])
    drawn = {
        (each.state, each.period, each.year, row.key): np.concatenate([part[at][:, column] for part in parts])
        for at, (each, block) in enumerate(told)
        for column, row in enumerate(block.rows)
    }
    return Trafficked(drawn, tuple(over.found.inputs), np.concatenate(deltas))


def _block(at: Setting, driven: Driven) -> Block:
    """Loads a day on each section in a part of time."""
    links = driven.ledger.links
    share = np.zeros(len(links.arcs))
    share[driven.ledger.arc] = driven.share
    return roads(at, at.of(share * np.nan_to_num(links.arcs.loads) / driven.days))
