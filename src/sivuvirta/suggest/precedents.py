"""Known exchanges: those of the library, and those that the user brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from attrs import evolve, frozen

from sivuvirta.errors import OptionError
from sivuvirta.library import catalogue
from sivuvirta.suggest.countries import country_code
from sivuvirta.suggest.features import Space, space
from sivuvirta.suggest.knowledge import Receivers, receivers
from sivuvirta.suggest.nace import exists, plain_code, revision, translated
from sivuvirta.suggest.outcomes import FALLEN, SIGNS, outcome
from sivuvirta.suggest.query import Floats, Query, nearness, plain_low

_SHOWN = 40  # letters of a strange cell that are told

ALIASES: Mapping[str, tuple[str, ...]] = {
    "case_id": ("case", "cluster", "network", "park", "practice", "site"),
    "donor_nace": ("nace_donor", "from_nace", "donor_nace_code", "source_nace", "provider_nace", "sender_nace", "nace_from"),
    "text": ("description", "waste", "waste_description", "stream", "material", "resource", "by_product", "exchange"),
    "low_code": ("low", "ewc", "ewc_code", "low_ewc", "waste_code", "ler", "ewc_low"),
    "receiver_nace": ("nace_receiver", "to_nace", "receiver_nace_code", "sink_nace", "target_nace", "nace_to", "recipient_nace"),
    "use": ("application", "used_as", "end_use", "final_use"),
    "status": ("outcome", "state"),
    "reason": ("why", "barrier", "barriers"),
    "country": ("country_code",),
    "source": ("reference", "citation"),
}
"""Columns of a table of exchanges, and other names under which they are found. Case, spaces, hyphens and full stops do not matter."""


@frozen(eq=False)
class Precedents:
    """Exchanges as columns of equal length, in one revision of NACE."""

    text: tuple[str, ...]
    donor: tuple[str | None, ...]
    lows: tuple[tuple[str, ...], ...]
    taken: tuple[tuple[str, ...], ...]  # receivers, as given
    use: tuple[str, ...]
    sign: Floats  # 1 works, 0 failed, refused or of unknown outcome, between them planned and ended
    fallen: npt.NDArray[np.bool_]  # failed or refused
    status: tuple[str, ...]  # a name of `SIGNS`
    reason: tuple[str, ...]
    country: tuple[str | None, ...]
    told_by: tuple[str, ...]  # source and grade in words
    revision: str
    space: Space
    receivers: Receivers
    unread: tuple[str, ...] = ()  # what of them counts for nothing, in words

    def __len__(self) -> int:
        return len(self.text)

    def near(self, asked: Query) -> Floats:
        """How near each exchange's stream is to the query, 0 to 1."""
        return nearness(asked, self.space.alike(asked.vector), self.donor, self.lows)


def columns_of(frame: pd.DataFrame) -> pd.DataFrame:
    """A table of exchanges with the names of columns that are used here; others are left out."""
    plain = {_plain(name): name for name in reversed(list(frame.columns))}
    found: dict[str, Any] = {}
    for name, others in ALIASES.items():
        match = next((plain[_plain(each)] for each in (name, *others) if _plain(each) in plain), None)
        if match is not None and match not in found.values():
            found[name] = match
    return pd.DataFrame({name: frame[column].astype(object).where(frame[column].notna(), None) for name, column in found.items()})


def codes_in(cell: object) -> tuple[str, ...]:
    """NACE codes of a cell, several parted by `;`, `,` or `|`."""
    if isinstance(cell, float):
        parts: list[object] = [cell]
    else:
        parts = [*str(cell).replace(",", ";").replace("|", ";").split(";")] if cell is not None else []
    return tuple(dict.fromkeys(code for code in map(plain_code, parts) if code))


def lows_in(cell: object) -> tuple[str, ...]:
    """Waste codes of a cell, several parted by `;`, `,` or `|`."""
    parts = _text(cell).replace(",", ";").replace("|", ";").split(";")
    return tuple(dict.fromkeys(code for code in map(plain_low, parts) if code))


