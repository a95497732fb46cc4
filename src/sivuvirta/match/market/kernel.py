"""Kernel: the verdict of every direct pair, compiled. The one module of this room that needs numba.

Arithmetic is that of `verdicts.alone` and `screening.decided`, one pair at a time; laws hold both to the same answers. A pair is looked at
once: its distance; what its kinds settle (law, hazard, season, class); temperature, moisture and grain where a need asks for them; and each
limit that holds. Where all is well known and read the largest excess decides, which is quick; else every limit is judged by itself. Where
two limits come so close that rounding would choose, the sum that `decided` writes is done in its own order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

from sivuvirta.domain.links import Codes, Flags, Floats, Ints

Function = TypeVar("Function", bound=Callable[..., Any])

Place = np.uint64
Places = npt.NDArray[np.uint64]
Said = tuple[np.int64, int, int, bool]
"""Position of the limit that decides, -1 where none holds; its verdict; the best that a blend could make of it; whether one could."""

Counts = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint8]
Figures = npt.NDArray[np.uint32]

LIKELY, UNKNOWN, FAIL = 2, 3, 4  # of Verdict
BEST_BLEND = 1
GOOD, ASSUMED = 1, 3  # grades B and D
RANKS = 8  # checks that may decide; rank 0, the limits, is named first
FITS = (4, 5, 6)  # ranks of temperature, moisture and grain

STRONG, WEAK, NOT_KNOWN = 0.0, 4.0, 9.0
"""How well a figure is known: grade A or B, grade C or D, not at all."""

VERIFIED, OPEN, LEACHING, TOTAL = 1, 2, 4, 8
"""Bits of a limit: it was read; a blend may meet it; it is of leaching; of total content. Four more are the statuses it holds for."""

NEVER = 100.0  # step of a limit that no blend may meet
TEST = (-4.0, -2.0, -3.0, -1.0)  # which missing figure is asked for first, by the bits LEACHING and TOTAL; below every excess of a range
MET = (NEVER, NEVER, 4.0, 2.0)  # best step that a blend makes of a limit, by its bits VERIFIED and OPEN

STATUS_BIT = 16
CLOSED = 1 << 16  # bit beside a stream's status: it enters no blend

PLAIN, ALL_OPEN, ASKS = 1, 2, 4
"""Bits of a need: its limits were read, hold for every status and are all open to blends or none; all are; it asks for a fit."""

HIGH, BEYOND, KNOWN = range(3)
"""Columns of what is known: u; u of a good figure, else l, -inf where unknown; STRONG | WEAK | NOT_KNOWN."""

BOUND, SCALE, INVERSE = range(3)
FIGURE, FLAGS = range(2)

CLEAR = 1e4  # excess beyond which the quick sum does not tell limits apart
CLASS = 1e5  # weight of one class of verdict in the quick sum
NOWHERE = np.int64(-1)
MOST = 1e300


class Points(NamedTuple):
    """Points of the unit sphere and their sites. Shape (n,)."""

    x: Floats
    y: Floats
    z: Floats
    location: Ints


class Near(NamedTuple):
    """Runs of members near each stream, as in `Runs`."""

    start: Counts
    begin: Places
    end: Places
    reach: float  # square of the chord; infinite where there is no radius


class Given(NamedTuple):
    """What is known of streams. Shape (streams,) unless said."""

    at: Points
    kind: Ints  # row of the table of kinds
    status: Figures  # bit of its legal status
    hazardous: Flags
    known: Floats  # (streams, figures, 3): HIGH u, infinite where unknown; BEYOND: above a limit it fails; KNOWN: how well
    grade: Codes  # (streams, figures) D where unknown
    fit: Floats  # (streams, 3, 3): temperature, moisture, grain as upper limits see them: low, high, grade


class Asked(NamedTuple):
    """What needs ask. Members are needs by what they take: shape (members,). Limits stand need by need: shape (demanded,)."""

    at: Points
    need: Ints  # (members,)
    kind: Ints  # (members,) column of the table of kinds
    start: Places  # (needs,) first limit of each
    stop: Places  # (needs,)
    bits: Bits  # (needs,) PLAIN | ALL_OPEN | ASKS
    fit: Floats  # (needs, 3) bounds, NaN where not asked
    terms: Floats  # (demanded, 3): BOUND L; SCALE |L|, 1 where that is 0; INVERSE 1 / scale
    codes: Figures  # (demanded, 2): FIGURE, FLAGS
    grade: Codes
    row: Ints  # of table `limits`


class Settled(NamedTuple):
    """What is known of pairs before they are judged."""

    table: Ints  # (stream kinds, member kinds) worst verdict with its check and grade, and the worst grade of all, packed
    causes: Codes  # (RANKS + 1,) Cause of each rank, and of none
    start: Counts  # (streams,) where the pairs of each are written


class Found(NamedTuple):
    """Pairs. Shape (pairs,)."""

    need: Ints
    verdict: Codes
    cause: Codes
    grade: Codes
    reach: Codes  # best verdict that a blend could give
    blend: Flags  # it breaks a limit that a blend may meet
    limit: Ints  # row of table `limits`, -1 where none decides


def _compiled(function: Function) -> Function:
    """The function compiled, kept on disk for the next process where a place for that can be written to.

    Numba keeps it beside this file or in the user's folder for caches; `NUMBA_CACHE_DIR` names another place. A closed installation that
    has neither compiles anew in each process, some seconds.
    """
    try:
        return cast("Function", numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:  # numba found no place to keep it
        return cast("Function", numba.njit(nogil=True)(function))


@_compiled
def counted(ends: Points, others: Points, near: Near, rows: Counts, count: Counts) -> None:
    """How many members lie near each of some streams; writes `count[stream]`."""
    start, begin, end, reach = near.start, near.begin, near.end, near.reach
    x, y, z, site = ends.x, ends.y, ends.z, ends.location
    ox, oy, oz, place = others.x, others.y, others.z, others.location
    for i in rows:
        total = 0
        located = x[i] == x[i]
        for run in range(start[i], start[i + 1]):
            if reach == np.inf:
                total += end[run] - begin[run]
            elif located:
                for j in range(begin[run], end[run]):
                    gx, gy, gz = x[i] - ox[j], y[i] - oy[j], z[i] - oz[j]
                    total += int(gx * gx + gy * gy + gz * gz <= reach)
            else:
                for j in range(begin[run], end[run]):
                    total += int(site[i] >= 0 and site[i] == place[j])
        count[i] = total


@_compiled
def judged(given: Given, asked: Asked, near: Near, settled: Settled, rows: Counts, found: Found) -> None:  # noqa: C901, PLR0915
    """Judge the pairs of some streams; writes those of stream i from `settled.start[i]` on, in the order of members.

    The limit of the largest excess decides where every figure is well known, every limit was read and no two tie. That is sought here, for
    a call costs as much as the search. Any other pair goes to `_careful`.
    """
    x, y, z, site = given.at.x, given.at.y, given.at.z, given.at.location
    ox, oy, oz, place = asked.at.x, asked.at.y, asked.at.z, asked.at.location
    needs, kinds, bits, first, last = asked.need, asked.kind, asked.bits, asked.start, asked.stop
    table, causes, start, terms, codes = settled.table, settled.causes, settled.start, asked.terms, asked.codes
    limit_grade, limit_row = asked.grade, asked.row
    runs, begin, end, reach = near.start, near.begin, near.end, near.reach
    need_of, verdict_of, cause_of, grade_of, reach_of, blend_of, limit_of = found
    for i in rows:
        at, kind, own, grades, hazardous = start[i], given.kind[i], given.known[i], given.grade[i], given.hazardous[i]
        held = given.status[i] | (CLOSED if hazardous else 0)
        here = site[i] if np.isnan(x[i]) else -1
        for run in range(runs[i], runs[i + 1]):
            for j in range(begin[run], end[run]):
                gx, gy, gz = x[i] - ox[j], y[i] - oy[j], z[i] - oz[j]
                if not (reach == np.inf or gx * gx + gy * gy + gz * gz <= reach or (here >= 0 and here == place[j])):
                    continue
                need = needs[j]
                bit, low, stop = bits[need], first[need], last[need]
                best, second, limit = -np.inf, -np.inf, NOWHERE
                if bit & PLAIN:
                    for k in range(low, stop):
                        q = codes[k, FIGURE]
                        if own[q, KNOWN] != STRONG:
                            best = second
                            break
                        excess = (own[q, HIGH] - terms[k, BOUND]) * terms[k, INVERSE]
                        second = max(second, min(best, excess))
                        if excess > best:
                            best, limit = excess, np.int64(k)
                cell, passing = table[kind, kinds[j]] & 255, table[kind, kinds[j]] >> 8
                if bit & ASKS:
                    cell, passing = _fitted(given.fit[i], asked.fit[need], cell, passing)
                said, lifted, blend = 0, 0, False
                if best - second > 1e-9 * (1.0 + best * best):
                    said = FAIL if best > 0.0 else 0
                    blend = best > 0.0 and (bit & ALL_OPEN) != 0 and not hazardous
                    lifted = BEST_BLEND if blend else said
                elif low < stop:
                    limit, said, lifted, blend = _careful(own, codes, terms, (low, stop), held)
                lifted = max(lifted, cell >> 5)
                if limit >= 0:
                    grade = max(grades[codes[limit, FIGURE]], limit_grade[limit])
                    cell, passing = max(cell, _packed(said, 0, grade)), max(passing, grade)
                verdict = cell >> 5
                rank = RANKS - 1 - ((cell >> 2) & 7) if verdict else RANKS
                need_of[at] = need
                verdict_of[at] = verdict
                cause_of[at] = causes[rank]
                grade_of[at] = cell & 3 if verdict else passing
                reach_of[at] = lifted
                blend_of[at] = blend
                limit_of[at] = limit_row[limit] if rank == 0 else -1
                at += 1


@_compiled
def _packed(verdict: int, rank: int, grade: int) -> int:
    """A number that is larger for a worse verdict, and of equal verdicts for the check that is named first."""
    return ((verdict * RANKS + RANKS - 1 - rank) << 2) + grade


@_compiled
def _careful(own: Floats, codes: Figures, terms: Floats, span: tuple[Place, Place], held: int) -> Said:
    """The limit that decides, its verdict, the best that a blend could make of it, and whether a limit is broken that a blend may meet.

    Verdicts are counted in steps of a half: 0 pass, 2 blend, 4 likely, 6 unknown, 8 fail, 9 fail of a limit that was read.
    """
    best, second, chosen, reach, lifted = -1.0, -1.0, NOWHERE, 0.0, 0.0
    closed = NEVER if held & CLOSED else 0.0
    for k in range(span[0], span[1]):
        q, flag = codes[k, FIGURE], codes[k, FLAGS]
        if (flag & held) == 0:
            continue
        high, known = own[q, HIGH], own[q, KNOWN]
        step = _step(high, own[q, BEYOND], known, terms[k, BOUND], flag & VERIFIED)
        met = max(known, MET[flag & 3]) + closed
        reach = max(reach, min(step, met))
        lifted = max(lifted, step - met)
        excess = max(min((high - terms[k, BOUND]) * terms[k, INVERSE], CLEAR), -CLEAR)
        score = step * CLASS + (TEST[(flag >> 2) & 3] if known == NOT_KNOWN else excess)
        second = max(second, min(best, score))
        if chosen < 0 or score > best:
            best, chosen = score, np.int64(k)
    step = np.floor(best / CLASS + 0.5)
    close = best - second <= 1e-6 or abs(best - step * CLASS) > CLEAR - 1.0
    if close and chosen >= 0 and own[codes[chosen, FIGURE], KNOWN] != NOT_KNOWN:
        chosen = _exactly(own, codes, terms, span, held)
    return chosen, int(step) >> 1, int(reach) >> 1, lifted > 0.0


@_compiled
def _step(high: float, beyond: float, known: float, bound: float, read: int) -> float:
    """The verdict of `alone` in steps of a half."""
    if high <= bound:
        return max(known, 0.0 if read else WEAK)
    return 8.0 + read if beyond > bound else 6.0


@_compiled
def _exactly(own: Floats, codes: Figures, terms: Floats, span: tuple[Place, Place], held: int) -> np.int64:
    """The limit that decides by the sum of `screening.decided`, in the same order of operations."""
    best, chosen = -1.0, NOWHERE
    for k in range(span[0], span[1]):
        q, flag = codes[k, FIGURE], codes[k, FLAGS]
        if (flag & held) == 0:
            continue
        high, known = own[q, HIGH], own[q, KNOWN]
        if known == NOT_KNOWN:
            share = -1.0 + 0.02 * ((flag & LEACHING) != 0) + 0.01 * ((flag & TOTAL) != 0)
        else:
            excess = max(min((high - terms[k, BOUND]) / terms[k, SCALE], MOST), -MOST)
            share = excess / (1.0 + abs(excess))
        step = int(_step(high, own[q, BEYOND], known, terms[k, BOUND], flag & VERIFIED))
        weight = (step >> 1) + 0.5 * (step & 1) + 0.249 * (share + 1.0)
        if weight > best:
            best, chosen = weight, np.int64(k)
    return chosen


@_compiled
def _fitted(own: Floats, bounds: Floats, cell: int, passing: int) -> tuple[int, int]:
    """What temperature, moisture and grain add: the worst so far, and the worst grade."""
    for q in range(3):
        bound = bounds[q]
        if not np.isnan(bound):
            low, high, graded = own[q, 0], own[q, 1], int(own[q, 2])
            grade = ASSUMED if np.isnan(high) else graded
            if high <= bound:
                verdict = 0 if graded <= GOOD else LIKELY
            else:
                verdict = FAIL if low > bound or (graded <= GOOD and high > bound) else UNKNOWN
            cell = max(cell, _packed(verdict, FITS[q], grade))
            passing = max(passing, grade)
    return cell, passing
