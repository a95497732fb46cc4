"""Rules of keys: none twice, none dangling."""

from __future__ import annotations

from collections.abc import Iterator

from sivuvirta.errors import Problem
from sivuvirta.tables.draft import Draft
from sivuvirta.tables.schema import ColumnSchema, schema
from sivuvirta.tables.spellings import Spellings, spellings
from sivuvirta.tables.suggestions import MOST_SUGGESTIONS, question


def duplicate_keys(draft: Draft) -> Iterator[Problem]:
    """A key stands in one row."""
    for name, table in draft.tables.items():
        keys = table.row_keys() if len(table) else []
        if len(set(keys)) == len(keys):
            continue
        first: dict[object, int] = {}
        for row, key in enumerate(keys):
            if key in first and not _incomplete(draft, name, key):
                yield _duplicate(draft, name, row, first[key])
            first.setdefault(key, row)


def _incomplete(draft: Draft, name: str, key: object) -> bool:
    """A key with an empty part that must not be empty is another rule's problem."""
    parts = key if isinstance(key, tuple) else (key,)
    spec = schema()[name]
    return any((part is None or part != part) and spec.columns[column].required for column, part in zip(spec.key, parts, strict=True))  # noqa: PLR0124


def _duplicate(draft: Draft, name: str, row: int, first: int) -> Problem:
    key = schema()[name].key
    values = [draft.tables[name][column][row] for column in key]
    line = draft.line(name, first)
    if len(key) == 1:
        return draft.problem(
            name, row, key[0], "duplicate_key", f"'{values[0]}' stands already in row {line}.", "Give it a key of its own, or delete one."
        )
    shown = ", ".join(f"{column} {_shown(value)}" for column, value in zip(key, values, strict=True) if value is not None)
    return draft.problem(name, row, None, "duplicate_key", f"{shown} stands already in row {line}.", "Delete one of the two, or join them.")


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else f"'{value}'"


def dangling_keys(draft: Draft) -> Iterator[Problem]:
    """A reference leads to a row."""
    for name, table in draft.tables.items():
        for column in schema()[name].columns.values() if len(table) else ():
            if column.references and (name, column.name) != ("quantities", "subject"):
                yield from _dangling(draft, column, table[column.name].tolist(), column.references)
    yield from _dangling_subjects(draft)


def _dangling_subjects(draft: Draft) -> Iterator[Problem]:
    """The subject of a quantity is in the table that its row names."""
    if not draft.present("quantities"):
        return
    quantities = draft.tables["quantities"]
    column = schema()["quantities"].columns["subject"]
    for target in column.references:
        pairs = zip(quantities["table"].tolist(), quantities["subject"].tolist(), strict=True)
        subjects = [subject if table == target else None for table, subject in pairs]
        yield from _dangling(draft, column, subjects, (target,))


def _dangling(draft: Draft, column: ColumnSchema, values: list[object], targets: tuple[str, ...]) -> Iterator[Problem]:
    known = frozenset().union(*(draft.keys(target) for target in targets))
    flat = {member for value in set(values) for member in (value if isinstance(value, tuple) else (value,))}
    strange = {key for key in flat - known - {None} if not any(draft.may_hold(target, key) for target in targets)}
    if not strange:
        return
    called = _spellings(draft, targets) if len(strange) <= MOST_SUGGESTIONS else Spellings()
    repairs = {key: _commas(str(key), known) or question(called.nearest(str(key))) or _add(targets) for key in strange}
    for row, value in enumerate(values):
        for member in value if isinstance(value, tuple) else (value,):
            if member in strange:
                yield draft.problem(
                    column.table, row, column.name, "dangling_key", f"'{member}' is {_not_in(draft, targets)}.", repairs[member]
                )


def _spellings(draft: Draft, targets: tuple[str, ...]) -> Spellings:
    return spellings(source[target] for source in (draft.tables, draft.library) for target in targets if target in source)


def _commas(key: str, known: frozenset[str]) -> str:
    """The repair of a list whose keys are parted by commas."""
    parts = [part.strip() for part in key.split(",")]
    return f"Part the keys by semicolons: {';'.join(parts)}." if len(parts) > 1 and known.issuperset(parts) else ""


def _not_in(draft: Draft, targets: tuple[str, ...]) -> str:
    places = [draft.place(target) for target in targets if target in draft.tables]
    if any(target in draft.library for target in targets):
        places.append("the library")
    return f"not in {places[0]}" if len(places) == 1 else f"neither in {', '.join(places[:-1])} nor in {places[-1]}"


def _add(targets: tuple[str, ...]) -> str:
    return f"Add it to '{targets[0]}', or correct it." if len(targets) == 1 else "Add it to one of them, or correct it."
