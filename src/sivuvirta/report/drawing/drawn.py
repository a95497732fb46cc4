"""Drawings: what map and Sankey of a plan draw, for the report and for every page that shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.links import NodeKind
from sivuvirta.domain.plans import Plan
from sivuvirta.errors import UnknownNameError
from sivuvirta.report.drawing.flows import Flow, states
from sivuvirta.report.drawing.geography import geography, undrawn, width_key
from sivuvirta.report.drawing.measured import MONEY, MOST, by_component, by_money, components
from sivuvirta.report.drawing.sankey import sankey

UNITS = {"t": "Tonnes", "MWh": "Energy", "m3": "Water and gas"}


def drawn(plan: Plan, extractive: frozenset[int], shown: Mapping[str, list[Flow]]) -> dict[str, Any]:
    """What map and Sankey draw, as JSON can hold it.

    Args:
        plan: the plan.
        extractive: streams left out of the Sankey until they are asked for.
        shown: flows by state.
    """
    links = plan.links
    place = geography(links, shown)
    bought = frozenset(np.flatnonzero(links.nodes.kind == NodeKind.PRODUCT).tolist())
    hidden = {"side streams": extractive | bought, "with bought": extractive, "with rock": bought, "with rock and bought": frozenset[int]()}
    units = [unit for unit in UNITS if any(flow.unit == unit for rows in shown.values() for flow in rows)]
    return {
        "map": attrs.asdict(place, filter=lambda field, _: field.name != "lines") | {"ways": _once(place.ways)},
        "sankey": {scope: sankey(links, shown, nodes) for scope, nodes in hidden.items() if extractive or "rock" not in scope},
        "units": units,
        "state": "potential",
        "undrawn": undrawn(place),
        "widths": {unit: width_key(place.ways, unit) for unit in units},
    }


def _once(ways: Mapping[str, Any]) -> dict[str, Any]:
    """Ways by state; a state that is drawn as an earlier one names that instead."""
    told: dict[str, Any] = {}
    for state, drawn_ in ways.items():
        told[state] = next((name for name, other in told.items() if drawn_ and other == drawn_), drawn_)
    return told


def measured(plan: Plan, shown: Mapping[str, list[Flow]]) -> dict[str, Any]:
    """The Sankey in other measures than its own units: tonnes of components that streams were analysed for, and euros.

    Args:
        plan: the plan.
        shown: flows by state.

    Returns:
        {measure: {"name", "drawings": by state, packed}}.
    """
    names = components(plan)
    found = {key: {"name": names[key], "drawings": by_component(plan, shown, key)} for key in list(names)[:MOST]}
    found[MONEY] = {"name": "Euros", "drawings": by_money(plan, shown)}
    return found


def extractive_streams(plan: Plan, assessment: Assessment) -> frozenset[int]:
    """Streams of waste rock and tailings, rows of links.nodes; they dwarf everything else."""
    table, nodes = assessment.proven.diverted, plan.links.nodes
    ids = set(table.loc[table["extractive"], "stream"])
    return frozenset(row for row in plan.links.supply.node.tolist() if nodes.id[row] in ids)


def picture(plan: Plan, measure: str, state: str) -> dict[str, Any]:
    """One Sankey: of side streams in a unit, of a component, or of euros.

    Args:
        plan: the plan.
        measure: t, MWh, m3, EUR, or a component that streams are analysed for.
        state: today, proven or potential.

    Returns:
        "name" of the measure, "nodes", "links", and "told": what is known and what is not, in words.

    Raises:
        UnknownNameError: nothing that flows has that measure.
    """
    shown, links = states(plan), plan.links
    if measure == MONEY:
        return {"name": "euros", **by_money(plan, shown)[state]}
    if measure in UNITS:
        hidden = frozenset(np.flatnonzero(links.nodes.kind == NodeKind.PRODUCT).tolist())
        found = sankey(links, shown, hidden).get(measure, {}).get(state)
        if found is not None:
            return {"name": UNITS[measure].lower(), **found, "told": "Widths are amounts a year; pale bands wait for a test or decision."}
    names = components(plan)
    if measure not in names:
        units = [unit for unit in UNITS if any(flow.unit == unit for rows in shown.values() for flow in rows)]
        raise UnknownNameError(f"Nothing is measured in '{measure}' here. There are: {', '.join([*units, MONEY, *names])}.")
    return {"name": names[measure].lower(), **by_component(plan, shown, measure)[state]}
