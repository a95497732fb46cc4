"""Rules of reference rows: the tree of materials, carriers and units, components, products."""

from __future__ import annotations

from collections.abc import Iterator

from sivuvirta.errors import Problem
from sivuvirta.tables.draft import Draft
from sivuvirta.tables.suggestions import did_you_mean
from sivuvirta.units import carriers
from sivuvirta.units.quantities import is_unit, suggestion


def material_tree(draft: Draft) -> Iterator[Problem]:
    """A material's parent is its id without the last part."""
    if not draft.present("materials"):
        return
    columns = draft.tables["materials"].columns
    known = draft.keys("materials")
    for row, (material, parent) in enumerate(zip(columns["material"].tolist(), columns["parent"].tolist(), strict=True)):
        above = material.rpartition(".")[0] or None if material else None
        if material is None or parent == above:
            continue
        message = f"The parent of '{material}' is '{above}', not '{parent}'." if parent else f"'{material}' needs its parent '{above}'."
        if above is None:
            yield draft.problem(
                "materials",
                row,
                "parent",
                "parent_not_prefix",
                f"'{material}' has no parent: its name has one part.",
                f"Name it '{parent}.{material}', or leave the parent empty.",
            )
        else:
            repair = f"Write '{above}'." if above in known else f"Add '{above}' first."
            yield draft.problem("materials", row, "parent", "parent_not_prefix", message, repair)


def carrier_units(draft: Draft) -> Iterator[Problem]:
    """A material is counted in a unit of its carrier."""
    if not draft.present("materials"):
        return
    columns = draft.tables["materials"].columns
    for row, (carrier, unit) in enumerate(zip(columns["carrier"].tolist(), columns["unit"].tolist(), strict=True)):
        if carrier in carriers.UNITS and unit is not None and not carriers.fits(carrier, unit):
            fitting = " or ".join(carriers.UNITS[carrier])
            message = f"Carrier {carrier} is counted in {fitting}, not in {unit}."
            yield draft.problem("materials", row, "unit", "carrier_unit", message, f"Write {fitting}, or correct the carrier.")


def component_factors(draft: Draft) -> Iterator[Problem]:
    """A component that leads to another states the factor, and it is at most 1: a part is not more than the whole."""
    if not draft.present("components"):
        return
    columns = draft.tables["components"].columns
    for row, (of, factor) in enumerate(zip(columns["oxide_of"].tolist(), columns["factor"].tolist(), strict=True)):
        if of is not None and factor != factor:  # noqa: PLR0124 - NaN
            yield draft.problem(
                "components", row, "factor", "no_factor", f"The mass of '{of}' in one mass of it is missing.", "Give the factor."
            )
        if factor > 1.0:
            yield draft.problem(
                "components",
                row,
                "factor",
                "factor_above_one",
                f"{factor:g} is above 1.",
                f"Give the mass of '{of}' in one mass of the component.",
            )


def mode_carriers(draft: Draft) -> Iterator[Problem]:
    """A mode takes carriers that exist."""
    if not draft.present("modes"):
        return
    for row, members in enumerate(draft.tables["modes"]["carriers"].tolist()):
        for member in members or ():
            if member not in carriers.UNITS:
                repair = did_you_mean(member, carriers.UNITS) or f"Write some of: {', '.join(carriers.UNITS)}."
                yield draft.problem("modes", row, "carriers", "choice", f"'{member}' is no carrier.", repair)


def unit_texts(draft: Draft) -> Iterator[Problem]:
    """A unit that stands in a cell is known."""
    for table, column in (("activities", "unit"), ("quantities", "reported_unit")):
        if not draft.present(table):
            continue
        for row, unit in enumerate(draft.tables[table][column].tolist()):
            if unit is not None and not is_unit(unit):
                near = suggestion(unit)
                message = f"'{unit}' is not a unit that is known."
                repair = f"Did you mean '{near}'?" if near else "Write the unit alone, for example 't/a'; what it is of goes into the note."
                yield draft.problem(
                    table, row, column, "wrong_unit", message, repair, level="warning" if table != "activities" else "error"
                )
