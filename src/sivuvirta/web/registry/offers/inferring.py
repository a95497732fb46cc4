"""Inferring: what the library says of streams like one, offered to its holder to confirm or drop, each with its source.

A class has typical properties; what industries give off ("typologies") has codes, hazard and moisture; likely contents stand for an
analysis until there is one. Nothing is taken over by itself. What the holder confirms is grade C: an estimate, whatever it came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import frozen
from django.utils.translation import gettext as _

from sivuvirta import library
from sivuvirta.domain.table import Table
from sivuvirta.suggest.knowledge import typology_scores
from sivuvirta.suggest.nace import REVISIONS
from sivuvirta.suggest.query import query
from sivuvirta.tables.schema import schema
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.offers.moist import assumed, lineage
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.schemas import worded
from sivuvirta.web.registry.seen.names import called
from sivuvirta.web.registry.seen.showing import rounded

SAMPLE = "typical"
"""Name of the sample of what is typical."""

_NEAR = 0.25  # nearness of a typology to the stream's name, below which another of its class is not taken for it


@frozen(kw_only=True)
class Proposal:
    """One thing that may be so."""

    id: str
    label: str
    text: str  # as people read it
    column: str = ""  # of the stream that it fills
    value: Any = None
    figures: tuple[tuple[str, Any], ...] = ()  # cells of an analysis
    why: str = ""
    source: str = ""  # its key in the library
    citation: str = ""
    grade: str = ""  # in the library


def proposals(register: Register, row: Row, viewer: Viewer) -> list[Proposal]:
    """What the library knows of streams like this one and the register does not say yet.

    Args:
        register: of the stream.
        row: the stream, seen whole.
        viewer: who looks; what analyses there are beyond those that they see is told by no gap among the proposals.
    """
    typology = _typology(str(row.material or ""), str(row.name or ""))
    return [*_columns(row, typology, assumed(register, str(row.material or ""), viewer)), *_contents(register, row, typology, viewer)]


def _typology(material: str, name: str) -> dict[str, Any] | None:
    """The typical stream of this class that its name is nearest to; the only one of its class where the name tells nothing."""
    rows = [each for each in library.catalogue()["typologies"].rows() if each["material"] == material]
    scores = typology_scores(query(name, None, None), REVISIONS[0])
    index = library.catalogue()["typologies"].index
    ranked = sorted(rows, key=lambda each: -scores[index[each["typology"]]])
    if not ranked:
        return None
    return ranked[0] if len(ranked) == 1 or scores[index[ranked[0]["typology"]]] >= _NEAR else None


def _columns(row: Row, typology: dict[str, Any] | None, water: float | None) -> Iterator[Proposal]:
    """Code, hazard and moisture; the moisture is the one by which the amount was made dry, where there is one."""
    found = _known(str(row.material or ""), typology, water)
    for column, (value, of) in found.items():
        now = getattr(row, column)
        if now not in (None, "unknown") or value in (None, "unknown") or value != value:  # noqa: PLR0124 - NaN
            continue
        about = row.schema.columns[column]
        text = f"{rounded(value)} {about.unit}".strip() if isinstance(value, float) else worded(str(value)) if about.choices else str(value)
        why = of.get(called(schema()["materials"])) or of.get("name_en") or of.get("material") or ""
        yield Proposal(
            id=column, label=about.label, text=text, column=column, value=value, why=_("typical of %(of)s") % {"of": why}, **_sourced(of)
        )


def _known(material: str, typology: dict[str, Any] | None, water: float | None) -> dict[str, tuple[Any, dict[str, Any]]]:
    """Values by column, each with the row that it stands in: the typology first, then the class and those above it."""
    found: dict[str, tuple[Any, dict[str, Any]]] = {}
    if typology is not None:
        found = {name: (typology[name], typology) for name in ("low_code", "hazardous", "moisture") if typology[name] is not None}
    materials = library.tables()["materials"]
    for key in lineage(material):
        if key not in materials.index:
            continue
        row = _row(materials, key)
        if row["moisture"] is not None and row["moisture"] == water:
            found["moisture"] = (row["moisture"], row)
            water = None
        if row["low_codes"] and len(row["low_codes"]) == 1:
            found.setdefault("low_code", (row["low_codes"][0], row))
    return found


def _contents(register: Register, row: Row, typology: dict[str, Any] | None, viewer: Viewer) -> Iterator[Proposal]:
    """What such a stream likely contains, where no analysis says it."""
    rows = MODELS["analyses"].objects.filter(register=register, stream=row.row_key)
    have = set(rows.restrict(viewer).told(viewer, "stream", "component", "kind").values_list("component", "kind"))
    for told in _typical(str(row.material or ""), None if typology is None else typology["typology"]):
        if (told["component"], told["kind"]) in have:
            continue
        figures = tuple((name, told[name]) for name in ("component", "kind", "value", "low", "high", "unit"))
        low, high = told["low"], told["high"]
        span = f" ({rounded(low)}–{rounded(high)})" if low is not None and high is not None and low == low and high == high else ""  # noqa: PLR0124
        unit = told["unit"] or ""
        yield Proposal(
            id=f"{told['component']}:{told['kind']}",
            label=_component(told["component"], told["kind"]),
            text=f"{rounded(told['value'])}{span} {unit}".strip() if told["value"] is not None else span.strip(),
            figures=figures,
            why=_("typical of %(of)s") % {"of": _class(told["material"])},
            **_sourced(told),
        )


def _typical(material: str, typology: str | None) -> list[dict[str, Any]]:
    """Likely contents of the nearest class that has any; what holds for the typology alone comes before what holds for the class."""
    rows = list(library.catalogue()["typology_contents"].rows())
    for key in lineage(material):
        mine = [each for each in rows if each["material"] == key and each["typology"] in (None, typology)]
        if mine:
            best = {(each["component"], each["kind"]): each for each in sorted(mine, key=lambda each: each["typology"] is not None)}
            return list(best.values())
    return []


def _class(key: str) -> str:
    """A class of materials in the viewer's language."""
    table = library.tables()["materials"]
    return str(table[called(schema()["materials"])][table.index[key]] or key) if key in table.index else key


def _component(key: str, kind: str) -> str:
    table = library.tables()["components"]
    name = str(table[called(schema()["components"])][table.index[key]] or key) if key in table.index else key
    name = name if name[1:2].isupper() else f"{name[:1].upper()}{name[1:]}"  # pH stays pH
    return _("%(component)s, leached") % {"component": name} if kind == "leaching" else name


def _sourced(row: dict[str, Any]) -> dict[str, Any]:
    source = str(row.get("source") or "")
    sources = library.tables()["sources"]
    citation = str(sources["citation"][sources.index[source]]) if source in sources.index else source
    return {"source": source, "citation": citation, "grade": str(row.get("grade") or "")}


def _row(table: Table, key: str) -> dict[str, Any]:
    at = table.index[key]
    return {name: column[at] for name, column in table.columns.items()}
