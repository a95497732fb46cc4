"""Masks: what the engine is given of a register when somebody asks who can use what.

The asker's own eyes, and one thing more: where a figure of an analysis is hidden from them and its stream takes part in matching, the
engine is given its band on the grid of `registry.bands.levels`. Nothing else of what is hidden is there, so whatever the engine
answers, by whichever route, blend or detour, follows from what the asker sees and from these bands. Two registers that differ within
the bands are the same to it, and so are its answers: that is why no answer has to be cut afterwards.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any

import pandas as pd
from attrs import field, frozen

from sivuvirta import __version__
from sivuvirta.tables.schema import schema
from sivuvirta.web.accounts.viewer import Viewer
from sivuvirta.web.matching.fitting import NOT_SHOWN, SUBJECTS, Record, Records, fitted, is_source
from sivuvirta.web.registry.columns import cell
from sivuvirta.web.registry.models import MODELS, Register
from sivuvirta.web.registry.rows import Row
from sivuvirta.web.registry.seen.amounts import BAND
from sivuvirta.web.registry.seen.bands import Band, band, coarse
from sivuvirta.web.registry.seen.pseudonyms import pseudonym
from sivuvirta.web.registry.writes.snapshots import needed

GROUND = (
    "vintages", "sources", "organisations", "places", "zones", "sites", "roads", "materials", "components", "limits", "rules",
    "legal_paths", "technologies", "recipe_inputs", "recipe_outputs", "recoveries", "technology_grades", "plants", "permits", "products",
    "prices", "factors", "modes", "links",
)  # fmt: skip
"""Tables that verdicts and netbacks rest on, beside streams and needs and what belongs to them."""

OPEN = {
    "streams": ("material", "hazardous", "legal_status"),
    "needs": ("material", "use_class", "jurisdiction", "kind", "hazardous_ok"),
}
"""What is told of a row that is listed without its name."""

_WORST = "C"  # grade of a figure of which the band is given: how it was found is hidden, and it decides only where all of the band does

_NOMINAL = 1000.0  # units a year
_WHOLE = 1e6  # mg in a kg: the end of the last band


@frozen(eq=False)
class Mask:
    """What the engine is given."""

    frames: Mapping[str, pd.DataFrame]
    fingerprint: str
    called: Mapping[tuple[str, int], str]  # key in the engine of each stream and need, by its table and its key in the database
    placeless: frozenset[str] = frozenset()  # streams and needs whose place is hidden: nothing that rests on a distance is told
    guarded: Mapping[tuple[str, str, str], Band] = field(factory=dict)  # bands by stream, component and kind


class Masking:
    """Gathers what one asker may let the engine know."""

    def __init__(self, register: Register, viewer: Viewer, *, blind: bool) -> None:
        self.register, self.viewer, self.blind = register, viewer, blind
        self.kept: Records = {}
        self.called: dict[tuple[str, int], str] = {}
        self.placeless: set[str] = set()
        self.guarded: dict[tuple[str, str, str], Band] = {}

    def mask(self, streams: Iterable[Row], needs: Iterable[Row]) -> Mask:
        """The mask of some streams and needs, each of which the asker sees or knows by its pseudonym."""
        for table in GROUND:
            self.kept[table] = {row.row_key: told for row in self._rows(table) if (told := _told(row, self.viewer)) is not None}
        self._standing()
        chosen = {"streams": list(streams), "needs": list(needs)}
        for table in SUBJECTS:
            pks = [row.pk for row in chosen[table]]
            seen = set(MODELS[table].objects.filter(pk__in=pks).restrict(self.viewer).values_list("pk", flat=True))
            self.kept[table] = {told[table[:-1]]: told for row in chosen[table] if (told := self._subject(row, row.pk in seen)) is not None}
        self._belonging(chosen)
        if self.blind:
            self._reviewed()
        fitted(self.kept)
        self._parted()
        self._settled()
        return Mask(_frames(self.kept), _fingerprint(self.kept), self.called, frozenset(self.placeless), self.guarded)

    def _rows(self, table: str, **where: Any) -> Any:
        return MODELS[table].objects.filter(register=self.register, **where).restrict(self.viewer).order_by("row_key")

    def _standing(self) -> None:
        """A source for what has a hidden one."""
        self.kept["sources"][NOT_SHOWN] = {**_empty("sources"), "source": NOT_SHOWN, "citation": "Not shown"}

    def _subject(self, row: Row, seen: bool) -> Record | None:
        """A stream or need as the asker knows it: by its columns, or by what is told without its name."""
        key = row.schema.key[0]
        if seen:
            found = {**_empty(row.schema.name), **row.shown_to(self.viewer), key: row.row_key}
        else:
            found = {**_empty(row.schema.name), **row.nameless_to(self.viewer, OPEN[row.schema.name])}
            found |= {key: pseudonym(row, self.viewer), "name": pseudonym(row, self.viewer)}
        found["name"] = found["name"] or found[key]
        found["source"] = found.get("source") or NOT_SHOWN
        found["grade"] = found.get("grade") or "D"
        if not found.get("material"):
            return None
        if row.schema.name == "needs":
            found["status"] = "open" if found.get("status") is None else found["status"]
        self.called[row.schema.name, row.pk] = found[key]
        return found

    def _belonging(self, chosen: Mapping[str, list[Row]]) -> None:
        """Amounts, acceptances and analyses of streams and needs."""
        keys = {(row.schema.name, row.row_key): key for rows in chosen.values() for row in rows if (key := self._key(row))}
        amounts = self._rows("quantities", vintage=self.register.vintage, subject__in=[key for _, key in keys])
        self.kept["quantities"] = {
            key: {**told, "subject": keys[told["table"], told["subject"]]}
            for row in amounts
            if (row.table, row.subject) in keys and (told := _told(row, self.viewer)) is not None
            for key in [row.row_key]
        }
        self._amounts(chosen)
        self.kept["acceptances"] = {
            row.row_key: {**told, "need": keys["needs", told["need"]]}
            for row in self._rows("acceptances", need__in=[row.row_key for row in chosen["needs"]])
            if (told := _told(row, self.viewer)) is not None and ("needs", told["need"]) in keys
        }
        self.kept["analyses"] = {}
        by_key = {row.row_key: row for row in chosen["streams"]}
        analyses = MODELS["analyses"].objects.filter(register=self.register, stream__in=list(by_key)).order_by("row_key")
        seen = set(analyses.restrict(self.viewer).values_list("pk", flat=True))
        for row in analyses:
            self._analysis(row, by_key[row.stream], row.pk in seen)

    def _amounts(self, chosen: Mapping[str, list[Row]]) -> None:
        """An amount for what shows none, the same for all, or the middle of its band: without any there is no way to judge."""
        kept = self.kept["quantities"]
        known = {(told["table"], told["subject"]) for told in kept.values() if told["value"] is not None and not told["period"]}
        for row in (*chosen["streams"], *chosen["needs"]):
            at = (row.schema.name, self._key(row))
            if at[1] is None or at in known:
                continue
            banded = getattr(row, BAND, None)
            value = _NOMINAL if banded is None else _middle(band(banded))
            told = {**_empty("quantities"), "table": at[0], "subject": at[1], "vintage": self.register.vintage, "value": value}
            for key in [key for key, other in kept.items() if (other["table"], other["subject"], other["period"]) == (*at, None)]:
                del kept[key]
            kept["/".join((*map(str, at), "assumed"))] = {**told, "grade": "D", "source": NOT_SHOWN, "status": "estimated"}

    def _key(self, row: Row) -> str | None:
        return self.called.get((row.schema.name, row.pk))

    def _analysis(self, row: Row, stream: Row, seen: bool) -> None:
        """A figure as it is seen; a hidden one of a stream that takes part as its band."""
        key = self._key(stream)
        told = _told(row, self.viewer) if seen else None
        if key is None:
            return
        if told is not None and all(name in row.shown_to(self.viewer) for name in _FIGURE):
            self.kept["analyses"][row.row_key] = {**told, "stream": key}
        elif self.blind and stream.matched:
            self._guard(row, key)

    def _guard(self, row: Row, stream: str) -> None:
        """The band of a hidden figure, of all samples of its kind together."""
        values = [value for value in (row.low, row.value, row.high) if value is not None and not math.isnan(value)]
        found = [each for value in values if (each := coarse(value, row.component, row.kind)) is not None]
        if not found:
            return
        whole = reduce(or_, found)
        if row.below:
            whole = Band(0.0, whole.high)
        at = (stream, row.component, row.kind)
        self.guarded[at] = self.guarded[at] | whole if at in self.guarded else whole

    def _parted(self) -> None:
        """A part of a stream that is not among them stands for itself: without its parent it would be no row that can be read."""
        for row in self.kept["streams"].values():
            if not row.get("parent"):
                row["part"] = None

    def _reviewed(self) -> None:
        """Limits that nobody sets for themselves: the library's, and those of the register that were read in a law or standard."""
        self.kept["limits"] = {key: row for key, row in self.kept["limits"].items() if row["verified"]}

    def _settled(self) -> None:
        """Bands as analyses, and a place for what has none: where the other side stands, so that no distance is in the answer."""
        for (stream, component, kind), found in sorted(self.guarded.items()):
            told = {**_empty("analyses"), "stream": stream, "component": component, "kind": kind, "sample": "1", "grade": _WORST}
            low = math.nextafter(found.low, math.inf) if found.low > 0 else found.low
            high = found.high if found.high < math.inf else max(_WHOLE, low)
            told |= {"low": low, "high": high, "basis": "dry", "source": NOT_SHOWN}
            if stream in self.kept["streams"] and (high <= _WHOLE or kind == "property"):
                self.kept["analyses"][f"{stream}/{component}/{kind}"] = told
        self._placed()

    def _placed(self) -> None:
        lost = [row for row in self.kept["streams"].values() if not row["site"]]
        lost += [row for row in self.kept["needs"].values() if not row["site"] and not row["zone"]]
        if not lost:
            return
        self.placeless |= {str(row.get("stream") or row.get("need")) for row in lost}
        self.kept["sites"][NOT_SHOWN] = {**_empty("sites"), **self._stand(), "site": NOT_SHOWN, "name": "Not shown", "organisation": None}
        for row in lost:
            row["site"] = NOT_SHOWN

    def _stand(self) -> Record:
        """Where the first stream or need with a place stands."""
        for row in (*self.kept["streams"].values(), *self.kept["needs"].values()):
            if row.get("site") in self.kept["sites"]:
                return {**self.kept["sites"][row["site"]], "source": NOT_SHOWN, "zones": None}
            if row.get("zone") in self.kept["zones"]:
                zone = self.kept["zones"][row["zone"]]
                return {name: zone.get(name) for name in ("lat", "lon", "place", "country") if name in schema()["sites"].columns}
        return {"lat": 65.0, "lon": 25.0}


