"""Leontief: coefficients, inverse and multipliers of an input-output table, open and closed for households."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.inputoutput import InputOutput
from sivuvirta.domain.links import Floats
from sivuvirta.domain.words import shortened
from sivuvirta.errors import ShapeError

_SHOWN = 8


@frozen(eq=False)
class Multipliers:
    """Of one account or of output, per unit of spending on each sector. Shape (sectors,)."""

    direct: Floats
    type1: Floats
    type2: Floats  # NaN where the table is not closed


def coefficients(flows: Floats, output: Floats) -> Floats:
    r"""What a unit of output needs of each sector.

    .. math:: a_{ij} = z_{ij} / x_j    (A)

    A sector without output needs nothing.

    >>> coefficients(np.array([[150.0, 500.0], [200.0, 100.0]]), np.array([1000.0, 2000.0])).tolist()
    [[0.15, 0.25], [0.2, 0.05]]
    """
    return np.divide(flows, output[None, :], out=np.zeros_like(flows), where=output[None, :] > 0)


def inverse(coefficient: Floats) -> Floats:
    r"""Output of each sector that a unit of final demand takes, at all stages.

    .. math:: L = (I - A)^{-1} = I + A + A^2 + \dots, \qquad x = A x + y \iff x = L y    (A)

    Raises:
        ShapeError: no such output exists: some sectors need more than they make, directly or in a circle.
    """
    count = len(coefficient)
    root = float(np.abs(np.linalg.eigvals(coefficient)).max(initial=0.0))
    if root >= 1.0:
        raise ShapeError(
            f"The input-output table needs more than it makes: its largest root is {root:.3g}, and it has to be below 1. "
            "Check that flows hold what a column buys of a row, in the money of `output`."
        )
    return np.asarray(np.linalg.solve(np.eye(count) - coefficient, np.eye(count)), dtype=np.float64)


def closed(table: InputOutput) -> Floats:
    r"""Coefficients with households as one sector more: they sell work, and buy with what they take in.

    .. math:: \bar A = \begin{pmatrix} A & h / H \\ w / x & 0 \end{pmatrix}    (A)

    with h what households buy, H all that they take in (wages, and what they live on beside wages), w the wages of the
    sectors inside the area asked about.

    Args:
        table: which is closed.

    Returns:
        Shape (sectors + 1, sectors + 1).
    """
    count = len(table.sectors)
    found = np.zeros((count + 1, count + 1))
    found[:count, :count] = coefficients(table.flows, table.output)
    found[:count, count] = table.households / table.household_income
    found[count, :count] = np.where(table.inside, per_output(table, "income"), 0.0)
    return found


def per_output(table: InputOutput, account: str) -> Floats:
    """An account per million EUR of output; 0 where nothing is produced, NaN where the account is not known. Shape (sectors,)."""
    value = table.output if account == "output" else table.accounts[account]
    return np.divide(value, table.output, out=np.zeros(len(value)), where=table.output > 0)


def _check(table: InputOutput) -> None:
    """Says all at once what keeps a table from being solved; unknown is never 0."""
    names = table.sectors
    lacks = [f"flow from {names[i]} to {names[j]}" for i, j in np.argwhere(~np.isfinite(table.flows)).tolist()]
    lacks += [f"output of {names[each]}" for each in np.flatnonzero(~np.isfinite(table.output)).tolist()]
    if table.closed and not table.household_income > 0:
        lacks.append("household_income (NaN leaves the table open, above 0 closes it)")
    if lacks:
        shown = shortened(lacks, _SHOWN, "; ")
        raise ShapeError(f"The input-output table cannot be solved. Not known, or 0 where it has to be above: {shown}. State each of them.")


@frozen(eq=False)
class Solved:
    """A table with its inverses."""

    table: InputOutput
    open: Floats  # L, (sectors, sectors)
    closed: Floats  # its part of sectors in the inverse of the closed table, (sectors, sectors); NaN where it is not closed

    @classmethod
    def of(cls, table: InputOutput) -> Solved:
        """Both inverses of a table.

        Raises:
            ShapeError: a flow or an output is not known, households spend without taking anything in, or the table needs more than it
                makes.
        """
        _check(table)
        count = len(table.sectors)
        first = inverse(coefficients(table.flows, table.output))
        return cls(table, first, inverse(closed(table))[:count, :count] if table.closed else np.full((count, count), np.nan))

    def multipliers(self, account: str) -> Multipliers:
        r"""Direct, type I and type II multipliers.

        .. math:: m^0 = v, \quad m^I = v L, \quad m^{II} = v \bar L    (A)

        with v the account per unit of output of sectors inside the area asked about.
        """
        weight = np.where(self.table.inside, per_output(self.table, account), 0.0)
        return Multipliers(weight, weight @ self.open, weight @ self.closed)
