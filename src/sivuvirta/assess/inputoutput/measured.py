"""Measured: what a plan's spending does to jobs and value added, by a table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sivuvirta.assess.inputoutput.effects import Demand, demand, effects, unknown_effects
from sivuvirta.assess.inputoutput.leontief import Solved
from sivuvirta.assess.inputoutput.prices import deflator, relative_sd
from sivuvirta.assess.inputoutput.spending import spending
from sivuvirta.assess.inputoutput.stated import Stated, answered
from sivuvirta.domain.economies import INDICATORS
from sivuvirta.domain.grades import Grade
from sivuvirta.domain.ledger import NO_REFERENCE, Ledger
from sivuvirta.domain.region import Region
from sivuvirta.domain.unknowns import blind, unaccounted
from sivuvirta.links.money import price_year


def measured(
    planned: Ledger, reference: Ledger | None, solved: Solved | None, terms: pd.DataFrame, missing: str, own: Stated | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Spending, effects and where they arise, for one network.

    Args:
        planned: what would flow.
        reference: what flows today; None where nothing is said of it, and every effect is NaN.
        solved: the input-output table; None where there is none.
        terms: rows of `io_terms`.
        missing: what is missing where there is no table.
        own: multipliers that the region states itself; they answer their indicators before the table.

    Returns:
        Tables `spending`, `effects` and `sectors` of `Economy`, without the column `network`. Where effects of stated multipliers arise is
        not known, so `sectors` leaves them out.
    """
    if reference is None:
        return pd.DataFrame(), _with_posts(planned, None, unknown_effects(NO_REFERENCE)), pd.DataFrame()
    spent = spending(planned, reference, terms)
    whens = ("a year", "once") if (spent["when"] == "once").any() else ("a year",)  # what is not spent has effects of 0
    whole, where = (unknown_effects(missing), pd.DataFrame()) if solved is None else _by_table(planned.links.region, spent, solved, whens)
    if own is not None:
        told = [answered(own, spent, when, planned.links.region, solved) for when in whens]
        whole = pd.concat([whole[~whole["indicator"].isin(own.indicators)], *told], ignore_index=True)
        where = where[~where["indicator"].isin(own.indicators)].reset_index(drop=True) if len(where) else where
    why = blind(planned.links, unaccounted(planned, reference))
    if why:
        spent, whole, where = _without_today(spent, why), _without_today(whole, why), _without_today(where, why)
    return spent, _with_posts(planned, reference, whole), where


def _without_today(frame: pd.DataFrame, why: str) -> pd.DataFrame:
    """A table without what is no longer spent, where part of what is spent today is not known: what the plan spends is."""
    lost = [name for name in _OF_TODAY if name in frame]
    told = {"missing": [f"{text} {why[0].upper()}{why[1:]}.".strip() for text in frame["missing"]]} if "missing" in frame else {}
    return frame.assign(**dict.fromkeys(lost, np.nan), **({"grade": Grade.D.name} if "grade" in frame else {}), **told)


_OF_TODAY = ("displaced", "net", "change", "sd", "low", "high")
"""Columns that rest on what is spent today."""


def _by_table(region: Region, spent: pd.DataFrame, solved: Solved, whens: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Effects and where they arise, by the input-output table."""
    ratio, stale = deflator(region, solved.table.year)
    spread = {name: relative_sd(region, solved.table.graded(name)) for name in INDICATORS}
    asked = [demand(spent, solved.table, when, ratio) for when in whens]
    asked = [_stale(each, solved.table.year, price_year(region)) if stale else each for each in asked]
    pairs = [effects(solved, each, spread) for each in asked]
    # value added, wages and output are told in the plan's euros again
    found = [_inflated(part, ratio) for pair in pairs for part in pair]
    return pd.concat(found[0::2], ignore_index=True), pd.concat(found[1::2], ignore_index=True)


def _stale(asked: Demand, year: float, now: float) -> Demand:
    """A demand whose money could not be brought to the table's year."""
    text = f"No price index covers {year:.0f} and {now:.0f}, so euros of {now:.0f} count as those of {year:.0f}."
    return Demand(asked.gross, asked.displaced, asked.sd, asked.when, "D", f"{asked.missing} {text}".strip())


def _inflated(frame: pd.DataFrame, ratio: float) -> pd.DataFrame:
    """Money of the table's year in euros of the plan; posts stay."""
    columns = [name for name in ("gross", "displaced", "net", "low", "high") if name in frame]
    money = (frame["indicator"] != "jobs").to_numpy()
    frame.loc[money, columns] = frame.loc[money, columns] / ratio
    return frame


def _with_posts(planned: Ledger, reference: Ledger | None, frame: pd.DataFrame) -> pd.DataFrame:
    """Effects with the posts at plants, as the register states them for their technologies, in a row of their own."""
    works, now = planned.links.works, planned.operations
    staff = np.nan_to_num(works.staff)
    if reference is None:
        gross = displaced = np.nan
    else:
        more = staff * (now.activity - reference.operations.activity)
        gross, displaced = float(np.maximum(more, 0.0).sum()), float(np.maximum(-more, 0.0).sum())
    blank = works.technology[(now.activity > 0) & (staff == 0)]
    names = sorted({str(each) for each in blank})
    missing = NO_REFERENCE if reference is None else f"Not known and counted as 0: posts of {', '.join(names)}." if names else ""
    running = works.grade[now.activity > 0]
    row = {"indicator": "jobs", "unit": "posts", "kind": "plants", "when": "a year", "gross": gross, "displaced": displaced}
    ends = {"net": gross - displaced, "low": np.nan, "high": np.nan, "grade": "ABCD"[int(running.max(initial=0))] if len(running) else ""}
    return pd.concat([pd.DataFrame([{**row, **ends, "missing": missing}]), frame], ignore_index=True)[frame.columns.tolist()]
