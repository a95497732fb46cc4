"""A book out of tables, completed with what stands in no sheet of STAN."""

from __future__ import annotations

from attrs import evolve

from sivuvirta.ledger.reconcile.beyond import Beyond, Head
from sivuvirta.ledger.reconcile.book import Balance, Book, Quantity, Statement, Term, spread


def finished(book: Book, beyond: Beyond) -> Book:
    """Adds quantities, statements and balances that the sheets of STAN do not hold, and sorts all as they were.

    Args:
        book: of the sheets of STAN.
        beyond: the rest.
    """
    if not beyond.quantities:
        return book
    for known in beyond.quantities:
        book.add(
            Quantity(
                *(known.name, known.label or known.name, known.kind, known.unit, known.origin, known.destination),
                *(known.lower, known.upper, known.start, known.chosen),
            )
        )
    for said in beyond.statements:
        sd, how = spread(said.value, float("nan"), float("nan"), said.sd, 0.0)
        book.state(Statement(said.name, said.value, sd, (sd > 0 and said.how) or how, said.grade, said.source, said.note))
    parts: dict[int, list[Term]] = {}
    for part in beyond.terms:
        parts.setdefault(part.number, []).append(Term(part.coefficient, part.name, part.factor))
    for head in beyond.balances:
        if head.number in parts:
            book.balance(_headed(Balance(head.name, head.title, tuple(parts[head.number]), right=head.right), head))
    return _sorted(book, beyond)


def _headed(balance: Balance, head: Head) -> Balance:
    return evolve(
        balance,
        name=head.name,
        title=head.title,
        unit=head.unit,
        component=head.component,
        grade=head.grade,
        source=head.source,
        hidden=head.hidden,
    )


def renamed(balance: Balance, beyond: Beyond, seat: tuple[str, str, str]) -> Balance:
    """A balance of a process, transfer or relation as the sheet of balances calls it, where it does."""
    head = next((head for head in beyond.balances if head.seat == seat), None)
    return balance if head is None else _headed(balance, head)


def _sorted(book: Book, beyond: Beyond) -> Book:
    """Quantities and balances in the order of their sheets; new ones stay behind."""
    place = {known.name: number for number, known in enumerate(beyond.quantities)}
    order = {head.name: number for number, head in enumerate(beyond.balances)}
    last = len(place) + len(order)
    quantities = dict(sorted(book.quantities.items(), key=lambda item: place.get(item[0], last)))
    balances = sorted(book.balances, key=lambda balance: order.get(balance.name, last))
    return Book(quantities, book.statements, balances)
