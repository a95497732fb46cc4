"""Places: where a stream or need and its candidates stand, as far as the viewer sees; what is listed without its name has none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.matching.candidates import Candidate
from sivuvirta.web.registry.models import MODELS
from sivuvirta.web.registry.rows import Row

_SIGNS = {"pass": "●", "blend": "◐", "likely": "◔", "unknown": "?", "fail": "✕"}
_AT = (("sites", "site"), ("zones", "zone"))
"""Tables of places, with the column that names a row of each; the first that is told holds."""


def places(own: Row, candidates: Sequence[Candidate], viewer: Viewer) -> list[dict[str, Any]]:
    """What the map of a page draws: each place once, the row's own first, with the cards of the page that stand there.

    Empty where the own place or all others are not told: a map of one point tells nothing. One query for each table of places.
    """
    here = _place(own, viewer)
    named = {each.row.pk: place for each in candidates if not each.nameless and (place := _place(each.row, viewer))}
    known = _known(own, {*named.values(), *([here] if here else [])}, viewer)
    if here is None or here not in known:
        return []
    found = {here: {**known[here], "own": True, "verdict": "", "sign": "", "cards": []}}
    for at, each in enumerate(candidates, 1):
        at_place = named.get(each.row.pk)
        if each.nameless or at_place is None or at_place not in known:
            continue
        word = str(each.answer["verdict"])
        spot = found.setdefault(at_place, {**known[at_place], "own": False, "verdict": word, "sign": _SIGNS.get(word, "?"), "cards": []})
        spot["cards"].append([f"c{at}", each.called])
    return list(found.values()) if any(spot["cards"] for spot in found.values()) else []


def _place(row: Row, viewer: Viewer) -> tuple[str, str] | None:
    """The table and key of the place that a row names, where the viewer is told it."""
    told = row.shown_to(viewer)
    return next(((table, str(told[column])) for table, column in _AT if told.get(column)), None)


def _known(own: Row, wanted: set[tuple[str, str]], viewer: Viewer) -> dict[tuple[str, str], dict[str, Any]]:
    """Places whose latitude and longitude the viewer sees."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for table, _ in _AT:
        keys = {key for of, key in wanted if of == table}
        rows = MODELS[table].objects.filter(register=own.register, row_key__in=keys, lat__isnull=False, lon__isnull=False)
        for row in rows.restrict(viewer).told(viewer, "lat", "lon") if keys else ():
            name = row.title_to(viewer)
            found[table, row.row_key] = {"name": name, "lat": row.lat, "lon": row.lon}
    return found
