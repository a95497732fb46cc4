"""Every way to guess over every exchange, its case left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from attrs import evolve

from sivuvirta.domain.evaluations import Evaluation
from sivuvirta.domain.table import Table
from sivuvirta.suggest.evaluation import baselines
from sivuvirta.suggest.evaluation.measures import MEASURES, interval, measured, rank, samples
from sivuvirta.suggest.evaluation.rows import Exchange, Judged, exchanges, frame_of
from sivuvirta.suggest.precedents import Precedents, precedents
from sivuvirta.suggest.query import query
from sivuvirta.suggest.ranking import WEIGHTS, Weights, by_division, ranking

Progress = Callable[[int, int], None]

OURS = ("ours, no precedents", "ours, with precedents")
BASELINES = ("popularity", "tf-idf neighbours", "tf-idf neighbours with codes", "letters to NACE titles")
METHODS = (*OURS, *BASELINES)
DIGITS = (4, 2)


def evaluate(files: Sequence[Path], seed: int = 0, published: bool = False, progress: Progress | None = None) -> Evaluation:
    """Judge suggestions by exchanges that happened, leaving each case out in turn.

    Args:
        files: CSV files with case_id, text, receiver_nace, and if known donor_nace, low_code, use.
        seed: of the samples.
        published: whether the library's own exchanges may be used; without, since a file may hold the same ones.
        progress: called with cases done and cases in all.

    Raises:
        ReadError: a file is missing or no CSV.
        OptionError: a file lacks a column, or no row can be judged.
    """
    judged = exchanges(files)
    ranks = _ranks(judged, WEIGHTS if published else evolve(WEIGHTS, by_exchange=0.0), progress or (lambda done, total: None))
    return _evaluation(judged, ranks, tuple(file.name for file in files), seed)


def _ranks(judged: Judged, weights: Weights, progress: Progress) -> dict[tuple[str, int], np.ndarray[Any, Any]]:
    """Rank of each exchange's receiver by method and digits."""
    found = judged.exchanges
    known = (*found, *judged.fallen)
    own = precedents(frame_of(known), judged.revision)
    ranks = {(method, digits): np.zeros(len(found)) for method in METHODS for digits in DIGITS}
    cases = list(dict.fromkeys(each.case for each in found))
    for done, case in enumerate(cases):
        inside = [place for place, each in enumerate(found) if each.case == case]
        others = [each for each in found if each.case != case]
        spaces = (baselines.word_space(others), baselines.code_space(others))
        outside = np.array([float(each.case != case) for each in known])
        for place in inside:
            for method, scores in _guesses(found[place], judged.revision, (own, outside, weights), (others, spaces)).items():
                ranks[method, 4][place] = rank(scores, found[place].receiver)
                ranks[method, 2][place] = rank(by_division(scores), found[place].receiver[:2])
        progress(done + 1, len(cases))
    return ranks


def _guesses(
    each: Exchange, revision: str, ours: tuple[Precedents, np.ndarray[Any, Any], Weights], learned: tuple[list[Exchange], tuple[Any, Any]]
) -> dict[str, Mapping[str, float]]:
    own, outside, weights = ours
    others, (by_word, by_code) = learned
    asked = query(each.text, each.low, each.donor)
    return {
        OURS[0]: ranking(asked, revision, weights=weights).scores,
        OURS[1]: ranking(asked, revision, own, outside, weights).scores,
        BASELINES[0]: baselines.popularity(others),
        BASELINES[1]: baselines.neighbours(each.text, by_word, others),
        BASELINES[2]: baselines.neighbours(baselines.with_codes(each), by_code, others),
        BASELINES[3]: baselines.titles(each.text, revision),
    }


def _evaluation(judged: Judged, ranks: Mapping[tuple[str, int], np.ndarray[Any, Any]], files: tuple[str, ...], seed: int) -> Evaluation:
    found = judged.exchanges
    kept = {4: np.array([len(each.receiver) == 5 for each in found]), 2: np.ones(len(found), dtype=bool)}
    parts = {key: measured(values[kept[key[1]]]) for key, values in ranks.items()}
    cases = np.array([each.case for each in found], dtype=object)
    draws = {digits: samples(cases[kept[digits]].tolist(), seed) for digits in DIGITS if kept[digits].any()}
    best = {digits: best_baseline(parts, digits) for digits in draws}
    scores = [row for (method, digits), each in parts.items() if digits in draws for row in _rows(method, digits, each, draws[digits])]
    differences = [
        row
        for method in OURS
        for digits in draws
        for row in _rows(method, digits, parts[method, digits] - parts[best[digits], digits], draws[digits])
    ]
    return Evaluation(
        files=files,
        revision=judged.revision,
        exchanges=len(found),
        cases=len(set(cases)),
        notes=(*judged.notes, *_few(len(found), len(set(cases)))),
        best_baselines=best,
        scores=_table("scores", scores),
        differences=_table("differences", differences),
        unjudged=_plain("unjudged", ("file", "row", "reason"), judged.unjudged),
        ranks=_plain("ranks", _RANKS, _rank_rows(found, ranks)),
    )


_ENOUGH = (20, 5)  # exchanges and cases below which nothing can be judged


def _few(exchanges_: int, cases: int) -> tuple[str, ...]:
    if exchanges_ >= _ENOUGH[0] and cases >= _ENOUGH[1]:
        return ()
    least = f"{_ENOUGH[0]} of {_ENOUGH[1]} are the least that figures mean anything for"
    return (f"Too few to judge: {exchanges_} exchanges of {cases} cases; {least}.",)


def best_baseline(parts: Mapping[tuple[str, int], np.ndarray[Any, Any]], digits: int) -> str:
    """The baseline of the highest recall@10 at some digits; of equals that of the higher MRR."""
    columns = [MEASURES.index(measure) for measure in ("recall@10", "MRR")]
    return max(BASELINES, key=lambda method: parts[method, digits][:, columns].mean(axis=0).tolist())


_RANKS = ("file", "row", "case", "receiver", "digits", "method", "rank")


def _rank_rows(found: Sequence[Exchange], ranks: Mapping[tuple[str, int], np.ndarray[Any, Any]]) -> list[tuple[Any, ...]]:
    return [
        (each.file, each.row, each.case, each.receiver, digits, method, float(values[place]))
        for (method, digits), values in ranks.items()
        for place, each in enumerate(found)
    ]


def _rows(method: str, digits: int, parts: np.ndarray[Any, Any], draw: tuple[Any, Any]) -> list[tuple[Any, ...]]:
    low, high = interval(parts, *draw)
    return [
        (method, digits, measure, float(parts[:, column].mean()), float(low[column]), float(high[column]))
        for column, measure in enumerate(MEASURES)
    ]


def _table(name: str, rows: Sequence[tuple[Any, ...]]) -> Table:
    plain = _plain(name, ("method", "digits", "measure", "value", "low", "high"), rows)
    numbers = {column: plain[column].astype(float) for column in ("value", "low", "high")}
    return Table(name, ("method", "digits", "measure"), {**plain.columns, **numbers})


def _plain(name: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Table:
    lists: list[tuple[Any, ...]] = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return Table(name, (columns[0],), {column: np.array(values, dtype=object) for column, values in zip(columns, lists, strict=True)})
