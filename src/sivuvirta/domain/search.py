"""Search: what is asked of a register, what is found, and what is new."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import isnan
from typing import Any

import pandas as pd
from attrs import asdict, evolve, field, fields, frozen

from sivuvirta.domain.grades import Verdict
from sivuvirta.errors import OptionError

KINDS = ("streams", "needs", "organisations", "plants", "practices", "technologies", "materials", "rules")
"""What can be found, each named as its table."""

LANGUAGES = ("fi", "sv", "es", "en")

NO_ROUTE, NOT_ASKED, NO_VERDICT = "no route", "not asked", "none"
"""Instead of a verdict: it has no route; the matches were not at hand; such a row has none."""

_GROUPS = {"proven": ("pass", "blend"), "potential": ("likely", "unknown")}
VERDICTS = (*(verdict.word for verdict in Verdict), NO_ROUTE, *_GROUPS)
"""What may be asked for as verdict."""

_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")


def _words(value: Any) -> tuple[str, ...]:
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)


def _place(value: Any) -> str | tuple[float, float] | None:
    return value if value is None or isinstance(value, str) else (float(value[0]), float(value[1]))


@frozen(kw_only=True)
class Query:
    """What is asked of a register; what is left out does not limit what is found.

    Raises:
        OptionError: values that cannot be, all of them at once.
    """

    text: str = ""  # words of any of the four languages, codes, ids; nothing finds every row
    kinds: tuple[str, ...] = field(default=(), converter=_words)  # KINDS; none is all
    material: str | None = None  # this class and those below it
    of: str | tuple[float, float] | None = field(default=None, converter=_place)  # distances are from here: an id, or degrees (lat, lon)
    within_km: float | None = None  # at most so far from `of`
    at_least: float | None = None  # a year, in each row's own unit (t dry, MWh, m3)
    at_most: float | None = None
    verdict: tuple[str, ...] = field(default=(), converter=_words)  # best verdict; proven is pass and blend, potential likely and unknown
    language: str | None = None  # of the text; without it any of the four
    since: str | None = None  # only rows that were added or changed on this day or later
    k: int = 20  # so many are shown

    def __attrs_post_init__(self) -> None:
        wrong = [*_strange("kind", self.kinds, KINDS), *_strange("verdict", self.verdict, VERDICTS)]
        wrong += _strange("language", _words(self.language), LANGUAGES)
        if self.within_km is not None and self.of is None:
            wrong.append("A distance is from somewhere: say of what, an id or latitude and longitude.")
        if self.since is not None and not is_date(self.since):
            wrong.append(f"'{self.since}' is no date. Write a day as 2026-10-01, a month as 2026-10.")
        wrong += [f"'{name}' cannot be below 0." for name in ("within_km", "at_least", "at_most") if (getattr(self, name) or 0) < 0]
        if self.k < 1:
            wrong.append("'k' is at least 1: so many are shown.")
        if wrong:
            raise OptionError("\n".join(wrong))

    @property
    def verdicts(self) -> frozenset[str]:
        """The verdicts asked for, one by one."""
        return frozenset(word for name in self.verdict for word in _GROUPS.get(name, (name,)))

    def with_(self, **changes: Any) -> Query:
        """The query with other values.

        Raises:
            OptionError: a query has no such option, or it cannot have that value.
        """
        known = [each.name for each in fields(Query)]
        strange = [name for name in changes if name not in known]
        if strange:
            raise OptionError(f"A query has no '{', '.join(strange)}'. It has: {', '.join(known)}.")
        return evolve(self, **changes)

    def to_json(self) -> dict[str, Any]:
        """What is set, as JSON holds it."""
        told = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}
        empty = asdict(Query())
        return {name: value for name, value in told.items() if value != (list(e) if isinstance(e := empty[name], tuple) else e)}

    @staticmethod
    def from_json(told: Mapping[str, Any]) -> Query:
        """The query that `to_json` told.

        Raises:
            OptionError: it has a name or value that no query has.
        """
        return Query().with_(**told)


def is_date(text: str) -> bool:
    """Whether a text is a day, a month or a year.

    >>> is_date("2026-10"), is_date("2026-13"), is_date("October")
    (True, False, False)
    """
    try:
        return bool(_DATE.fullmatch(text)) and bool(date.fromisoformat(f"{text}-01-01"[:10]))
    except ValueError:
        return False


def _strange(what: str, given: Sequence[str], known: Sequence[str]) -> list[str]:
    return [f"There is no {what} '{each}'. There are: {', '.join(known)}." for each in given if each not in known]


@frozen(kw_only=True)
class Hit:
    """One row that was found. Numbers are NaN and texts None where they are not known."""

    kind: str  # KINDS
    key: str
    name: str
    score: float  # larger is nearer; only the order counts
    why: str  # which word was found where
    material: str | None = None
    place: str | None = None
    km: float = float("nan")  # from `of`
    way: str = ""  # road | estimate (great circle times 1.3, no road is known) | "" where no distance is known
    amount: float = float("nan")  # a year
    unit: str = ""
    verdict: str = NO_VERDICT  # best of its routes
    added: str | None = None
    changed: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As JSON holds it; numbers that are not known are null."""
        return {name: None if isinstance(value, float) and isnan(value) else value for name, value in asdict(self).items()}


