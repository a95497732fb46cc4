"""A solution told as tables: what moved, who says what, which balance was open, who is suspect."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sivuvirta.domain.reconciliations import ReconcileOptions, Reconciliation
from sivuvirta.errors import SolverError
from sivuvirta.ledger.reconcile.book import Assembly, Balance, Quantity, Statement
from sivuvirta.ledger.reconcile.problem import problem
from sivuvirta.ledger.reconcile.solver import Kind, Solution, solve
from sivuvirta.ledger.reconcile.suspects import Suspect, global_test, suspects
from sivuvirta.ledger.reconcile.system import Floats
from sivuvirta.ledger.reconcile.widening import Widening, widening

_APART = 1e-9  # of the largest term: below it a gap is rounding
_Z = 1.645  # standard deviations to the 5 and 95 % points
_QUANTITIES = [
    *("name", "label", "kind", "origin", "destination", "unit", "statements", "measured", "sigma", "reconciled", "sd", "low", "high"),
    *("moved", "moved_sigma", "known", "bounded", "suspect", "grade", "sources", "chosen", "widened", "contradicted"),
]
_STATEMENTS = [
    *("name", "value", "sigma", "how", "weight", "reconciled", "residual", "residual_sigma", "score", "suspect", "grade", "source", "note"),
]
_BALANCES = ["balance", "title", "component", "unit", "terms", "before", "before_sigma", "after", "relative", "grade", "source"]
_SUSPECTS = ["order", "name", "value", "source", "score", "critical", "others_say", "statistic", "freedom", "probability", "alike"]


def reconciled(
    assembly: Assembly, options: ReconcileOptions, name: str, vintage: str | None = None, notes: Mapping[str, str] | None = None
) -> Reconciliation:
    """Reconcile a book and tell what came out.

    Args:
        assembly: the book and its system.
        options: what is asked for.
        name: of the region or system.
        vintage: of the region.
        notes: remarks by topic.

    Raises:
        SolverError: exact figures contradict each other, or nothing settles.
    """
    _exact(assembly)
    solution = solve(assembly.system)
    test = global_test(solution, options.level)
    found = suspects(assembly.system, solution, options.level, options.suspects)
    wider = widening(assembly, solution, options.level)
    return Reconciliation(
        name=name,
        vintage=vintage,
        quantities=_quantities(assembly, wider, found),
        statements=_statements(assembly, (solution, wider.solution), found),
        balances=_balances(assembly, wider.solution),
        suspects=_suspects(assembly, found),
        statistic=test.statistic,
        freedom=test.freedom,
        critical=test.critical,
        probability=test.probability,
        level=options.level,
        steps=solution.steps,
        notes=dict(notes or {}),
        problem=problem(assembly),
    )


def _exact(assembly: Assembly) -> None:
    """Balances of figures that are all exact hold.

    Raises:
        SolverError: some do not; it names each with what is missing.
    """
    system, book = assembly.system, assembly.book
    place = assembly.position
    wrong = []
    for balance in book.balances:
        parts = [[place[name] for name in (term.name, term.factor) if name] for term in balance.terms]
        if not all(system.exact[at] for part in parts for at in part):
            continue
        terms = [term.coefficient * float(np.prod(system.value[part])) for term, part in zip(balance.terms, parts, strict=True)]
        gap = sum(terms) - balance.right
        if abs(gap) > _APART * max(map(abs, (*terms, balance.right))):
            names = ", ".join(dict.fromkeys(book.quantities[term.name].label for term in balance.terms))
            wrong.append(f"{balance.title} ({names}): {gap:+g} {balance.unit}".rstrip())
    if wrong:
        raise SolverError(
            f"Figures that are given as exact contradict each other in {'; '.join(wrong)}. Give at least one of them a standard deviation."
        )


def _said(assembly: Assembly) -> dict[str, list[Statement]]:
    said: dict[str, list[Statement]] = {}
    for statement in assembly.book.statements:
        said.setdefault(statement.name, []).append(statement)
    return said


def _mean(statements: list[Statement]) -> tuple[float, float]:
    """Mean by precision and its standard deviation; exact ones alone where there are some."""
    if not statements:
        return np.nan, np.nan
    exact = [statement.value for statement in statements if statement.sd == 0]
    if exact:
        return float(np.mean(exact)), 0.0
    weight = np.array([statement.sd**-2 for statement in statements])
    return float(weight @ [statement.value for statement in statements] / weight.sum()), float(weight.sum() ** -0.5)


def _kind(statements: list[Statement], solution: Solution, variable: int) -> Kind:
    """Several statements check one another."""
    if len(statements) > 1:
        return Kind.EXACT if all(statement.sd == 0 for statement in statements) else Kind.REDUNDANT
    return Kind(solution.kind[variable])


def _quantities(assembly: Assembly, wider: Widening, found: tuple[Suspect, ...]) -> pd.DataFrame:
    solution, said, accused = wider.solution, _said(assembly), {suspect.variable for suspect in found}
    blamed = {statement.name for statement, seat in zip(assembly.book.statements, assembly.observed, strict=True) if seat in accused}
    rows = []
    for quantity in assembly.book.quantities.values():
        variable, statements = assembly.position[quantity.name], said.get(quantity.name, [])
        mean, sigma = _mean(statements)
        kind = _kind(statements, solution, variable)
        x, sd = float(solution.x[variable]), wider.everywhere(kind) * float(solution.sd[variable])
        moved = x - mean
        rows.append(
            _head(quantity)
            | {
                "statements": len(statements),
                "measured": mean,
                "sigma": sigma,
                "reconciled": x,
                "sd": sd,
                "low": max(x - _Z * sd, quantity.lower),
                "high": min(x + _Z * sd, quantity.upper),
                "moved": moved,
                "moved_sigma": moved / sigma if sigma > 0 else (0.0 if moved == 0 else np.nan),
                "known": kind.words,
                "bounded": bool(solution.bounded[variable]),
                "suspect": quantity.name in blamed,
                "grade": max((statement.grade for statement in statements), default=""),
                "sources": "; ".join(dict.fromkeys(statement.source for statement in statements if statement.source)),
                "chosen": quantity.chosen,
                **dict(zip(("widened", "contradicted"), wider.told(quantity.name, kind), strict=True)),
            }
        )
    return pd.DataFrame(rows, columns=_QUANTITIES)


def _head(quantity: Quantity) -> dict[str, object]:
    return {name: getattr(quantity, name) for name in ("name", "label", "kind", "origin", "destination", "unit")}


def _statements(assembly: Assembly, solutions: tuple[Solution, Solution], found: tuple[Suspect, ...]) -> pd.DataFrame:
    """What was said, scored with deviations as stated, beside what came out with those that contradictions widen."""
    stated, solution = solutions
    said, accused = _said(assembly), {suspect.variable for suspect in found}
    rows = []
    for statement, seat in zip(assembly.book.statements, assembly.observed, strict=True):
        x = float(solution.x[assembly.position[statement.name]])
        _, sigma = _mean(said[statement.name])
        residual = statement.value - x
        rows.append(
            {
                "name": statement.name,
                "value": statement.value,
                "sigma": statement.sd,
                "how": statement.how,
                "weight": (sigma / statement.sd) ** 2 if statement.sd > 0 else 1.0,
                "reconciled": x,
                "residual": residual,
                "residual_sigma": residual / statement.sd if statement.sd > 0 else 0.0,
                "score": float(stated.score[seat]),
                "suspect": seat in accused,
                "grade": statement.grade,
                "source": statement.source,
                "note": statement.note,
            }
        )
    return pd.DataFrame(rows, columns=_STATEMENTS)


def _balances(assembly: Assembly, solution: Solution) -> pd.DataFrame:
    said = _said(assembly)
    mean = {name: _mean(said.get(name, [])) for name in assembly.book.quantities}
    rows = []
    for balance in assembly.book.balances:
        if balance.hidden:
            continue
        before, spread = _open(balance, mean)
        after, size = _closed(balance, assembly.position, solution.x)
        rows.append(
            {
                "balance": balance.name,
                "title": balance.title,
                "component": balance.component,
                "unit": balance.unit,
                "terms": len(balance.terms),
                "before": before,
                "before_sigma": before / spread if spread > 0 else np.nan,
                "after": after,
                "relative": after / size if size > 0 else 0.0,
                "grade": balance.grade,
                "source": balance.source,
            }
        )
    return pd.DataFrame(rows, columns=_BALANCES)


def _open(balance: Balance, mean: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    """Imbalance of what was measured and its standard deviation, to first order; NaN where a term was not measured."""
    total, variance = -balance.right, 0.0
    for term in balance.terms:
        (x, sd), (factor, factor_sd) = mean[term.name], mean[term.factor] if term.factor else (1.0, 0.0)
        total += term.coefficient * x * factor
        variance += term.coefficient**2 * ((sd * factor) ** 2 + (x * factor_sd) ** 2)
    return total, float(np.sqrt(variance))


def _closed(balance: Balance, position: Mapping[str, int], x: Floats) -> tuple[float, float]:
    terms = [term.coefficient * x[position[term.name]] * (x[position[term.factor]] if term.factor else 1.0) for term in balance.terms]
    return float(sum(terms) - balance.right), float(sum(abs(term) for term in terms) / 2.0)


def _suspects(assembly: Assembly, found: tuple[Suspect, ...]) -> pd.DataFrame:
    by_seat = {seat: statement for statement, seat in zip(assembly.book.statements, assembly.observed, strict=True)}
    rows = [
        {
            "order": number,
            "name": by_seat[suspect.variable].name,
            "value": by_seat[suspect.variable].value,
            "source": by_seat[suspect.variable].source,
            "score": suspect.score,
            "critical": suspect.critical,
            "others_say": suspect.without,
            "statistic": suspect.left.statistic,
            "freedom": suspect.left.freedom,
            "probability": suspect.left.probability,
            "alike": "; ".join(_called(by_seat[seat]) for seat in suspect.alike),
        }
        for number, suspect in enumerate(found, 1)
    ]
    return pd.DataFrame(rows, columns=_SUSPECTS)


def _called(statement: Statement) -> str:
    return f"{statement.name} ({statement.source})" if statement.source else statement.name
