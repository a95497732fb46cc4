"""Indicators of circularity with their inputs, and metrics of the network side by side."""

from __future__ import annotations

import pandas as pd
from attrs import evolve

from sivuvirta.domain.indicators import ENDS, WHY_OUTSIDE, Indicators
from sivuvirta.domain.networks import NO_CLAIM, NetworkMetrics
from sivuvirta.report.following.basis import RESTS
from sivuvirta.report.studies.blocks import Block, Heading, Items, Section, Table
from sivuvirta.report.studies.feeding import indicated
from sivuvirta.report.studies.flowing import flowing, together, touching
from sivuvirta.report.studies.frames import BOTH, GRADE, NETWORKS, RANGE, framed, joined, merged, rested
from sivuvirta.report.tables import BESIDE, Column
from sivuvirta.report.words import count, listed, sentence

_REASON = ("indicator", "state", "bound", "framework", "formula", "missing")
"""What indicators agree in that are not known for one reason."""


def indicators(found: Indicators) -> Section:
    """The section of indicators: at each level those that are defined there, what is known first, then bounds, then what is missing."""
    frame = found.to_frame()
    frame = rested(frame, [indicated(each) for each in found.items])
    frame = frame.assign(unit=frame["unit"].replace("1", ""), value_beside=[WHY_OUTSIDE if each.outside else "" for each in found.items])
    frame = frame.assign(value_words=[each.cap for each in found.items])
    known = int(frame["value"].notna().sum())
    lead = f"{count(known, 'indicator')} known of {len(frame)}; one that is not known says what is missing, and none is taken for 0."
    blocks: list[Block] = []
    for level in dict.fromkeys(frame["level"]):
        blocks += _level(level, frame[frame["level"] == level], found.about)
    first = next((at for at, block in enumerate(blocks) if isinstance(block, Table)), -1)
    blocks = [evolve(block, open=True) if at == first and isinstance(block, Table) else block for at, block in enumerate(blocks)]
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
        framed("indicators-inputs", "Inputs with their rows and sources, each once.", _once(found), inputs, "Inputs"),
    ]
    return Section("indicators-section", "Indicators", "How circular is it?", lead, tuple(blocks))


def _level(level: str, frame: pd.DataFrame, about: str) -> list[Block]:
    """Tables of a level: what is known, what is known in part, and what is not, each if there is any."""
    words = f"{'an' if level == 'organisation' else 'a'} {level}"
    whole, part = frame["value"].notna() & (frame["bound"] == ""), frame["bound"] != ""
    beside = f" {BESIDE} {sentence(WHY_OUTSIDE)}" if (frame["value_beside"] != "").any() else ""
    ends = RANGE if about != ENDS else Column("range", "Ends", "range", "*")
    blind = merged(frame[~whole & ~part], "of", _REASON)
    parts = (
        ("", f"Indicators of {words}. Ranges: {about}.{beside}", frame[whole], (*_FIGURES, ends, *_DEFINED), "Known"),
        (
            "-part",
            f"Indicators of {words} of which a part was never analysed: the value is of the rest.",
            frame[part],
            _BOUNDS,
            "Known in part",
        ),
        ("-missing", f"Indicators of {words} that are not known, and what is missing.", blind, _BLIND, "Not known"),
    )
    tables = [
        framed(f"indicators-{level}{key}", caption, _nothing(_states(rows)), columns, noun)
        for key, caption, rows, columns, noun in parts
        if len(rows)
    ]
    return [Heading(f"Of {words}"), *tables]


_NAMED = (Column("name", "Indicator", "name"), Column("of", "Of"), Column("state", "State"))
_VALUE = Column("value", "Value", "number", "*")
_DEFINED = (GRADE, Column("framework", "Defined by"), Column("formula", "Formula", "long"))
_MISSING = Column("missing", "Missing", "long")
_FIGURES = (*_NAMED, _VALUE, Column("mean", "Mean", "number", "*", help="Of the draws"))
_BOUNDS = (*_NAMED, Column("bound", "The whole"), _VALUE, RANGE, *_DEFINED, _MISSING)
_BLIND = (Column("name", "Indicator", "name"), Column("of", "Of", "long"), Column("state", "State"), _VALUE, _MISSING, *_DEFINED[1:])


