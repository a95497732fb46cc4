"""Water: what was listed as sent, its dry amount, and the one moisture that joins them, on every page of a listing."""

from __future__ import annotations

import math

from django.utils.translation import gettext as _

from sivuvirta import library
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.seen.showing import rounded
from sivuvirta.web.registry.writes.changing import change, sees_all
from sivuvirta.web.registry.writes.checking import check, written

_FOLLOWS = ("value", "low", "high", "grade", "reported_basis")


def lineage(material: str) -> list[str]:
    """A class and those above it, the nearest first."""
    parts = material.split(".")
    return [".".join(parts[:end]) for end in range(len(parts), 0, -1)]


def assumed(register: Register, material: str, viewer: Viewer) -> float | None:
    """Moisture in percent by which an amount as sent was made dry: that of the nearest class that states one; None where none does."""
    own = MODELS["materials"].objects.filter(register=register, row_key__in=lineage(material)).restrict(viewer).told(viewer, "moisture")
    told = dict(own.values_list("row_key", "moisture"))
    table = library.tables()["materials"]
    for key in lineage(material):
        found = told.get(key)
        if found is None and key in table.index:
            found = table["moisture"][table.index[key]]
        if found is not None and not math.isnan(found):
            return float(found)
    return None


def amount_of(register: Register, row: Row, viewer: Viewer) -> Row | None:
    """The amount of a stream over the register's year; None where there is none, or some of it is not open to the viewer."""
    key = f"streams/{row.row_key}/{register.vintage}/"
    rows = MODELS["quantities"].objects.filter(register=register, row_key=key).restrict(viewer).select_related("register")
    found: Row | None = rows.first()
    return found if found is not None and sees_all(found, viewer) else None


def said(register: Register, row: Row, viewer: Viewer, unit: str) -> str:
    """What was typed of an amount and what it is dry: "1,200 t/a as sent, about 1,150 t/a dry; moisture 4 %, assumed".

    Args:
        register: of the stream.
        row: the stream, seen whole.
        viewer: who looks.
        unit: of the dry amount.

    Returns:
        The sentence; "" where nothing was reported, so that the amount alone tells it.
    """
    found = amount_of(register, row, viewer)
    if found is None or found.reported_value is None or found.value is None:
        return ""
    dry = f"{rounded(found.value)} {unit}"
    if found.reported_basis == "dry":
        return _("%(dry)s dry") % {"dry": dry}
    sent = f"{rounded(found.reported_value)} {found.reported_unit}/a"
    if found.reported_basis == "unknown":
        return _("%(sent)s as sent; its moisture is not known, so it may be less when dry") % {"sent": sent}
    water = assumed(register, str(row.material or ""), viewer) if row.moisture is None else row.moisture
    if found.reported_basis != "as_sent" or water is None:
        return ""
    told = {"sent": sent, "dry": dry, "moisture": rounded(water)}
    if row.moisture is None:
        return _("%(sent)s as sent, about %(dry)s dry; moisture %(moisture)s %%, assumed") % told
    return _("%(sent)s as sent, about %(dry)s dry; moisture %(moisture)s %%") % told


def follow(register: Register, row: Row, viewer: Viewer, source: str) -> None:
    """Derive the dry amount anew from what was typed, by the moisture that the stream has now; logged as any change.

    Args:
        register: of the stream.
        row: the stream as it is now.
        viewer: who keeps the moisture.
        source: of amounts that were listed here: an amount of another source stays as its source says.
    """
    found = amount_of(register, row, viewer)
    if found is None or found.source != source or found.reported_basis not in ("as_sent", "unknown"):
        return
    cells = {**written(found), "value": "", "low": "", "high": "", "grade": "C", "reported_basis": "as_sent"}
    read = check(register, "quantities", cells, viewer, [row, found])
    if not read.errors:
        change(found, {name: read.values[name] for name in _FOLLOWS}, viewer, found.version)
