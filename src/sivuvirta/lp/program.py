"""Program: blocks of columns and families of rows, by name, before any solver sees them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import numpy as np
import numpy.typing as npt
from attrs import evolve, field, frozen

from sivuvirta.errors import ShapeError
from sivuvirta.lp.entries import Entries, Floats, Ints, Term, gather

Label = Callable[[int], str]
"""Name of the n-th member of a block or family; made only when somebody reads it."""


def _numbered(position: int) -> str:
    return str(position)


@frozen(eq=False)
class Bounds:
    """What a block's columns may be: limits, whether whole numbers, and the size they typically have (for scaling)."""

    lower: npt.ArrayLike = 0.0
    upper: npt.ArrayLike = np.inf
    integer: bool = False
    size: npt.ArrayLike = 1.0


@frozen(eq=False)
class Block:
    """A named range of columns."""

    name: str
    start: int
    count: int
    label: Label = field(default=_numbered, repr=False)
    part: str = ""  # of the program it belongs to, "" for what belongs to the whole

    @property
    def columns(self) -> Ints:
        """Positions in the program, shape (count,)."""
        return np.arange(self.start, self.start + self.count, dtype=np.int32)

    def of(self, values: Floats) -> Floats:
        """This block's part of an array over all columns."""
        return values[self.start : self.start + self.count]

    def text(self, position: int) -> str:
        """Full name of a column, for example "size(kiln)"; in a part "size(2030,kiln)"."""
        return _text(self, position)


@frozen(eq=False)
class Rows:
    """A named family of rows."""

    name: str
    start: int
    entries: Entries
    lower: Floats
    upper: Floats
    label: Label = field(default=_numbered, repr=False)
    part: str = ""  # of the program it belongs to, "" for what belongs to the whole

    @property
    def count(self) -> int:
        """Number of rows."""
        return len(self.lower)

    @property
    def positions(self) -> Ints:
        """Positions in the program, shape (count,)."""
        return np.arange(self.start, self.start + self.count, dtype=np.int32)

    def of(self, values: Floats) -> Floats:
        """This family's part of an array over all rows."""
        return values[self.start : self.start + self.count]

    def text(self, position: int) -> str:
        """Full name of a row, for example "supply(gld)"; in a part "supply(2030,gld)"."""
        return _text(self, position)


@frozen(eq=False)
class Part:
    """A program inside another one: where its columns and rows are. Positions of the part are those it had alone."""

    name: str
    column: int
    columns: int
    row: int
    rows: int

    def of(self, values: Floats) -> Floats:
        """This part's piece of an array over all columns."""
        return values[self.column : self.column + self.columns]

    def of_rows(self, values: Floats) -> Floats:
        """This part's piece of an array over all rows."""
        return values[self.row : self.row + self.rows]


@frozen(eq=False)
class Arrays:
    """A whole program as arrays: the matrix by rows, columns, bounds. `sizes` is the typical size of each column."""

    start: Ints
    column: Ints
    value: Floats
    row_lower: Floats
    row_upper: Floats
    cost: Floats
    lower: Floats
    upper: Floats
    integer: npt.NDArray[np.int32]
    sizes: Floats


