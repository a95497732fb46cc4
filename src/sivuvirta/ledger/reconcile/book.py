"""Quantities by name, statements about them and balances between them, put together as a system of numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from scipy.sparse import csr_array

from sivuvirta.errors import UnknownNameError
from sivuvirta.ledger.reconcile.system import Floats, Products, System

SPREAD = 3.29
"""Standard deviations between the 5 and the 95 % point of a normal distribution, 2 x 1.645."""


@frozen(eq=False)
class Quantity:
    """Something that has one true value."""

    name: str
    label: str
    kind: str  # flow, production, stock, content, factor, component
    unit: str
    origin: str = ""
    destination: str = ""
    lower: float = 0.0
    upper: float = math.inf
    start: float = math.nan  # where the search starts if nothing was measured
    chosen: float = math.nan  # the register's own figure
    layer: str = ""  # of a table of flows: quantities of one layer are of like size


@frozen(eq=False)
class Statement:
    """What one source says of one quantity."""

    name: str  # of the quantity
    value: float
    sd: float  # standard deviation; 0: exact
    how: str = "stated"  # range | stated | grade | exact: where the standard deviation comes from
    grade: str = ""
    source: str = ""
    note: str = ""


@frozen(eq=False)
class Term:
    """A term of a balance: coefficient x quantity, or coefficient x quantity x factor."""

    coefficient: float
    name: str
    factor: str = ""  # name of the quantity that it is multiplied with


@frozen(eq=False)
class Balance:
    """The terms of a balance add up to its right side."""

    name: str
    title: str
    terms: tuple[Term, ...]
    unit: str = ""
    component: str = ""
    right: float = 0.0
    grade: str = ""
    source: str = ""
    hidden: bool = False  # a definition, not a statement about the world: not told as a balance


@frozen(eq=False)
class Book:
    """Everything that is known. Names are unique; statements and balances name what is in `quantities`."""

    quantities: dict[str, Quantity] = field(factory=dict)
    statements: list[Statement] = field(factory=list)
    balances: list[Balance] = field(factory=list)

    def add(self, quantity: Quantity) -> str:
        """Adds a quantity unless it is there; its name."""
        self.quantities.setdefault(quantity.name, quantity)
        return quantity.name

    def state(self, statement: Statement) -> None:
        """Adds a statement.

        Raises:
            UnknownNameError: it is about nothing that was added.
        """
        self._known([statement.name])
        self.statements.append(statement)

    def balance(self, balance: Balance) -> None:
        """Adds a balance.

        Raises:
            UnknownNameError: a term is about nothing that was added.
        """
        self._known(name for term in balance.terms for name in (term.name, term.factor) if name)
        self.balances.append(balance)

    def _known(self, names: Iterable[str]) -> None:
        missing = sorted({name for name in names if name not in self.quantities})
        if missing:
            raise UnknownNameError(f"Nothing is called {', '.join(missing)}. Add it before it is stated or balanced.")


@frozen(eq=False)
class Assembly:
    """The system of a book, and where everything stands in it."""

    book: Book
    system: System
    position: Mapping[str, int]  # variable of each quantity
    observed: tuple[int, ...]  # variable that each statement measures: the quantity's own, or one for itself where there are several
    links: int  # rows at the end that tie variables of statements to their quantity


def spread(value: float, low: float, high: float, sd: float, share: float) -> tuple[float, str]:
    r"""Standard deviation of a figure, and where it comes from.

    .. math:: \sigma = (high - low) / 3.29    (L)

    Args:
        value: the figure.
        low: 5 % point, NaN if unknown.
        high: 95 % point.
        sd: stated standard deviation, NaN if there is none.
        share: coefficient of variation by evidence grade, the last resort.

    Returns:
        sigma and "range", "stated", "grade", or "exact" where it is 0.
    """
    if math.isfinite(low) and math.isfinite(high):
        found, how = (high - low) / SPREAD, "range"
    elif math.isfinite(sd):
        found, how = sd, "stated"
    else:
        found, how = abs(value) * share, "grade"
    return (found, how) if found > 0 else (0.0, "exact")


def assemble(book: Book, correlated: Iterable[tuple[str, str, float]] = ()) -> Assembly:
    """Put a book together as a system.

    A quantity with several statements gets a variable for each of them, tied to it by an equation, so that sources that disagree are
    reconciled and tested like any other measurements.

    Args:
        book: quantities, statements, balances.
        correlated: pairs of quantities with one statement each, and the coefficient of correlation of their errors.
    """
    names = list(book.quantities)
    position = {name: number for number, name in enumerate(names)}
    by_name: dict[str, list[int]] = {}
    for number, statement in enumerate(book.statements):
        by_name.setdefault(statement.name, []).append(number)
    observed = [0] * len(book.statements)
    owner = list(range(len(names)))
    for name, numbers in sorted(by_name.items(), key=lambda item: position[item[0]]):  # in whatever order they were said
        for number in numbers:
            observed[number] = position[name] if len(numbers) == 1 else len(owner)
            if len(numbers) > 1:
                owner.append(position[name])
    links = [(variable, of) for variable, of in enumerate(owner) if variable >= len(names)]
    system = _system(book, position, (observed, owner, links))
    pairs = tuple((position[first], position[second], coefficient) for first, second, coefficient in correlated)
    return Assembly(
        book=book,
        system=evolve(system, correlated=pairs),
        position=position,
        observed=tuple(observed),
        links=len(links),
    )


def _system(book: Book, position: Mapping[str, int], seats: tuple[list[int], list[int], list[tuple[int, int]]]) -> System:
    observed, owner, links = seats
    count = len(owner)
    value, sd = np.full(count, np.nan), np.full(count, np.nan)
    for statement, variable in zip(book.statements, observed, strict=True):
        value[variable], sd[variable] = statement.value, statement.sd
    quantities = list(book.quantities.values())
    own = np.array(owner, dtype=np.int64)
    start = _starts(book, quantities)[own]
    value = np.where(np.isfinite(value), value, start)
    size = np.maximum(np.abs(value), np.nan_to_num(sd))
    matrix, products, rhs = _rows(book.balances, position, links, count)
    return System(
        matrix=matrix,
        rhs=rhs,
        value=value,
        sd=sd,
        scale=np.where(size > 0, size, np.maximum(np.abs(start), 1e-6)),
        lower=np.array([quantity.lower for quantity in quantities])[own],
        upper=np.array([quantity.upper for quantity in quantities])[own],
        products=products,
    )


def _starts(book: Book, quantities: list[Quantity]) -> Floats:
    """Where the search starts: a quantity's statements, else its own start, else what is usual for its kind, unit and layer."""
    said: dict[str, list[float]] = {}
    usual: dict[tuple[str, str, str], list[float]] = {}
    for statement in book.statements:
        said.setdefault(statement.name, []).append(statement.value)
        quantity = book.quantities[statement.name]
        if statement.value != 0:
            usual.setdefault((quantity.kind, quantity.unit, quantity.layer), []).append(abs(statement.value))
    found = []
    for quantity in quantities:
        if quantity.name in said:
            found.append(float(np.mean(said[quantity.name])))
        elif math.isfinite(quantity.start):
            found.append(quantity.start)
        else:
            found.append(float(np.median(usual.get((quantity.kind, quantity.unit, quantity.layer), [1.0]))))
    return np.array(found, dtype=np.float64)


def _rows(
    balances: list[Balance], position: Mapping[str, int], links: list[tuple[int, int]], count: int
) -> tuple[csr_array, Products, Floats]:
    entries: list[tuple[int, int, float]] = []
    products: list[tuple[int, int, int, float]] = []
    for row, balance in enumerate(balances):
        for term in balance.terms:
            if term.factor:
                products.append((row, position[term.name], position[term.factor], term.coefficient))
            else:
                entries.append((row, position[term.name], term.coefficient))
    for number, (variable, of) in enumerate(links, len(balances)):
        entries += [(number, variable, 1.0), (number, of, -1.0)]
    rows = len(balances) + len(links)
    row, column, entry = _columns(entries, 3)
    matrix = csr_array((entry.astype(float), (row.astype(np.int64), column.astype(np.int64))), shape=(rows, count))
    at, first, second, coefficient = _columns(products, 4)
    right = np.array([balance.right for balance in balances] + [0.0] * len(links))
    return matrix, Products(at.astype(np.int64), first.astype(np.int64), second.astype(np.int64), coefficient.astype(float)), right


def _columns(rows: list[Any], width: int) -> Any:
    return np.array(rows, dtype=np.float64).T if rows else np.zeros((width, 0))