def precedents(frame: pd.DataFrame, target: str) -> Precedents:
    """The user's exchanges, ready to be compared with a query.

    Args:
        frame: with `text` and `receiver_nace`, and if known `donor_nace`, `low_code`, `use`, `status`, `reason`, `country`, `source`.
        target: revision of NACE in which they are ranked; codes of the other are translated.

    Raises:
        OptionError: a column is missing without which nothing can be learned.
    """
    table = columns_of(frame)
    missing = [name for name in ("text", "receiver_nace") if name not in table]
    if missing:
        known = ", ".join(map(str, frame.columns)) or "none"
        raise OptionError(
            f"Precedents need the columns 'text' and 'receiver_nace'; {' and '.join(map(repr, missing))} cannot be found. "
            f"The table has: {known}. Rename what holds them."
        )
    rows = [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
    given = [tuple(code for code in codes_in(row["receiver_nace"]) if exists(code)) for row in rows]
    donors = [next(iter(codes_in(row.get("donor_nace"))), None) for row in rows]
    own = revision([*(code for codes in given for code in codes), *(code for code in donors if code)]) or target
    made = _made(rows, given, [_translated(code, own, target) for code in donors], (own, target))
    return evolve(made, unread=_unread(rows))


def _unread(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Outcomes and codes of rows that cannot be read, in words; row 1 is the first below the header."""
    found = []
    for place, row in enumerate(rows):
        status = _text(row.get("status"))
        if outcome(status) == "unknown":
            found.append(f"row {place + 1}: outcome '{_short(status)}' is not known")
        found += [f"row {place + 1}: there is no NACE code '{_short(each)}'" for each in _strange(row["receiver_nace"])]
    return tuple(found)


def _strange(cell: object) -> list[str]:
    """Parts of a cell of receivers that are no code."""
    parts = [cell] if isinstance(cell, float) else _text(cell).replace(",", ";").replace("|", ";").split(";")
    return [_text(part) for part in parts if _text(part) and not exists(plain_code(part))]


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


@cache
def published(target: str) -> Precedents:
    """The library's exchanges."""
    rows = [
        {
            "text": row["text"],
            "low_code": row["low_code"],
            "use": row["use"],
            "status": row["status"],
            "reason": row["reason"],
            "country": row["country"],
            "source": f"{row['source']}, grade {row['grade']}",
        }
        for row in catalogue()["precedents"].rows()
    ]
    table = catalogue()["precedents"]
    given = [(code,) if code else () for code in table["receiver_nace"]]
    return _made(rows, given, [_translated(code, "2.1", target) for code in table["donor_nace"]], ("2.1", target))


def _made(
    rows: Sequence[Mapping[str, Any]], given: Sequence[tuple[str, ...]], donors: Sequence[str | None], revisions: tuple[str, str]
) -> Precedents:
    texts = tuple(_text(row.get("text")) for row in rows)
    status = tuple(outcome(_text(row.get("status"))) for row in rows)
    lows = tuple(lows_in(row.get("low_code")) for row in rows)
    return Precedents(
        text=texts,
        donor=tuple(donors),
        lows=lows,
        taken=tuple(given),
        use=tuple(_text(row.get("use")) for row in rows),
        sign=np.array([SIGNS[each] for each in status]),
        fallen=np.array([each in FALLEN for each in status], dtype=bool),
        status=status,
        reason=tuple(_text(row.get("reason")) for row in rows),
        country=tuple(country_code(_text(row.get("country"))) for row in rows),
        told_by=tuple(_text(row.get("source")) for row in rows),
        revision=revisions[1],
        space=space(texts),
        receivers=_side_by_side(given, revisions),
    )


def _side_by_side(given: Sequence[tuple[str, ...]], revisions: tuple[str, str]) -> Receivers:
    """Receivers of exchanges: several of one are equals, not ranked."""
    matrix = receivers(given, revisions[1], revisions[0])
    values = matrix.shares.copy()
    values.data = np.ones_like(values.data) if revisions[0] == revisions[1] else np.minimum(values.data * 2, 1.0)
    return Receivers(matrix.codes, values)


def _translated(code: str | None, source: str, target: str) -> str | None:
    options = translated(code, source, target) if code else {}
    return max(options, key=lambda each: options[each]) if options else code


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value).strip()  # noqa: PLR0124 - NaN is unlike itself


def _plain(name: object) -> str:
    return "".join(sign for sign in str(name).lower() if sign.isalnum())
