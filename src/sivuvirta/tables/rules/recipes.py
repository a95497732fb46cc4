"""Rules of recipes: what goes in comes out, and what comes out goes somewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from attrs import frozen

from sivuvirta.errors import Problem
from sivuvirta.tables.draft import Draft

CLOSURE = 1e-9
"""By how much the yields of an input may miss 1."""

PLACED = frozenset({"product", "coproduct", "residue"})
"""Kinds of output that need a taker or a fate; the others leave by themselves."""


@frozen
class _Output:
    """One yield: what an output gets per unit of a material in a slot."""

    name: str
    material: str | None  # None: every material of the slot
    makes: str
    value: float
    own_row: int | None  # row of the draft's own recipe_outputs


def recipe_slots(draft: Draft) -> Iterator[Problem]:
    """An output comes from a slot of its technology; rows of one slot state one amount and one kind."""
    if draft.present("recipe_outputs"):
        slots = _slots(draft)
        columns = draft.tables["recipe_outputs"].columns
        for row, (technology, slot) in enumerate(zip(columns["technology"].tolist(), columns["slot"].tolist(), strict=True)):
            known = slots.get(technology, set())
            if technology is not None and slot is not None and slot not in known and draft.complete("recipe_inputs"):
                message = f"'{technology}' has no input slot '{slot}'."
                yield draft.problem("recipe_outputs", row, "slot", "dangling_key", message, _one_of(known, "Add it to 'recipe_inputs'."))
    yield from _slot_amounts(draft)


def _one_of(names: set[str], otherwise: str) -> str:
    known = names - {None}
    return f"Write one of: {', '.join(sorted(known))}." if known else otherwise


def _slots(draft: Draft) -> dict[str, set[str]]:
    slots: dict[str, set[str]] = defaultdict(set)
    inputs = draft.merged["recipe_inputs"]
    for technology, slot in zip(inputs["technology"].tolist(), inputs["slot"].tolist(), strict=True):
        slots[technology].add(slot)
    return slots


def _slot_amounts(draft: Draft) -> Iterator[Problem]:
    if not draft.present("recipe_inputs"):
        return
    columns = draft.tables["recipe_inputs"].columns
    first: dict[tuple[str, str], int] = {}
    for row, key in enumerate(zip(columns["technology"].tolist(), columns["slot"].tolist(), strict=True)):
        before = first.setdefault(key, row)
        for column in ("amount_low", "amount_high", "kind"):
            if columns[column][row] != columns[column][before] and not _unknown(columns[column][row]):
                message = f"Row {draft.line('recipe_inputs', before)} states another {column} for slot '{key[1]}' of '{key[0]}'."
                yield draft.problem("recipe_inputs", row, column, "slot_twice", message, "Write the same in every row of a slot.")


def _unknown(value: object) -> bool:
    return value is None or value != value  # noqa: PLR0124 - NaN


def recipe_output_names(draft: Draft) -> Iterator[Problem]:
    """Recoveries, fates and grades name an output that the technology has; an output is one material of one kind."""
    outputs: dict[str, set[str]] = defaultdict(set)
    merged = draft.merged["recipe_outputs"]
    for technology, output in zip(merged["technology"].tolist(), merged["output"].tolist(), strict=True):
        outputs[technology].add(output)
    for table in ("recoveries", "fates", "technology_grades"):
        if not draft.present(table):
            continue
        columns = draft.tables[table].columns
        for row, (technology, output) in enumerate(zip(columns["technology"].tolist(), columns["output"].tolist(), strict=True)):
            known = outputs.get(technology, set())
            if technology is not None and output is not None and output not in known and draft.complete("recipe_outputs"):
                message = f"'{technology}' has no output '{output}'."
                yield draft.problem(table, row, "output", "dangling_key", message, _one_of(known, "Add it to 'recipe_outputs'."))
    yield from _one_material(draft)


def _one_material(draft: Draft) -> Iterator[Problem]:
    if not draft.present("recipe_outputs"):
        return
    columns = draft.tables["recipe_outputs"].columns
    first: dict[tuple[str, str], int] = {}
    for row, key in enumerate(zip(columns["technology"].tolist(), columns["output"].tolist(), strict=True)):
        before = first.setdefault(key, row)
        for column in ("makes", "kind"):
            if columns[column][row] != columns[column][before] and columns[column][row] is not None:
                message = (
                    f"Row {draft.line('recipe_outputs', before)} says '{columns[column][before]}' for output '{key[1]}' of '{key[0]}'."
                )
                yield draft.problem(
                    "recipe_outputs",
                    row,
                    column,
                    "output_twice",
                    message,
                    "Write the same in every row of an output, or name it otherwise.",
                )


def recipe_closure(draft: Draft) -> Iterator[Problem]:
    """The yields of every input sum to 1: P5.

    Only outputs in the input's own unit count: a cubic metre of water is a tonne, but energy made from tonnes is beside their mass.
    """
    own = {
        name for table in ("recipe_inputs", "recipe_outputs") if draft.present(table) for name in draft.tables[table]["technology"].tolist()
    }
    if not own or not (draft.complete("recipe_inputs") and draft.complete("recipe_outputs")):
        return
    units = draft.lookup("materials", "unit")
    outputs = _outputs(draft)
    inputs = draft.merged["recipe_inputs"]
    columns = [inputs[name].tolist() for name in ("technology", "slot", "material", "kind")]
    own_rows = len(draft.tables["recipe_inputs"]) if "recipe_inputs" in draft.tables else 0
    for row, (technology, slot, material, kind) in enumerate(zip(*columns, strict=True)):
        if technology in own and kind != "energy" and material is not None:
            found = outputs.get((technology, slot), [])
            yield from _closed(draft, row if row < own_rows else None, (slot, material), found, units)


def _outputs(draft: Draft) -> Mapping[tuple[str, str], list[_Output]]:
    table = draft.merged["recipe_outputs"]
    own_rows = len(draft.tables["recipe_outputs"]) if "recipe_outputs" in draft.tables else 0
    result: dict[tuple[str, str], list[_Output]] = defaultdict(list)
    columns = [table[name].tolist() for name in ("technology", "slot", "output", "material", "makes", "yield")]
    for row, (technology, slot, output, material, makes, value) in enumerate(zip(*columns, strict=True)):
        result[technology, slot].append(_Output(output, material, makes, value, row if row < own_rows else None))
    return result


def _closed(draft: Draft, row: int | None, what: tuple[str, str], outputs: list[_Output], units: Mapping[str, str]) -> Iterator[Problem]:
    slot, material = what
    chosen = most_specific(outputs, material)
    counted = [output for output in chosen if _measure(units.get(output.makes)) == _measure(units.get(material))]
    total = sum(output.value for output in counted)
    if (chosen and not counted) or abs(total - 1.0) <= CLOSURE or _unknown(total):
        return
    message = f"The yields of '{material}' in slot '{slot}' sum to {total:.10g}, not to 1."
    repair = (
        "Add the rest as an output of kind loss or unaccounted."
        if total < 1.0
        else "Lower them: what else comes in, such as water, is a slot of its own."
    )
    place = next((output.own_row for output in chosen if output.own_row is not None), None)
    if row is not None:
        yield draft.problem("recipe_inputs", row, "material", "yield_sum", message, repair)
    elif place is not None:
        yield draft.problem("recipe_outputs", place, "yield", "yield_sum", message, repair)


def _measure(unit: str | None) -> str | None:
    """A cubic metre of water is a tonne."""
    return "t" if unit == "m3" else unit


def most_specific(outputs: list[_Output], material: str) -> list[_Output]:
    """For each output the row that names the material most closely; a row without material holds for all."""
    best: dict[str, _Output] = {}
    for output in outputs:
        if output.material is None or material == output.material or material.startswith(f"{output.material}."):
            before = best.get(output.name)
            if before is None or len(output.material or "") > len(before.material or ""):
                best[output.name] = output
    return list(best.values())


def placed_outputs(draft: Draft) -> Iterator[Problem]:
    """Every product, co-product and residue of a plant has a taker or a fate."""
    if not draft.present("plants") or not (draft.complete("fates") and draft.complete("acceptances")):
        return
    fates = draft.merged["fates"]
    with_fate = set(zip(fates["technology"].tolist(), fates["output"].tolist(), strict=True))
    takers = _taken(draft)
    outputs = draft.merged["recipe_outputs"]
    columns = [outputs[name].tolist() for name in ("technology", "output", "makes", "kind")]
    made: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for technology, output, makes, kind in zip(*columns, strict=True):
        if kind in PLACED and makes is not None:
            made[technology][output] = (makes, kind)
    seen: set[str] = set()
    for row, technology in enumerate(draft.tables["plants"]["technology"].tolist()):
        if technology not in seen:
            seen.add(technology)
            for output, (makes, kind) in made.get(technology, {}).items():
                if (technology, output) not in with_fate and not _accepted(makes, takers):
                    message = f"Output '{output}' ({kind}) of '{technology}' has neither a taker nor a fate."
                    repair = f"Accept '{makes}' in 'acceptances', or give 'fates' a row with this technology and output."
                    yield draft.problem("plants", row, "technology", "output_without_outlet", message, repair)


def _taken(draft: Draft) -> set[str]:
    """Material classes that a need accepts, or that a slot of a technology which runs here takes."""
    running = set(draft.tables["plants"]["technology"].tolist())
    inputs = draft.merged["recipe_inputs"]
    slots = zip(inputs["technology"].tolist(), inputs["material"].tolist(), strict=True)
    return set(draft.merged["acceptances"]["material"].tolist()) | {material for technology, material in slots if technology in running}


def _accepted(makes: str, takers: set[str]) -> bool:
    parts = makes.split(".")
    return any(".".join(parts[:length]) in takers for length in range(1, len(parts) + 1))
