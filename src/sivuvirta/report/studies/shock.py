"""Shocks: what the plan loses when something is gone, what stops, what repairs it and what must be kept."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sivuvirta.domain.shocks import Shock, Shocks
from sivuvirta.report.following.basis import RESTS, Basis
from sivuvirta.report.studies.blocks import Amount, Bars, Block, Heading, Pictures, Section, Stories, Table, Words, bars
from sivuvirta.report.studies.resting import shocked
from sivuvirta.report.studies.told import yearly
from sivuvirta.report.tables import NO_PLAN, Column, Sheet, records, sheet
from sivuvirta.report.words import count, figure, readable

_BARS, _TOLD, _MOST = 8, 5, 100
_GROUPS = {
    "an organisation or a site": ("organisation", "site"),
    "a stream, a plant or a need": ("stream", "plant", "need"),
    "a link": ("link",),
    "a legal path, refused": ("path",),
}
_KEYS = (("solid", "lost for good, with the cheapest repair"), ("won", "lost too before repair"))


def shock(found: Shocks) -> Section:
    """The section of a shock test."""
    used = [one for one in found.shocks if one.used]
    lead = (
        f"{count(len(found), 'test')} on the network on {found.network.evidence} evidence, with what is built kept: {len(used)} cost "
        f"something, {len(found) - len(used)} cost nothing."
    )
    bases = shocked(found)
    pictures = tuple(_picture(name, [one for one in used if one.subject in of], bases) for name, of in _GROUPS.items() if _known(used, of))
    blocks: list[Block] = [Pictures(pictures)] if pictures else [Words("Nothing that was tested costs anything.")]
    blocks.append(Words(readable(found.counted)))
    worst = _worst(used)
    if worst:
        blocks += [Heading("The worst, in words"), Stories(tuple(_story(one) for one in worst))]
    blocks += [Table(_losses(found), "What each loss is"), *_cascades(found)]
    return Section("shocks-section", "Shocks", "What if something is gone?", lead, (*blocks, *_storage(found)))


def label(one: Shock) -> str:
    """What is gone, in words."""
    return one.id if one.subject == "path" else one.name


def _story(one: Shock) -> tuple[str, str]:
    lost = "not known" if one.unknown else NO_PLAN
    loss = lost if math.isnan(one.loss) else figure(one.loss, "EUR/a").text
    return f"{label(one)} ({one.subject}): {loss}", readable(one.text)


def _known(used: list[Shock], of: tuple[str, ...]) -> bool:
    return any(one.subject in of and math.isfinite(one.loss) for one in used)


def _worst(used: list[Shock]) -> list[Shock]:
    """The worst of different texts: an organisation with one site is told once."""
    different = {one.text: one for one in reversed(used)}
    return [one for one in used if different[one.text] is one][:_TOLD]


def _picture(name: str, shocks: list[Shock], bases: Mapping[str, Basis]) -> Bars:
    amounts = []
    for one in [one for one in shocks if math.isfinite(one.loss)][:_BARS]:
        before = one.alone if math.isfinite(one.alone) else one.loss
        won = "no plan before repair" if not math.isfinite(one.alone) else f"{figure(one.alone, 'EUR/a').text} before repair"
        note = f"{one.subject}; {won}" if one.alone != one.loss else one.subject
        basis = bases[f"{one.subject}:{one.id}"]
        amounts.append(Amount(label(one), figure(one.loss, "EUR/a").text, one.loss, before - one.loss, note=note, basis=basis))
    return bars(f"Loss a year without {name}, the {len(amounts)} largest", amounts, ("solid", "won"), _KEYS)


def _losses(found: Shocks) -> Sheet:
    columns = (
        Column("label", "Without", "name"),
        Column("subject", "Which is a"),
        Column("loss", "Loss", "cost", "EUR/a", "After the cheapest repair"),
        Column("percent", "Of the benefit", "number", "%"),
        Column("alone", "Before repair", "cost", "EUR/a"),
        Column("carbon", "Emissions", "number", "kg CO2e/a", "More, after repair"),
        Column("streams_back", "Streams back to outlets", "number"),
        Column("needs_back", "Needs that buy again", "number"),
        Column("plants_idle", "Plants idle", "number"),
        Column("keep_month", "To keep", "number", "t", "Tonnes for each month that it is gone, before repair"),
    )
    frame = found.to_frame().assign(label=[label(one) for one in found.shocks])
    frame = frame[frame["used"]]
    bases = shocked(found)
    rows = [
        {
            **row,
            "percent": 100 * row["share"],
            **{name: row[name] if row["unknown"] else _endless(row[name]) for name in ("loss", "alone")},
            RESTS: bases[f"{row['subject']}:{row['id']}"],
        }
        for row in records(frame)
    ]
    return sheet("shocks-table", "What is lost, the largest loss first.", columns, rows, "Nothing that was tested costs anything.")


def _endless(loss: float) -> float:
    """What is promised cannot be kept: no sum stands for it."""
    return math.inf if math.isnan(loss) else loss


def _cascades(found: Shocks) -> list[Block]:
    """What stops before repair and what grows with it."""
    words = {"disposal": "goes back to an outlet", "purchase": "is bought again", "idle": "does less", "stops": "stops", "grows": "grows"}
    named = {f"{one.subject}:{one.id}": one for one in found.shocks}
    bases = shocked(found)
    rows = [
        {
            **row,
            RESTS: bases[row["shock"]],
            "without": label(named[row["shock"]]),
            "what": words[row["what"]],
            "stage": _STAGES[row["stage"]],
        }
        for row in records(found.cascades())
    ]
    if not rows:
        return []
    columns = (
        Column("without", "Without", "long"),
        Column("stage", "When"),
        Column("name", "What", "long"),
        Column("what", "does"),
        Column("to", "Outlet, product or other end", "long"),
        Column("before", "Planned", "number", "*"),
        Column("after", "Then", "number", "*"),
    )
    kept = [{**row, "unit": yearly(row["unit"])} for row in rows[:_MOST]]
    caption = "What stops when something is gone, and what the cheapest repair takes instead, the largest loss first."
    if len(rows) > _MOST:
        caption += f" The first {_MOST} of {len(rows)} rows; `sivuvirta shock --out` writes all."
    return [Table(sheet("cascades-table", caption, columns, kept), "What stops and what repairs it")]


_STAGES = {"cascade": "before repair", "repair": "repair"}


def _storage(found: Shocks) -> list[Block]:
    """What has to be kept or drawn while something is gone, and how long known room lasts."""
    named = {f"{one.subject}:{one.id}": one for one in found.shocks}
    bases = shocked(found)
    rows = [
        {
            **row,
            RESTS: bases[row["shock"]],
            "without": label(named[row["shock"]]),
            "side": "to keep" if row["side"] == "keep" else "to draw from a store",
            "months": row["months"] if math.isfinite(row["months"]) else math.nan,
        }
        for row in records(found.storage())
        if row["month"] > 0
    ]
    if not rows:
        return []
    rows.sort(key=lambda row: -row["month"])
    columns = (
        Column("without", "Without", "long"),
        Column("side", "What"),
        Column("name", "Of", "long"),
        Column("month", "A month", "number", "*"),
        Column("after_repair", "A month with repair", "number", "*"),
        Column("capacity", "Known room", "number", "*"),
        Column("months", "Lasts, months", "number"),
    )
    most: dict[tuple[str, str], Amount] = {}
    for row in rows:
        if row["unit"] == "t" and row["side"] == "to keep":
            text = f"{figure(row['month'], 't').text} a month"
            amount = Amount(row["name"], text, row["month"], note=f"without {row['without']}", basis=row[RESTS])
            most.setdefault((row["name"], row["side"]), amount)
    caption = "What has to be kept, or drawn from a store, for each month that something is gone, so that nothing is lost when it returns."
    if len(rows) > _MOST:
        caption += f" The {_MOST} largest of {len(rows)}."
    table = Table(sheet("storage-table", caption, columns, rows[:_MOST]), "What to store")
    picture = [bars("Most that would have to be kept, for each month", list(most.values())[:_BARS])] if most else []
    return [Heading("What would have to be stored?"), *picture, table]
