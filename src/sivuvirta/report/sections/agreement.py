"""Do the sources agree? What several sources and the balances say of the year, side by side, as tables of a report."""

from __future__ import annotations

from typing import Any

import pandas as pd
from attrs import frozen

from sivuvirta.domain.reconciliations import ReconcileOptions, Reconciliation
from sivuvirta.domain.region import Region
from sivuvirta.errors import SolverError
from sivuvirta.ledger.reconcile.region import reconcile_region
from sivuvirta.ledger.reconcile.widening import SOURCES, WHOLE
from sivuvirta.report.following.basis import RESTS
from sivuvirta.report.following.reconciled import Measurements
from sivuvirta.report.tables import Column, Sheet, records, sheet
from sivuvirta.report.words import count, figure, span

_CHECKED = ("measured, checked", "computed")
_NAMED = 4  # figures in a sentence
_AMOUNTS = ("flow", "production", "stock")


@frozen
class Agreement:
    """The section of a report."""

    sentences: tuple[str, ...]
    sources: Sheet
    moved: Sheet
    balances: Sheet


def agreement(region: Region) -> Agreement | None:
    """What the sources of a region say together; None where nothing can be compared.

    Args:
        region: at the vintage of the report.
    """
    if not len(region.table("statements")) and not len(region.table("balances")):
        return None
    try:
        found = reconcile_region(region, ReconcileOptions())
    except SolverError as error:
        return Agreement((str(error),), *(sheet(f"agreement-{name}", name, (), ()) for name in ("sources", "moved", "balances")))
    cited, behind = _citations(region), Measurements(region, found)
    return Agreement(_sentences(found, cited), _sources(found, cited, behind), _moved(found, behind), _balances(found, behind))


def verdict(found: Reconciliation) -> str:
    """The global test in a sentence."""
    if found.freedom == 0:
        return "Nothing checks anything: no figure can be compared with another. That none contradicts another says nothing."
    test = f"chi-square {found.statistic:.1f}, at most {found.critical:.1f} for {count(found.freedom, 'independent check')}"
    if not found.passed:
        return f"The figures contradict each other by more than their ranges allow: {test}."
    alone, checked = _tested(found)
    if not len(alone):
        return f"The figures agree as well as their ranges say: {test}."
    said = "it agrees as well as its range says" if checked == 1 else "they agree as well as their ranges say"
    return f"{checked} of {count(len(alone) + checked, 'figure')} could be tested, and {said}: {test}."


def _tested(found: Reconciliation) -> tuple[pd.DataFrame, int]:
    """Amounts that rest on one source and no balance, and how many are checked."""
    amounts = found.quantities[found.quantities["kind"].isin(_AMOUNTS)]
    return amounts[amounts["known"] == "measured, not checked"], int((amounts["known"] == "measured, checked").sum())


def lone(found: Reconciliation) -> tuple[str, ...]:
    """What cannot be tested, for it rests on one source and no balance, and what to measure to change that.

    Args:
        found: a reconciliation.
    """
    alone, checked = _tested(found)
    if not len(alone):
        return ()
    told = f"{count(len(alone), 'figure')} of {len(alone) + checked} cannot be tested: each has one source, and no balance checks it."
    of = found.quantities
    computed = of.loc[of["kind"].isin(_AMOUNTS) & (of["known"] == "computed"), "label"].tolist()
    if computed:
        told += f" A measurement of what is computed today would test its balance: {_named(computed)}."
    doubt = alone.assign(doubt=(alone["sigma"] / alone["measured"].abs()).fillna(0.0)).sort_values("doubt", ascending=False, kind="stable")
    worst = doubt.loc[doubt["doubt"] > 0, "label"].tolist()
    if worst:
        told += f" A second source tests a figure; those that are known worst: {_named(worst)}."
    return (told,)


def _named(labels: list[str]) -> str:
    """Labels, which hold commas themselves, in a row."""
    more = [f"{len(labels) - _NAMED} more"] if len(labels) > _NAMED + 1 else []
    return "; ".join([*(labels[:_NAMED] if more else labels), *more])


def contradictions(found: Reconciliation, cited: dict[str, str] | None = None) -> tuple[str, ...]:
    """What contradicts each other side by side, and the wider range that stands for it.

    Args:
        found: a reconciliation.
        cited: names of sources by id.
    """
    told = [_against(found, row, cited or {}) for row in records(found.quantities) if row["contradicted"] == SOURCES]
    rest = found.quantities.loc[found.quantities["contradicted"] == WHOLE, "widened"]
    if len(rest):
        told.append(f"What is left still contradicts itself: ranges of all that is checked are {rest.max():.1f} times as wide as stated.")
    return tuple(told)


def _against(found: Reconciliation, row: dict[str, Any], cited: dict[str, str]) -> str:
    unit = str(row["unit"])
    said = records(found.statements[found.statements["name"] == row["name"]])
    each = [f"{figure(one['value'], unit).text} ({cited.get(one['source'], one['source']) or 'no source named'})" for one in said]
    between = span(row["low"], row["high"], unit)
    return (
        f"Sources contradict each other: {row['label']}, {' against '.join(each)}; reconciled {figure(row['reconciled'], unit).text}, "
        f"{between}, {row['widened']:.1f} times as wide as their precision says."
    )


