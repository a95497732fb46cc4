"""Limits of mixes: how often the plan's own flows keep each in the draws."""

from __future__ import annotations

from sivuvirta.domain.ensembles import Ensemble
from sivuvirta.report.following.basis import RESTS, Basis
from sivuvirta.report.studies.blocks import Block, Table
from sivuvirta.report.tables import Column, records, sheet


def kept(found: Ensemble) -> list[Block]:
    """How often each limit of a mix is kept, as a table; nothing where no mix has a limit."""
    names = dict(zip(found.links.nodes.id, found.links.nodes.name, strict=True))
    told = _limit_names(found)
    columns = (Column("need", "Need", "name"), Column("limit", "Limit"), Column("percent", "Kept in", "number", "%", "Part of the draws"))
    rows = [
        {
            "need": str(names.get(row["need"], row["need"])),
            "limit": told[row["limit"]],
            "percent": 100 * row["probability"],
            RESTS: Basis(rows=(("limits", str(row["limit"])), ("needs", str(row["need"])))),
        }
        for row in records(found.potential.limits)
        if row["used"]
    ]
    caption = "How often the plan's own flows keep the limit of a mix, whatever the streams truly contain."
    return [Table(sheet("kept-table", caption, columns, rows), "Limits of mixes")] if rows else []


def _limit_names(found: Ensemble) -> dict[str, str]:
    """Limits in words: what of, and which end, for example "Cadmium, at most 8 mg/kg"."""
    region = found.links.region
    components = {row["component"]: row for row in region.table("components").rows()}
    told = {}
    for row in region.table("limits").rows():
        component = components[row["component"]]
        unit = "mg/kg" if row["kind"] != "property" else str(component["unit"])
        end = "at most" if row["comparator"] == "max" else "at least"
        name = ("leached " if row["kind"] == "leaching" else "") + str(component["name_en"])
        told[str(row["limit"])] = f"{name[:1].upper()}{name[1:]}, {end} {row['value']:,.6g} {unit}".rstrip()
    return told
