"""Benefit sheets as one HTML file that prints: a page for the programmes, then one for each exchange."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sivuvirta.domain.benefits import ATTRIBUTED, INDICATORS, SCOPE, Benefits
from sivuvirta.domain.ranges import where
from sivuvirta.domain.unknowns import told
from sivuvirta.report.words import GRADES, figure, span

_FOLDER = Path(__file__).parent.parent
NOT_KNOWN = "not known"


def write(found: Benefits, path: Path, title: str = "") -> Path:
    """Write the sheets.

    Args:
        found: the benefits; nothing is computed here.
        path: the HTML file.
        title: of the region.
    """
    path.write_text(html(found, title), encoding="utf-8")
    return path


def html(found: Benefits, title: str = "") -> str:
    """The page."""
    env = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    states = [{"name": state, **_state(found, state)} for state in found.states]
    claims = [_claim(row) for row in _records(found.claims)]
    return env.get_template("benefits.html").render(
        title=title or f"{found.region}, {found.vintage}", states=states, claims=claims, notes=found.notes, grades=GRADES, scope=SCOPE
    )


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _state(found: Benefits, state: str) -> dict[str, Any]:
    programmes = found.programmes[found.programmes["state"] == state]
    exchanges = found.exchanges[found.exchanges["state"] == state]
    years = found.years[found.years["state"] == state]
    return {
        "programmes": [
            _sheet(part, years[years["programme"] == key], str(part["name"].iloc[0]))
            for key, part in programmes.groupby("programme", sort=False)
        ],
        "exchanges": [
            _sheet(part, years[(years["exchange"] == key) & (years["programme"] == "")], str(part["name"].iloc[0]))
            for key, part in exchanges.groupby("exchange", sort=False)
            if key or not _empty(part)
        ],
    }


def _empty(part: pd.DataFrame) -> bool:
    """Whether nothing at all belongs to no exchange."""
    return bool((part["known_part"].fillna(0.0) == 0.0).all())


def _sheet(part: pd.DataFrame, years: pd.DataFrame, name: str) -> dict[str, Any]:
    first = part.iloc[0]
    share = float(first["attribution"]) if "attribution" in part else np.nan
    return {
        "name": name,
        "key": first.get("exchange", ""),
        "reference": first.get("reference", ""),
        "share": "" if np.isnan(share) else f"{share:.0%}",
        "reason": first.get("reason", ""),
        "basis": next((str(each) for each in part["basis"] if each != ATTRIBUTED), ""),
        "rows": [line(row) for row in _records(part)],
        "years": _by_year(years),
    }


def line(row: dict[str, Any]) -> dict[str, str]:
    """One indicator in words: value, range and mean (of what is known), grade, what is claimed of it, what is not known."""
    unit = row["unit"]
    known = not np.isnan(row["value"])
    part = NOT_KNOWN if np.isnan(row["known_part"]) or not row["bound"] else told(figure(row["known_part"], unit).text, row["bound"])
    between = span(row["low"], row["high"], unit)
    notes = [row["unknown"], f"cannot be claimed: its range {where(row['low'], row['high'])}" if row["alarm"] else ""]
    return {
        "label": row["label"],
        "value": figure(row["value"], unit).text if known else part,
        "range": between,
        "mean": figure(row["mean"], unit).text if between and not np.isnan(row["mean"]) else "",
        "grade": row["grade"],
        "attributed": "" if np.isnan(row["attributed"]) else figure(row["attributed"], unit).text,
        "note": "; ".join(each for each in notes if each),
        "sources": row.get("sources", ""),
    }


def _by_year(years: pd.DataFrame) -> dict[str, Any]:
    """Value of each year, and the sum over them; without years beyond the first nothing."""
    last = int(years["year"].max()) if len(years) else 0
    if last < 2:
        return {"heads": [], "rows": []}
    rows = []
    for indicator in INDICATORS:
        part = years[years["indicator"] == indicator]
        if len(part) < 2 or part["value"].isna().all() or (part["value"] == 0).all():
            continue
        unit = str(part["unit"].iloc[0])
        values = dict(zip(part["year"].tolist(), part["value"].tolist(), strict=True))
        texts = [figure(values.get(year, 0.0), unit).text for year in range(1, last + 1)]
        total = figure(float(part["cumulated"].iloc[-1]), unit).text
        rows.append([INDICATORS[indicator][0], *texts, total])
    return {"heads": [*(f"Year {year}" for year in range(1, last + 1)), "Cumulated"], "rows": rows}


def _claim(row: dict[str, Any]) -> Sequence[str]:
    label = INDICATORS[row["indicator"]][0]
    of = row["exchange"] or row["programme"]
    computed = "" if np.isnan(row["computed"]) else figure(row["computed"], row["unit"]).text
    return (
        *(row["state"], of, label, figure(row["claimed"], row["unit"]).text, computed, row["agreement"]),
        *(row["claimant"], row["evidence"] or "", row["grade"], row["source"]),
    )