@frozen(eq=False)
class Hits:
    """What a query finds: the best `k` in `hits`; `total` and `facets` count all."""

    query: Query
    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]  # kind | material | class | distance | quantity | verdict -> value -> rows; each sums to total
    corrected: Mapping[str, str] = field(factory=dict)  # words that were taken for others
    missed: tuple[str, ...] = ()  # words that no row has together with the others
    notes: tuple[str, ...] = ()  # what was left out because it is not known, and how to widen

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __repr__(self) -> str:
        return f"<Hits '{self.query.text}': {self.total}, {len(self.hits)} shown>"

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(max_rows=20, notebook=True))

    def to_frame(self) -> pd.DataFrame:
        """One row a hit, the nearest first."""
        return pd.DataFrame([asdict(hit) for hit in self.hits], columns=[each.name for each in fields(Hit)])

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON holds it."""
        return {
            "query": self.query.to_json(),
            "total": self.total,
            "facets": {name: dict(counts) for name, counts in self.facets.items()},
            "corrected": dict(self.corrected),
            "missed": list(self.missed),
            "notes": list(self.notes),
            "hits": [hit.to_json() for hit in self.hits],
        }


@frozen(kw_only=True)
class Change:
    """What happened to one row that a query finds, or found."""

    event: str  # new | better | changed | worse | gone
    hit: Hit
    what: tuple[str, ...] = ()  # in words, one a column


EVENTS = ("new", "better", "changed", "worse", "gone")
"""What can happen to a row, in the order in which it is told."""


@frozen(eq=False)
class Alerts:
    """What is new for a query, since a date or against an older version of the register."""

    query: Query
    changes: tuple[Change, ...]
    since: str | None = None
    notes: tuple[str, ...] = ()

    def of(self, event: str) -> tuple[Change, ...]:
        """The changes of one event."""
        return tuple(change for change in self.changes if change.event == event)

    def __len__(self) -> int:
        return len(self.changes)

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(self.of(event))} {event}" for event in EVENTS if self.of(event))
        return f"<Alerts '{self.query.text}': {counts or 'nothing new'}>"

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(max_rows=20, notebook=True))

    def to_frame(self) -> pd.DataFrame:
        """One row a change."""
        rows = [{"event": each.event, "what": "; ".join(each.what), **asdict(each.hit)} for each in self.changes]
        return pd.DataFrame(rows, columns=["event", "what", *(each.name for each in fields(Hit))])

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON holds it."""
        return {
            "query": self.query.to_json(),
            "since": self.since,
            "notes": list(self.notes),
            "changes": [{"event": each.event, "what": list(each.what), **each.hit.to_json()} for each in self.changes],
        }
