r"""Reconciliation of a system: successive linearisation of its bilinear terms, bounds by an active set, classes of its variables.

Bilinear terms are developed about the last solution and the linear problem is solved anew with the measurements as they were, until
nothing moves: a fixed point fulfils the equations and the conditions of the least squares (Cencic 2016, from memory).
A variable beyond its bound is held there, and released when it would rather move inside: all of them at once as long as fewer are wrong
each time, then one by one (Portugal, Judice and Vicente 1994, from memory).
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from attrs import frozen
from scipy.sparse import csr_array, diags_array

from sivuvirta.errors import SolverError
from sivuvirta.ledger.reconcile.linear import Draft, Problem, draft
from sivuvirta.ledger.reconcile.system import Codes, Flags, Floats, System
from sivuvirta.ledger.reconcile.variances import Fit, fit

_STILL = 1e-11  # relative movement at which the linearisation has converged
_NEARLY = 1e-8  # relative movement at which it has, if the equations hold too
_CLOSED = 1e-9  # relative imbalance at which it has converged
_STEPS = 100
_BEYOND = 1e-9  # by how much a bound may be missed, of the variable's size
_ROUNDS = 200
_PATIENCE = 5  # rounds in which no fewer variables are at the wrong side of a bound, before they change one by one


class Kind(IntEnum):
    """What measurements say of a variable."""

    REDUNDANT = 0  # measured, and checked by others
    JUST_DETERMINED = 1  # measured, and nothing checks it
    DETERMINABLE = 2  # not measured, follows from measurements
    UNDETERMINED = 3  # not measured, and nothing says it
    EXACT = 4  # given without an error

    @property
    def words(self) -> str:
        """The kind as people read it."""
        return _WORDS[self]


_WORDS = {
    Kind.REDUNDANT: "measured, checked",
    Kind.JUST_DETERMINED: "measured, not checked",
    Kind.DETERMINABLE: "computed",
    Kind.UNDETERMINED: "unknown",
    Kind.EXACT: "exact",
}


@frozen(eq=False)
class Solution:
    """Reconciled values. Shape (variables,) unless said."""

    x: Floats  # NaN where undetermined
    sd: Floats  # posterior standard deviation; NaN where undetermined, 0 at a bound
    kind: Codes  # Kind
    bounded: Flags  # held at a bound
    score: Floats  # adjustment over its standard deviation; NaN where it cannot be checked
    cost: float  # sum of squared adjustments, in standard deviations
    freedom: int  # independent checks
    steps: int  # linearisations
    multiplier: Floats  # (rows,)


def solve(system: System, like: Solution | None = None) -> Solution:
    """Reconcile a system.

    Args:
        system: what to reconcile.
        like: solution of a like system, with whose measurements at a bound the search begins.

    Raises:
        SolverError: exact figures contradict each other, or the linearisation does not settle.
    """
    held = _begun(system, like)
    let_go: set[int] = set()
    fewest, patience = len(system.value) + 1, _PATIENCE
    for _ in range(_ROUNDS):
        x, found, steps = _settled(system, held)
        beyond, pulling = _outside(system, x, found, held), _pulling(system, x, found, held)
        wrong = len(beyond) + len(pulling)
        fewest, patience = (wrong, _PATIENCE) if wrong < fewest else (fewest, patience - 1)
        if patience < 0:
            pulling = [] if beyond else [variable for variable in pulling if variable not in let_go][:1]
            let_go.update(pulling)
        if not beyond and not pulling:
            return _solution(system, held, (x, fit(found), steps))
        held = {variable: bound for variable, bound in held.items() if variable not in pulling} | beyond
    raise SolverError("The bounds of the reconciliation do not settle. Look for figures that cannot be, such as negative amounts.")


def _begun(system: System, like: Solution | None) -> dict[int, float]:
    """Measurements at a bound in another solution; what was not measured is held only once this system says so."""
    if like is None:
        return {}
    return {int(variable): float(like.x[variable]) for variable in np.flatnonzero(like.bounded & system.measured)}


def _settled(system: System, held: dict[int, float]) -> tuple[Floats, Draft, int]:
    """Linear problems until nothing moves."""
    x = system.value.copy()
    for variable, bound in held.items():
        x[variable] = bound
    if len(system.products.row) == 0:
        found = draft(_problem(system, x, held))
        return found.x * system.scale, found, 1
    for within in (False, True):
        settled = _iterated(system, x, held, within=within)
        if settled is not None:
            return settled
    raise SolverError(
        "The products of amounts and contents do not settle. Give contents and amounts that are known a value of the right size, or fewer "
        "unknowns in one balance."
    )


def _iterated(system: System, x: Floats, held: dict[int, float], *, within: bool) -> tuple[Floats, Draft, int] | None:
    """Linearisations from x on until nothing moves; None if they swing. `within` develops the products inside the bounds only."""
    for step in range(1, _STEPS + 1):
        point = np.clip(x, system.lower, system.upper) if within else x
        new = draft(_problem(system, point, held)).x * system.scale
        moved = float((np.abs(new - x) / system.scale).max(initial=0.0))
        x = new
        if moved < _STILL or (moved < _NEARLY and _imbalance(system, x) < _CLOSED):
            found = draft(_problem(system, np.clip(x, system.lower, system.upper) if within else x, held))
            return found.x * system.scale, found, step
    return None


def _problem(system: System, x: Floats, held: dict[int, float]) -> Problem:
    """The equations about x in scaled variables, with the measurements as they were."""
    jacobian, rhs = system.linearised(x)
    scale = diags_array(system.scale)
    constant = system.exact
    constant[list(held)] = True
    measured = system.measured & ~constant
    value = np.where(measured | system.exact, system.value, x)
    value[list(held)] = list(held.values())
    return Problem(
        matrix=csr_array(jacobian @ scale),
        rhs=rhs,
        value=value / system.scale,
        covariance=_covariance(system, measured),
        measured=measured,
        constant=constant,
    )


def _covariance(system: System, measured: Flags) -> csr_array:
    """Covariance of the measurements, scaled."""
    sd = np.where(measured, system.sd, 0.0) / system.scale
    row = np.arange(len(sd))
    entries, rows, columns = [sd**2], [row], [row]
    for first, second, coefficient in system.correlated:
        both = np.array([coefficient * sd[first] * sd[second]] * 2)
        entries.append(both)
        rows.append(np.array([first, second]))
        columns.append(np.array([second, first]))
    shape = (len(sd), len(sd))
    found = csr_array((np.concatenate(entries), (np.concatenate(rows), np.concatenate(columns))), shape=shape)
    found.eliminate_zeros()
    return found


def _imbalance(system: System, x: Floats) -> float:
    """Largest imbalance of a row, over the size of its terms."""
    terms = system.products
    size = np.asarray(abs(system.matrix) @ np.abs(x)) + np.abs(system.rhs)
    size += np.bincount(terms.row, weights=np.abs(terms.coefficient * x[terms.first] * x[terms.second]), minlength=len(size))
    return float((np.abs(system.residual(x)) / np.maximum(size, np.finfo(float).tiny)).max(initial=0.0))


def _outside(system: System, x: Floats, found: Draft, held: dict[int, float]) -> dict[int, float]:
    """Variables beyond a bound, with the bound."""
    said = system.measured | found.determined()
    slack = _BEYOND * system.scale
    below = np.flatnonzero(said & (x < system.lower - slack))
    above = np.flatnonzero(said & (x > system.upper + slack))
    new = {int(variable): float(system.lower[variable]) for variable in below}
    new |= {int(variable): float(system.upper[variable]) for variable in above}
    return {variable: bound for variable, bound in new.items() if variable not in held}


def _pulling(system: System, x: Floats, found: Draft, held: dict[int, float]) -> list[int]:
    """Held variables that would rather move inside, the strongest first."""
    if not held:
        return []
    jacobian, _ = system.linearised(x)
    slope = np.asarray(jacobian.T @ found.multiplier) * system.scale
    measured = system.measured
    own = np.zeros(len(x))
    own[measured] = (x[measured] - system.value[measured]) * system.scale[measured] / system.sd[measured] ** 2
    inward = {
        variable: float(slope[variable] + own[variable]) * (1 if bound == system.lower[variable] else -1)
        for variable, bound in held.items()
    }
    return sorted((variable for variable, pull in inward.items() if pull < -1e-9), key=lambda variable: inward[variable])


def _solution(system: System, held: dict[int, float], settled: tuple[Floats, Fit, int]) -> Solution:
    x, found, steps = settled
    bounded = np.zeros(len(x), dtype=bool)
    bounded[list(held)] = True
    kind = np.full(len(x), Kind.UNDETERMINED, dtype=np.int8)
    kind[found.determined] = Kind.DETERMINABLE
    kind[bounded & ~system.measured] = Kind.DETERMINABLE
    kind[system.measured] = Kind.JUST_DETERMINED
    kind[found.redundant | (bounded & system.measured)] = Kind.REDUNDANT
    kind[system.exact] = Kind.EXACT
    unknown = kind == Kind.UNDETERMINED
    sd = np.sqrt(np.where(unknown, np.nan, found.variance)) * system.scale
    own = np.flatnonzero(bounded & system.measured)
    misses = ((x[own] - system.value[own]) / system.sd[own]) ** 2
    return Solution(
        x=np.where(unknown, np.nan, x),
        sd=sd,
        kind=kind,
        bounded=bounded,
        score=_score(system, x, found),
        cost=found.cost + float(misses.sum()) if len(system.products.row) == 0 else _cost(system, x),
        freedom=found.rank + len(own),
        steps=steps,
        multiplier=found.multiplier,
    )


def _cost(system: System, x: Floats) -> float:
    """Sum of squared adjustments; pairs that are correlated count with their covariance."""
    measured = np.flatnonzero(system.measured)
    away = (x[measured] - system.value[measured]) / system.scale[measured]
    if not system.correlated:
        return float(((x[measured] - system.value[measured]) ** 2 / system.sd[measured] ** 2).sum())
    covariance = _covariance(system, system.measured)[measured][:, measured]
    return float(away @ np.linalg.solve(covariance.toarray(), away))


def _score(system: System, x: Floats, found: Fit) -> Floats:
    r"""Adjustment over its standard deviation: (y - x) / sqrt(diag(S - S')). Shape (variables,)."""
    spread = np.sqrt(np.maximum(found.moved, 0.0)) * system.scale
    seen = system.measured & (spread > 1e-7 * np.nan_to_num(system.sd)) & found.redundant
    score: Floats = np.divide(system.value - x, spread, out=np.full(len(x), np.nan), where=seen)
    return score
