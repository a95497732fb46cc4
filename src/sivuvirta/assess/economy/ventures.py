"""Ventures: what plants, organisations and the region invest, and what they earn on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from sivuvirta.assess.economy.chances import NO_ENDS, Cases, Drawn
from sivuvirta.assess.economy.discounting import annuity_value, flows, irr, npv, payback
from sivuvirta.assess.economy.entries import PAYMENT, UNRANGED, entries, handed, name
from sivuvirta.assess.evidence import bearing_grade
from sivuvirta.domain.changes import change
from sivuvirta.domain.ledger import NO_REFERENCE, Ledger, sums
from sivuvirta.domain.links import ArcKind, Ints, Links, NodeKind
from sivuvirta.domain.ranges import includes_zero, points

_RANGED = ("invested", "yearly", "payback", "npv", "irr")
_COLUMNS = [
    *("kind", "venture", "name", "unit"),
    *(column for name in _RANGED[:2] for column in (name, f"{name}_mean", f"{name}_low", f"{name}_high")),
    *("years", "rate"),
    *(column for name in _RANGED[2:] for column in (name, f"{name}_mean", f"{name}_low", f"{name}_high")),
    *("never", "alarm", "grade", "missing"),
]
_SUMMED = ("invested", "yearly", "npv")
_SUM = "every plant over its own life; what an organisation earns beside them, and renews of what wears out earlier, is not in it"
_BOUGHT = "the price that it pays for what it takes in: none is agreed, so it counts as 0"


@frozen(eq=False)
class Asked:
    """One venture: its money, and what it invests."""

    kind: str
    key: str
    label: str
    rows: pd.DataFrame  # entries with the side on which the venture stands in `sign`
    assets: pd.DataFrame
    note: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """Kind and key."""
        return self.kind, self.key


def ventures(planned: Ledger, reference: Ledger | None, rate: float, drawn: Drawn | None = None) -> pd.DataFrame:
    """Payback, net present value and internal rate of return of each plant that is built, each organisation that invests, and the region.

    What is earned a year is counted before capital, with the flows of the year planned in every year of the life. A plant's own cash is
    that of its owner on what enters and leaves it.

    Args:
        planned: what would flow.
        reference: what flows today; None where nothing is said of it.
        rate: of discount, 0.05 for 5 %; NaN where it is not known.
        drawn: what is earned and invested in each draw; None: nothing has a range.

    Returns:
        Table `ventures` of `Economy`, without the column `network`.
    """
    found = [_measured(each, rate, known=reference is not None) for each in asked(planned, reference)]
    cases = {} if drawn is None else {each.place: _cases(each, rate, drawn) for each in asked(planned, reference)}
    rows = [row if not cases else row | _told(row, cases[row["kind"], row["venture"]]) for row in found]
    plants, others = ([each for each in rows if (each["kind"] == "plant") is mine] for mine in (True, False))
    several = [_sum(pd.DataFrame(plants, columns=_COLUMNS), rate, [case for (kind, _), case in cases.items() if kind == "plant"])]
    return pd.DataFrame([*plants, *(several if len(plants) > 1 else []), *others], columns=_COLUMNS)


def asked(planned: Ledger, reference: Ledger | None, arcs: Ints | None = None) -> list[Asked]:
    """Every venture with its money.

    Args:
        planned: what would flow.
        reference: what flows today.
        arcs: as `entries` takes them.
    """
    return list(_asked(planned, _built(planned, reference), entries(planned, reference, arcs), _assets(planned, reference)))


def _cases(of: Asked, rate: float, drawn: Drawn) -> Cases:
    """A venture in each draw."""
    yearly, invested = drawn.yearly[of.place], drawn.invested(of.assets)
    for at, (arc, life) in enumerate(zip(of.assets["arc"], of.assets["life"], strict=True)):
        if arc >= 0:  # the annuity of a pipe lies in its transport
            yearly = yearly + invested[:, at] / annuity_value(rate, life if life > 0 else np.nan)
    return Cases(invested, tuple(of.assets["life"].tolist()), yearly, rate)


def _told(row: Mapping[str, Any], cases: Cases) -> dict[str, Any]:
    """Ranges of what is known of a venture, and whether its present value may as well be none."""
    found: dict[str, Any] = {"never": cases.never if np.isfinite(row["yearly"]) and row["invested"] > 0 else np.nan}
    figures = cases.figures(discounted=bool(np.isfinite(row["npv"])))
    for figure in _RANGED:
        known = np.isfinite(row[figure]) or (figure in ("payback", "irr") and np.isfinite(found["never"]))
        found |= {f"{figure}_{end}": value if known else np.nan for end, value in figures.get(figure, NO_ENDS).items()}
    alarm = row["npv"] > 0 and bool(includes_zero(row["npv"], found["npv_low"], found["npv_high"]))
    return found | {"alarm": alarm}


def _sum(plants: pd.DataFrame, rate: float, cases: Sequence[Cases]) -> dict[str, Any]:
    """All plants together: what they invest and earn and their present value add up, draw by draw."""
    blind = list(dict.fromkeys(plants.loc[plants["npv"].isna(), "missing"]))
    missing = "; ".join(blind) or _SUM
    named = {"kind": "sum", "venture": "plants", "name": "Sum of the plants", "unit": "EUR", "rate": 100 * rate, "alarm": False}
    found: dict[str, Any] = {figure: float(plants[figure].sum(skipna=False)) for figure in _SUMMED}
    for figure in _SUMMED:
        ends = points(np.sum([getattr(each, figure) for each in cases], axis=0)) if cases and np.isfinite(found[figure]) else NO_ENDS
        found |= {f"{figure}_{end}": value for end, value in ends.items()}
    found["alarm"] = found["npv"] > 0 and bool(includes_zero(found["npv"], found["npv_low"], found["npv_high"]))
    return {**named, **found, "grade": max(plants["grade"], default=""), "missing": missing}


def _asked(planned: Ledger, built: Sequence[int], rows: pd.DataFrame, assets: pd.DataFrame) -> Iterator[Asked]:
    """Every venture, with the entries that are its own."""
    links = planned.links
    paid = handed(rows)
    both = pd.concat([paid.assign(party=paid["payer"], sign=1.0), paid[paid["inside"]].assign(party=paid["payee"], sign=-1.0)])
    for plant in built:
        node = links.works.node[plant]
        mine = _of_plant(links, rows.assign(of=rows["term"]), plant)
        bought = bool(
            np.isin(links.arcs.kind[planned.arc], (ArcKind.FEED, ArcKind.PASS))[links.arcs.destination[planned.arc] == node].any()
        )
        own = assets[assets["plant"] == plant]
        yield Asked("plant", str(links.nodes.id[node]), str(links.nodes.name[node]), mine, own, _BOUGHT if bought else "")
    for party in sorted(set(assets["party"])):
        yield Asked("organisation", party, name(planned, party), both[both["party"] == party], assets[assets["party"] == party])
    if len(assets):
        inside = rows[rows["term"] != PAYMENT]
        yield Asked(
            "region", links.region.name, links.region.title or links.region.name, inside.assign(sign=1.0, of=inside["term"]), assets
        )


def _built(planned: Ledger, reference: Ledger | None) -> list[int]:
    """Plants that the plan builds and the reference does not, or builds larger."""
    now = planned.operations
    if reference is None:
        return np.flatnonzero(now.built).tolist()
    old = reference.operations
    return np.flatnonzero(now.built & (~old.built | (change(old.capex, now.capex) > 0))).tolist()


def _of_plant(links: Links, rows: pd.DataFrame, plant: int) -> pd.DataFrame:
    """What a plant's owner pays and earns because of it: at both ends of what is paid, and as sender, buyer and owner of the rest."""
    count, node = len(links.arcs), links.works.node[plant]
    row = rows["row"].to_numpy(dtype=int)
    arc = np.minimum(row, max(count - 1, 0))
    leaves = (row < count) & (links.arcs.origin[arc] == node)
    enters = (row < count) & (links.arcs.destination[arc] == node)
    bought = links.nodes.kind[links.arcs.origin[arc]] == NodeKind.PRODUCT
    given = (rows["term"] == PAYMENT).to_numpy()
    pays = np.where(given, enters, leaves | (enters & bought) | (row == count + plant))
    sign = np.where(pays, 1.0, np.where(given & leaves, -1.0, 0.0))
    own: pd.DataFrame = rows.assign(sign=sign)[sign != 0]
    return own


