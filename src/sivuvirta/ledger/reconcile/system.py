"""The system that is reconciled: variables, what was measured of them, and the equations between them. No word of the domain in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from attrs import evolve, field, frozen
from scipy.sparse import csr_array

from sivuvirta.errors import ShapeError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int8]


@frozen(eq=False)
class Products:
    """Bilinear terms: coefficient times two variables, added to a row. Shape (terms,)."""

    row: Ints
    first: Ints
    second: Ints
    coefficient: Floats


def no_products() -> Products:
    """No bilinear term: a linear system."""
    none = np.zeros(0, dtype=np.int64)
    return Products(none, none, none, np.zeros(0))


@frozen(eq=False)
class System:
    r"""Equations that the true values obey, and what was measured.

    .. math:: \sum_j A_{ij} x_j + \sum_t c_t x_{f(t)} x_{s(t)} = b_i

    Shape (variables,) or (rows,). A variable with `sd` NaN was not measured, with `sd` 0 it is known exactly.
    """

    matrix: csr_array  # A, (rows, variables)
    rhs: Floats  # b, (rows,)
    value: Floats  # measured value; of what was not measured, where the search starts
    sd: Floats  # standard deviation; NaN: not measured; 0: exact
    scale: Floats  # size of each variable, above 0, for numbers of like size in the solver
    lower: Floats  # -inf where there is none
    upper: Floats  # inf where there is none
    products: Products = field(factory=no_products)
    correlated: tuple[tuple[int, int, float], ...] = ()  # pairs of measured variables with their coefficient of correlation

    def __attrs_post_init__(self) -> None:
        rows, variables = self.matrix.shape
        lengths = {"rhs": (self.rhs, rows)} | {
            name: (getattr(self, name), variables) for name in ("value", "sd", "scale", "lower", "upper")
        }
        wrong = {name: len(array) for name, (array, length) in lengths.items() if len(array) != length}
        if wrong:
            raise ShapeError(f"A system of {rows} rows and {variables} variables cannot have {wrong}.")

    @property
    def measured(self) -> Flags:
        """Which variables were measured with an error. Shape (variables,)."""
        return np.asarray(self.sd > 0)

    @property
    def exact(self) -> Flags:
        """Which variables are known exactly. Shape (variables,)."""
        return np.asarray(self.sd == 0)

    def without(self, variable: int) -> System:
        """The same system as if one variable had not been measured."""
        sd = self.sd.copy()
        sd[variable] = np.nan
        kept = tuple(pair for pair in self.correlated if variable not in pair[:2])
        return evolve(self, sd=sd, correlated=kept)

    def residual(self, x: Floats) -> Floats:
        """Left side less right side of each row at x. Shape (rows,)."""
        terms = self.products
        bilinear = np.bincount(terms.row, weights=terms.coefficient * x[terms.first] * x[terms.second], minlength=len(self.rhs))
        return np.asarray(self.matrix @ x + bilinear[: len(self.rhs)] - self.rhs)

    def linearised(self, x: Floats) -> tuple[csr_array, Floats]:
        r"""Jacobian J at x and the right side d of J x' = d, the equations to first order about x.

        .. math:: J(x) x' = J(x) x - r(x)
        """
        terms = self.products
        if len(terms.row) == 0:
            return self.matrix, self.rhs
        row, column = np.concatenate([terms.row, terms.row]), np.concatenate([terms.first, terms.second])
        entry = np.concatenate([terms.coefficient * x[terms.second], terms.coefficient * x[terms.first]])
        jacobian = csr_array(self.matrix + csr_array((entry, (row, column)), shape=self.matrix.shape))
        return jacobian, np.asarray(jacobian @ x - self.residual(x))


def system(
    rows: Sequence[Sequence[float]], value: Sequence[float], sd: Sequence[float], *, lower: float = 0.0, rhs: Sequence[float] | None = None
) -> System:
    """A small linear system from plain lists, as textbooks write it.

    Args:
        rows: coefficients, a list an equation.
        value: measured values, NaN where there is none.
        sd: standard deviations, NaN where nothing was measured.
        lower: least value of every variable.
        rhs: right sides; 0 without them.
    """
    matrix = csr_array(np.array(rows, dtype=np.float64))
    values, deviations = np.array(value, dtype=np.float64), np.array(sd, dtype=np.float64)
    known = np.abs(values[np.isfinite(values) & (values != 0)])
    typical = float(np.median(known)) if len(known) else 1.0
    start = np.where(np.isfinite(values), values, typical)
    count = matrix.shape[1]
    return System(
        matrix=matrix,
        rhs=np.zeros(matrix.shape[0]) if rhs is None else np.array(rhs, dtype=np.float64),
        value=start,
        sd=deviations,
        scale=np.maximum(np.abs(start), np.nan_to_num(deviations)).clip(min=1e-9 * typical),
        lower=np.full(count, lower),
        upper=np.full(count, np.inf),
    )
