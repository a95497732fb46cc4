"""Tasks: one program with what draws change in it, as plain arrays that any process can take."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from attrs import fields, frozen
from scipy.sparse import csr_array

from sivuvirta.domain.links import Floats, Ints
from sivuvirta.lp.entries import Entries
from sivuvirta.lp.program import Arrays, Bounds, Program


@frozen(eq=False)
class Linear:
    """Figures that move with the inputs: base + effect · delta. Shape (figures,) and (figures, inputs)."""

    base: Floats
    effect: Any

    def at(self, delta: Floats) -> Floats:
        """Figures of a draw, shape (inputs,) -> (figures,)."""
        return np.asarray(self.base + self.effect @ delta)


@frozen(eq=False)
class Today:
    """Today's flows, which a draw changes as well. Money is flow times cost, both of the draw."""

    flow: Linear  # units a year of each arc that carries something
    money: Linear  # EUR per unit there
    carbon: Linear  # kg CO2e per unit
    fixed: float  # EUR/a of what stands

    def cost(self, delta: Floats) -> float:
        """EUR/a."""
        return float(self.flow.at(delta) @ self.money.at(delta)) + self.fixed

    def emissions(self, delta: Floats) -> float:
        """Kg CO2e/a."""
        return float(self.flow.at(delta) @ self.carbon.at(delta))


@frozen(eq=False)
class Task:
    """A program and everything that a draw changes in it."""

    arrays: Arrays
    upper: Mapping[str, Floats]  # of the columns, by evidence
    objective: Linear  # of the columns
    money: Linear  # EUR/a per unit of each column
    carbon: Linear  # kg CO2e/a
    rows: Ints  # whose limits move
    least: Linear
    most: Linear
    entry: tuple[Ints, Ints]  # rows and columns of the matrix that move
    value: Linear
    today: Today
    builds: Ints  # columns of what is built, and how large
    implied: Ints  # rows that follow from the others where builds are whole
    structures: Mapping[str, tuple[Floats, ...]]  # values of `builds` that are tried, by evidence; the plan's own first
    time_limit: float
    gap: float
    origin: Floats  # draw from whose basis all others start, shape (inputs,)
    start: str = "warm"  # or fresh

    def digest(self) -> str:
        """Hash of everything, for what is found again later."""
        total = hashlib.sha256()
        for part in _leaves(self):
            total.update(part)
        return total.hexdigest()


def assembled(arrays: Arrays) -> Program:
    """A program of these arrays, without names: blocks of whole and of other columns in their order, one family of rows."""
    program = Program("ensemble")
    whole = arrays.integer.astype(bool)
    edges = np.concatenate([[0], np.flatnonzero(np.diff(whole)) + 1, [len(whole)]]).tolist()
    for start, end in pairwise(edges):
        part = slice(start, end)
        bounds = Bounds(arrays.lower[part], arrays.upper[part], bool(whole[start]) if end > start else False, arrays.sizes[part])
        program.block(f"x{start}", end - start, arrays.cost[part], bounds)
    program.rows("rows", Entries(arrays.start, arrays.column, arrays.value), arrays.row_lower, arrays.row_upper)
    return program


def _leaves(value: Any) -> Any:
    """Bytes of all that a record holds, in order."""
    if isinstance(value, np.ndarray):
        yield np.ascontiguousarray(value).tobytes()
    elif isinstance(value, csr_array):
        for part in (value.indptr, value.indices, value.data):
            yield np.ascontiguousarray(part).tobytes()
    elif isinstance(value, Mapping):
        for key in sorted(value):
            yield str(key).encode()
            yield from _leaves(value[key])
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from _leaves(part)
    elif hasattr(type(value), "__attrs_attrs__"):
        for each in fields(type(value)):
            yield from _leaves(getattr(value, each.name))
    else:
        yield repr(value).encode()
