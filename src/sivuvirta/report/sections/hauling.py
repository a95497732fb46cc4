"""Roads of the plan as a road authority reads them: lorries by section, what is not known and why, and the nearest to a threshold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from sivuvirta.assess.roads.rise import passed, stated
from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.links import Links
from sivuvirta.report.tables import TRACE, Column, Sheet, records, sheet
from sivuvirta.report.words import count, figure, sentence

_NEAREST = 6  # sections
_REMARK = re.compile(r"heavy traffic: (.+?)\.?$", re.IGNORECASE)  # of a section's note
_CITED = re.compile(r" \(\w+\)")  # id of a source, which its own table tells
_WORDS: Mapping[bool | None, str] = {True: "yes", False: "no"}


def roads(links: Links, assessment: Assessment) -> Sheet:
    """Loaded lorries a day by road section, today and in both networks, beside the section's heavy traffic."""
    proven = {row["road"]: row["planned"] for row in records(assessment.proven.roads)}
    most = stated(links.region).most
    rows = [
        {
            **{name: value for name, value in row.items() if row["road"] or name not in ("heavy_traffic", "share")},
            "name": named(row, links),
            TRACE: f"roads/{row['road'] or ''}",
            "proven": proven.get(row["road"], 0.0),
            **({"share": 100 * row["share"]} if row["road"] else {}),
            "over": _WORDS.get(row["over"], "not known" if row["road"] else ""),
            "rises": _WORDS.get(_rises(row, most), "not known" if row["road"] else ""),
            "why": why_not(row, links),
        }
        for row in records(assessment.potential.roads)
    ]
    columns = (
        Column("name", "Section", "name"),
        Column("km", "km", "bare", "km"),
        Column("reference", "Loaded, today", "bare", "1/d", help="loaded lorries a day of the streams' hauls today, both directions"),
        Column("proven", "Loaded, plan proven", "bare", "1/d"),
        Column("planned", "Loaded, with potential", "bare", "1/d"),
        Column("vehicles", "With empty returns", "bare", "1/d", help="lorries a day in the plan with potential, loaded and empty"),
        Column("heavy_traffic", "All heavy traffic today", "number", help="heavy vehicles a day, all traffic, yearly mean"),
        Column("share", "Plan's lorries of it, %", "number"),
        Column("over", "Past its threshold"),
        *(() if np.isnan(most) else (Column("rises", f"Heavy traffic rises by over {100 * most:.0f} %"),)),
        Column("why", "Not known, and why", "long"),
        Column("grade", "Grade", "grade"),
    )
    caption = (
        "Lorries a day that haul the streams of the register, yearly mean of 365 days, both directions; only what leaves a site. "
        "Goods bought and all other traffic are not in them. Sections compiled from distances between places are grade D."
    )
    return sheet("roads", caption, columns, rows, "No flow of the register leaves its site by road.")


def _rises(row: Mapping[str, Any], most: float) -> bool | None:
    """Whether heavy traffic of a section rises by more than the stated part; None where that is not known."""
    if not row["road"]:
        return None
    found: bool | None = passed(np.array([row["added"] / row["heavy_traffic"]], dtype=float), most).iloc[0]
    return found


def nearest(links: Links, assessment: Assessment) -> tuple[str, Sheet]:
    """Sections by how near they come to the threshold at which they need strengthening, and why none is flagged, in words."""
    frame = assessment.potential.roads
    on_road = frame[frame["road"] != ""] if len(frame) else frame
    rows = sorted(records(on_road), key=_nearness)[:_NEAREST]
    told = [
        {
            **row,
            "name": named(row, links),
            TRACE: f"roads/{row['road']}",
            "left": row["threshold"] - row["heavy_traffic"] - row["added"],
            "more": 100 * row["added"] / row["heavy_traffic"],
        }
        for row in rows
    ]
    columns = (
        Column("name", "Section", "name"),
        Column("heavy_traffic", "All heavy traffic today", "number"),
        Column("added", "Plan adds", "number"),
        Column("more", "More, %", "bare", "%"),
        Column("threshold", "Threshold", "number"),
        Column("left", "Room left", "number"),
        Column("grade", "Grade", "grade"),
    )
    caption = "Sections nearest to strengthening, with potential: heavy vehicles a day, empty returns counted."
    words = " ".join(part for part in (_flagged(on_road), _risen(on_road, links)) if part)
    return words, sheet("nearest-roads", caption, columns, told, "No section of road is used.")


