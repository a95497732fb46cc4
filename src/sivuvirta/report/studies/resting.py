"""What rows of a study rest on: a node or link of the network with its figures, a figure under scenarios with the rows that they change."""

from __future__ import annotations

from collections.abc import Iterable

from sivuvirta.assess.sources.book import key_of
from sivuvirta.domain.region import Region
from sivuvirta.domain.shocks import Shock, Shocks
from sivuvirta.report.basis import NOTHING, Basis

_TABLES = {"stream": "streams", "need": "needs", "plant": "plants", "site": "sites", "organisation": "organisations"}
_OWN = ("stream", "need", "plant", "organisation")  # of which the assessment has a figure


def shocked(found: Shocks) -> dict[str, Basis]:
    """What each shock rests on by "subject:id": rows and figures of what is gone."""
    region = found.network.ledger.links.region
    return {f"{one.subject}:{one.id}": _gone(one, region) for one in found.shocks}


def _gone(one: Shock, region: Region) -> Basis:
    if one.subject not in (*_TABLES, "link"):
        return NOTHING
    ids = [part.strip() for part in one.id.split(">")] if one.subject == "link" else [one.id]
    kinds = _TABLES if one.subject == "link" else {one.subject: _TABLES[one.subject]}
    held = [(kind, key) for key in ids for kind, table in kinds.items() if key in region.table(table).index]
    rows = [(_TABLES[kind], key) for kind, key in held]
    rows += [("quantities", f"{_TABLES[kind]}/{key}/{region.vintage}") for kind, key in held if kind in ("stream", "need")]
    return Basis(rows=tuple(rows), figures=tuple(f"{_TABLES[kind]}/{key}" for kind, key in held if kind in _OWN))


def overlaid(region: Region, scenarios: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Rows of the region's own scenarios that are asked for, alone or joined by " + ", as table and key."""
    if "scenarios" not in region.tables:
        return ()
    table, asked = region.table("scenarios"), {part for name in scenarios for part in name.split(" + ")}
    return tuple(("scenarios", key_of(table, at)) for at in range(len(table)) if table["scenario"][at] in asked)
