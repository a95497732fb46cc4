"""Found by words: what a register holds, and what is new in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sivuvirta import library
from sivuvirta.domain.links import Links
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.region import Region
from sivuvirta.domain.search import Alerts, Hits, Query
from sivuvirta.errors import OptionError
from sivuvirta.search import Version, indexed
from sivuvirta.search import against as news_against
from sivuvirta.search import read as read_query
from sivuvirta.search import search as find
from sivuvirta.search import since as news_since
from sivuvirta.verbs.network import match
from sivuvirta.verbs.sources import Source, dated, load


def search(source: Source, text: str | Query = "", *, on: str | None = None, **filters: Any) -> Hits:
    """Find streams, needs, organisations, plants, practices, technologies, materials and rules, in four languages.

    Words are found in any form, as part of a compound, in the other languages, and with slips of the pen.

    Args:
        source: a region by name, path or record, its links, or its matches; matches tell verdicts.
        text: words of Finnish, Swedish, Spanish or English, codes, ids; or a query.
        on: the day whose law verdicts are judged by, as in `match`.
        filters: what else is asked, by the names of a query: `kinds`, `material`, `of`, `within_km`, `at_least`, `at_most`, `verdict`,
            `language`, `since`, `k`.

    Raises:
        OptionError: a query has no such option, or it cannot have that value, or `on` is no date.
        UnknownNameError: no such material, or nothing has the id that distances are asked from.
    """
    query = text.with_(**filters) if isinstance(text, Query) else Query(text=text).with_(**filters)
    judged = bool(query.verdict)
    if on is not None:
        told = judged or isinstance(source, Matches)
        source = match(source, on=on) if told else dated(_version(source, judged=False).region, on)
    version = _version(source, judged=judged)
    return find(version.region, version.index, query, version.matches)


def alerts(query: str | Path | Query, source: Source, since: str | None = None, against: Source | None = None) -> Alerts:
    """What is new for a query: since a day, as the register tells when rows were entered, or against an older version of the register.

    Args:
        query: a query, its text, or the file (`.json`) that it was saved in.
        source: a region by name, path or record, its links, or its matches.
        since: a day, `2026-10-01`; without it and without `against`, the query's own.
        against: an older version of the region; verdicts are compared where the query asks for one, or matches are given.

    Raises:
        OptionError: neither a day nor an older version is given, or both.
        ReadError: the file holds no query.
    """
    asked = _query(query)
    day = since or (asked.since if against is None else None)
    if (day is None) == (against is None):
        raise OptionError("Say since which day (since='2026-10-01'), or against which older version of the register; not both.")
    judged = bool(asked.verdict) or isinstance(source, Matches)
    now = _version(source, judged=judged)
    if against is not None:
        return news_against(asked, now, _version(against, judged=judged))
    return news_since(asked.with_(since=day), now, str(day))


def _query(query: str | Path | Query) -> Query:
    if isinstance(query, Query):
        return query
    return read_query(Path(query)) if isinstance(query, Path) or query.endswith(".json") else Query(text=query)


def _version(source: Source, *, judged: bool) -> Version:
    """A source ready to be searched, with its matches where verdicts are asked for or they are at hand."""
    if judged and not isinstance(source, Matches):
        source = match(source)
    matches = source if isinstance(source, Matches) else None
    record = source.links if isinstance(source, Matches) else source
    region = record.region if isinstance(record, Links) else record if isinstance(record, Region) else load(record)
    return Version(region, indexed(region, library.catalogue()), matches)
