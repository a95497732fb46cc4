"""Labels: how far routes of several steps have come, and those that have reached a need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from attrs import evolve, fields, frozen, has

from sivuvirta.domain.links import Codes, Floats, Ints
from sivuvirta.links.codes import Mask
from sivuvirta.match.subjects import Streams

Hashes = npt.NDArray[np.uint64]

Record = TypeVar("Record")


def taken(record: Record, rows: Any) -> Record:
    """The rows of a record of columns, of those of its records too."""
    columns = {each.name: getattr(record, each.name) for each in fields(type(record))}  # type: ignore[arg-type]
    return type(record)(**{name: taken(column, rows) if has(type(column)) else column[rows] for name, column in columns.items()})


def joined(records: Sequence[Record]) -> Record:
    """Records one after another."""
    first = records[0]
    names = [each.name for each in fields(type(first))]  # type: ignore[arg-type]
    columns = {name: [getattr(record, name) for record in records] for name in names}
    return type(first)(**{name: joined(parts) if has(type(parts[0])) else np.concatenate(parts) for name, parts in columns.items()})


@frozen(eq=False)
class Said:
    """Verdict so far, what it rests on, and how well that is known. Shape (rows,)."""

    verdict: Codes
    cause: Codes
    grade: Codes
    lawful: Floats  # units of the stream a year beyond which no legal path is open with as little doubt, inf where not limited


@frozen(eq=False)
class Contents:
    """What is known of the material at hand. Shape (rows, figures) unless said."""

    low: Floats  # as an upper limit's figure, as in `Evidence`
    high: Floats
    grade: Codes
    failed: Mask  # (rows, limits) it failed before a plant that cannot help it
    firm: Codes  # (rows,) bits of the statuses whose limits that no blend may meet still hold
    whole: Codes  # (rows,) bits of the statuses of which all limits still hold


@frozen(eq=False)
class Money:
    """Worth so far, without today's fate. Shape (rows,) unless said; column 0 is EUR, column 1 kg CO2e saved."""

    value: Floats  # (rows, 2) per unit of stream
    variance: Floats  # (rows, 2)
    amount: Floats  # units at hand per unit of stream, with what reagents add
    own: Floats  # units of the stream's own


@frozen(eq=False)
class Path:
    """The way so far, one column a step; -1 and NaN in columns that are not reached. Shape (rows, steps)."""

    arc: Ints  # row of links.arcs: into each plant
    output: Ints  # row of works.outputs: out of it
    plant: Ints  # row of works
    value: Floats  # EUR so far after each step
    saved: Floats  # kg CO2e so far
    amount: Floats  # units at hand after each step
    swing: Floats  # standard deviation of that amount from the step's own yield


@frozen(eq=False)
class Labels:
    """Material on its way, after some plants. Shape (labels,)."""

    stream: Ints  # row of links.nodes
    output: Ints  # row of works.outputs at hand, -1 before the first plant
    code: Hashes  # of the set of plants passed
    made: Mask  # some plant has made it: it is what the plant promises
    thing: Streams  # the material at hand, as if it were a stream
    contents: Contents
    said: Said
    money: Money
    path: Path
    km: Floats

    def __len__(self) -> int:
        return len(self.stream)

    def take(self, rows: Any) -> Labels:
        """The labels of a mask or of positions."""
        return taken(self, rows)


@frozen(eq=False)
class Found:
    """Routes of several steps that reached a need. Shape (routes,)."""

    stream: Ints
    need: Ints
    last: Ints  # row of links.arcs: out of the last plant to the need
    code: Hashes
    said: Said
    limit: Ints  # row of table `limits`, -1 where none decides
    value: Floats  # in the limit's own direction
    bound: Floats
    money: Money  # whole, without today's fate; amounts as they reach the need
    path: Path
    km: Floats

    def __len__(self) -> int:
        return len(self.stream)

    def take(self, rows: Any) -> Found:
        """The routes of a mask or of positions."""
        return taken(self, rows)


def no_path(count: int, steps: int) -> Path:
    """Ways that have not begun."""
    none, nothing = np.full((count, steps), -1, dtype=np.int32), np.full((count, steps), np.nan)
    return Path(none, none.copy(), none.copy(), nothing, nothing.copy(), nothing.copy(), nothing.copy())


def later(path: Path, at: int, **columns: Any) -> Path:
    """The ways with one more step, written into column `at`."""
    result = {name: getattr(path, name).copy() for name in columns}
    for name, column in columns.items():
        result[name][:, at] = column
    return evolve(path, **result)
