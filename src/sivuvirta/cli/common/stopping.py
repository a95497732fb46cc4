"""Stopping: the best network so far is shown live, and Ctrl-C keeps it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from typing import Any

import numpy as np
from rich.status import Status

from sivuvirta.cli.common.screen import screen
from sivuvirta.lp.watch import Progress, Watch

_STOPPING = "Stopping with {}; Ctrl-C again leaves at once."


@contextmanager
def stoppable(
    status: Status | None, words: str, unit: str = "EUR/a", *, today: float = 0.0, kept: str = "the best network so far"
) -> Iterator[Watch]:
    """A watch that shows the best network so far and its proven gap; the first Ctrl-C stops the search, the second the command.

    Args:
        status: line on the terminal; None shows nothing.
        words: what is being done.
        unit: of the objective.
        today: the objective of today's network; what is shown is the change from it.
        kept: what is told when the search is stopped.
    """
    asked = [False]

    def ask(*_: Any) -> None:
        if asked[0]:
            raise KeyboardInterrupt
        asked[0] = True
        screen(err=True).print(_STOPPING.format(kept), markup=False)

    def tell(progress: Progress) -> None:
        if status:
            status.update(f"{words} {_said(progress, unit, today)}")

    with _handled(ask):
        yield Watch(tell=tell, stop=lambda: asked[0])


def _said(progress: Progress, unit: str, today: float) -> str:
    if not np.isfinite(progress.found):
        return "no network yet" + (
            f", at most {today - progress.bound:,.0f} {unit} better than today" if np.isfinite(progress.bound) else ""
        )
    found = f"{today - progress.found:,.0f} {unit} better than today"
    return f"{found}, proven within {progress.gap:.2%}" if np.isfinite(progress.gap) else found


@contextmanager
def _handled(ask: Callable[..., None]) -> Iterator[None]:
    if current_thread() is not main_thread():
        yield  # signals reach the main thread alone
        return
    before = signal.signal(signal.SIGINT, ask)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
