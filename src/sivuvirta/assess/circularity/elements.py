"""What side streams contain of listed elements, from the register's analyses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from sivuvirta.assess.circularity.book import Book
from sivuvirta.domain.indicators import Input
from sivuvirta.domain.region import Region
from sivuvirta.units.composition import Conversions, conversions

COUNTED = ("any", "battery_grade")
"""Listed forms that a content of the element can become; a metal or a mineral is another thing."""


@frozen
class Element:
    """An element that is followed, and how it is listed."""

    component: str
    name: str
    listing: str
    form: str
    source: str

    @property
    def note(self) -> str:
        """What the list says of it."""
        listed = {"critical": "Critical", "critical_and_strategic": "Critical and strategic", "not_listed": "Not on the list"}[self.listing]
        form = "" if self.form == "any" else f"; listed in {self.form.replace('_', ' ')}, which not every use of it is"
        told = f"{self.name}: {listed.lower()} in the Union's list of 2023 ({self.source}){form}."
        return f"{told} In analysed streams, extractive waste left out."


def followed(region: Region) -> tuple[Element, ...]:
    """Elements of table `critical_materials`; not those of which a metal or a mineral is listed, for silica is no silicon metal."""
    rows = [row for row in region.table("critical_materials").rows() if row["form"] in COUNTED]
    return tuple(Element(row["component"], row["name"], row["listing"], row["form"], row["source"]) for row in rows)


def contents(book: Book, component: str) -> dict[str, Input]:
    """Total content of a component by stream, mg/kg dry; a part without analysis has its whole's.

    Samples count alike; below a detection limit the content lies between 0 and the limit, and the middle is taken. The plain oxide stands
    for its element where the element itself is not analysed.
    """
    region = book.region
    table = region.table("components")
    known = conversions(zip(*(table[column].tolist() for column in ("component", "kind", "oxide_of", "factor")), strict=True))
    samples: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for row in book.contents:
        if known.factor(row["component"], component) is not None:
            samples.setdefault(row["stream"], {}).setdefault(row["component"], []).append(row)
    own = {stream: _mean(book, by, component, known) for stream, by in samples.items()}
    found = dict(own)
    for row in region.table("streams").rows():
        if row["stream"] not in own and row["parent"] in own:
            found[row["stream"]] = own[row["parent"]]
    return found


def _mean(book: Book, by: Mapping[str, list[Mapping[str, Any]]], component: str, known: Conversions) -> Input:
    expressed = next(each for each in known.related(component) if each in by)
    factor = known.factor(expressed, component) or 1.0
    rows = by[expressed]
    grade = max(row["grade"] for row in rows)
    parts = [_sample(book, row) for row in rows]
    value, low, high = (factor * end for end in (sum(p[0] for p in parts) / len(parts), min(p[1] for p in parts), max(p[2] for p in parts)))
    told = ", ".join(dict.fromkeys(row["source"] for row in rows))
    stream, streams = rows[0]["stream"], book.region.table("streams")
    name = streams["name"][streams.index[stream]]
    return Input(f"{component} in {name or stream}", value, low, high, "mg/kg", grade, told, f"analyses: {stream}/{expressed}/total")


def _sample(book: Book, row: Mapping[str, Any]) -> tuple[float, float, float]:
    """Value, low and high of one sample."""
    if row["below"]:
        return row["value"] / 2.0, 0.0, row["value"]
    nan = float("nan")
    low, high = (nan if row[end] is None else float(row[end]) for end in ("low", "high"))
    told = book.ranged(Input("", float(row["value"]), low, high, "mg/kg", row["grade"], "", ""))
    return told.value, min(told.low, told.value), max(told.high, told.value)
