"""Rules of declared grades: as which classes an output may be handed over, what it then holds, and what limits classes have."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sivuvirta.errors import Problem
from sivuvirta.tables.draft import Draft
from sivuvirta.units.carriers import MOIST

TABLE = "technology_grades"


def _declared(draft: Draft) -> list[tuple[str, str, str | None, str]]:
    """Technology, output, the output's own material and the class as which it may be handed over, of each row."""
    made = draft.merged["recipe_outputs"]
    keys = zip(made["technology"].tolist(), made["output"].tolist(), strict=True)
    makes: dict[tuple[object, object], str] = dict(zip(keys, made["makes"].tolist(), strict=True))
    columns = draft.tables[TABLE].columns
    rows = zip(*(columns[name].tolist() for name in ("technology", "output", "makes")), strict=True)
    return [(technology, output, makes.get((technology, output)), handed) for technology, output, handed in rows]


def declared_classes(draft: Draft) -> Iterator[Problem]:
    """A class as which an output may be handed over is carried and counted as the output is."""
    if not draft.present(TABLE):
        return
    carriers, units = draft.lookup("materials", "carrier"), draft.lookup("materials", "unit")
    for row, (technology, output, own, handed) in enumerate(_declared(draft)):
        one, other = ((carriers.get(each), units.get(each)) for each in (own or "", handed))
        if None in one or None in other or (one[1] == other[1] and (one[0] == other[0] or {one[0], other[0]} <= set(MOIST))):
            continue
        message = f"'{output}' of '{technology}' is '{own}', {one[0]} in {one[1]}; '{handed}' is {other[0]} in {other[1]}."
        yield draft.problem(TABLE, row, "makes", "carrier_mismatch", message, "Name a class of the same carrier and unit.")


def declared_below(draft: Draft) -> Iterator[Problem]:
    """A class as which an output may be handed over is the output's own material or one below it; another one is pointed out.

    Who takes the output's material takes every class below it, and routes are judged that way; a class elsewhere in the tree is neither
    a better nor a worse kind of what the technology makes, but another thing.
    """
    if not draft.present(TABLE):
        return
    for row, (technology, output, own, handed) in enumerate(_declared(draft)):
        if not own or not handed or handed == own or handed.startswith(f"{own}."):
            continue
        message = f"'{output}' of '{technology}' is '{own}'; '{handed}' is not a class of it."
        repair = f"Name the class '{own}.…', or let the output make what both are classes of."
        yield draft.problem(TABLE, row, "makes", "class_elsewhere", message, repair, level="warning")


def declared_figures(draft: Draft) -> Iterator[Problem]:
    """A declared content says of which component it is, of which kind, and how much."""
    if not draft.present(TABLE):
        return
    columns = draft.tables[TABLE].columns
    for row, component in enumerate(columns["component"].tolist()):
        said = {"component": component is not None, "kind": columns["kind"][row] is not None, "value": not np.isnan(columns["value"][row])}
        missing = [name for name, there in said.items() if not there]
        if 0 < len(missing) < len(said):
            message = (
                f"A declared content needs component, kind and value; {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} empty."
            )
            yield draft.problem(
                TABLE, row, missing[0], "half_declared", message, "Fill it in, or empty all three: then only the class is declared."
            )


def class_limits(draft: Draft) -> Iterator[Problem]:
    """A limit of a class names neither need nor use class, and some technology hands over as the class."""
    if not draft.present("limits"):
        return
    columns = draft.tables["limits"].columns
    told = draft.tables[TABLE]["makes"].tolist() if draft.present(TABLE) else []
    made = {*draft.merged["recipe_outputs"]["makes"].tolist(), *told} - {None}
    for row, material in enumerate(columns["material"].tolist()):
        if material is None:
            continue
        other = next((name for name in ("need", "use_class") if columns[name][row] is not None), None)
        if other is not None:
            message = (
                f"The limit is one of the class '{material}' and one of the {other.replace('_', ' ')} '{columns[other][row]}' at once."
            )
            yield draft.problem("limits", row, other, "limit_of_two", message, "Empty one of them, or write two limits.")
        elif not any(each == material or each.startswith(f"{material}.") for each in made):
            message = f"No technology makes '{material}' or may hand over as it, so that the limit holds for nothing."
            repair = "Name the class in 'technology_grades', or as what an output makes."
            yield draft.problem("limits", row, "material", "class_without_maker", message, repair, level="warning")
