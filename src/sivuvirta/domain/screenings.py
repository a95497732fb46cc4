"""Screening: the verdict of every direct pair of a large register, in few bytes a pair."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.links import Codes, Flags, Floats, Ints, Texts
from sivuvirta.domain.region import Region


@frozen(eq=False)
class Figures:
    """The figures that limits are compared with, from which value and bound of a pair are read when they are asked for."""

    high: Floats  # (streams, figures) u of each as an upper limit's figure, infinite where unknown
    of_limit: Ints  # (limits,) figure of each row of the region's `limits`, -1 where it is not in force
    minimum: Flags  # (figures,) a lower limit: the figure's negative is held


@frozen(eq=False, slots=False)
class Screening:
    """All direct pairs of streams and needs that share a class and lie within the radius, with their verdicts; blends are not solved.

    Pairs stand stream by stream: those of stream i are `start[i] : start[i + 1]`. Shape (pairs,) unless said. `source` is what they were
    screened from, so that words can be made for one pair.
    """

    region: Region
    radius_km: float | None  # great circle; None: however far
    stream: Texts  # (streams,) id
    needs: Texts  # (needs,) id
    start: npt.NDArray[np.int64]  # (streams + 1,)
    need: Ints  # position in `needs`
    verdict: Codes  # Verdict of the stream alone
    cause: Codes  # Cause
    grade: Codes  # worst evidence grade of what decides
    reach: Codes  # best Verdict that a blend with other streams could give; the verdict itself where none could help
    blend: Flags  # it breaks a limit that a blend may meet: which limit decides may change where there is a partner
    limit: Ints  # row of the region's `limits` that decides, -1 where none does
    figures: Figures
    places: tuple[Floats, Floats]  # (streams, 2) and (needs, 2) latitude and longitude, degrees
    notes: Mapping[str, str]
    source: Any = field(repr=False)

    def __len__(self) -> int:
        return len(self.need)

    @cached_property
    def row(self) -> Ints:
        """Position in `stream` of each pair."""
        return np.repeat(np.arange(len(self.stream), dtype=np.int32), np.diff(self.start))

    @cached_property
    def value(self) -> Floats:
        """The figure u or l of the stream against the limit that decides, in the limit's unit; NaN where unknown and where none decides."""
        result = np.full(len(self), np.nan)
        at = np.flatnonzero(self.limit >= 0)
        figure = self.figures.of_limit[self.limit[at]]
        high = self.figures.high[self.row[at], figure]
        result[at] = np.where(np.isinf(high), np.nan, np.where(self.figures.minimum[figure], -high, high))
        return result

    @cached_property
    def bound(self) -> Floats:
        """The figure of the limit that decides, NaN where none does."""
        table = np.append(self.region.table("limits")["value"], [np.nan])
        return np.asarray(table[self.limit], dtype=float)

    @property
    def counts(self) -> dict[str, int]:
        """How many pairs have each verdict, and how many of those that do not pass a blend could make better."""
        found = np.bincount(self.verdict, minlength=len(Verdict)).tolist()
        words = {verdict.word: found[verdict] for verdict in Verdict if verdict != Verdict.BLEND}
        return {**words, "blend could help": int((self.reach < self.verdict).sum())}

    def __repr__(self) -> str:
        within = "at any distance" if self.radius_km is None else f"within {self.radius_km:g} km"
        return f"<Screening {self.region.name}: {len(self)} pairs {within}, {len(self.stream)} streams, {len(self.needs)} needs>"
