"""Around: the best network, what is known of those near to it, and the programs that tell about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Floats
from sivuvirta.explore.asking import Asking
from sivuvirta.explore.linear import Linear, Prices
from sivuvirta.plan.open import Answer

T = TypeVar("T")

_ROUNDING = 1e-9  # of all that an objective adds up


class Stopped(Exception):  # noqa: N818 - no error: somebody has enough
    """Somebody said stop; what was being asked has no answer."""


def answered(ask: Callable[[], T]) -> T | None:
    """The answer to a question, None where somebody said stop before there was one."""
    try:
        return ask()
    except Stopped:
        return None


@frozen(eq=False)
class Around:
    """The best network, what is almost as good, and the programs that tell about it."""

    asking: Asking
    best: Answer
    allowed: float
    prices: Prices
    relaxed: Linear  # below: no network can be better than its optima
    kept: Linear  # above: its optima are networks
    near: list[Floats]  # answers within the slack that are known
    far: list[Floats]  # others that are known
    solved: dict[bytes, tuple[float, float]]  # what was forbidden, and what that costs
    count: list[str]  # what was solved with whole numbers

    @property
    def limit(self) -> float:
        """The most that a network within the slack may cost."""
        return self.best.objective + self.allowed

    @property
    def most(self) -> float:
        """So much worse than the best a network within the slack may be, with rounding."""
        return self.allowed + self.rounding

    @property
    def rounding(self) -> float:
        """A difference of costs that is none."""
        goal = self.asking.usual[0]
        return _ROUNDING * float(np.abs(goal.cost) @ np.abs(self.best.x))

    def go_on(self) -> None:
        """Ends what is being asked where somebody has said stop.

        Raises:
            Stopped: somebody has.
        """
        if self.asking.asked.stop():
            raise Stopped

    def known(self, solve: Callable[[], Answer | None]) -> tuple[float, float]:
        """What an answer costs more than the best, and what is proven of that; one within the slack is kept in mind.

        Raises:
            Stopped: somebody said stop before it was solved.
        """
        self.go_on()
        answer = solve()
        self.go_on()
        self.count.append("solved")
        if answer is None:
            return np.inf, np.inf
        (self.near if answer.objective <= self.limit else self.far).append(answer.x)
        more = self.settled(answer.objective - self.best.objective)
        return more, min(more, self.settled(answer.bound - self.best.objective))

    def settled(self, more: float) -> float:
        """A difference of costs, 0 where it is rounding or a better network within the gap."""
        return more if more > self.rounding else 0.0
