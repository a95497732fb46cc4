"""Declared: as which classes technologies say that their outputs may be handed over, and what these then hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.domain.grades import Grade
from sivuvirta.domain.links import Codes, Floats, Outputs
from sivuvirta.domain.region import Region
from sivuvirta.links.codes import Rows, grade_codes, groups, pair_codes
from sivuvirta.links.evidence import families, leached
from sivuvirta.links.materials import Materials
from sivuvirta.links.recipes import Recipes
from sivuvirta.units.composition import Conversions

_TABLE = "technology_grades"

Made = tuple[Any, Any, Any]
"""Technology, output and class as which it is handed over, shape (n,) each."""


@frozen(eq=False)
class Contents:
    """Declared figures of a component. Shape (asked,); NaN and grade D where nothing is declared."""

    value: Floats
    low: Floats
    high: Floats
    grade: Codes


def classes(region: Region, tree: Materials, recipes: Recipes, technology: Any, output: Rows) -> tuple[Rows, Rows]:
    """Classes other than its own as which an output may be handed over.

    Args:
        region: its table `technology_grades`.
        tree: materials.
        recipes: outputs of plants.
        technology: of each output, shape (n,).
        output: rows of recipes.outputs, shape (n,).

    Returns:
        Position in `output`, and position of the class in the tree; each class of an output once.
    """
    table = region.table(_TABLE)
    none = np.zeros(0, dtype=np.int64)
    if len(table) == 0 or len(output) == 0:
        return none, none
    code = pair_codes(np.concatenate([table["technology"], technology]), np.concatenate([table["output"], recipes.outputs.name[output]]))
    code = pd.factorize(code)[0].astype(np.int64)
    which, row = groups(code[: len(table)], int(code.max()) + 1).join(code[len(table) :])
    made = tree.find(table["makes"])[row]
    other = np.flatnonzero((made >= 0) & (made != np.asarray(recipes.outputs.material, dtype=np.int64)[output[which]]))
    once = other[np.sort(np.unique(pair_codes(which[other], made[other]), return_index=True)[1])] if len(other) else other
    return which[once], made[once]


def contents(region: Region, made: Made, component: Any, kind: str = "total") -> Contents:
    """What is declared of a component in what plants make, be it by another component that expresses it.

    Args:
        region: its tables `technology_grades` and `components`.
        made: technology, output and class as which it is handed over, shape (n,) each.
        component: asked of each, shape (n,); of what leaches, the component that leaches.
        kind: total | leaching | property.

    Returns:
        In the component's canonical unit; a content without ends is as declared.
    """
    table = region.table(_TABLE)
    asked = list(zip(*(np.asarray(part, dtype=object).tolist() for part in (*made, component)), strict=True))
    value, low, high = (np.full(len(asked), np.nan) for _ in range(3))
    grade = np.full(len(asked), int(Grade.D), dtype=np.int8)
    rows = np.flatnonzero((table["kind"] == kind) & ~np.isnan(table["value"])) if len(table) else np.zeros(0, dtype=np.int64)
    if len(rows) == 0:
        return Contents(value, low, high, grade)
    table, related = table.take(rows), families(region)
    named = leached(region.table("components"), table["component"]) if kind == "leaching" else table["component"]
    of_class: dict[tuple[str, str, str], list[int]] = {}
    for row, key in enumerate(zip(*(table[name].tolist() for name in ("technology", "output", "makes")), strict=True)):
        of_class.setdefault(key, []).append(row)
    graded = grade_codes(table["grade"])
    found: dict[Any, tuple[int, float]] = {}
    for position, key in enumerate(asked):
        if key not in found:
            found[key] = _row(of_class.get(key[:3], []), named, key[3], related)
        row, times = found[key]
        if row >= 0:
            ends = (table["value"][row], table["low"][row], table["high"][row])
            value[position], low[position], high[position] = (times * (ends[0] if np.isnan(end) else end) for end in ends)
            grade[position] = graded[row]
    return Contents(value, low, high, grade)


def _row(rows: list[int], named: Any, component: str, related: Conversions) -> tuple[int, float]:
    """The row that declares a component, itself before what expresses it, and what turns its figure; -1 where none does."""
    for row in rows:
        if named[row] == component:
            return row, 1.0
    for row in rows:
        times = related.factor(named[row], component)
        if times is not None:
            return row, float(times)
    return -1, 1.0


def made_as(region: Region, outputs: Outputs, output: Any, material: Any) -> Made:
    """Technology, output and class of what plants hand over.

    Args:
        region: its plants.
        outputs: of plants.
        output: row of each, shape (n,).
        material: id of the class as which it is handed over, shape (n,).
    """
    output = np.asarray(output, dtype=np.int64)
    return region.table("plants")["technology"][np.asarray(outputs.plant, dtype=np.int64)[output]], outputs.name[output], material


def declares(region: Region, kind: str) -> bool:
    """Whether some technology declares figures of a kind."""
    return bool((region.table(_TABLE)["kind"] == kind).any())
