"""Traffic: which flows use which sections of road in which part of the year, and the tables made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Flags, Floats, Ints
from sivuvirta.domain.provenance import sources
from sivuvirta.errors import UnknownNameError

PARTS = ("year", "season", "month")
"""Parts of time by which traffic is told."""

REFERENCE = "reference"
"""State of the ledger that others are compared with."""


@frozen(eq=False)
class Steps:
    """Ways of a ledger's flows, section by section, in the order in which they are driven. Shape (steps,)."""

    flow: Ints  # row of the ledger
    edge: Ints  # row of the region's `roads`


@frozen(eq=False, kw_only=True)
class Driven:
    """What a ledger moves in a part of time."""

    state: str  # reference | proven | potential, or the ledger's name
    period: str  # "" for a year; season, month, year or period of a horizon
    year: int
    days: float  # on which vehicles run
    months: int  # that are in it, as bits; bit 0 is January
    ledger: Ledger
    share: Floats  # of each flow's amount that moves in it, shape (flows,)
    steps: Steps
    forward: Flags  # driven from `from_place` to `to_place`, shape (steps,)

    @property
    def amount(self) -> Floats:
        """Units of each flow that move in it. Shape (flows,)."""
        return self.ledger.amount * self.share


@frozen(eq=False, slots=False, kw_only=True)
class Traffic:
    """Traffic of ledgers on the road graph, what it emits, and what it takes of roads, water, heat and ground.

    Columns of the tables; NaN, None and "" are unknown, `unknown` says why:
        sections: state, period, year, days, road, number, from_place, to_place, km, unit (1/d), loads, low, high (5 and 95 % points: of a
            plan, also over years, of the draws of `ranges`, else of the amounts alone), out and back (loads from
            `from_place` and to it), empty, vehicles, pairable (loads that go each way and could
            at most fill each other's way back), difference (of vehicles, with the reference), mean (of
            the loads), difference_mean, _low, _high (drawn together with today), cause (what carries most of the range; all four of a
            plan, also over years), heavy_traffic, share (vehicles of it),
            added (difference of it), threshold, threshold_from (register | asked), over, rise_threshold
            (part of heavy traffic), rise_over (`added` is above it), too_heavy (loads/d over the weight limit
            while it holds), tonnes (as sent), tkm (both of the period), grade, source, unknown
        emissions: state, mode, name, activity (tkm/a), loaded_km, empty_km (1/a), load_factor (mass over payload, on loaded km),
            intensity (kg CO2e/tkm), unit (kg CO2e/a), emission, low, high, counted (what links and plans count), difference (with the
            reference), method, grade, source, unknown
        standard: requirement, met (yes | partly | no), how
        published: area, year, statement, tonnes, days, loads, payload, implied (which of the four follows from the others), label,
            grade, source
        need: state, road, number, km, first (year or period in which the threshold is passed), lead (a), begin_by (year), unknown
        pipeline: state, period, road, waits_for (nothing | likely | unknown), loads (1/d), vehicles (1/d), tonnes
        prospects: question, name, kind, tonnes (t/a), road, loads_at_most (1/d), unknown
        taken: state, measure, label, unit, value, low, high, difference, difference_mean, _low, _high (of the draws of `ranges`,
            drawn together with today; of tonnes to landfills and heaps in a plan), grade, source, unknown
        closed: state, flows, tonnes (t/a), loads (1/a), tkm, tkm_closed, tkm_more, emission_more (kg CO2e/a),
            switched_flows, switched_tonnes (from rail or sea to road), cut_flows, cut_tonnes,
            unknown; what it takes with the sections closed is NaN where a haul has no other way
        detours: state, origin, destination, material, tonnes, loads, km, km_closed, by (sections), switched, cut
        after: state, road, loads, loads_closed, difference (1/d)
    """

    name: str  # of the region
    by: str
    driven: tuple[Driven, ...]
    sections: pd.DataFrame
    emissions: pd.DataFrame
    standard: pd.DataFrame
    published: pd.DataFrame
    need: pd.DataFrame
    pipeline: pd.DataFrame
    prospects: pd.DataFrame
    taken: pd.DataFrame
    closed: pd.DataFrame
    detours: pd.DataFrame
    after: pd.DataFrame
    shapes: Mapping[str, tuple[tuple[float, float], tuple[float, float]] | None]  # (lon, lat) of both ends of a section, None if unknown
    notes: tuple[str, ...] = ()

    @property
    def states(self) -> tuple[str, ...]:
        """Ledgers that are told, the reference first."""
        return tuple(dict.fromkeys(each.state for each in self.driven))

    def over(self, road: str, state: str | None = None) -> pd.DataFrame:
        """The flows that use a section: the way from its figures to the rows that made them.

        Args:
            road: id of the section.
            state: one ledger; the last one without it.

        Returns:
            Columns period, origin, destination, material, loads (1/d), tonnes (as sent), grade, sources; the most loads first.

        Raises:
            UnknownNameError: there is no such section or state.
        """
        chosen = self._of(state)
        table = chosen[0].ledger.links.region.table("roads")
        if road not in table.index:
            raise UnknownNameError(f"There is no section of road '{road}'. There are: {', '.join(map(str, table['road']))}.")
        frame = pd.concat([_using(each, each.ledger.links.region.table("roads").index[road]) for each in chosen], ignore_index=True)
        return frame.sort_values("loads", ascending=False, kind="stable").reset_index(drop=True)

    def to_geojson(self, state: str | None = None) -> dict[str, Any]:
        """Sections as features, straight between their places, each period's figures in its properties.

        Args:
            state: one ledger; the last one without it.

        Raises:
            UnknownNameError: there is no such state.
        """
        name = self._of(state)[0].state
        rows = self.sections[(self.sections["state"] == name) & (self.sections["road"] != "")]
        features = [_feature(row, self.shapes.get(str(row["road"]))) for row in rows.to_dict("records")]
        return {"type": "FeatureCollection", "name": f"{self.name} {name}", "features": features}

    def _of(self, state: str | None) -> list[Driven]:
        name = self.states[-1] if state is None else state
        chosen = [each for each in self.driven if each.state == name]
        if not chosen:
            raise UnknownNameError(f"There is no ledger '{name}' here. There are: {', '.join(self.states)}.")
        return chosen

    def __repr__(self) -> str:
        used = self.sections.loc[self.sections["road"] != "", "road"].nunique()
        return f"<Traffic {self.name} by {self.by}: {', '.join(self.states)}; {used} sections of road in use>"

    def _repr_html_(self) -> str:
        shown = self.sections[["state", "period", "road", "loads", "empty", "vehicles", "difference", "share", "over", "grade"]]
        return str(shown.to_html(index=False, notebook=True, na_rep="", float_format=lambda number: f"{number:,.3g}"))


def _using(driven: Driven, row: int) -> pd.DataFrame:
    ledger, links = driven.ledger, driven.ledger.links
    flow = driven.steps.flow[driven.steps.edge == row]
    arc, amount = ledger.arc[flow], driven.amount[flow]
    origin, destination = links.arcs.origin[arc], links.arcs.destination[arc]
    return pd.DataFrame(
        {
            "period": driven.period,
            "origin": links.nodes.name[origin],
            "destination": links.nodes.name[destination],
            "material": [links.materials[material] for material in links.arcs.material[arc]],
            "loads": np.nan_to_num(links.arcs.loads[arc]) * amount / driven.days,
            "tonnes": links.arcs.sent[arc] * amount,
            "grade": ["ABCD"[code] for code in ledger.evidence[flow]],
            "sources": sources(links, arc),
        }
    )


def _feature(row: Mapping[Any, Any], ends: tuple[tuple[float, float], tuple[float, float]] | None) -> dict[str, Any]:
    geometry = None if ends is None else {"type": "LineString", "coordinates": [list(end) for end in ends]}
    properties = {str(key): _plain(value) for key, value in row.items()}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _plain(value: Any) -> Any:
    value = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(value, float) and not np.isfinite(value) else value
