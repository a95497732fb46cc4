"""Direct pairs of large registers, judged by compiled code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sivuvirta.domain.region import Region
from sivuvirta.domain.screenings import Screening
from sivuvirta.match import market
from sivuvirta.verbs.sources import opened


def screen(
    source: str | Path | Region, radius_km: float | None = 50.0, streams: Sequence[str] | None = None, *, on: str | None = None
) -> Screening:
    """Judge every direct pair of a stream and a need that share a class and lie near one another, fast enough for large registers.

    It says what `match` says of direct routes, but solves no blends and computes no money. The first call compiles, some seconds.

    Args:
        source: a region by name, path or record.
        radius_km: how far apart the two may lie, km of great circle; None for any distance.
        streams: ids of the streams to judge; all where none is given.
        on: the day whose law is applied, as in `match`.

    Raises:
        CheckError: the data have problems.
        OptionError: the radius is not above 0, or `on` is no date.
        UnknownNameError: there is no such stream.
    """
    return market.screen(market.prepare(opened(source, on), radius_km), streams)
