"""Drawn: what many draws of a region tell, as tables on the screen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console

from sivuvirta.cli.common.screen import frame_rows, print_table, say_unknown
from sivuvirta.domain.ensembles import Ensemble, Outcome
from sivuvirta.report.words import UNKNOWN, count, figure

_MOST = 10  # rows of a table on the screen
_GROUPS = 5  # of each kind
_NAMED = 3  # links in a sentence
_SAME = 1e-6  # relative
_CENT = 0.01  # EUR/a: a smaller error is rounding

_FIGURES = [("", "left"), ("Network", "left"), *((head, "right") for head in ("Plan", "Mean", "5 %", "50 %", "95 %", "Tail"))]
_LINKS = [("Link", "left"), ("Used in", "right"), ("Plan", "right"), ("5 %", "right"), ("95 %", "right")]
_PLANTS = [("Plant", "left"), ("Built or run in", "right"), ("Plan", "right"), ("5 %", "right"), ("95 %", "right")]
_INPUTS = [("Not known well", "left"), ("Correlation", "right"), ("Worth knowing, at most", "right")]
_TOGETHER = [("Figures", "left"), ("Number", "right"), ("Worth knowing, at most", "right")]
_BUILT = [("Structure", "left"), ("Mean benefit", "right"), ("Tail", "right"), ("Mean regret", "right"), ("Builds", "left")]
_WORDS = {"benefit": "Benefit", "co2": "Emissions"}


def print_ensemble(console: Console, title: str, found: Ensemble) -> None:
    """Print figures of both networks, unsure links, plants, what the benefit hangs on, and structures.

    Args:
        console: where.
        title: of the first table.
        found: what the draws gave.
    """
    rows = []
    for evidence, one in found.networks.items():
        for row in frame_rows(one.figures):
            names = ("plan", "mean", "p5", "p50", "p95", "tail_mean")
            rows.append([_WORDS[row["figure"]], evidence, *(_text(row[name], row["unit"]) for name in names)])
    print_table(console, title, _FIGURES, sorted(rows, key=lambda row: row[0]))
    _say(console, f"Plan: every figure at its stated value. Tail: mean of the worst {100 * found.options.tail:g} % of the draws.")
    missing = int((~found.potential.draws["feasible"]).sum())
    if missing:
        _say(console, f"In {count(missing, 'draw')} no potential network keeps all promises; they are not in the ranges.")
    if not found.inputs:
        _say(
            console, "This region has no ranges: every draw is the plan again. Give low and high in its tables for what is not known well."
        )
    else:
        _print_unsure(console, found)
    _print_structures(console, found)
    say_unknown(found.potential.figures["plan"].iloc[0], found.links)


def _print_unsure(console: Console, found: Ensemble) -> None:
    _print_links(console, found)
    one = found.potential
    plants = frame_rows(one.plants[one.plants["probability"] > 0].head(_MOST))
    if plants:
        print_table(console, "\nPlants of the potential network", _PLANTS, [[row["name"], *_often(row)] for row in plants])
    _print_inputs(console, found)


def _print_links(console: Console, found: Ensemble) -> None:
    for evidence, one in found.networks.items():
        links = one.links[(one.links["probability"] < 1) | (one.links["plan"] == 0)].head(_MOST)
        if len(links):
            rows = [[_link(row), *_often(row)] for row in frame_rows(links)]
            print_table(console, f"\n{evidence.capitalize()} network: links that not every draw has", _LINKS, rows)
        else:
            _say(console, f"Every draw has the links of the {evidence} network.")
        if why := _why(evidence, one):
            _say(console, why)


def _why(evidence: str, one: Outcome) -> str:
    """Why a network brings more on average than in the plan: links that only some draws use."""
    benefit = next(row for row in frame_rows(one.figures) if row["figure"] == "benefit")
    links = one.links[(one.links["plan"] == 0) & (one.links["probability"] > 0)].head(_NAMED)
    if not len(links) or benefit["mean"] is None or not benefit["mean"] - benefit["plan"] > _SAME * abs(benefit["mean"]):
        return ""
    named = "; ".join(f"{_link(row)} in {100 * row['probability']:.0f} %" for row in frame_rows(links))
    means = " and ".join(_text(benefit[name], "EUR/a") for name in ("mean", "plan"))
    return f"The {evidence} network brings more on average than the plan ({means}), for some draws use links that it does not: {named}."


def _print_inputs(console: Console, found: Ensemble) -> None:
    """What stands out from chance; what knowing it is worth only where builds are free."""
    one, free = found.potential, found.options.builds == "free"
    clear = one.inputs[one.inputs["correlation"].abs() > one.noise].head(_MOST)
    rows = [[row["label"], f"{row['correlation']:+.2f}", _money(row["knowing"], row["knowing_error"])] for row in frame_rows(clear)]
    if rows:
        width = 3 if free else 2
        print_table(console, "\nWhat the benefit hangs on", _INPUTS[:width], [row[:width] for row in rows])
    told = f"{count(found.options.draws, 'draw')} cannot tell a correlation below ±{one.noise:.2f} from chance among so many inputs"
    _say(console, f"{told}; more draws can." if rows else f"\nWhat the benefit hangs on is not clear: {told}. Ask for more with --draws.")
    _print_groups(console, one)
    if not free:
        _say(console, "What knowing a figure is worth needs --builds free: with fixed builds nothing is left to decide.")


def _print_groups(console: Console, one: Outcome) -> None:
    """What knowing several figures together is worth: all of one kind, and all of one organisation, those first that are worth most."""
    worth = one.groups[one.groups["knowing"] > _CENT]
    rows = [
        [
            row["label"] if kind == "organisation" else f"all {row['label']}",
            str(row["inputs"]),
            _money(row["knowing"], row["knowing_error"]),
        ]
        for kind in ("kind", "organisation")
        for row in frame_rows(worth[worth["kind"] == kind].head(_GROUPS))
    ]
    if rows:
        print_table(console, "\nKnown together before building", _TOGETHER, rows)


def _print_structures(console: Console, found: Ensemble) -> None:
    one, names = found.potential, dict(zip(found.potential.plants["plant"], found.potential.plants["name"], strict=True))
    rows = [_structure(row, names) for row in frame_rows(one.structures)]
    print_table(console, "\nStructures, held in every draw", _BUILT, rows)
    _say(console, "Regret: what a structure brings less than the best one of the same draw.")
    if found.options.builds == "free":
        _say(console, f"\nKnowing everything before building would be worth {_money(one.perfect, one.perfect_error)} at most.")


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False, soft_wrap=True)


def _link(row: dict[str, Any]) -> str:
    return f"{row['origin_name']} > {row['destination_name']}"


def _often(row: dict[str, Any]) -> list[str]:
    return [f"{100 * row['probability']:.0f} %", *(_text(row[name], row["unit"]) for name in ("plan", "p5", "p95"))]


def _structure(row: dict[str, Any], names: dict[str, str]) -> list[str]:
    money = [_text(row[name], "EUR/a") for name in ("mean", "tail_mean", "regret_mean")]
    built = "; ".join(names.get(each, each) for each in str(row["built"]).split(", ") if each)
    return [row["structure"], *money, built]


def _money(value: float | None, error: float | None) -> str:
    if value is None or pd.isna(value):
        return "unknown"
    told = figure(value, "EUR/a").text
    return told if error is None or pd.isna(error) or error < _CENT else f"{told} ± {figure(error, 'EUR/a').text}"


def _text(value: float | None, unit: str) -> str:
    if value is None or not np.isfinite(value):
        return UNKNOWN
    return figure(value / 1000.0, "t CO2e/a").text if unit == "kg CO2e/a" else figure(value, unit).text