def _nearness(row: Mapping[str, Any]) -> tuple[int, float]:
    """First what has a threshold, by the part of it that is used; then what has a count, by what the plan adds to it; then the others."""
    then = row["heavy_traffic"] + row["added"]
    if pd.notna(then) and pd.notna(row["threshold"]):
        return 0, -then / row["threshold"]
    if pd.notna(then):
        return 1, -row["added"] / row["heavy_traffic"]
    return 2, -(row["added"] if pd.notna(row["added"]) else row["vehicles"])


def _flagged(rows: pd.DataFrame) -> str:
    """Why no section is flagged, or how many are."""
    if not len(rows):
        return ""
    passed = int((rows["over"] == True).sum())  # noqa: E712 - objects with None
    limits, counts = int(rows["threshold"].notna().sum()), int(rows["heavy_traffic"].notna().sum())
    if passed:
        return (
            f"{count(passed, 'section')} of {len(rows)} would carry more heavy traffic than the threshold at which it needs strengthening."
        )
    if limits:
        return (
            f"No section is flagged: of {count(limits, 'section')} with a threshold none passes it; "
            f"of the other {len(rows) - limits} none is known."
        )
    return (
        f"No section is flagged, and none is cleared: no source that was opened states at how many heavy vehicles a day one of the "
        f"{len(rows)} sections in use needs strengthening. All heavy traffic is known of {counts}; the table has those with the largest "
        "rise first. A threshold of one's own can be asked for (sivuvirta roads, option threshold), and is told as asked for."
    )


def _risen(rows: pd.DataFrame, links: Links) -> str:
    """On how many sections heavy traffic rises by more than a source calls large; empty where none states a figure."""
    limit = stated(links.region)
    if not len(rows) or np.isnan(limit.most):
        return ""
    rise = (rows["added"] / rows["heavy_traffic"]).to_numpy(float)
    found = passed(rise, limit.most)
    known = int(found.notna().sum())
    most = f", at most by {100 * float(np.nanmax(rise)):.1f} %" if known else ""
    return (
        f"A rise of heavy traffic by more than {100 * limit.most:.0f} % is flagged too (grade {limit.grade}): it is found on "
        f"{int((found == True).sum())} of {count(known, 'section')} whose heavy traffic is known{most}, and not known of the "  # noqa: E712
        f"other {len(rows) - known}. {limit.note}"
    )


def why_not(row: Mapping[str, Any], links: Links) -> str:
    """What is not known of a section and why, as its note says it after "heavy traffic:"; empty where all is known."""
    table = links.region.table("roads")
    at = table.index.get(row["road"])
    if at is None:
        return "Belongs to no section."
    lacks = "no threshold in the register" if pd.isna(row["threshold"]) else ""
    if pd.notna(row["heavy_traffic"]):
        return sentence(lacks)
    note = _CITED.sub("", str(table["note"][at] or ""))
    found = _REMARK.search(note)
    traffic = f"heavy traffic: {found.group(1) if found else 'not in the register'}"
    return sentence("; ".join(part for part in (traffic, lacks) if part))


def named(row: Mapping[str, Any], links: Links) -> str:
    """The places that a section joins, and its number."""
    places = links.region.table("places")
    names = dict(zip(places["place"].tolist(), places["name"].tolist(), strict=True))
    ends = " – ".join(names[row[end]] for end in ("from_place", "to_place") if row[end] in names)
    number = row["number"] if isinstance(row["number"], str) else ""
    return ": ".join(part for part in ((number, ends) if ends else ("Elsewhere", number)) if part)


def driven(assessment: Assessment) -> str:
    """What the plan means for the roads, in a sentence; empty where there is nothing to compare."""
    frame = assessment.potential.roads
    if not len(frame) or frame["added"].isna().all():
        return ""
    top = frame[frame["road"] != ""].sort_values("added", ascending=False, kind="stable").head(1)
    row = next(iter(records(top)), {"added": 0.0})
    if not row["added"] > 0:
        return ""
    road = f"road {row['number']}" if isinstance(row["number"], str) and row["number"] else str(row["road"])
    return f"The largest rise is on {road}: {figure(row['added'], '').text} lorries a day more than today, loaded and empty."
