"""Guessed from a few words: what a stream may become, what works usually give off, and how well that is guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sivuvirta.domain.evaluations import Evaluation
from sivuvirta.domain.prefills import Prefill
from sivuvirta.domain.region import Region
from sivuvirta.domain.suggestions import Suggestion
from sivuvirta.suggest import Ask, answer, table_of
from sivuvirta.suggest.evaluation import Progress
from sivuvirta.suggest.evaluation import evaluate as judge_suggestions
from sivuvirta.suggest.prefill import prefill as expected_streams
from sivuvirta.verbs.sources import load

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
