"""Yields: what each arc that enters a plant gives in each output."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sivuvirta.domain.links import ArcKind, Yields
from sivuvirta.links.codes import Rows, grade_codes, groups, ints, pair_codes, spread
from sivuvirta.links.ends import Ends, World
from sivuvirta.links.materials import ANYTHING, takers


def yields(world: World, arcs: Ends) -> Yields:
    r"""Eta of every FEED, REAGENT and PASS arc for every output of its plant.

    .. math:: \sum_{a \to (p,g)} x_a = \sum_{a \in p} \eta_{h,m(a),g} x_a    (P5)

    The row of `recipe_outputs` with the most specific material holds; one without a material holds for every material of the slot.
    """
    table, recipes = world.region.table("recipe_outputs"), world.recipes
    arc = np.flatnonzero(arcs.of(ArcKind.FEED, ArcKind.REAGENT, ArcKind.PASS))
    slot = arcs.slot[arc]
    if len(arc) == 0 or len(table) == 0:
        return Yields(ints([]), ints([]), np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int8))
    kind, entry = _kinds(recipes.slot_code[slot], arcs.material[arc])
    wanted = np.where(pd.isna(table["material"]), ANYTHING, world.tree.find(table["material"]))
    rows = takers(world.tree, wanted, pair_codes(recipes.yield_slot, recipes.yield_output))
    at, row = rows.join(arcs.material[arc][entry])
    fits = recipes.yield_slot[row] == recipes.slot_code[slot][entry][at]
    by_kind = groups(at[fits], len(entry))
    which, found = by_kind.join(kind)
    row = row[fits][found]
    output = _output_of_plant(world, np.asarray(recipes.slots.plant, dtype=np.int64)[slot[which]], recipes.yield_output[row])
    eta, low, high = (table[name][row] for name in ("yield", "yield_low", "yield_high"))
    return Yields(ints(arc[which]), ints(output), eta, spread(low, high), grade_codes(table["grade"])[row])


def _kinds(slot: Rows, material: Rows) -> tuple[Rows, Rows]:
    """Number of each distinct (slot, material), and a row of each."""
    _, entry, kind = np.unique(pair_codes(slot, material), return_index=True, return_inverse=True)
    return kind, entry


def _output_of_plant(world: World, plant: Rows, code: Rows) -> Rows:
    """Row of outputs of each (plant, code of technology and output)."""
    recipes = world.recipes
    count = int(recipes.yield_output.max(initial=-1)) + 1
    keys = np.asarray(recipes.outputs.plant, dtype=np.int64) * count + recipes.output_code
    order = np.argsort(keys)
    return order[np.searchsorted(keys[order], plant * count + code)]
