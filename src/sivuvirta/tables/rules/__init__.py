"""Rules: what must hold in and between the tables of a region. One family a file, each rule a function from draft to problems."""

from collections.abc import Callable, Iterator

from sivuvirta.errors import Problem
from sivuvirta.tables.draft import Draft
from sivuvirta.tables.rules.amounts import fate_capacities, least_deliveries, reach
from sivuvirta.tables.rules.balances import stated_subjects, two_sides
from sivuvirta.tables.rules.benefits import attributed_shares, claimed_subjects, exchange_ends, known_schemes
from sivuvirta.tables.rules.carriers import accepted_carriers, bought_carriers, share_units
from sivuvirta.tables.rules.cells import bounds, choice_cells, key_form, required_cells
from sivuvirta.tables.rules.circularity import told_shares, told_subjects
from sivuvirta.tables.rules.evidence import graded_sources, verified_sources
from sivuvirta.tables.rules.footprints import footprint_rows, footprint_subjects
from sivuvirta.tables.rules.grades import class_limits, declared_below, declared_classes, declared_figures
from sivuvirta.tables.rules.inputoutput import one_household, placed_spending, sectors_within_output
from sivuvirta.tables.rules.keys import dangling_keys, duplicate_keys
from sivuvirta.tables.rules.law import path_members, path_signatures, path_status, permit_codes
from sivuvirta.tables.rules.materials import carrier_units, component_factors, material_tree, mode_carriers, unit_texts
from sivuvirta.tables.rules.money import candidate_costs, priced_products, prices_without_tax
from sivuvirta.tables.rules.overlays import named_cells
from sivuvirta.tables.rules.parts import listed_twice, part_amounts, part_and_parent, part_cycles
from sivuvirta.tables.rules.ranges import range_order, time_order
from sivuvirta.tables.rules.recipes import placed_outputs, recipe_closure, recipe_output_names, recipe_slots
from sivuvirta.tables.rules.register import (
    fate_origins,
    need_places,
    quantity_figures,
    road_ends,
    seasons,
    seasons_of_the_year,
    stock_contents,
    streams_without_fate,
    vintages,
    waste_codes,
)
from sivuvirta.tables.rules.shares import fate_shares, least_shares, recovery_shares

Rule = Callable[[Draft], Iterator[Problem]]

LIBRARY_RULES: tuple[Rule, ...] = (
    required_cells,
    choice_cells,
    bounds,
    key_form,
    duplicate_keys,
    dangling_keys,
    range_order,
    time_order,
    material_tree,
    carrier_units,
    prices_without_tax,
    bought_carriers,
    component_factors,
    mode_carriers,
    recipe_slots,
    recipe_output_names,
    recipe_closure,
    least_shares,
    recovery_shares,
    path_members,
    path_status,
    path_signatures,
    verified_sources,
    graded_sources,
)
"""Rules of reference tables."""

RULES: tuple[Rule, ...] = (
    *LIBRARY_RULES,
    vintages,
    quantity_figures,
    stated_subjects,
    two_sides,
    told_subjects,
    told_shares,
    footprint_subjects,
    footprint_rows,
    exchange_ends,
    claimed_subjects,
    attributed_shares,
    known_schemes,
    one_household,
    sectors_within_output,
    placed_spending,
    reach,
    part_and_parent,
    part_cycles,
    part_amounts,
    listed_twice,
    fate_origins,
    fate_shares,
    streams_without_fate,
    fate_capacities,
    need_places,
    least_deliveries,
    accepted_carriers,
    share_units,
    priced_products,
    candidate_costs,
    placed_outputs,
    declared_classes,
    declared_below,
    declared_figures,
    class_limits,
    stock_contents,
    seasons,
    seasons_of_the_year,
    waste_codes,
    permit_codes,
    road_ends,
    unit_texts,
    named_cells,
)
"""Rules of a region, those of reference tables included: a region may add rows to them."""


def broken_rules(draft: Draft) -> Iterator[Problem]:
    """What a region breaks."""
    for rule in RULES:
        yield from rule(draft)


def broken_library_rules(draft: Draft) -> Iterator[Problem]:
    """What a library breaks."""
    for rule in LIBRARY_RULES:
        yield from rule(draft)