def _states(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows that say the same of several states as one row of all of them."""
    rest = [name for name in frame.columns if name not in ("state", RESTS)]
    texts = [
        "\n".join(f"{value:.9g}" if isinstance(value, float) else str(value) for value in row)
        for row in frame[rest].itertuples(index=False)
    ]
    frame = joined(frame, pd.Series(texts, index=frame.index, dtype=object))
    same = frame["state"].groupby(texts, sort=False)
    words = same.transform(lambda states: _ALL.get(tuple(states), "; ".join(NETWORKS.get(state, state) for state in states)))
    found: pd.DataFrame = frame.assign(state=words)[~pd.Series(texts, index=frame.index).duplicated()]
    return found


def _nothing(frame: pd.DataFrame) -> pd.DataFrame:
    """Subjects of which an indicator is surely 0 as one row, which names them all."""
    none = (frame[["value", "low", "high"]] == 0.0).all(axis=1)
    kinds = frame["name"] + "\n" + frame["state"]
    found = joined(frame, kinds.where(none, kinds.index.astype(str)))
    found.loc[none, "of"] = frame.loc[none, "of"].groupby(kinds[none], sort=False).transform(", ".join)
    return found[~none | ~kinds.where(none, "").duplicated()]


_ALL = {("today", "proven", "potential"): "today and both plans", ("proven", "potential"): BOTH}


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
    """Notes of what is known, each once with the indicators that it is of, then the years that figures of products rest on.

    What a list says of elements is in their cards.
    """
    noted = frame[(frame["note"] != "") & frame["value"].notna() & ~frame["indicator"].str.startswith("critical_")]
    dated = frame[(frame["years"] != "") & (frame["level"] == "product")]
    told = pd.concat([noted, dated.assign(note=dated["years"])])
    return told.groupby("note", sort=False)[["name", "of"]].agg(_several).reset_index()


def _several(names: pd.Series[str]) -> str:
    return "; ".join(dict.fromkeys(name for name in names if name))


def _labelled(frame: pd.DataFrame) -> pd.DataFrame:
    """Measures with the word that some of their values are of a known part alone."""
    partial = frame[frame["bound"] != ""].groupby("label", sort=False)[["network", "bound"]].agg(list)
    words = {label: f"{label} ({row['bound'][0]}: {', '.join(row['network'])})" for label, row in partial.iterrows()}
    return frame.assign(label=[words.get(label, label) for label in frame["label"]])


def _once(found: Indicators) -> pd.DataFrame:
    """Each input once, with the names of the indicators that it goes into."""
    named = {each.indicator: each.name for each in found.items}
    inputs = found.inputs().assign(indicator=lambda frame: frame["indicator"].map(named))
    same = ["name", "value", "low", "high", "unit", "grade", "source", "row"]
    into = inputs.groupby(same, sort=False, dropna=False)["indicator"].agg(lambda names: listed(list(dict.fromkeys(map(str, names))), 6))
    return into.reset_index()


_BARE = {"1": "", "share": ""}
"""Units of ratios, which are printed without one."""


def _titled(name: str) -> str:
    """A network as a head names it."""
    name = NETWORKS.get(name, name)
    return f"{name[:1].upper()}{name[1:]}"


def metrics(found: NetworkMetrics) -> Section:
    """The section of the network's metrics."""
    frame = _labelled(found.to_frame())
    wide = frame.pivot_table(index=["label", "unit"], columns="network", values="value", sort=False, dropna=False).reset_index()
    wide = wide.dropna(how="all", subset=list(found.columns)).assign(unit=lambda table: table["unit"].replace(_BARE))
    behind = flowing(found)
    for name, basis in behind.items():
        wide = rested(wide, [basis] * len(wide), name)
    columns = (Column("label", "Measure", "name"), *(Column(name, _titled(name), "number", "*") for name in found.columns))
    blocks: list[Block] = [
        framed(
            "metrics-table",
            f"What flows, in {found.unit} a year, between nodes, each one {found.level}; measures without a unit are ratios.",
            wide,
            columns,
        )
    ]
    if len(found.networks) > 1:
        trend = (
            Column("label", "Measure", "name"),
            Column("to", "Network"),
            Column("before", "Today", "number", "*"),
            Column("after", "Then", "number", "*"),
            Column("difference", "Difference", "change", "*"),
            RANGE,
            Column("alarm", "Claim"),
            GRADE,
        )
        moved = found.trend().assign(unit=lambda table: table["unit"].replace(_BARE))
        moved = moved.assign(alarm=[NO_CLAIM if alarm else "" for alarm in moved["alarm"]])
        moved = rested(moved, [together(behind[one], behind[other]) for one, other in zip(moved["from"], moved["to"], strict=True)])
        blocks.append(framed("metrics-trend", "What changes, 5 and 95 % of the difference.", moved, trend, "Differences"))
    nodes = (
        Column("name", "Node", "name"),
        *(
            Column(key, title, "number")
            for key, title in (("takes_from", "Takes from"), ("gives_to", "Gives to"), ("betweenness", "Betweenness"))
        ),
    )
    blocks.append(
        framed(
            "metrics-nodes",
            f"Nodes of the network: {NETWORKS.get(found.columns[-1], found.columns[-1])}.",
            rested(found.networks[-1].nodes, touching(found.networks[-1], found.level, found.unit)),
            nodes,
            "Nodes",
        )
    )
    said: dict[str, list[str]] = {}
    for column, one in zip(found.columns, found.networks, strict=True):
        for note in one.notes:
            said.setdefault(note, []).append(NETWORKS.get(column, column))
    notes = [f"{_titled('; '.join(names))}: {note}" for note, names in said.items()]
    blocks += [Items(tuple(notes))] if notes else []
    return Section(
        "metrics-section",
        "Network",
        "What kind of network is it?",
        "Measures of ecological network analysis, of the whole and of its nodes.",
        tuple(blocks),
    )
