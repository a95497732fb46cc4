"""Indicators of circularity with their inputs, and metrics of the network side by side."""

from __future__ import annotations

import pandas as pd
from attrs import evolve

from sivuvirta.domain.indicators import ENDS, Indicators
from sivuvirta.domain.networks import NetworkMetrics
from sivuvirta.report.studies.blocks import Block, Heading, Items, Section, Table
from sivuvirta.report.studies.frames import GRADE, RANGE, framed, merged
from sivuvirta.report.tables import Column
from sivuvirta.report.words import count, listed

_REASON = ("indicator", "state", "bound", "framework", "formula", "missing")
"""What indicators agree in that are not known for one reason."""


def indicators(found: Indicators) -> Section:
    """The section of indicators: at each level those that are defined there, what is known first."""
    frame = found.to_frame()
    frame = frame.assign(unit=frame["unit"].replace("1", ""))
    known = int(frame["value"].notna().sum())
    lead = f"{count(known, 'indicator')} known of {len(frame)}; one that is not known says what is missing, and none is taken for 0."
    ends = RANGE if found.about != ENDS else Column("range", "Ends", "range", "*")
    columns = (
        Column("name", "Indicator", "name"),
        Column("of", "Of"),
        Column("state", "State"),
        Column("bound", "", help="at least: some of what counts was never analysed; the value is of the rest"),
        Column("value", "Value", "number", "*"),
        Column("mean", "Mean", "number", "*", help="Of the draws; a stated value at an end of its range lies beside it"),
        ends,
        GRADE,
        Column("framework", "Defined by"),
        Column("formula", "Formula", "long"),
        Column("missing", "Missing", "long"),
    )
    blocks: list[Block] = []
    for level in dict.fromkeys(frame["level"]):
        part: pd.DataFrame = merged(frame[frame["level"] == level], "of", _REASON).sort_values(
            "value", na_position="last", kind="stable", key=lambda values: values.isna()
        )
        words = f"{'an' if level == 'organisation' else 'a'} {level}"
        caption = f"Indicators of {words}. Ranges: {found.about}."
        blocks += [Heading(f"Of {words}"), framed(f"indicators-{level}", caption, part, columns, "Indicators")]
    blocks = [evolve(block, open=True) if at == 1 and isinstance(block, Table) else block for at, block in enumerate(blocks)]
    blocks += _context(found, frame)
    inputs = (
        Column("name", "Input", "name"),
        Column("value", "Value", "number", "*"),
        RANGE,
        GRADE,
        Column("source", "Source"),
        Column("row", "Row of the register", "long"),
        Column("indicator", "Goes into", "long"),
    )
    blocks += [
        Heading("What goes into them"),
        framed("indicators-inputs", "Inputs with their rows and sources, each once.", _once(found.inputs()), inputs, "Inputs"),
    ]
    return Section("indicators-section", "Indicators", "How circular is it?", lead, tuple(blocks))


def _context(found: Indicators, frame: pd.DataFrame) -> list[Block]:
    """What sources print beside the figures, and what counts in them."""
    beside, notes = _beside(found), _notes(frame)
    blocks: list[Block] = []
    if len(beside):
        words = "Beside the computed figures, and never an input of them."
        blocks += [
            Heading("What sources print"),
            framed("indicators-published", words, beside, _PUBLISHED, "Published figures"),
        ]
    if len(notes):
        words = "What enters, what leaves, and what is left out."
        blocks += [Heading("What counts in them"), framed("indicators-notes", words, notes, _NOTED, "Notes")]
    return blocks


_PUBLISHED = (
    Column("name", "Indicator", "name"),
    Column("of", "Of"),
    Column("words", "Printed, of whom and of what", "long"),
    Column("agreement", "Beside the computed figure", "long"),
    GRADE,
    Column("source", "Source"),
)


_NOTED = (Column("note", "What counts", "long"), Column("name", "In", "long"), Column("of", "Of", "long"))


def _beside(found: Indicators) -> pd.DataFrame:
    """What sources print of indicators, one row a figure."""
    rows = [
        {"name": each.name, "of": each.of, "words": one.words, "agreement": one.agreement, "grade": one.grade, "source": one.source}
        for each in found.items
        for one in each.published
    ]
    return pd.DataFrame(rows)


def _notes(frame: pd.DataFrame) -> pd.DataFrame:
    """Notes of what is known, each once with the indicators that it is of; what a list says of elements is in their cards."""
    told = frame[(frame["note"] != "") & frame["value"].notna() & ~frame["indicator"].str.startswith("critical_")]
    return told.groupby("note", sort=False)[["name", "of"]].agg(_several).reset_index()


def _several(names: pd.Series[str]) -> str:
    return "; ".join(dict.fromkeys(name for name in names if name))


def _labelled(frame: pd.DataFrame) -> pd.DataFrame:
    """Measures with the word that some of their values are of a known part alone."""
    partial = frame[frame["bound"] != ""].groupby("label", sort=False)[["network", "bound"]].agg(list)
    words = {label: f"{label} ({row['bound'][0]}: {', '.join(row['network'])})" for label, row in partial.iterrows()}
    return frame.assign(label=[words.get(label, label) for label in frame["label"]])


def _once(inputs: pd.DataFrame) -> pd.DataFrame:
    """Each input once, with the indicators that it goes into."""
    same = ["name", "value", "low", "high", "unit", "grade", "source", "row"]
    into = inputs.groupby(same, sort=False, dropna=False)["indicator"].agg(lambda names: listed(list(dict.fromkeys(map(str, names))), 6))
    return into.reset_index()


def metrics(found: NetworkMetrics) -> Section:
    """The section of the network's metrics."""
    frame = _labelled(found.to_frame())
    wide = frame.pivot_table(index=["label", "unit"], columns="network", values="value", sort=False, dropna=False).reset_index()
    wide = wide.dropna(how="all", subset=list(found.columns)).assign(unit=lambda table: table["unit"].replace("1", ""))
    columns = (Column("label", "Measure", "name"), *(Column(name, name.capitalize(), "number", "*") for name in found.columns))
    blocks: list[Block] = [framed("metrics-table", f"Networks of {found.unit} between nodes of level {found.level}.", wide, columns)]
    if len(found.networks) > 1:
        trend = (
            Column("label", "Measure", "name"),
            Column("to", "Network"),
            Column("before", "Today", "number", "*"),
            Column("after", "Then", "number", "*"),
            Column("difference", "Difference", "change", "*"),
            RANGE,
        )
        moved = found.trend()
        blocks.append(framed("metrics-trend", "What changes, 5 and 95 % of the difference.", moved, trend, "Differences"))
    nodes = (
        Column("name", "Node", "name"),
        *(
            Column(key, title, "number")
            for key, title in (("takes_from", "Takes from"), ("gives_to", "Gives to"), ("betweenness", "Betweenness"))
        ),
    )
    blocks.append(framed("metrics-nodes", f"Nodes of the network {found.columns[-1]}.", found.networks[-1].nodes, nodes, "Nodes"))
    notes = [f"{column.capitalize()}: {note}" for column, one in zip(found.columns, found.networks, strict=True) for note in one.notes]
    blocks += [Items(tuple(notes))] if notes else []
    return Section(
        "metrics-section",
        "Network",
        "What kind of network is it?",
        "Measures of ecological network analysis, of the whole and of its nodes.",
        tuple(blocks),
    )
