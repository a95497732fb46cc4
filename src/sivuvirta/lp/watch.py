"""Watch: who looks on while a program is solved, and may stop it."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

from attrs import evolve, frozen


@frozen
class Progress:
    """How far a solve is. Amounts in the user's units."""

    seconds: float
    found: float  # objective of the best answer so far, inf where there is none
    bound: float  # no answer can be below, -inf where nothing is known
    gap: float  # of the objective with its offset, inf where there is no answer


@frozen(eq=False)
class Watch:
    """Looks on while a program is solved.

    The solver looks up between its steps; a stop takes effect then, a few seconds later in a large program.
    """

    tell: Callable[[Progress], None] | None = None  # called with every better answer or bound
    stop: Callable[[], bool] | None = None  # asked between steps; True ends the solve with the best answer so far


Reader = Callable[[float, float, float], Progress]


def stopped(watch: Watch | None) -> bool:
    """Whether a stop is asked for."""
    return bool(watch and watch.stop and watch.stop())


def heard(watch: Watch | None) -> Callable[[], bool]:
    """Whether a stop was asked for; once heard, it is asked no more."""
    yes: list[bool] = []

    def stop() -> bool:
        if not yes and stopped(watch):
            yes.append(True)
        return bool(yes)

    return stop


def patient(watch: Watch | None, seconds: float) -> Watch | None:
    """The same watch, whose stop takes effect some seconds after it was first heard: what is nearly done may end."""
    if watch is None or watch.stop is None:
        return watch
    heard: list[float] = []

    def stop() -> bool:
        if not heard and stopped(watch):
            heard.append(perf_counter())
        return bool(heard) and perf_counter() - heard[0] >= seconds

    return evolve(watch, stop=stop)


def attach(highs: Any, watch: Watch | None, read: Reader | None) -> None:
    """Lets a watch look on, instead of the one before.

    Args:
        highs: the solver.
        watch: None for nobody.
        read: makes a progress of the solver's own seconds, objective and bound.
    """
    events = (highs.cbMipImprovingSolution, highs.cbMipInterrupt, highs.cbSimplexInterrupt, highs.cbIpmInterrupt)
    for event in events:
        event.clear()
    if watch is None or read is None:
        return
    last: list[tuple[float, float]] = []

    def look(event: Any) -> None:
        out = event.data_out
        known = (out.mip_primal_bound, out.mip_dual_bound)
        if watch.tell and (not last or last[-1] != known):
            last[:] = [known]
            watch.tell(read(out.running_time, *known))
        halt(event)

    def halt(event: Any) -> None:
        if stopped(watch):
            event.interrupt()

    for event in events[:2]:
        event.subscribe(look)
    for event in events[2:]:
        event.subscribe(halt)