def suspicions(found: Reconciliation, cited: dict[str, str] | None = None) -> tuple[str, ...]:
    """A sentence for each suspect figure.

    Args:
        found: a reconciliation.
        cited: names of sources by id.
    """
    return tuple(_suspicion(found, row, cited or {}) for row in records(found.suspects))


def _suspicion(found: Reconciliation, row: dict[str, Any], cited: dict[str, str]) -> str:
    quantity = found.quantities.set_index("name").loc[row["name"]]
    unit = str(quantity["unit"])
    by = f" ({cited.get(row['source'], row['source'])})" if row["source"] else ""
    others = "" if pd.isna(row["others_say"]) else f"; the others say {figure(row['others_say'], unit).text}"
    either = f" It cannot be told apart from {row['alike']}." if row["alike"] else ""
    return (
        f"Suspect: {quantity['label']}, {figure(row['value'], unit).text}{by}, off by {row['score']:.1f} standard deviations "
        f"where {row['critical']:.1f} pass{others}.{either}"
    )


def _sentences(found: Reconciliation, cited: dict[str, str]) -> tuple[str, ...]:
    told = lone(found) or ("Every amount that is stated can be checked.",)
    return (verdict(found), *told, *contradictions(found, cited), *suspicions(found, cited))


def _citations(region: Region) -> dict[str, str]:
    table = region.table("sources")
    return dict(zip(table["source"].tolist(), table["citation"].tolist(), strict=True))


def _sources(found: Reconciliation, cited: dict[str, str], behind: Measurements) -> Sheet:
    """Statements of what has more than one, or was checked."""
    quantities = found.quantities.set_index("name")
    chosen = quantities[quantities["known"].isin(_CHECKED)]
    rows = [
        {
            "label": quantities.loc[row["name"], "label"],
            "unit": quantities.loc[row["name"], "unit"],
            "says": cited.get(row["source"], row["source"]),
            "value": row["value"],
            "sigma": row["sigma"],
            "weight": 100.0 * row["weight"],
            "reconciled": row["reconciled"],
            "off": row["residual_sigma"],
            "suspect": "suspect" if row["suspect"] else "",
            "grade": row["grade"],
            "note": row["note"],
            RESTS: behind.quantity(row["name"]),
        }
        for row in records(found.statements)
        if row["name"] in chosen.index
    ]
    columns = (
        Column("label", "Quantity", "name"),
        Column("says", "Source", "long"),
        Column("value", "States", "number", "*"),
        Column("sigma", "±", "number", "*", help="one standard deviation, from its range, a statement or its evidence grade"),
        Column("weight", "Weight", "number", "%", help="share among the sources of this quantity"),
        Column("reconciled", "Reconciled", "number", "*"),
        Column("off", "Off by ±", "number", help="times one standard deviation"),
        Column("suspect", "Test"),
        Column("grade", "Grade", "grade"),
        Column("note", "Remarks", "long"),
    )
    return sheet(
        "agreement-sources", "What each source says, where something else speaks of the same.", columns, rows, "No two figures meet."
    )


def _moved(found: Reconciliation, behind: Measurements) -> Sheet:
    """Quantities that are checked or computed, what moved most first."""
    table = found.quantities[found.quantities["known"].isin(_CHECKED) & found.quantities["kind"].isin(_AMOUNTS)]
    table = table.sort_values("moved_sigma", key=lambda column: column.abs(), ascending=False, na_position="last", kind="stable")
    rows = [{**row, "range": (row["low"], row["high"]), RESTS: behind.quantity(row["name"])} for row in records(table)]
    columns = (
        Column("label", "Quantity", "name"),
        Column("measured", "Stated", "number", "*", help="mean of the sources by their precision"),
        Column("reconciled", "Reconciled", "number", "*"),
        Column("range", "5 to 95 %", "range", "*"),
        Column("moved_sigma", "Moved by ±", "number", help="times one standard deviation"),
        Column("chosen", "In the register", "number", "*", help="the figure that the plan uses"),
        Column("known", "Known as"),
        Column("widened", "Widened", "number", help="times the stated width, where figures contradict each other; else 1"),
        Column("grade", "Grade", "grade"),
    )
    caption = "What the balances and the sources say together, beside what the register holds. A plan uses the register."
    return sheet("agreement-moved", caption, columns, rows, "Nothing is checked.")


def _balances(found: Reconciliation, behind: Measurements) -> Sheet:
    columns = (
        Column("title", "Balance", "name"),
        Column("component", "Of"),
        Column("before", "Open before", "number", "*"),
        Column("before_sigma", "by ±", "number", help="times one standard deviation"),
        Column("grade", "Grade", "grade"),
    )
    caption = "How far the stated figures miss each balance; reconciled, all close. Not known: something in it was not measured."
    rows = [{**row, RESTS: behind.balance(row["balance"])} for row in records(found.balances)]
    return sheet("agreement-balances", caption, columns, rows, "No balance is declared.")
