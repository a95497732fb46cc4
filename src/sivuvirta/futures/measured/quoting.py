"""Quoting: the five figures of a plan with the mean and the range of many draws, beside the figures as stated.

The draws are those of `ranges` with as many draws and its seed, so both tell the same mean and the same 5 and 95 % points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from attrs import evolve, frozen

from sivuvirta.assess.headline import over_claimed
from sivuvirta.domain.assessments import Assessment, Figures
from sivuvirta.domain.draws import deviations, latin
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Floats, Links
from sivuvirta.domain.ranges import FEWEST, RangesOptions
from sivuvirta.futures.measured.headline import headline
from sivuvirta.futures.measured.network import Networks, networks
from sivuvirta.futures.measured.running import chunk
from sivuvirta.futures.measured.telling import told_of

_WORK = 2_000_000  # draws times arcs in use: a thousand draws of 2 000 arcs
_NONE = (float("nan"),) * 3
_PROVEN, _POTENTIAL = "proven", "potential"
_ABOUT_TODAY = "used_today"


@frozen(eq=False)
class Quoted:
    """Draws of the five figures, by network and figure; figures that are not known have none."""

    draws: Mapping[tuple[str, str], Floats]
    count: int

    def of(self, figure: str, network: str, less: str = "") -> tuple[float, float, float]:
        """Mean, 5 and 95 % point of a figure of a network, or of what it has more than another; NaN where it is not known."""
        found = self.draws.get((network, figure))
        if found is None or (less and (less, figure) not in self.draws):
            return _NONE
        if less and figure == _ABOUT_TODAY:
            return 0.0, 0.0, 0.0
        _, mean, _, low, high, _ = told_of(0.0, found - self.draws[less, figure] if less else found, 0)
        return mean, low, high


def quoted(links: Links, planned: Mapping[str, Ledger], reference: Ledger | None) -> Quoted:
    """Draws of the five figures of some ledgers beside the reference.

    Args:
        links: of all of them.
        planned: by name.
        reference: what flows today; None: nobody knows.
    """
    over = networks(links, planned, reference, lambda setting: (headline(setting),))
    parts = [over.figures(delta)[0] for delta in chunks(over)]
    count = sum(len(next(iter(part.values()))) for part in parts)
    found: dict[tuple[str, str], Floats] = {}
    for name in over.planned:
        values, reasons = np.concatenate([part[name] for part in parts]), over.unknown(name)
        found |= {(name, row.key): values[:, at] for at, (_, row) in enumerate(over.rows) if not reasons[at]}
    return Quoted(found, count)


def chunks(over: Networks) -> Iterator[Floats]:
    """The draws of `ranges`, of very large networks fewer, as many at once as are held: (draws, inputs) each."""
    options = RangesOptions()
    count = max(FEWEST, min(options.draws, _WORK // max(len(over.at.arc), 1)))
    delta = deviations(over.found.inputs, latin(count, len(over.found), np.random.default_rng(options.seed)))
    size = chunk(over)
    for start in range(0, count, size):
        yield delta[start : start + size]


def with_ranges(assessment: Assessment, draws: Quoted) -> Assessment:
    """An assessment whose five figures have the mean and the range of the draws.

    Args:
        assessment: with the figures as stated.
        draws: of its networks, named proven and potential.
    """
    proven, potential = _figures(assessment.proven, draws, _PROVEN), _figures(assessment.potential, draws, _POTENTIAL)
    table = assessment.headline.copy()
    for column, network, less in ((_PROVEN, _PROVEN, ""), (_POTENTIAL, _POTENTIAL, _PROVEN), ("total", _POTENTIAL, "")):
        ends = [draws.of(str(figure), network, less) for figure in table["figure"]]
        for at, end in enumerate(("mean", "low", "high")):
            table[f"{column}_{end}"] = [each[at] for each in ends]
    table = table.assign(alarm=over_claimed(table["figure"], table["total"], table["total_low"], table["total_high"]), draws=draws.count)
    return evolve(assessment, headline=table, proven=proven, potential=potential)


def _figures(found: Figures, draws: Quoted, network: str) -> Figures:
    ends = [draws.of(str(figure), network) for figure in found.headline["figure"]]
    columns = {end: [each[at] for each in ends] for at, end in enumerate(("mean", "low", "high"))}
    table = found.headline.assign(**columns)
    return evolve(found, headline=table.assign(alarm=over_claimed(table["figure"], table["value"], table["low"], table["high"])))