def _assets(planned: Ledger, reference: Ledger | None) -> pd.DataFrame:
    """What is invested beyond the reference: plants that are built, and pipes, cables and belts by who sends through them.

    Returns:
        Columns party, plant (row of works, -1 for a pipe), arc (of a pipe, -1 for a plant), invested (EUR), life (a), grade.
    """
    links, done = planned.links, planned.operations
    technologies, modes = links.region.table("technologies"), links.region.table("modes")
    owner = [key or "" for key in links.nodes.organisation]
    new = done.capex if reference is None else change(reference.operations.capex, done.capex)
    found = []
    for plant in _built(planned, reference):
        row = technologies.index[links.works.technology[plant]]
        life = float(technologies["lifetime"][row]) if "lifetime" in technologies.columns else np.nan
        paid = float(new[plant]) or np.nan  # a plant that states a yearly cost instead has an investment that nobody knows
        found.append((owner[links.works.node[plant]], plant, -1, paid, life, int(links.works.grade_eur[plant])))
    invested = planned.way_capex() if reference is None else np.maximum(change(reference.way_capex(), planned.way_capex()), 0.0)
    group = links.arcs.fixed_group[planned.arc]
    flow = sums(group + 1, planned.amount, len(links.ways) + 1)[1:]
    for at in np.flatnonzero(group >= 0).tolist():
        way = int(group[at])
        if invested[way] > 0 and flow[way] > 0:
            part = float(invested[way] * planned.amount[at] / flow[way])
            mode = links.modes[links.ways.mode[way]]
            life = float(modes["lifetime"][modes.index[mode]])
            found.append((owner[links.arcs.origin[planned.arc[at]]], -1, int(planned.arc[at]), part, life, int(links.ways.grade[way])))
    return pd.DataFrame(found, columns=["party", "plant", "arc", "invested", "life", "grade"])