def _middle(found: Band) -> float:
    """A figure that stands for a band."""
    return math.sqrt(found.low * found.high) if found.low > 0 and found.high < math.inf else min(found.high, 10.0 * found.low or found.high)


_FIGURE = ("component", "kind", "value", "low", "high", "sd", "n", "below", "basis")
"""Columns of an analysis of which a reader must see all, or has none of it but its band."""


def _empty(table: str) -> Record:
    return dict.fromkeys(schema()[table].columns)


def _told(row: Row, viewer: Viewer) -> Record | None:
    """A row as a viewer sees it; None where it would be no row, or another, without what they do not see."""
    told = row.shown_to(viewer)
    columns = row.schema.columns
    for name in columns:
        if name not in told and not is_source(columns[name]) and needed(row.schema, columns[name], getattr(row, name)):
            return None
    found = {name: told.get(name) for name in columns}
    for name, column in columns.items():
        if is_source(column) and column.required and not found[name]:
            found[name] = [NOT_SHOWN] if column.listed else NOT_SHOWN
    return found


def _frames(kept: Records) -> dict[str, pd.DataFrame]:
    found = {}
    for table, rows in kept.items():
        if rows:
            columns = schema()[table].columns
            read = {name: [cell(row.get(name), column) for row in rows.values()] for name, column in columns.items()}
            found[table] = pd.DataFrame(read, columns=list(columns))
    return found


def _fingerprint(kept: Records) -> str:
    text = __version__ + json.dumps(kept, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
