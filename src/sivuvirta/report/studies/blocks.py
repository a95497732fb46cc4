"""Blocks that a section of a report is made of: words, bars, plots and tables, which one template draws."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import ClassVar

from attrs import frozen

from sivuvirta.report.following.basis import NOTHING, Basis
from sivuvirta.report.tables import Sheet

_WIDTH = 100.0  # a bar is drawn in per cent of its width


@frozen
class Words:
    """A paragraph."""

    kind: ClassVar[str] = "words"
    text: str


@frozen
class Heading:
    """A heading of a part of a section."""

    kind: ClassVar[str] = "heading"
    text: str


@frozen
class Items:
    """A list of sentences."""

    kind: ClassVar[str] = "items"
    texts: tuple[str, ...]
    signed: bool = False  # each begins with a sign of its own


@frozen
class Stories:
    """Texts that are read one by one: each folded under its head."""

    kind: ClassVar[str] = "stories"
    told: tuple[tuple[str, str], ...]  # head, text


@frozen
class Table:
    """A table, folded where it would be too long to read at once."""

    kind: ClassVar[str] = "table"
    sheet: Sheet
    noun: str = ""  # of a folded table, for example "Links and plants"
    open: bool = False  # a folded table that is open from the first


@frozen
class Part:
    """A piece of a bar, in per cent of the picture's width."""

    left: float
    width: float
    look: str  # solid | open | loss | won | sign


@frozen
class Row:
    """One bar: its label, pieces and figure."""

    label: str
    parts: tuple[Part, ...]
    text: str
    spread: tuple[float, float] | None = None  # ends of the range, per cent
    sign: str = ""  # a sign before the label
    note: str = ""  # small, under the label
    basis: Basis = NOTHING  # what its figure rests on


@frozen
class Bars:
    """Horizontal bars with one scale."""

    kind: ClassVar[str] = "bars"
    title: str
    rows: tuple[Row, ...]
    zero: float  # per cent
    keys: tuple[tuple[str, str], ...] = ()  # look, words
    scale: tuple[tuple[float, str], ...] = ()  # marks under the bars: per cent, text
    of: str = ""  # vintage and network, beside the title


@frozen
class Mark:
    """A dot, box or line of a plot, in px of its frame."""

    shape: str  # dot | box | line
    points: tuple[tuple[float, float], ...]  # centre; corner and size; points of the line
    look: str
    title: str = ""  # on hover
    label: str = ""  # beside it
    radius: float = 5.0
    basis: Basis | None = None  # what its figure rests on, told on a click


@frozen
class Plot:
    """A picture with two axes."""

    kind: ClassVar[str] = "plot"
    title: str
    text: str  # what it shows, for who does not see it
    across: str  # label of the axis
    up: str
    ticks_across: tuple[tuple[float, str], ...]  # px, text
    ticks_up: tuple[tuple[float, str], ...]
    marks: tuple[Mark, ...]
    keys: tuple[tuple[str, str], ...] = ()
    size: tuple[int, int] = (560, 320)
    frame: tuple[float, float, float, float] = (64.0, 14.0, 540.0, 268.0)  # left, top, right, bottom
    of: str = ""  # vintage and network, beside the title


@frozen
class Pictures:
    """Pictures side by side where there is room."""

    kind: ClassVar[str] = "pictures"
    items: tuple[Bars | Plot, ...]


Block = Words | Heading | Items | Stories | Table | Bars | Plot | Pictures


@frozen
class Section:
    """A section of a report."""

    id: str
    nav: str  # in the contents
    title: str
    lead: str
    blocks: tuple[Block, ...]
    basis: Basis = NOTHING  # how its numbers come about where no row says it
    scope: str = ""  # of which vintage and network it is


@frozen
class Amount:
    """What a bar shows: a solid part from 0 and a second part behind it, with the range of the sum."""

    label: str
    text: str
    solid: float
    more: float = 0.0
    range: tuple[float, float] | None = None
    sign: str = ""
    note: str = ""
    basis: Basis = NOTHING  # what it rests on


def bars(title: str, amounts: Iterable[Amount], looks: tuple[str, str] = ("solid", "open"), keys: Sequence[tuple[str, str]] = ()) -> Bars:
    """Bars from one zero, in the order given.

    Args:
        title: what they show, with the unit of time.
        amounts: from the top; all in one unit, none NaN.
        looks: of the solid part and of the second.
        keys: what each look means.
    """
    drawn = list(amounts)
    ends = [0.0, *(end for each in drawn for end in (each.solid, each.solid + each.more, *(each.range or ())) if math.isfinite(end))]
    low, span = min(ends), (max(ends) - min(ends)) or 1.0

    def at(value: float) -> float:
        return round(float(_WIDTH * (value - low) / span), 2)

    def piece(start: float, end: float, look: str) -> Part:
        return Part(at(min(start, end)), round(abs(at(end) - at(start)), 2), look)

    rows = []
    for each in drawn:
        parts = (piece(0.0, each.solid, looks[0]), piece(each.solid, each.solid + each.more, looks[1]))
        known = each.range if each.range and all(map(math.isfinite, each.range)) else None
        spread = (at(known[0]), at(known[1])) if known else None
        rows.append(Row(each.label, tuple(part for part in parts if part.width > 0), each.text, spread, each.sign, each.note, each.basis))
    return Bars(title, tuple(rows), at(0.0), tuple(keys))
