"""Cost curves of candidate plants: the segments between which a plan may choose a size."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.links import Floats, Works
from sivuvirta.errors import ShapeError
from sivuvirta.plan.program.candidates import Candidates, Index

_SAME = 1e-9  # relative: neighbouring segments of one slope are one


@frozen(eq=False)
class Segments:
    """Straight pieces of the investment curves of those plants that have more than one. Shape (segments,)."""

    candidate: Index  # position in Curves.plant
    low: Floats  # smallest size of the piece
    high: Floats
    intercept: Floats  # EUR of investment at size 0 of the straight line
    slope: Floats  # EUR of investment per unit of size


@frozen(eq=False)
class Curves:
    """Candidate plants of a plan with what size may cost. Shape (candidates,) but for `segments`."""

    plant: Index  # position in Candidates.plants
    work: Index  # row of works
    size_min: Floats
    size_max: Floats
    intercept: Floats  # EUR of investment if built, for plants with one piece; 0 for those with segments
    slope: Floats  # EUR of investment per unit of size, likewise
    segments: Segments


def curves(found: Candidates) -> Curves:
    r"""Investment as straight pieces, from the points of each plant's curve, cut off at the largest size that its inputs could fill.

    .. math:: capex(z) = \alpha_k + \beta_k z \quad \text{for } c_k \le z \le c_{k+1}

    Raises:
        ShapeError: a plant may be built, but its curve has unknown points; links give no size to such a plant.
    """
    works = found.links.works
    plant = np.flatnonzero(works.candidate[found.plants]).astype(np.int32)
    return curves_of(works, plant, found.plants[plant], found.activity_most[plant])


def curves_of(works: Works, plant: Index, work: Index, most: Floats) -> Curves:
    """The same of chosen plants.

    Args:
        works: all plants.
        plant: number that each goes by, shape (candidates,).
        work: row of works of each.
        most: what each could use at most, in units of activity a year.

    Raises:
        ShapeError: as for `curves`.
    """
    size_min = np.nan_to_num(works.size_min[work])
    size_max = np.maximum(size_min, np.fmin(works.size_max[work], most))
    single = np.zeros((len(plant), 2))
    pieces: list[tuple[int, float, float, float, float]] = []
    for position, row in enumerate(work):
        lines = _lines(works, int(row), float(size_min[position]), float(size_max[position]))
        if len(lines) == 1:
            single[position] = lines[0][2:]
        else:
            pieces += [(position, *line) for line in lines]
    table = np.array(pieces, dtype=float).reshape(len(pieces), 5)
    segments = Segments(table[:, 0].astype(np.int32), table[:, 1], table[:, 2], table[:, 3], table[:, 4])
    return Curves(plant, work, size_min, size_max, single[:, 0], single[:, 1], segments)


def _lines(works: Works, row: int, size_min: float, size_max: float) -> list[tuple[float, float, float, float]]:
    """Pieces (low, high, intercept, slope) of one plant's curve; one of zeros where its cost is given outright, or it cannot be built."""
    sizes, capex = works.curve_size[row], works.curve_capex[row]
    known = np.isfinite(sizes) & np.isfinite(capex)
    if size_max > 0 and not known.all():
        raise ShapeError(f"A candidate plant of technology '{works.technology[row]}' may be built, but its cost curve has unknown points.")
    sizes, capex = sizes[known], capex[known]
    lines: list[tuple[float, float, float, float]] = []
    for low, high, start, end in zip(sizes[:-1], sizes[1:], capex[:-1], capex[1:], strict=True):
        if high <= low or (lines and low >= size_max):
            continue
        slope = (end - start) / (high - low)
        if lines and abs(lines[-1][3] - slope) <= _SAME * abs(slope):
            lines[-1] = (lines[-1][0], float(high), lines[-1][2], lines[-1][3])
        else:
            lines.append((float(low), float(high), float(start - slope * low), float(slope)))
    if not lines:
        return [(size_min, size_max, float(capex[0]) if len(capex) else 0.0, 0.0)]
    first, last = lines[0], lines[-1]
    lines[0] = (min(first[0], size_min), *first[1:])
    lines[-1] = (lines[-1][0], max(size_max, lines[-1][0]), *last[2:])
    return lines
