"""Running: all figures of ledgers under many draws, with progress and a way to stop that keeps what is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.domain import indicators as told
from sivuvirta.domain.draws import deviations, latin
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Floats, Links
from sivuvirta.domain.ranges import Ranges, RangesOptions
from sivuvirta.futures.measured.beyond import Beyond
from sivuvirta.futures.measured.indicating import Drawn
from sivuvirta.futures.measured.network import Networks, networks, place
from sivuvirta.futures.measured.sharing import COLUMNS, salib, shared
from sivuvirta.futures.measured.telling import Figures, measured_words, notes
from sivuvirta.futures.measured.tracing import row_of, traced

_CHUNK = 125  # draws between two looks at whether to stop
_AT_ONCE = 500_000  # draws times arcs that are held at once

Tell = Callable[[str], None]
Stop = Callable[[], bool]


def chunk(over: Networks) -> int:
    """Draws that are worked out together."""
    return max(1, min(_CHUNK, _AT_ONCE // max(len(over.at.arc), 1)))


@frozen(eq=False)
class Asked:
    """What is measured."""

    links: Links
    planned: Mapping[str, Ledger]
    reference: Ledger | None
    circular: Sequence[told.Indicator] = ()  # indicators at the middle


def ranges(asked: Asked, options: RangesOptions, tell: Tell | None = None, stop: Stop | None = None) -> Ranges:
    """Every figure of some ledgers under many draws.

    Args:
        asked: ledgers, their reference, and indicators of circularity.
        options: how many draws, from which seed, and whether ranges are shared out.
        tell: hears how far the work is.
        stop: asked between draws; where it says True the draws done so far are all there are.

    Raises:
        MissingExtraError: ranges are to be shared out, and SALib is not there.
    """
    if options.sobol:
        salib()  # says what is missing before anything is drawn
    say, stopped = tell or (lambda _: None), stop or (lambda: False)
    over = networks(asked.links, asked.planned, asked.reference)
    indicators = Drawn(over, asked.circular, asked.planned, asked.reference)
    inputs = (*over.found.inputs, *indicators.more)
    points = drawn_points(over, indicators, options.draws, options.seed)
    delta = deviations(inputs, points)
    figures, beyond, done = Figures(over), Beyond(over), 0
    size = chunk(over)
    for start in range(0, options.draws, size):
        if done and stopped():
            break
        part = delta[start : start + size]
        values, flows = over.figures(part[:, : len(over.found)])
        figures.add(values)
        beyond.add(flows)
        indicators.add(points[start : start + size], part)
        done += len(part)
        say(f"{done} of {options.draws} draws")
    frame, samples = figures.frame()
    extra, more = indicators.frame()
    measure = _shared(over, options, say, stopped) if options.sobol else pd.DataFrame(columns=["network", *COLUMNS, "words"])
    return Ranges(
        links=asked.links,
        options=options,
        inputs=inputs,
        sources=traced(asked.links.region, inputs, delta[:done]),
        figures=pd.concat([frame, extra], ignore_index=True) if len(extra) else frame,
        samples={**samples, **more},
        measure=measure,
        beyond=beyond.frame(),
        notes=notes(over, done, options),
        done=done,
    )


def _shared(over: Networks, options: RangesOptions, say: Tell, stopped: Stop) -> pd.DataFrame:
    """Parts of the ranges of some figures, network by network; one that is as today has none."""
    groups = [row_of(one) for one in over.found.inputs]
    known = {(table, row.key): at for at, (table, row) in enumerate(over.rows)}
    frames = []
    for name in over.planned:
        if stopped():
            break
        say(f"sharing out the ranges of the {name} network")
        reasons = over.unknown(name)
        figures = tuple(each for each in options.of if not reasons[known[place(each)]])

        def evaluate(delta: Floats, name: str = name, figures: tuple[str, ...] = figures) -> Floats:
            return over.some(name, figures, delta)

        if figures:
            found = shared(evaluate, (over.found.inputs, groups), figures, options.sobol, options.seed)
            found.insert(0, "network", name)
            frames.append(found)
    table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["network", *COLUMNS])
    return table.assign(words=[measured_words(row) for row in table.to_dict("records")])


def drawn_points(over: Networks, indicators: Drawn, draws: int, seed: int) -> Floats:
    """Probability of each input in each draw; what indicators rest on beside the ledgers has a seed of its own and moves no other draw.

    Args:
        over: ledgers, whose inputs come first.
        indicators: of circularity.
        draws: how many.
        seed: equal seeds give equal points.

    Returns:
        Shape (draws, inputs of `over`, then `indicators.more`).
    """
    seeds = np.random.default_rng(seed), np.random.default_rng((seed, 1))
    sizes = len(over.found), len(indicators.more)
    return np.hstack([latin(draws, size, one) for size, one in zip(sizes, seeds, strict=True)])
