"""Scores of a life cycle on the screen: networks beside one reference, cases, and what makes the change, down to the rest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console

from sivuvirta.cli.common.screen import frame_rows, print_table
from sivuvirta.domain.lifecycles import CASES, LifeCycle
from sivuvirta.domain.ranges import SCORED, where
from sivuvirta.domain.unknowns import told
from sivuvirta.report.words import count, figure, pretty, span

_MOST = 10  # contributions on the screen, the rest is one row
_SAME = 1e-9  # relative: two references that differ by rounding are one
_SYSTEMS = {"reference": "today", "planned": "with the plan", "change": "change"}
_KINDS = {"arc": "flow", "haul": "haulage", "process": "process"}
_VIEWS = {
    "emitter": "Where the {network} network changes it",
    "activity": "Flows and plants that cause it, {network} network",
}
_FACTORS = "5 to 95 %, factors only"
_SCORES = [("Network", "left"), ("", "left"), ("Score", "right"), ("Mean", "right"), (_FACTORS, "right"), ("To quote", "right")]
_CASES = [("Network", "left"), *((case.capitalize(), "right") for case in CASES)]
_CAUSES = [
    ("Cause", "left"),
    ("Kind", "left"),
    ("Score", "right"),
    ("Mean", "right"),
    (_FACTORS, "right"),
    ("Grade", "left"),
    ("Sources", "left"),
]


def print_scores(console: Console, title: str, found: LifeCycle, network: str) -> None:
    """Scores, cases, largest contributions of one network with the rest and the sum, and what is not known.

    Args:
        console: where.
        title: region and vintage.
        found: the life cycle.
        network: proven | potential, whose contributions are shown.
    """
    what = f"{title}: {found.method}, {pretty(found.unit)} a year; what is displaced at its {found.displaced} case"
    print_table(console, what, _SCORES, [_score(row) for row in _rows(found.scores)])
    for row in frame_rows(found.scores[found.scores["alarm"]]):
        words = f"!: the saving of the {row['network']} network cannot be claimed, its range {where(row['low'], row['high'])}."
        console.print(words, markup=False)
    unit = f"{found.unit}/a"
    by_case = {(row["network"], row["case"]): _text(row["change"], unit, row["bound"]) for row in frame_rows(found.cases)}
    cases = [[name, *(by_case[name, case] for case in CASES)] for name in found.inventories]
    print_table(console, "Change, if the plan displaces the best, the expected or the worst", _CASES, cases)
    for view, words in _VIEWS.items():
        rows = found.contributions[(found.contributions["network"] == network) & (found.contributions["view"] == view)]
        if len(rows):
            print_table(console, words.format(network=network), _CAUSES, _contributions(found, rows, network))
    console.print(SCORED, markup=False, style="dim")
    for note in (*found.notes, *doubts(found.scores, network)):
        console.print(note, markup=False)


def doubts(scores: pd.DataFrame, network: str) -> tuple[str, ...]:
    """What is not known of each system, once: where it differs between networks, that of the one whose contributions are shown."""
    told: dict[str, None] = {}
    for _, rows in scores[scores["unknown"] != ""].groupby("system", sort=False):
        texts = dict(zip(rows["network"], rows["unknown"], strict=True))
        text = texts.get(network, next(iter(texts.values())))
        apart = len(set(texts.values())) > 1
        told[f"{network.capitalize()} network: {text[0].lower()}{text[1:]}" if apart and network in texts else text] = None
    return tuple(told)


def _rows(scores: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of scores; the reference once, where it is one for all networks."""
    today = scores[scores["system"] == "reference"]
    one = all(_one(today[name]) for name in ("value", "low", "high"))
    first, rest = frame_rows(today.head(1) if one else today), frame_rows(scores[scores["system"] != "reference"])
    return [*({**row, "network": "both"} if one and len(today) > 1 else row for row in first), *rest]


def _one(values: pd.Series) -> bool:
    return bool(np.allclose(values, values.iloc[0], rtol=_SAME, atol=0.0, equal_nan=True))


def _score(row: dict[str, Any]) -> list[str]:
    return [
        row["network"],
        _SYSTEMS[row["system"]],
        _text(row["value"], row["unit"], row["bound"]),
        _mean(row, row["unit"]),
        _between(row, row["unit"]),
        f"{_quoted(row)}{' !' if row['alarm'] else ''}",
    ]


def _quoted(row: dict[str, Any]) -> str:
    """Mean and 5 to 95 % of all inputs drawn together, where they are of the same figure."""
    between = "" if np.isnan(row["quoted_low"]) else span(row["quoted_low"], row["quoted_high"], row["unit"])
    return f"{figure(row['quoted_mean'], row['unit']).text} ({between})" if between else ""


def _contributions(found: LifeCycle, rows: pd.DataFrame, network: str) -> list[list[str]]:
    """The largest, the others as one row, and their sum, which is the change."""
    unit, shown = f"{found.unit}/a", rows.head(_MOST)
    parts = [
        [
            row["name"],
            _KINDS.get(row["kind"], row["kind"]),
            _text(row["score"], unit),
            _mean(row, unit),
            _between(row, unit),
            row["grade"],
            row["source"],
        ]
        for row in frame_rows(shown)
    ]
    left = len(rows) - len(shown)
    if left:
        parts.append([count(left, "other"), "", _text(float(rows["score"].iloc[_MOST:].sum()), unit), "", "", "", ""])
    change = found.scores[(found.scores["network"] == network) & (found.scores["system"] == "change")]
    last = frame_rows(change)[0]
    return [
        *parts,
        ["All together", "", _text(float(rows["score"].sum()), unit, last["bound"]), _mean(last, unit), _between(last, unit), "", ""],
    ]


def _mean(row: dict[str, Any], unit: str) -> str:
    """Mean of the draws, where a range is told."""
    return "" if np.isnan(row["low"]) else figure(row["mean"], unit).text


def _between(row: dict[str, Any], unit: str) -> str:
    """A range; a figure that rests on nothing drawn has none."""
    if np.isnan(row["low"]):
        return "not known" if np.isnan(row.get("value", row.get("score", np.nan))) else "not drawn"
    return span(row["low"], row["high"], unit) or "none stated"


def _text(value: float, unit: str, bound: str = "") -> str:
    return "unknown" if np.isnan(value) else told(figure(float(value), unit).text, bound)
