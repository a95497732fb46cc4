"""Recipes of plants: input slots, outputs, and which row of the recipe each came from."""

from __future__ import annotations

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.domain.links import Floats, Outputs, Recoveries, Slots
from sivuvirta.domain.region import Region
from sivuvirta.domain.table import Table
from sivuvirta.links.codes import Groups, Rows, first_of, grade_codes, groups, ints, known, pair_codes, picked, positions
from sivuvirta.links.materials import Materials


@frozen(eq=False)
class Recipes:
    """Slots and outputs of all plants, with the codes that join them to the rows of recipes."""

    slots: Slots
    outputs: Outputs
    slot_code: Rows  # (slots,) code of (technology, slot)
    output_code: Rows  # (outputs,) code of (technology, output)
    output_moisture: Floats  # (outputs,) %, NaN where not stated
    input_rows: Groups  # rows of recipe_inputs by code of (technology, slot)
    input_slot: Rows  # (recipe_inputs,) code of (technology, slot)
    yield_slot: Rows  # (recipe_outputs,) code of (technology, slot)
    yield_output: Rows  # (recipe_outputs,) code of (technology, output)


def recipes(region: Region, tree: Materials) -> Recipes:
    """What the plants of a region take in and give off, slot by slot."""
    inputs, makes = region.table("recipe_inputs"), region.table("recipe_outputs")
    technology = positions(region.table("technologies")["technology"], region.table("plants")["technology"])
    slot_codes = pair_codes(*(np.concatenate([inputs[name], makes[name]]) for name in ("technology", "slot")))
    slot_codes = pd.factorize(slot_codes)[0].astype(np.int64)
    input_slot, yield_slot = slot_codes[: len(inputs)], slot_codes[len(inputs) :]
    yield_output = pd.factorize(pair_codes(makes["technology"], makes["output"]))[0].astype(np.int64)
    slots, slot_code = _slots(region, inputs, technology, input_slot)
    outputs, output_code, moisture = _outputs(region, tree, technology, yield_output)
    by_slot = groups(input_slot, int(slot_codes.max(initial=-1)) + 1)
    return Recipes(slots, outputs, slot_code, output_code, moisture, by_slot, input_slot, yield_slot, yield_output)


def _of_plants(region: Region, table: Table, technology: Rows, rows: Rows) -> tuple[Rows, Rows]:
    """(plant, row) for every row of a recipe table among `rows` that a plant's technology has."""
    names = region.table("technologies")["technology"]
    by_technology = groups(positions(names, table["technology"][rows]), len(names))
    plant, at = by_technology.join(technology)
    return plant, rows[at]


def _slots(region: Region, inputs: Table, technology: Rows, code: Rows) -> tuple[Slots, Rows]:
    first = first_of(code) if len(code) else np.zeros(0, dtype=np.int64)
    count = int(code.max(initial=-1)) + 1
    low, high = np.full(count, np.inf), np.zeros(count)
    np.minimum.at(low, code, known(inputs["amount_low"], 0.0))
    np.maximum.at(high, code, known(inputs["amount_high"], np.inf))
    feed = np.zeros(count, dtype=bool)
    np.logical_or.at(feed, code, np.asarray(inputs["kind"] == "feed", dtype=bool))
    plant, row = _of_plants(region, inputs, technology, first)
    member = code[row]
    return Slots(ints(plant), inputs["slot"][row], low[member], high[member], feed[member]), member


def _outputs(region: Region, tree: Materials, technology: Rows, code: Rows) -> tuple[Outputs, Rows, Floats]:
    makes, technologies = region.table("recipe_outputs"), region.table("technologies")
    first = first_of(code) if len(code) else np.zeros(0, dtype=np.int64)
    plant, row = _of_plants(region, makes, technology, first)
    kind = makes["kind"][row]
    status = picked(technologies["output_status"], technology[plant], None)
    status = np.where(np.isin(kind.astype(str), ["product", "coproduct"]), np.where(pd.isna(status), "unknown", status), "waste")
    outputs = Outputs(ints(plant), makes["output"][row], kind, ints(tree.find(makes["makes"][row])), status)
    return outputs, code[row], makes["moisture"][row]


def recoveries(region: Region, recipes: Recipes) -> Recoveries:
    """Rho of every output of every plant: share of a component of the input that ends in it (P6)."""
    table, makes = region.table("recoveries"), region.table("recipe_outputs")
    joined = pair_codes(*(np.concatenate([makes[name], table[name]]) for name in ("technology", "output")))
    first = first_of(joined[: len(makes)]) if len(makes) else np.zeros(0, dtype=np.int64)
    found = positions(joined[first], joined[len(makes) :])
    code = picked(recipes.yield_output[first], found, -1).astype(np.int64)
    by_output = groups(code, int(recipes.yield_output.max(initial=-1)) + 1)
    output, row = by_output.join(recipes.output_code)
    return Recoveries(
        ints(output), table["component"][row], table["material"][row], table["value"][row] / 100.0, grade_codes(table["grade"])[row]
    )
