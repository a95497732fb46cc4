"""Files: a program written in MPS or LP format, which every solver reads, with names that say what rows and columns are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import highspy
import numpy as np
from scipy.sparse import csc_array, csr_array

from sivuvirta.errors import SolverError
from sivuvirta.lp.model import Model
from sivuvirta.lp.program import Arrays, Block, Program, Rows

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.(),")
_LONGEST = 200  # signs; readers of LP files stop at 255
_COMMENT = {"mps": "*", "lp": "\\"}


def write_mps(program: Program, path: str | Path, notes: Sequence[str] = (), state: Model | None = None) -> Path:
    """Writes a program in free MPS format.

    Figures have the 15 digits that an MPS file has, so that a solver that reads it finds the same optimum. Rows and columns have the names
    of their families and blocks, for example "supply(gld)", with signs that some solver could not read replaced by "_".

    Args:
        program: what to write.
        path: the file; written anew where it is there.
        notes: lines of comment for its head, for example the units.
        state: the program in a solver, where bounds, limits, costs, offset, whole numbers and added rows as they stand there are meant;
            None for what the program was made with.

    Returns:
        The path.

    Raises:
        SolverError: the program has a NaN in it.
        OSError: the file cannot be written.
    """
    return _write(program, Path(path), "mps", notes, state)


def write_lp(program: Program, path: str | Path, notes: Sequence[str] = (), state: Model | None = None) -> Path:
    """Writes a program in LP format: as `write_mps`, for people to read too.

    Raises:
        SolverError: the program has a NaN in it.
        OSError: the file cannot be written.
    """
    return _write(program, Path(path), "lp", notes, state)


def column_names(program: Program) -> list[str]:
    """Names of the columns as files have them: plain signs, no two alike."""
    return _names(program.blocks)


def row_names(program: Program) -> list[str]:
    """Names of the rows as files have them: plain signs, no two alike."""
    return _names(program.families)


def _names(parts: Sequence[Block] | Sequence[Rows]) -> list[str]:
    """Names of all members; one that would come again gets a number behind it."""
    names: list[str] = []
    taken: set[str] = set()
    for part in parts:
        for position in range(part.count):
            name = _unlike(_plain(part.name, part.label, position), position, taken)
            taken.add(name)
            names.append(name)
    return names


def _plain(name: str, label: Callable[[int], str], position: int) -> str:
    text = "".join(sign if sign in _PLAIN else "_" for sign in f"{name}({label(position)})")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]})"


def _unlike(name: str, position: int, taken: set[str]) -> str:
    number, wanted = position, name
    while wanted in taken:
        wanted, number = f"{name}_{number}", number + 1
    return wanted


def _write(program: Program, path: Path, kind: str, notes: Sequence[str], state: Model | None) -> Path:
    arrays, offset = program.arrays(), 0.0
    now = arrays if state is None else state.arrays
    if any(np.isnan(values).any() for values in (arrays.value, now.cost, now.lower, now.upper, now.row_lower, now.row_upper)):
        raise SolverError(f"Program '{program.name}' has a NaN in it and cannot be written to {path}.")
    if state is not None:
        offset = state.offset
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.passModel(_highs(program, arrays, now, offset))
    if state is not None:
        _add_changes(highs, state)
    with TemporaryDirectory() as folder:
        bare = Path(folder) / f"program.{kind}"
        if highs.writeModel(str(bare)) == highspy.HighsStatus.kError:
            raise SolverError(f"HiGHS could not write program '{program.name}' to {path}.")
        told = [f"{program.name}; minimise; rows {program.shape[0]}, columns {program.shape[1]}", *notes]
        head = "".join(f"{_COMMENT[kind]} {' '.join(line.split())}\n" for line in told)
        path.write_text(head + bare.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def _add_changes(highs: Any, state: Model) -> None:
    """Rows that were added to a program in a solver, and whole numbers that need not be whole there."""
    own, there = state.program.shape[0], state.highs.getLp()
    for number in range(own, own + state.cuts):
        _, columns, values = state.highs.getRowEntries(number)
        columns = np.asarray(columns, dtype=np.int32)
        factors = np.asarray(values) / state.scale.column[columns]
        highs.addRow(there.row_lower_[number], there.row_upper_[number], len(columns), columns, factors)
        highs.passRowName(number, f"added({number - own})")
    kinds = list(there.integrality_)
    loose = [column for column in state.integers.tolist() if not kinds or kinds[column] == highspy.HighsVarType.kContinuous]
    for column in loose:
        highs.changeColIntegrality(column, highspy.HighsVarType.kContinuous)


def _highs(program: Program, arrays: Arrays, now: Arrays, offset: float) -> Any:
    """The program for HiGHS, unscaled and with names."""
    rows, columns = program.shape
    matrix = csc_array(csr_array((arrays.value, arrays.column, arrays.start), shape=(rows, columns)))
    lp: Any = highspy.HighsLp()
    lp.model_name_ = "program"
    lp.num_row_, lp.num_col_, lp.offset_ = rows, columns, offset
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = now.cost, now.lower, now.upper
    lp.row_lower_, lp.row_upper_ = now.row_lower, now.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    lp.integrality_ = [highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous for whole in now.integer]
    lp.col_names_, lp.row_names_ = column_names(program), row_names(program)
    return lp
