"""The sheets: indicators by exchange and programme, with who claims which share, year by year, beside what parties say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve

from sivuvirta.assess.benefits.claimed import Given, Lasting, Programme, attributions, claims, programmes
from sivuvirta.assess.benefits.sums import NAN, Book
from sivuvirta.domain.benefits import (
    ALL,
    ATTRIBUTED,
    CLAIMED,
    FIRST_YEAR,
    INDICATORS,
    ONCE,
    UNATTRIBUTED,
    Attribution,
    Benefits,
)
from sivuvirta.domain.grades import Grade
from sivuvirta.domain.ledger import NO_REFERENCE, Ledger
from sivuvirta.domain.links import ArcKind, Floats
from sivuvirta.domain.unknowns import AT_LEAST

_FIGURE = ["indicator", "label", "unit", "value", "known_part", "bound", "mean", "low", "high", "alarm", "grade"]
_SHARE = ["attributed", "attributed_mean", "attributed_low", "attributed_high", "basis"]
Draw = Callable[[Mapping[str, Book]], Mapping[str, Mapping[str, Floats]]]
"""Draws of the indicators of some books, by state and indicator, shape (draws, exchanges + 1)."""
EXCHANGES = ["state", "exchange", "name", *_FIGURE, "sources", "reference", "unknown", "attribution", "reason", *_SHARE]
PROGRAMMES = ["state", "programme", "name", "exchanges", *_FIGURE, "sources", "reference", "unknown", *_SHARE]
YEARS = [
    *("state", "exchange", "programme", "indicator", "unit", "year", "factor", "value", "cumulated"),
    *("attributed", "attributed_cumulated", "scheme", "note"),
]
CLAIMS = [
    *("state", "claim", "exchange", "programme", "indicator", "unit", "claimed", "low", "high", "claimant", "evidence", "grade", "source"),
    *("computed", "agreement"),
]
ENDS = ("mean", "low", "high")
_UNDATED = "how long a part of it lasts is not stated"
_ONLY_CLAIMED = "only a party can claim it"


def benefits(
    ledgers: Mapping[str, Ledger],
    reference: Ledger | None,
    given: Given | None = None,
    asked: Lasting | None = None,
    draw: Draw | None = None,
) -> Benefits:
    r"""Benefit sheets of one or several ledgers against one reference.

    .. math:: B_{jk} = \sum_a W_{ja} c_{ak} + \sum_p S_{jp} d_{pk}, \qquad \sum_j B_{jk} + B_{0k} = \Delta_k

    with W and S the parts of the ledgers' difference that exchange j answers for, c the coefficients of indicator k, d what plants change
    in it. Year y counts f_y B with f the persistence; what is attributed is the stated share of it.

    Args:
        ledgers: by state, over the same links.
        reference: what flows without them; None where nobody says, and every benefit is unknown.
        given: shares of attribution by exchange.
        asked: persistence for all exchanges.
        draw: gives the draws that ranges are told of; without it there are none.
    """
    links = next(iter(ledgers.values())).links
    books = {} if reference is None else {name: Book.of(ledger, reference) for name, ledger in ledgers.items()}
    for name, drawn in (draw(books) if draw and books else {}).items():
        books[name] = evolve(books[name], drawn=drawn)
    sheets = [_state(name, ledger, books.get(name), (given, asked)) for name, ledger in ledgers.items()]
    columns = {"exchanges": EXCHANGES, "programmes": PROGRAMMES, "years": YEARS, "claims": CLAIMS}
    tables = {name: _joined([each[at] for each in sheets], names) for at, (name, names) in enumerate(columns.items())}
    notes = () if reference is not None else (NO_REFERENCE,)
    region = links.region
    return Benefits(region=region.name, vintage=region.vintage, states=tuple(ledgers), **tables, notes=notes)


def _joined(frames: Sequence[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    full = [frame for frame in frames if len(frame)]
    return pd.concat(full, ignore_index=True)[columns] if full else pd.DataFrame(columns=columns)


def _state(name: str, ledger: Ledger, book: Book | None, asked: tuple[Given | None, Lasting | None]) -> tuple[pd.DataFrame, ...]:
    region = ledger.links.region
    keys = _without(ledger) if book is None else [book.key(row) for row in range(len(book.shares))]
    told = attributions(region, asked[0], asked[1], keys)
    stated = claims(region)
    parts = _unknown_parts(keys) if book is None else _parts(book)
    rows = [_shared({**row, "state": name}, told.get(str(row["exchange"])), stated) for row in parts]
    exchanges = pd.DataFrame(rows, columns=EXCHANGES)
    every = [Programme("", ALL, told), *programmes(region)]
    sums = [_programme(each, exchanges, keys, book, stated) for each in every]
    summed = pd.DataFrame([{**row, "state": name} for part in sums for row in part], columns=PROGRAMMES)
    years = _years(exchanges, told, every)
    return exchanges, summed, years, _claimed(name, stated, exchanges, summed)


def _without(ledger: Ledger) -> list[str]:
    """Exchanges of a ledger that has no reference."""
    links = ledger.links
    nodes, arcs = links.nodes, links.arcs
    rows = ledger.arc[np.isin(arcs.kind[ledger.arc], (ArcKind.DIRECT, ArcKind.FEED))]
    pairs = [f"{nodes.label(int(arcs.origin[row]))}>{nodes.label(int(arcs.destination[row]))}" for row in rows]
    return sorted(set(pairs))


def _blank(indicator: str, unknown: str) -> dict[str, Any]:
    label, unit = INDICATORS[indicator]
    ends = dict.fromkeys(("value", "known_part", "mean", "low", "high"), NAN)
    return {
        "indicator": indicator,
        "label": label,
        "unit": unit,
        **ends,
        "bound": "",
        "alarm": False,
        "grade": Grade.D.name,
        "sources": "",
        "unknown": unknown,
    }


def _unknown_parts(keys: Sequence[str]) -> list[dict[str, Any]]:
    """Every indicator of every exchange, none of them known."""
    return [
        {"exchange": key, "name": key, "reference": "", **_blank(indicator, NO_REFERENCE)}
        for key in (*keys, "")
        for indicator in INDICATORS
    ]


def _parts(book: Book) -> list[dict[str, Any]]:
    """Every indicator of every exchange, and of what belongs to none."""
    found = []
    for row in range(len(book.shares) + 1):
        told = {"exchange": book.key(row), "name": book.name(row), "reference": book.against(np.array([row]))}
        found += [{**told, **figure} for figure in book.figures(np.array([row]))]
        found.append({**told, **_blank(CLAIMED, _ONLY_CLAIMED)})
    return found


def _shared(row: dict[str, Any], told: Attribution | None, stated: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A figure with the share of it that is claimed; what only a party can say is taken from its claim."""
    if row["indicator"] == CLAIMED:
        row = _from_claim(row, [each for each in stated if each["exchange"] and each["exchange"] == row["exchange"]])
    share = NAN if told is None else told.share
    known = share if np.isfinite(row["value"]) else NAN  # a share of what is known in part is claimed of nothing
    ends = {"attributed": row["value"] * share, **{f"attributed_{end}": row[end] * known for end in ENDS}}
    basis = UNATTRIBUTED if np.isnan(share) else ATTRIBUTED
    return {**row, "attribution": share, "reason": "" if told is None else told.reason, **ends, "basis": basis}


