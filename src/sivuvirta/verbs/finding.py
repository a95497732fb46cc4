"""Found by words: what a stream may become, what works usually give off, what a register holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sivuvirta import library
from sivuvirta import search as finder
from sivuvirta.domain.evaluations import Evaluation
from sivuvirta.domain.links import Links
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.prefills import Prefill
from sivuvirta.domain.region import Region
from sivuvirta.domain.search import Alerts, Hits, Query
from sivuvirta.domain.suggestions import Suggestion
from sivuvirta.errors import OptionError
from sivuvirta.suggest import Ask, answer, table_of
from sivuvirta.suggest.evaluation import Progress
from sivuvirta.suggest.evaluation import evaluate as judge_suggestions
from sivuvirta.suggest.prefill import prefill as expected_streams
from sivuvirta.verbs.network import match
from sivuvirta.verbs.sources import Source, dated, load

Precedents = pd.DataFrame | Sequence[Mapping[str, Any]] | str | Path
"""Known exchanges, as `suggest` takes them."""


def suggest(  # noqa: PLR0913 - three fields of a stream, and how the answer is wanted
    text: str,
    low: str | None = None,
    donor_nace: str | None = None,
    country: str | None = None,
    precedents: Precedents | None = None,
    k: int = 20,
    *,
    region: str | Path | Region | None = None,
    revision: str | None = None,
) -> Suggestion:
    """What a stream may be, contain and become, and who may take it, from a few words in Finnish, Swedish, Spanish or English.

    Args:
        text: the stream in a company's own words.
        low: its code of the List of Waste, or the chapter.
        donor_nace: industry that gives it off, NACE Rev. 2.1 or Rev. 2.
        country: two letters.
        precedents: known exchanges with `text` and `receiver_nace`, and if known `donor_nace`, `low_code`, `use`, `status`, `reason`,
            `country`, `source`; a frame, rows, or the path of a CSV file.
        k: rows of each table at most.
        region: whose organisations are looked through for receivers.
        revision: of NACE in which receivers are told, `2.1` or `2`; without it that of the precedents, else `2.1`.

    Raises:
        OptionError: an option cannot have that value, or the precedents lack a column.
        ReadError: there is nothing at the path of the precedents.
    """
    chosen = region if region is None or isinstance(region, Region) else load(region)
    known = table_of(precedents)
    return answer(Ask(text=text, low=low, donor_nace=donor_nace, country=country, precedents=known, region=chosen, k=k, revision=revision))


def prefill(
    nace: str,
    capacity: str | float,
    product: str | None = None,
    *,
    industry: str | None = None,
    activities: Mapping[str, str | float] | None = None,
) -> Prefill:
    """Side streams that an industry of a size usually has, with ranges, to be confirmed or corrected.

    Args:
        nace: class, group or division of NACE, of either revision.
        capacity: a year, with its unit (`"1.4Mt"`) or in the unit of the activity that it counts.
        product: what the capacity counts, for example `ferrochrome`; without it the main product of each kind of works.
        industry: kind of works, or words of its name; without it all kinds of the class are told, as alternatives.
        activities: further activities of a year by name, for example `{"ferrochrome": "530kt"}`, in place of the usual ratio.

    Raises:
        OptionError: no such industry is known, or a capacity cannot be read.
    """
    return expected_streams(nace, capacity, product, industry, activities)


def evaluate(
    path: str | Path | Sequence[str | Path], *, published: bool = False, seed: int = 0, progress: Progress | None = None
) -> Evaluation:
    """How often suggestions name who really took a stream, each case left out in turn, beside simpler ways to guess.

    Args:
        path: of a CSV file, or several, with `case_id`, `text`, `receiver_nace`, and if known `donor_nace`, `low_code`, `use`.
        published: whether the library's own exchanges may help; they may be the very ones judged.
        seed: of the samples that the intervals are made of.
        progress: called with the cases done and the cases in all.

    Raises:
        ReadError: there is nothing at a path, or it is no CSV.
        OptionError: a file lacks a column, or no row can be judged.
    """
    files = [Path(path)] if isinstance(path, str | Path) else [Path(each) for each in path]
    return judge_suggestions(files, seed=seed, published=published, progress=progress)


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
    return finder.search(version.region, version.index, query, version.matches)


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
        return finder.against(asked, now, _version(against, judged=judged))
    return finder.since(asked.with_(since=day), now, str(day))


def _query(query: str | Path | Query) -> Query:
    if isinstance(query, Query):
        return query
    return finder.read(Path(query)) if isinstance(query, Path) or query.endswith(".json") else Query(text=query)


def _version(source: Source, *, judged: bool) -> finder.Version:
    """A source ready to be searched, with its matches where verdicts are asked for or they are at hand."""
    if judged and not isinstance(source, Matches):
        source = match(source)
    matches = source if isinstance(source, Matches) else None
    record = source.links if isinstance(source, Matches) else source
    region = record.region if isinstance(record, Links) else record if isinstance(record, Region) else load(record)
    return finder.Version(region, finder.indexed(region, library.catalogue()), matches)