def _measured(asked: Asked, rate: float, *, known: bool) -> dict[str, Any]:
    """Figures of one venture."""
    rows, assets = asked.rows, asked.assets
    plants = rows[rows["term"] != "capital"]
    saved = (plants["sign"] * (plants["reference"] - plants["planned"])).sum(skipna=False) if known else np.nan
    pipes = assets[assets["plant"] < 0]
    lives = np.where(pipes["life"] > 0, pipes["life"], np.nan)  # the annuity of a pipe of unknown life is not known either
    held = sum(part / annuity_value(rate, life) for part, life in zip(pipes["invested"], lives, strict=True)) if known else 0.0
    yearly = float(saved) + float(held)  # the annuity of a pipe lies in its transport
    invested = float(assets["invested"].sum(skipna=False))
    missing = _missing(asked, invested, rate, known) if not known or np.isfinite(saved) else LOST
    figure: dict[str, Any] = dict.fromkeys(("years", "payback", "npv", "irr"), np.nan)
    if known and np.isfinite(saved) and invested > 0:
        figure["payback"] = payback(invested, yearly)
        if not missing.startswith("the life") and not np.isnan(rate):
            flow = flows(_lives(assets), yearly)
            figure |= {"years": float(len(flow) - 1), "npv": npv(flow, rate), "irr": 100 * irr(flow)}
    weight = np.abs(rows["planned"].to_numpy(dtype=float))
    return {
        **dict.fromkeys(_COLUMNS, np.nan),
        "kind": asked.kind,
        "venture": asked.key,
        "name": asked.label,
        "unit": "EUR",
        "invested": invested,
        "yearly": yearly,
        "rate": 100 * rate,
        "alarm": False,
        "grade": bearing_grade(rows["grade"].to_numpy(dtype=np.int8), weight),
        **figure,
        "missing": missing,
    }


def _lives(assets: pd.DataFrame) -> list[tuple[float, float]]:
    """EUR and life of each asset."""
    return list(zip(assets["invested"].tolist(), assets["life"].tolist(), strict=True))


LOST = "what it pays today for what goes nobody knows where"
"""Why a venture is unknown that rests on a stream without a fate of today."""


def _missing(asked: Asked, invested: float, rate: float, known: bool) -> str:
    """What has to be known first, or is not in the figures."""
    if not known:
        return NO_REFERENCE
    if not invested > 0:
        return "what is invested: a plant states a yearly cost in its place"
    if not (asked.assets["life"] >= 1).all():
        return "the life of what is built"
    if np.isnan(rate):
        return "the discount rate of the vintage"
    lines = UNRANGED if (asked.assets["plant"] < 0).any() else ""
    return "; ".join(text for text in (asked.note, lines) if text)