def _from_claim(row: dict[str, Any], stated: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Posts that a party says are safeguarded; of several claims none is taken."""
    own = [each for each in stated if each["indicator"] == CLAIMED]
    if len(own) != 1:
        return {**row, "unknown": f"{len(own)} parties claim different figures"} if own else row
    claim = own[0]
    value = float(claim["value"])
    low, high = (value if claim[end] is None else float(claim[end]) for end in ("low", "high"))
    told = {"value": value, "known_part": value, "low": low, "high": high, "grade": claim["grade"], "unknown": ""}
    return {**row, **told, **({"sources": claim["source"]} if "sources" in row else {})}


def _programme(
    of: Programme, exchanges: pd.DataFrame, keys: Sequence[str], book: Book | None, stated: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The sheet of a programme: its exchanges together, all of them with what belongs to none where it is every exchange."""
    whole = of.key == ""
    members = list(keys) if whole else [key for key in keys if key in of.exchanges]
    rows = np.array([keys.index(key) for key in members] + ([len(keys)] if whole else []), dtype=np.int64)
    head = {
        "programme": ALL if whole else of.key,
        "name": of.name,
        "exchanges": len(members),
        "reference": "" if book is None else book.against(rows),
    }
    if book is None:
        figures = [_blank(indicator, NO_REFERENCE) for indicator in INDICATORS]
    else:
        own = [each for each in stated if not each["exchange"] and each["programme"] == of.key and not whole]
        safe = exchanges[(exchanges["indicator"] == CLAIMED) & exchanges["exchange"].isin(members)]
        figures = [*book.figures(rows), _from_claim(_blank(CLAIMED, _ONLY_CLAIMED), own) if own else _safeguarded(safe)]
    shares = {key: of.exchanges.get(key, Attribution(NAN, "")).share for key in members}
    return [{**head, **figure, **_attributed(figure["indicator"], exchanges, shares, (book, keys))} for figure in figures]


def _safeguarded(rows: pd.DataFrame) -> dict[str, Any]:
    """Posts claimed of a programme's exchanges together; unknown where nobody claims any."""
    said = rows[rows["value"].notna()]
    blank = _blank(CLAIMED, _ONLY_CLAIMED)
    if said.empty:
        return blank
    ends = {name: float(said[name].sum()) for name in ("known_part", "low", "high")}
    if len(said) < len(rows):
        return {**blank, "known_part": ends["known_part"], "bound": AT_LEAST, "unknown": "not claimed of every exchange"}
    return {**blank, **ends, "value": ends["known_part"], "grade": max(said["grade"]), "unknown": ""}


def _attributed(
    indicator: str, exchanges: pd.DataFrame, shares: Mapping[str, float], of: tuple[Book | None, Sequence[str]]
) -> dict[str, Any]:
    """What a programme claims of its exchanges: known where the share of each is stated and each figure is known.

    Its mean and ends are those of the sum in each draw; of claims, which are not drawn, the ends add up.
    """
    book, keys = of
    own = exchanges[(exchanges["indicator"] == indicator) & exchanges["exchange"].isin(list(shares))]
    share = own["exchange"].map(shares).astype(float)
    value = float((own["value"] * share).sum(skipna=False))
    if not (len(own) and share.notna().all()):
        return {"attributed": NAN, **{f"attributed_{end}": NAN for end in ENDS}, "basis": UNATTRIBUTED}
    if book is None or indicator == CLAIMED or np.isnan(value):
        ends = {end: float((own[end] * share).sum(skipna=False)) if np.isfinite(value) else NAN for end in ENDS}
    else:
        rows = np.array([keys.index(key) for key in own["exchange"]], dtype=np.int64)
        weight: Floats = np.asarray(share, dtype=np.float64)
        ends = book.points(indicator, rows, weight, size=float((own["value"] * share).abs().sum()))
    return {"attributed": value, **{f"attributed_{end}": at for end, at in ends.items()}, "basis": ATTRIBUTED}


def _years(exchanges: pd.DataFrame, told: Mapping[str, Attribution], every: Sequence[Programme]) -> pd.DataFrame:
    """Year by year and cumulated, by exchange and by programme."""
    rows: list[dict[str, Any]] = []
    for each in exchanges.to_dict("records"):
        of = told.get(each["exchange"]) or Attribution(NAN, "")
        rows += _lasting(each, of, {"exchange": each["exchange"], "programme": ""})
    by_exchange = pd.DataFrame(rows, columns=YEARS)
    parts = [by_exchange]
    for programme in every:
        members = [*programme.exchanges] + ([""] if not programme.key else [])
        parts.append(_summed_years(by_exchange, members, programme.key or ALL))
    return _joined(parts, YEARS)


def _lasting(row: Mapping[Any, Any], of: Attribution, head: Mapping[str, str]) -> list[dict[str, Any]]:
    once = row["indicator"] in ONCE
    factors = (1.0,) if once or not of.factors else of.factors
    note = "once" if once else "" if of.factors else FIRST_YEAR
    cumulated = np.cumsum(factors)
    return [
        {
            **head,
            "state": row["state"],
            "indicator": row["indicator"],
            "unit": row["unit"].removesuffix("/a") if not once else row["unit"],
            "year": year,
            "factor": factor,
            "value": factor * row["value"],
            "cumulated": total * row["value"],
            "attributed": factor * row["attributed"],
            "attributed_cumulated": total * row["attributed"],
            "scheme": of.scheme,
            "note": note,
        }
        for year, (factor, total) in enumerate(zip(factors, cumulated.tolist(), strict=True), 1)
    ]


def _summed_years(rows: pd.DataFrame, members: Sequence[str], programme: str) -> pd.DataFrame:
    """Years of a programme: of its exchanges together; an exchange that has ended counts nothing, one that nobody dates is not known."""
    own = rows[rows["exchange"].isin(members) & ~((rows["exchange"] == "") & (rows["value"] == 0.0))]
    if own.empty:
        return pd.DataFrame(columns=YEARS)
    own = own.assign(attributed=own["attributed"].where(own["exchange"] != "", 0.0), undated=own["note"] == FIRST_YEAR)
    figures = ["value", "attributed"]
    groups = own.groupby(["state", "indicator", "unit", "year"], sort=False)
    found = groups[figures].agg(_whole).reset_index()
    undated = set(own.loc[own["undated"], "indicator"])
    later = (found["year"] > 1) & found["indicator"].isin(undated)
    found.loc[later, figures] = NAN
    found = found.sort_values(["state", "indicator", "year"], kind="stable")
    for name, total in (("value", "cumulated"), ("attributed", "attributed_cumulated")):
        found[total] = found.groupby(["state", "indicator"], sort=False)[name].transform(_running)
    notes = [_UNDATED if each in undated else "once" if each in ONCE else "" for each in found["indicator"]]
    schemes = ", ".join(dict.fromkeys(each for each in own["scheme"] if each))
    return found.assign(exchange="", programme=programme, factor=NAN, scheme=schemes, note=notes)[YEARS].reset_index(drop=True)


def _whole(part: pd.Series) -> float:
    """Sum that is unknown where a part is."""
    return float(part.sum(skipna=False))


def _running(part: pd.Series) -> pd.Series:
    """Sum up to each year, unknown from the first year that is."""
    return part.cumsum(skipna=False)


def _claimed(state: str, stated: Sequence[Mapping[str, Any]], exchanges: pd.DataFrame, summed: pd.DataFrame) -> pd.DataFrame:
    """Claims beside what is computed of the same exchange or programme."""
    rows = []
    for each in stated:
        table, column, key = (exchanges, "exchange", each["exchange"]) if each["exchange"] else (summed, "programme", each["programme"])
        hit = table[(table[column] == key) & (table["indicator"] == each["indicator"])]
        computed = NAN if hit.empty or each["indicator"] == CLAIMED else float(hit["value"].iloc[0])
        low, high = (NAN, NAN) if hit.empty else (float(hit["low"].iloc[0]), float(hit["high"].iloc[0]))
        rows.append(
            {
                **{name: each[name] for name in ("claim", "exchange", "programme", "indicator", "claimant", "evidence", "grade", "source")},
                "state": state,
                "unit": INDICATORS[each["indicator"]][1],
                "claimed": float(each["value"]),
                **{end: NAN if each[end] is None else float(each[end]) for end in ("low", "high")},
                "computed": computed,
                "agreement": _agrees(each, (computed, low, high), there=not hit.empty),
            }
        )
    return pd.DataFrame(rows, columns=CLAIMS)


def _agrees(claim: Mapping[str, Any], computed: tuple[float, float, float], *, there: bool) -> str:
    if not there:
        return "no such exchange in this ledger"
    if claim["indicator"] == CLAIMED:
        return "a claim alone"
    value, low, high = computed
    if np.isnan(value):
        return "computed figure not known"
    stated = float(claim["value"])
    least, most = (stated if claim[end] is None else float(claim[end]) for end in ("low", "high"))
    slack = 1e-9 * max(abs(value), abs(stated))
    if most < low - slack:
        return "below the computed range"
    return "above the computed range" if least > high + slack else "within the computed range"
