"""Seconds to reconcile a network of flows, everything included: elimination, posterior uncertainties, classes, scores, one round of tests.

python -m bench.reconcile             a Markdown table
python -m bench.reconcile --json      the figures
"""

from __future__ import annotations

import json
import resource
import sys
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from attrs import evolve
from scipy.sparse import csr_array
from scipy.sparse.linalg import lsqr

from sivuvirta.ledger.reconcile.book import Balance, Book, Quantity, Statement, Term, assemble
from sivuvirta.ledger.reconcile.solver import solve
from sivuvirta.ledger.reconcile.suspects import global_test, suspects
from sivuvirta.ledger.reconcile.system import System

SIZES = ((1000, 200), (10_000, 2000))  # flows, balances
SHARES = (0.6, 0.8, 1.0)  # of the flows that are measured
TIMES = 3


def network(flows: int, nodes: int, share: float, seed: int = 0) -> System:
    """Flows between nodes and the outside that balance, a share of them measured with 5 %."""
    random = np.random.default_rng(seed)
    origin, destination = random.integers(-1, nodes, flows), random.integers(-1, nodes, flows)
    origin[origin == destination] = -1
    parts = [(end, np.flatnonzero(end >= 0), sign) for end, sign in ((origin, -1.0), (destination, 1.0))]
    row = np.concatenate([end[at] for end, at, _ in parts])
    column = np.concatenate([at for _, at, _ in parts])
    entry = np.concatenate([np.full(len(at), sign) for _, at, sign in parts])
    matrix = csr_array((entry, (row, column)), shape=(nodes, flows))
    true = np.exp(random.normal(5, 1, flows))
    true = true - lsqr(matrix, matrix @ true, atol=1e-14, btol=1e-14)[0]
    sd = np.where(random.random(flows) < share, np.abs(true) * 0.05 + 1.0, np.nan)
    value = np.where(np.isnan(sd), np.median(np.abs(true)), true + np.nan_to_num(sd) * random.normal(size=flows))
    free = np.full(flows, np.inf)
    return System(matrix, np.zeros(nodes), value, sd, np.maximum(np.abs(value), 1.0), -free, free)


def bound(system: System) -> System:
    """The same where no flow may be below 0, though up to half of what the measurements say is: a hard case for the search for bounds."""
    return evolve(system, lower=np.zeros(len(system.value)))


def layered(flows: int, nodes: int, seed: int = 0) -> System:
    """The same with one substance: its content of every other flow measured, so that balances are bilinear."""
    plain = network(flows, nodes, 0.8, seed)
    random, book = np.random.default_rng(seed + 1), Book()
    node = [f"n{row}" for row in range(nodes)]
    balances: dict[str, list[Term]] = {name: [] for name in node}
    columns = plain.matrix.tocoo()
    for row, column, entry in zip(columns.row.tolist(), columns.col.tolist(), columns.data.tolist(), strict=True):
        balances[node[row]].append(Term(entry, f"f{column}"))
    for flow in range(flows):
        book.add(Quantity(f"f{flow}", "", "flow", "t", lower=-np.inf))
        book.add(Quantity(f"c{flow}", "", "content", "1", lower=-np.inf, start=0.1))
        if plain.sd[flow] > 0:
            book.state(Statement(f"f{flow}", float(plain.value[flow]), float(plain.sd[flow])))
        if flow % 2 == 0:
            book.state(Statement(f"c{flow}", float(0.1 + 0.005 * random.normal()), 0.005))
    for name, terms in balances.items():
        book.balance(Balance(name, "", tuple(terms)))
        book.balance(Balance(f"{name}:s", "", tuple(Term(term.coefficient, term.name, f"c{term.name[1:]}") for term in terms)))
    return assemble(book).system


def measured(system: System) -> dict[str, Any]:
    """Seconds, median of a few, and what came out."""
    spent = []
    for _ in range(TIMES):
        began = perf_counter()
        found = solve(system)
        suspects(system, found, 0.05, 1)
        spent.append(perf_counter() - began)
    test = global_test(found, 0.05)
    return {
        "seconds": median(spent),
        "checked": int((found.kind == 0).sum()),
        "computed": int((found.kind == 2).sum()),
        "checks": test.freedom,
        "steps": found.steps,
        "MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def figures() -> list[dict[str, Any]]:
    """Every size and share, linear; the largest with bounds too, the smaller ones with a substance."""
    sizes = [(flows, nodes, share) for flows, nodes in SIZES for share in SHARES]
    linear = [{**_size(flows, nodes, share, "linear"), **measured(network(flows, nodes, share))} for flows, nodes, share in sizes]
    bounded = [{**_size(*size, "linear, none below 0"), **measured(bound(network(*size)))} for size in sizes if size[0] == SIZES[-1][0]]
    pairs = ((1000, 200), (5000, 1000))
    return linear + bounded + [{**_size(flows, 2 * nodes, 0.8, "bilinear"), **measured(layered(flows, nodes))} for flows, nodes in pairs]


def _size(flows: int, balances: int, share: float, terms: str) -> dict[str, Any]:
    return {"flows": flows, "balances": balances, "measured": share, "terms": terms}


def section() -> str:
    """The part of the page."""
    head = ["flows", "balances", "measured", "terms", "checked", "computed", "independent checks", "steps", "seconds", "peak memory, MB"]
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for row in figures():
        cells = [f"{row['flows']:,}", f"{row['balances']:,}", f"{row['measured']:.0%}", row["terms"]]
        cells += [
            f"{row['checked']:,}",
            f"{row['computed']:,}",
            f"{row['checks']:,}",
            str(row["steps"]),
            f"{row['seconds']:.2f}",
            f"{row['MB']:.0f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    intro = (
        "Written by `python -m bench.reconcile`: random networks, errors of 5 %; values, posterior uncertainties of all flows, classes, "
        "scores and one round of tests for suspects. Target: 10,000 flows and 2,000 balances under 5 s.\n"
    )
    return "\n".join(["## Reconciliation\n", intro, *lines, ""])


if __name__ == "__main__":
    sys.stdout.write(json.dumps(figures()) + "\n" if "--json" in sys.argv else section())
