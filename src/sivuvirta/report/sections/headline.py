"""The five figures at the head of a report: proven and potential side by side, each with its range."""

from __future__ import annotations

import math
from textwrap import shorten
from typing import Any

from attrs import frozen

from sivuvirta.domain.assessments import Assessment
from sivuvirta.domain.unknowns import KNOWN_PART, told
from sivuvirta.report.words import Figure, figure, span

_COUNTED = "counted as 0 is "
_WIDTH = 100.0  # a range bar is drawn in per cent of its width


_SHORT = 44  # letters
_BLANK = "Unknown: "
_LEADS = ("Not known and counted as 0: ", f"O{KNOWN_PART[1:]}, ")


@frozen
class Bar:
    """Where the parts of a range bar lie, per cent of its width."""

    zero: float
    solid: tuple[float, float]  # left end and width: proven
    open: tuple[float, float]  # left end and width: potential
    spread: tuple[float, float]  # 5 and 95 % points of the total
    mean: float
    today: float | None


@frozen
class Headline:
    """One figure with its parts, range and grade."""

    label: str
    proven: Figure
    potential: Figure | None  # what potential adds; None where the figure does not depend on the plan
    total: Figure
    today: Figure | None  # None where today is the reference, zero by definition
    mean: str  # of the draws, empty where there is none
    range: str
    grade: str
    bar: Bar
    trace: str  # key of the figure that tells what made it
    known: str  # the sum with its bound, where something of it counts as 0
    unknown: str  # what counts as 0 because it is not known, or why the figure itself is not; empty where all is known
    alarm: bool  # a benefit whose range includes zero

    @property
    def unknown_short(self) -> str:
        """Its beginning, where the whole would not fit under a figure."""
        return shorten(self.unknown, _SHORT, placeholder=" …")


def headlines(assessment: Assessment) -> list[Headline]:
    """The five figures of an assessment, in its order."""
    return [_headline(row) for row in assessment.headline.to_dict("records")]


def _headline(row: dict[Any, Any]) -> Headline:
    unit, signed = row["unit"], row["figure"] == "carbon"
    about_today = row["figure"] == "used_today"
    against_zero = row["figure"] in ("benefit", "carbon")
    return Headline(
        label=row["label"],
        proven=figure(row["proven"], unit, sign=signed),
        potential=None if about_today else figure(row["potential"], unit, sign=signed),
        total=figure(row["total"], unit, sign=signed),
        today=None if about_today or against_zero else figure(row["today"], unit),
        mean="" if math.isnan(row["total_mean"]) else figure(row["total_mean"], unit, sign=signed).text,
        range=span(row["total_low"], row["total_high"], unit),
        grade=row["grade"],
        trace=f"headline/{'could_be_used' if about_today else row['figure']}",
        known=told(figure(row["total"], unit, sign=signed).text, row["bound"]) if row["bound"] else "",
        unknown=_without_lead(row["unknown"] or ""),
        alarm=bool(row["alarm"]),
        bar=_bar(row, None if about_today or against_zero else row["today"]),
    )


def _without_lead(text: str) -> str:
    for lead in (*_LEADS, _BLANK):
        text = text.replace(lead, _COUNTED) if lead == _LEADS[0] else text.removeprefix(lead)
    return text.rstrip(".")


def _bar(row: dict[Any, Any], today: float | None) -> Bar:
    ends = [0.0, row["proven"], row["total"], row["total_low"], row["total_high"], row["total_mean"], *([] if today is None else [today])]
    known = [end for end in ends if not math.isnan(end)]
    low, high = min(known), max(known)
    width = (high - low) or 1.0

    def at(value: float) -> float:
        return float(round((value - low) / width * _WIDTH, 2))

    def piece(start: float, end: float) -> tuple[float, float]:
        return at(min(start, end)), round(at(max(start, end)) - at(min(start, end)), 2)

    return Bar(
        zero=at(0.0),
        solid=piece(0.0, row["proven"]),
        open=piece(row["proven"], row["total"]),
        spread=(at(row["total_low"]), at(row["total_high"])),
        mean=at(row["total"] if math.isnan(row["total_mean"]) else row["total_mean"]),
        today=None if today is None else at(today),
    )
