"""Scenarios side by side: the headline figures of each, and what changes against the region as registered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from sivuvirta.domain.comparisons import Comparison
from sivuvirta.report.following.basis import RESTS, Basis
from sivuvirta.report.studies.blocks import Amount, Bars, Block, Heading, Items, Pictures, Section, Table, Words, bars
from sivuvirta.report.studies.resting import overlaid
from sivuvirta.report.tables import RESTING, Column, records, sheet
from sivuvirta.report.words import figure, readable, sentence

_SUBJECT = re.compile(r": |, for | is not built")  # what follows the subject of a change
_OTHER = {"used_today": "headline/could_be_used", "cost": "money/sum", "emissions": "carbon/sum"}
_FIRST = 6  # changes of a scenario that are told before the table
KEYS = (("solid", "proven"), ("open", "potential"), ("range", "range of the sum, 5 to 95 %"))
_WHAT = {
    "benefit": "worth",
    "carbon": "emissions",
    "cost": "cost",
    "not_built": "not built",
}


def comparison(found: Comparison) -> Section:
    """The section of a comparison."""
    lead = "The best network of each scenario, found anew: solid is proven, outlined is potential."
    blocks: list[Block] = [
        Pictures(tuple(_picture(found, key) for key in _figures(found))),
        Words(readable(found.reference)),
        _sheet(found),
    ]
    for name in found.names[1:]:
        blocks += _otherwise(found, name)
    return Section("scenarios-section", "Scenarios", "What if the region were otherwise?", lead, tuple(blocks))


def spoken(name: str) -> str:
    """A scenario's name as a person says it: "Mine expansion"."""
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]


def _figures(found: Comparison) -> list[str]:
    """Figures that are drawn, in the order of the head of the report; what is used today is not of the plan, and stands in the table."""
    return [name for name in dict.fromkeys(found.ranges["figure"]) if name != "used_today"]


def _picture(found: Comparison, key: str) -> Bars:
    rows = {row["evidence"]: row for row in records(found.figures[found.figures["figure"] == key])}
    label, unit = str(rows["total"]["label"]), str(rows["total"]["unit"])
    ranges = {row["scenario"]: row for row in records(found.ranges[found.ranges["figure"] == key])}
    amounts, region = [], found.plans[0].links.region
    for name in found.names:
        proven, potential, total = (float(rows[evidence][name]) for evidence in ("proven", "potential", "total"))
        ends = (float(ranges[name]["low"]), float(ranges[name]["high"]))
        grade = f"evidence {ranges[name]['grade'] or 'not graded'}"
        parts = [f"{figure(proven, unit).text} proven", f"{figure(potential, unit, sign=True).text} potential", grade]
        basis = Basis(rows=overlaid(region, [name]), figures=(_traced(key),))
        text = figure(total, unit, sign=key == "carbon").text
        amounts.append(Amount(spoken(name), text, proven, potential, ends, note=", ".join(parts), basis=basis))
    return bars(label, amounts, keys=KEYS)


def _sheet(found: Comparison) -> Table:
    """All figures as a table, proven and with potential."""
    words = {"proven": "proven", "potential": "potential adds", "total": "together"}
    told = found.figures[found.figures["evidence"].isin(list(words))]
    told = told[(told["figure"] != "used_today") | (told["evidence"] == "total")]
    region = found.plans[0].links.region
    own = {f"{name}{RESTING}": Basis(rows=overlaid(region, [name])) for name in found.names}
    rows = [{**row, **own, "evidence": words[row["evidence"]], RESTS: Basis(figures=(_traced(row["figure"]),))} for row in records(told)]
    columns = [Column("label", "Figure", "name"), Column("evidence", "Network")]
    columns += [Column(name, spoken(name), "number", "*") for name in found.names]
    return Table(sheet("scenarios-table", "Figures of each scenario, a year.", columns, rows), "Figures of each scenario")


def _traced(key: str) -> str:
    """The figure of the assessment that a figure of a scenario is, or is a part of."""
    return _OTHER.get(key, f"headline/{key}")


def _otherwise(found: Comparison, name: str) -> list[Block]:
    """One scenario: why, what changes first, and the table of all changes."""
    changes = found.changes[found.changes["scenario"] == name]
    blocks: list[Block] = [Heading(f"{spoken(name)}: what changes")]
    reasons = _reasons(found, name)
    if reasons:
        blocks.append(Words(" ".join(sentence(reason) for reason in reasons)))
    if changes.empty:
        return [*blocks, Words("Nothing: the best network is the same.")]
    texts = tuple(dict.fromkeys(readable(str(text)) for text in changes["text"]))
    first = _once(texts)[:_FIRST]
    blocks.append(Items(first))
    if len(texts) == len(first):
        return blocks
    columns = (Column("what", "What"), Column("evidence", "Network"), Column("text", "In words", "long"))
    rows = [
        {"what": _WHAT.get(row["what"], row["what"]), "evidence": _network(row), "text": readable(row["text"])} for row in records(changes)
    ]
    caption = f"All that is otherwise under {spoken(name)}, the largest difference first within a kind."
    table = sheet(f"changes-{found.names.index(name)}", caption, columns, rows)
    return [*blocks, Table(table, f"All changes, {spoken(name)}")]


def _once(texts: Sequence[str]) -> tuple[str, ...]:
    """Of what both networks tell of one flow or plant, what the one with potential tells, which comes later; the table has both.

    >>> _once(["Gas to Kiln: 5 MWh/a start.", "Ash to Fill: 2 t/a stop.", "Gas to Kiln: 6 MWh/a start."])
    ('Gas to Kiln: 6 MWh/a start.', 'Ash to Fill: 2 t/a stop.')
    """
    return tuple({_SUBJECT.split(text)[0]: text for text in texts}.values())


def _network(row: dict[str, Any]) -> str:
    return {"total": "both"}.get(row["evidence"], row["evidence"]) if row["what"] in _WHAT else _with(row["evidence"])


def _with(evidence: str) -> str:
    return "with potential" if evidence in ("potential", "total") else evidence


def _reasons(found: Comparison, name: str) -> list[str]:
    """Why the scenario's rows are as they are, from the region's own table."""
    region = found.plans[0].links.region
    if "scenarios" not in region.tables:
        return []
    table = region.table("scenarios").to_frame()
    own = table[table["scenario"].isin(name.split(" + "))]
    return [str(reason) for reason in dict.fromkeys(own["reason"]) if not pd.isna(reason) and reason]
