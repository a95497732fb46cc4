"""Rules of statements and balances: what they speak of exists, and a balance has two sides and one component."""

from __future__ import annotations

from collections.abc import Iterator

from sivuvirta.errors import Problem
from sivuvirta.tables.draft import Draft


def stated_subjects(draft: Draft) -> Iterator[Problem]:
    """The subject of a statement, and of a term of a balance, is in the table that its row names."""
    for table in ("statements", "balances"):
        if not draft.present(table):
            continue
        columns = draft.tables[table].columns
        for row, (kind, subject) in enumerate(zip(columns["table"].tolist(), columns["subject"].tolist(), strict=True)):
            message = _strange(draft, kind, subject)
            if message:
                repair = "Correct the key, or make it a subject of its own with table 'flows'."
                yield draft.problem(table, row, "subject", "strange_subject", message, repair)


def _strange(draft: Draft, kind: str | None, subject: str | None) -> str:
    """Why there is no such subject; empty if there is."""
    if kind is None or subject is None:
        return ""
    if kind in ("streams", "stocks"):
        known = subject in draft.keys(kind) or draft.may_hold(kind, subject)
        return "" if known else f"'{subject}' is not in '{kind}'."
    if kind == "activities":
        parts = subject.split("/")
        if len(parts) != 3 or parts[1] not in ("production", "purchase", "emission"):
            return f"'{subject}' is no activity: it is written site/kind/product, kind being production, purchase or emission."
        return "" if parts[0] in draft.keys("sites") or draft.may_hold("sites", parts[0]) else f"'{parts[0]}' is not in 'sites'."
    return ""


def two_sides(draft: Draft) -> Iterator[Problem]:
    """Something enters a balance and something leaves it, all in one component and one vintage."""
    if not draft.present("balances"):
        return
    columns = draft.tables["balances"].columns
    members: dict[str, list[int]] = {}
    for row, name in enumerate(columns["balance"].tolist()):
        if name is not None:
            members.setdefault(name, []).append(row)
    for name, rows in members.items():
        sides = {columns["side"][row] for row in rows}
        if sides != {"in", "out"} and None not in sides:
            missing = "leaves" if sides == {"in"} else "enters"
            yield draft.problem(
                "balances", rows[0], "side", "one_side", f"Nothing {missing} balance '{name}'.", "Add the term that is missing."
            )
        for column in ("component", "vintage"):
            if len({columns[column][row] for row in rows}) > 1:
                message = f"The rows of balance '{name}' differ in '{column}'."
                yield draft.problem("balances", rows[0], column, "mixed_balance", message, "Give all its rows the same.")