class Program:
    """Minimise cost over named blocks of columns, subject to named families of rows.

    >>> import numpy as np
    >>> from sivuvirta.lp.entries import Term, gather
    >>> program = Program("diet")
    >>> food = program.block("food", 2, cost=[3.0, 2.0])
    >>> rows = program.rows("protein", gather(1, Term(np.zeros(2, int), food.columns, np.array([2.0, 1.0]))), lower=4.0)
    >>> program.shape
    (1, 2)
    """

    def __init__(self, name: str = "program") -> None:
        self.name = name
        self.blocks: list[Block] = []
        self.families: list[Rows] = []
        self.parts: list[Part] = []
        self._columns: list[list[Floats]] = []
        self._integer: list[bool] = []
        self._cost: Floats | None = None

    def copy(self) -> Program:
        """The same program, to which blocks and rows may be added without touching this one."""
        twin = Program(self.name)
        twin.blocks, twin.families = list(self.blocks), list(self.families)
        twin._columns, twin._integer, twin._cost = list(self._columns), list(self._integer), self._cost
        return twin

    def rebounded(self, columns: Ints, lower: Floats, upper: Floats) -> Program:
        """A copy in which some columns have other bounds.

        Args:
            columns: positions in the program.
            lower: least value of each, shape (columns,).
            upper: largest value of each.
        """
        twin, arrays = self.copy(), self.arrays()
        arrays.lower[columns], arrays.upper[columns] = lower, upper
        twin._columns = [
            [old[0], block.of(arrays.lower), block.of(arrays.upper), old[3]] for block, old in zip(self.blocks, self._columns, strict=True)
        ]
        return twin

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and of columns."""
        return sum(family.count for family in self.families), sum(block.count for block in self.blocks)

    def block(self, name: str, count: int, cost: npt.ArrayLike = 0.0, bounds: Bounds | None = None, label: Label = _numbered) -> Block:
        """Adds columns, by default continuous ones from 0 up.

        Raises:
            ShapeError: an array has another length than `count`.
        """
        bounds = bounds or Bounds()
        block = Block(name, self.shape[1], count, label)
        self._columns.append([_filled(name, count, values) for values in (cost, bounds.lower, bounds.upper, bounds.size)])
        self._integer.append(bounds.integer)
        self.blocks.append(block)
        return block

    def minimise(self, cost: Floats) -> None:
        """Gives every column its cost, instead of those that the blocks were made with.

        Raises:
            ShapeError: there is not one cost a column.
        """
        self._cost = _filled("cost", self.shape[1], cost)

    def rows(
        self, name: str, entries: Entries, lower: npt.ArrayLike = -np.inf, upper: npt.ArrayLike = np.inf, label: Label = _numbered
    ) -> Rows:
        """Adds rows lower <= entries · columns <= upper.

        Raises:
            ShapeError: a bound has another length than the entries have rows.
        """
        bounds = [_filled(name, len(entries), values) for values in (lower, upper)]
        family = Rows(name, self.shape[0], entries, bounds[0], bounds[1], label)
        self.families.append(family)
        return family

    def bound(self, name: str, lower: npt.ArrayLike, upper: npt.ArrayLike) -> Rows:
        """Gives the rows of a family other bounds.

        Raises:
            KeyError: the program has no such family.
            ShapeError: a bound has another length than the family.
        """
        place = self.families.index(self.family(name))
        bounds = [_filled(name, self.families[place].count, values) for values in (lower, upper)]
        self.families[place] = evolve(self.families[place], lower=bounds[0], upper=bounds[1])
        return self.families[place]

    def add(self, name: str, program: Program, joined: Mapping[str, Term] | None = None, relaxed: Collection[str] = ()) -> Part:
        """Adds a whole program as a part, beside what is there: its blocks and families, with its costs, bear the part's name.

        Args:
            name: of the part; not in use yet, nor empty.
            program: what is added; stays as it is.
            joined: more entries of its families, by name: row in the family, column of this program, value.
            relaxed: names of its blocks whose whole numbers may be any between their bounds.

        Raises:
            ShapeError: the name is empty or in use.
            KeyError: it has no family of a name in `joined`.
        """
        if not name or any(part.name == name for part in self.parts):
            raise ShapeError(f"A part of a program needs a name of its own, not '{name}'.")
        rows, columns = self.shape
        more = dict(joined or {})
        costs = program.arrays().cost
        for block, values, integer in zip(program.blocks, program._columns, program._integer, strict=True):
            self.blocks.append(evolve(block, start=block.start + columns, part=name))
            self._columns.append([block.of(costs), *values[1:]])
            self._integer.append(integer and block.name not in relaxed)
        for family in program.families:
            entries = _moved(family.entries, columns, more.pop(family.name, None))
            self.families.append(evolve(family, start=family.start + rows, entries=entries, part=name))
        if more:
            raise KeyError(next(iter(more)))
        part = Part(name, columns, program.shape[1], rows, program.shape[0])
        self.parts.append(part)
        return part

    def family(self, name: str, part: str = "") -> Rows:
        """The family of that name, in a part or of the whole.

        Raises:
            KeyError: the program has none.
        """
        for family in self.families:
            if family.name == name and family.part == part:
                return family
        raise KeyError(name)

    def find(self, row: int) -> tuple[Rows, int]:
        """Family of a row, and its position there."""
        for family in self.families:
            if row < family.start + family.count:
                return family, row - family.start
        raise IndexError(row)

    def arrays(self) -> Arrays:
        """Everything as arrays. Families are emitted in row order, so joining them end to end gives the matrix by rows."""
        parts = [family.entries for family in self.families]
        columns = [_joined([column[position] for column in self._columns]) for position in range(4)]
        whole = [np.full(block.count, int(integer), np.int32) for block, integer in zip(self.blocks, self._integer, strict=True)]
        return Arrays(
            start=_starts(parts),
            column=np.concatenate([part.column for part in parts] or [np.zeros(0, np.int32)]),
            value=_joined([part.value for part in parts]),
            row_lower=_joined([family.lower for family in self.families]),
            row_upper=_joined([family.upper for family in self.families]),
            cost=self._costs(columns[0]),
            lower=columns[1],
            upper=columns[2],
            integer=np.concatenate(whole or [np.zeros(0, np.int32)]),
            sizes=columns[3],
        )

    def _costs(self, made_with: Floats) -> Floats:
        """Costs that were given last; blocks added since keep those that they were made with."""
        given = np.zeros(0) if self._cost is None else self._cost
        return np.concatenate([given, made_with[len(given) :]])


def _text(one: Block | Rows, position: int) -> str:
    label = one.label(position)
    return f"{one.name}({one.part},{label})" if one.part else f"{one.name}({label})"


def _moved(entries: Entries, columns: int, more: Term | None) -> Entries:
    """Entries behind some columns, with more of them."""
    moved = entries.column + np.int32(columns)
    if more is None:
        return Entries(entries.start, moved, entries.value)
    return gather(len(entries), Term(entries.row(), moved, entries.value), more)


def _joined(parts: list[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.zeros(0)


def _starts(parts: list[Entries]) -> Ints:
    starts, offset = [np.zeros(1, np.int32)], 0
    for part in parts:
        starts.append(part.start[1:] + np.int32(offset))
        offset += len(part.column)
    return np.concatenate(starts)


def _filled(name: str, count: int, values: npt.ArrayLike) -> Floats:
    array = np.asarray(values, dtype=float)
    if array.ndim == 0:
        return np.full(count, float(array))
    if array.shape != (count,):
        raise ShapeError(f"'{name}' has {count} members, but was given an array of shape {array.shape}.")
    return array
