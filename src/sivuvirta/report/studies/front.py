"""A front: what one aim costs in another, as a curve with its knee, and what changes along it."""

from __future__ import annotations

from collections.abc import Sequence

from sivuvirta.domain.fronts import Front, FrontPoint
from sivuvirta.report.following.basis import RESTS, Basis
from sivuvirta.report.following.legs import Legs
from sivuvirta.report.studies.axes import Axis, axis
from sivuvirta.report.studies.blocks import Block, Heading, Mark, Plot, Section, Table, Words
from sivuvirta.report.studies.resting import exchanged, moved
from sivuvirta.report.studies.told import against, percent, yearly
from sivuvirta.report.tables import Column, records, sheet
from sivuvirta.report.words import count, figure, listed, readable

_FRAME = (64.0, 14.0, 540.0, 268.0)
_SMALL, _LARGE = 4.0, 11.0  # radius of a point, px


def front(found: Front) -> Section:
    """The section of a front."""
    aims = list(found.labels)
    lead = (
        f"{count(len(found), 'network')} on {found.evidence} evidence, of which none is better than another at all of {listed(aims)}. "
        "Everything is counted against today; more is better."
    )
    legs = Legs.of(found.links)
    bases = [exchanged(legs, point.network.ledger) for point in found.points]
    blocks: list[Block] = [picture(found, bases), *_knee(found), _points(found, bases), Heading("What changes along it")]
    return Section(
        "front-section", "Trade-offs", f"What does {aims[0]} cost in {listed(aims[1:])}?", lead, (*blocks, _changes(found, legs))
    )


def unit(found: Front, k: int) -> str:
    """Unit of an objective: an investment is a sum, the others are of a year."""
    return found.units[k] if found.objectives[k] == "investment" else f"{found.units[k]}/a"


def picture(found: Front, bases: Sequence[Basis]) -> Plot:
    """The first objective upwards, the second to the right; a third is the size of a point. A point opens what its network rests on."""
    left, top, right, bottom = _FRAME
    gains = [point.gains for point in found.points]
    across = axis([each[1] for each in gains], unit(found, 1), left, right)
    up = axis([each[0] for each in gains], unit(found, 0), bottom, top)
    places = [(across.at(each[1]), up.at(each[0])) for each in gains]
    marks = [Mark("line", tuple(places), "curve")] if len(found.objectives) == 2 else []
    radii = _radii(found)
    for number, (point, place, radius, basis) in enumerate(zip(found.points, places, radii, bases, strict=True)):
        look = "knee" if point.knee else "point"
        marks.append(Mark("dot", (place,), look, _told(found, number), _name(number, point), radius, None if basis.empty else basis))
    ends = f"from {_told(found, 0)} to {_told(found, len(found) - 1)}"
    keys = [("knee", "knee")] if found.knee else []
    if len(found.objectives) > 2:
        keys.append(("point", f"larger: more {found.labels[2]}"))
    text = f"Curve of {count(len(found), 'network')} {ends}. The table below has every point."
    title = f"{_capital(found.labels[0])} against {found.labels[1]}"
    return Plot(title, text, _axis(found, 1, across), _axis(found, 0, up), across.ticks, up.ticks, tuple(marks), tuple(keys))


def _radii(found: Front) -> list[float]:
    if len(found.objectives) < 3 or not found.points:
        return [5.0] * len(found)
    third = [point.gains[2] for point in found.points]
    span = (max(third) - min(third)) or 1.0
    return [round(_SMALL + (_LARGE - _SMALL) * (value - min(third)) / span, 1) for value in third]


def _name(number: int, point: FrontPoint) -> str:
    return f"{number} knee" if point.knee else str(number)


def _told(found: Front, number: int) -> str:
    point = found.points[number]
    amounts = [f"{label} {figure(point.gains[k], unit(found, k)).text}" for k, label in enumerate(found.labels)]
    kind = f", the best in {_best(found, point)}" if point.end_of else ""
    return f"point {number}{kind}: {', '.join(amounts)}"


def _axis(found: Front, k: int, of: Axis) -> str:
    return f"{_capital(found.labels[k])}, {of.unit}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _knee(found: Front) -> list[Block]:
    if found.knee is None:
        return [Words("No point stands out as a knee: the exchange is even along the curve.")] if len(found) > 2 else []
    number = found.points.index(found.knee)
    first, others = found.labels[0], listed(list(found.labels[1:]))
    return [Words(f"The knee is {_told(found, number)}. Beyond it, giving up more {first} brings little more {others}.")]


def _points(found: Front, bases: Sequence[Basis]) -> Table:
    names = dict(zip(found.links.nodes.id, found.links.nodes.name, strict=True))
    columns = [Column("point", "Point", "number")]
    columns += [
        Column(name, _capital(label), "number", unit(found, k))
        for k, (name, label) in enumerate(zip(found.objectives, found.labels, strict=True))
    ]
    columns += [
        Column("capex", "Investment", "number", "EUR"),
        Column("note", "Which is"),
        Column("plants", "Plants built", "number"),
        Column("against", "Which, then against the point before", "long"),
        Column("gap", "Proven to", "number", "%", "Part of the first aim that a better network might still gain"),
    ]
    rows = []
    before: list[str] | None = None
    for row in records(found.to_frame()):
        built = [str(names[plant]) for plant in row["plants"].split("; ") if plant]
        point = found.points[row["point"]]
        note = f"best in {_best(found, point)}" if row["end_of"] else "knee" if row["knee"] else ""
        more = {"plants": len(built), "against": against(built, before), "note": note, "gap": percent(row["gap"])}
        rows.append({**row, **more, RESTS: bases[row["point"]]})
        before = built
    return Table(sheet("front-table", "Points of the curve, against today.", columns, rows))


def _best(found: Front, point: FrontPoint) -> str:
    """In words, what an end is the best of."""
    return found.labels[found.objectives.index(point.end_of)]


def _changes(found: Front, legs: Legs) -> Table:
    columns = (
        Column("step", "From point to point"),
        Column("what", "What"),
        Column("kind", "Of"),
        Column("name", "Which", "long"),
        Column("amount", "By", "number", "*"),
    )
    rows = [
        {
            **row,
            "step": f"{row['before']} to {row['after']}",
            "name": readable(row["name"].replace("'", "")),
            "unit": yearly(row["unit"]),
            RESTS: moved(legs, one.kind, one.row),
        }
        for row, one in zip(records(found.table()), found.changes, strict=True)
    ]
    caption = "What is built, dropped, opened, closed, more or less from each point to the next."
    empty = "Nothing but today's outlets and purchases."
    return Table(sheet("front-changes", caption, columns, rows, empty), "Changes along the curve")
