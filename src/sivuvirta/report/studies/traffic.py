"""Roads by section and season, the emissions of haulage, and what roads, water and ground the plan takes."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from attrs import evolve

from sivuvirta.domain.traffic import Traffic
from sivuvirta.report.following.basis import Basis, basis_of
from sivuvirta.report.studies.blocks import Amount, Block, Heading, Pictures, Section, Words, bars
from sivuvirta.report.studies.frames import GRADE, NETWORKS, RANGE, framed, moving, rested
from sivuvirta.report.tables import Column, records
from sivuvirta.report.words import figure

_BARS = 15
_WET = (
    "Tonnes to landfills and heaps are as sent, with the water in them, and residues of plants count too; the benefit sheets and the head "
    "of the report count dry tonnes, which are fewer."
)


def traffic(found: Traffic) -> Section:
    """The section of traffic."""
    state, places = found.states[-1], found.driven[0].ledger.links.region.table("places")
    names = dict(zip(places["place"].tolist(), places["name"].tolist(), strict=True))
    sections = found.sections[found.sections["state"] == state]
    pictures = []
    for period in dict.fromkeys(sections["period"]):
        part = sections[sections["period"] == period].sort_values("loads", ascending=False).head(_BARS)
        amounts = [
            Amount(
                _named(row, names),
                figure(row["loads"], "loads/d").text,
                float(row["loads"]),
                range=(float(row["low"]), float(row["high"])),
                basis=_rests(row),
            )
            for row in records(part)
        ]
        if amounts:
            network = NETWORKS.get(state, state)
            pictures.append(bars(f"Loaded lorries a day, {period or 'mean of the year'}, {network}", amounts))
    blocks: list[Block] = [Pictures(tuple(pictures))] if pictures else []
    shown = moving(found.sections, "state", "difference")
    named = _resting(shown).assign(
        today=shown["vehicles"] - shown["difference"],
        name=[_named(row, names) for row in records(shown)],
        over=shown["over"].map({True: "yes", False: "no"}).fillna("not known").where(shown["road"] != "", ""),
    )
    blocks.append(framed("traffic-sections", "Lorries a day by section and part of the year.", named, _SECTIONS, "Sections"))
    blocks += [
        Heading("Emissions of haulage"),
        framed("traffic-emissions", "By mode, loaded and empty kilometres together.", found.emissions, _EMISSIONS),
    ]
    blocks += [
        Heading("When must a road be ready?"),
        framed("traffic-need", "Sections and the year in which their threshold is passed.", _resting(found.need), _NEED, "Sections"),
    ]
    blocks += [Heading("What it takes"), framed("traffic-taken", "Water, heat and ground.", found.taken, _TAKEN, "Measures"), Words(_WET)]
    if len(found.published):
        blocks += [
            Heading("What others say"),
            framed("traffic-published", "Published traffic beside its own arithmetic.", found.published, _PUBLISHED),
        ]
    blocks += [Words(text) for text in found.notes]
    lead = (
        "Lorries that haul the streams of the register, on the shortest ways of the road graph, loaded and empty, with 5 and 95 % points "
        "from the amounts of the streams. All heavy traffic is what a road's authority counts; the lorries of today are part of it."
    )
    return Section("traffic-section", "Traffic", "Which roads carry it, and when?", lead, tuple(blocks))


def _rests(row: dict[str, object]) -> Basis:
    """The section's row of the register, its sources and the flows that are put on it."""
    road, said = str(row["road"] or ""), basis_of(row)
    return evolve(said, rows=(("roads", road),) if road else (), figures=(f"roads/{road}",))


def _resting(frame: pd.DataFrame) -> pd.DataFrame:
    return rested(frame, [_rests(row) for row in records(frame)])


def _named(row: dict[str, object], names: Mapping[str, str]) -> str:
    """Number of a road and the places that it joins; a section without places is named by what it is."""
    ends = " – ".join(names[str(row[key])] for key in ("from_place", "to_place") if row[key] in names)
    number = str(row["number"] or "")
    return ", ".join(part for part in (number if number != row["road"] else "", ends) if part) or str(row["road"])


_SECTIONS = (
    Column("state", "Network"),
    Column("period", "Part of the year"),
    Column("name", "Section", "name"),
    Column("loads", "Loaded lorries", "number", "*"),
    RANGE,
    Column("today", "With empty returns, today", "number", "*"),
    Column("vehicles", "With empty returns, this network", "number", "*"),
    Column("heavy_traffic", "All heavy traffic today", "number", "*"),
    Column("threshold", "Threshold for strengthening", "number", "*"),
    Column("over", "Past it"),
    GRADE,
)
_EMISSIONS = (
    Column("state", "Network"),
    Column("period", "Year"),
    Column("name", "Mode", "name"),
    Column("activity", "Haulage", "number", "tkm/a"),
    Column("intensity", "kg CO₂e/tkm", "bare"),
    Column("emission", "Emission", "number", "*"),
    RANGE,
    GRADE,
    Column("unknown", "Not known", "long"),
)
_NEED = (
    Column("state", "Network"),
    Column("number", "Road", "name"),
    Column("first", "Threshold passed in"),
    Column("begin_by", "Begin by"),
    Column("unknown", "Not known", "long"),
)
_TAKEN = (
    Column("state", "Network"),
    Column("label", "What", "name"),
    Column("value", "Amount", "number", "*"),
    RANGE,
    GRADE,
    Column("source", "Source"),
    Column("unknown", "Not known", "long"),
)
_PUBLISHED = (
    Column("area", "Area", "name"),
    Column("year", "Year"),
    Column("statement", "Statement", "long"),
    *(
        Column(key, title, "bare")
        for key, title in (("tonnes", "Tonnes"), ("days", "Days"), ("loads", "Loads a day"), ("payload", "Tonnes a load"))
    ),
    Column("implied", "Follows from the others"),
    Column("label", "Label", "long"),
    GRADE,
    Column("source", "Source"),
)
