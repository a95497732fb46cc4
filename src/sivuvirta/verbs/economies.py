"""The economy of a plan: payments by counterparty, returns, jobs and value added."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from sivuvirta.assess.economy.cash import cash
from sivuvirta.assess.economy.drawing import ACCOUNT_KEY, PAYMENT_KEY, cells
from sivuvirta.assess.economy.ventures import ventures
from sivuvirta.assess.inputoutput.effects import multiplier_table
from sivuvirta.assess.inputoutput.leontief import Solved
from sivuvirta.assess.inputoutput.measured import measured
from sivuvirta.assess.inputoutput.stated import Stated, multiplier_rows, stated
from sivuvirta.assess.inputoutput.tables import NO_TABLE, input_output, spending_terms
from sivuvirta.domain.economies import INDICATOR_WORDS, Economy
from sivuvirta.domain.inputoutput import InputOutput
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.plans import Plan
from sivuvirta.domain.ranges import PAID, includes_zero, points
from sivuvirta.domain.region import Region
from sivuvirta.errors import MissingExtraError, OptionError, ShapeError
from sivuvirta.futures.measured.accounting import Accounted, accounted
from sivuvirta.links.money import discount_rate


def economy(source: Plan | Ledger, reference: Ledger | None = None, mrio: str | Path | None = None, rate: float | None = None) -> Economy:
    """Who pays whom in a plan, what plants and organisations earn on what they invest, and what it means for jobs and value added.

    Args:
        source: a plan (both its networks), or a ledger.
        reference: the ledger that a ledger is counted against; without it every saving, return and effect is unknown. A plan has its own.
        mrio: settings of a multi-regional table of your own (see docs/explanation/economy.md), instead of the region's table. Needs the
            extra `mrio`.
        rate: of discount in per cent a year; without it that of the vintage.

    Returns:
        Payments, accounts, returns, spending, effects gross, displaced and net, and multipliers, each with its range, grade and what is
        missing.

    Raises:
        MissingExtraError: `mrio` is asked for, and pymrio is not installed.
        OptionError: the rate is not above -100.
        CheckError: `mrio` cannot be read, or names what the table has not.
        ShapeError: the ledgers stand on different links, or the input-output table needs more than it makes.
    """
    ledgers, known = _ledgers(source, reference)
    links = next(iter(ledgers.values())).links
    if known is not None and any(ledger.links is not known.links for ledger in ledgers.values()):
        raise ShapeError("Two ledgers can be compared only over the same links; compute both from one region at one vintage.")
    if rate is not None and not rate > -100:
        raise OptionError(f"Option 'rate' is {rate:g}. It is in per cent a year and has to be above -100, for example 5.")
    table, terms = _table(links.region, mrio)
    solved, own = None if table is None else Solved.of(table), stated(links.region) if mrio is None else None
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in ("payments", "accounts", "ventures", "spending", "effects", "sectors")}
    yearly = discount_rate(links.region) if rate is None else rate / 100.0
    drawn = accounted(links, ledgers, known, cells)
    for name, ledger in ledgers.items():
        cases = drawn.get(name)
        returns = ventures(ledger, known, yearly, None if cases is None else cases.ventures)
        found = (*cash(ledger, known), returns, *measured(ledger, known, solved, terms, NO_TABLE, own))
        for key, frame in zip(parts, found, strict=True):
            parts[key].append(_named(_marked(_meant(frame, key, cases), key), name))
    multipliers = [*([] if own is None else [multiplier_rows(own)]), *([] if solved is None else [multiplier_table(solved)])]
    tables = {key: _joined(frames) for key, frames in parts.items()}
    whole = {name: _inside(tables["accounts"], name, draws) for name, draws in drawn.items()}
    tables["ventures"] = _caveats(tables["payments"], tables["ventures"], whole)
    return Economy(
        **tables,
        multipliers=_joined([*multipliers, pd.DataFrame()]),
        notes=_notes(table, own),
        inside=whole,
    )


def _inside(accounts: pd.DataFrame, network: str, drawn: Accounted) -> tuple[float, float, float]:
    """Mean, 5 and 95 % of what all accounts of the region save together, summed draw by draw; NaN where one of them is not known."""
    mine = accounts[(accounts["network"] == network) & accounts["inside"]]
    if mine["saving"].isna().any() or mine.empty:
        return (float("nan"),) * 3
    ends = points(np.sum([own for (table, key), own in drawn.draws.items() if table == "accounts" and key[0]], axis=0))
    return ends["mean"], ends["low"], ends["high"]


_REPEATED = (
    "Read the region's return with this: {share:.0%} of the {yearly} that it saves a year ({spared}) are purchases spared of makers "
    "outside the region, at the register's prices; what changes hands within it counts as 0; and the flows of one planned year are taken "
    "for every year of the life. With all inputs drawn, all members together save {mean} (5 to 95 %: {low} to {high}) after capital, "
    "million EUR a year. It is no return that an investor is offered."
)


def _caveats(payments: pd.DataFrame, ventures: pd.DataFrame, inside: Mapping[str, tuple[float, float, float]]) -> pd.DataFrame:
    """Returns with what the region's rests on, in column `caveat`; "" for the others and where a saving is not known."""
    if not len(ventures):
        return ventures
    told = []
    for row in ventures.to_dict("records"):
        bought = payments[(payments["network"] == row["network"]) & (payments["term"] == "purchase")]
        spared = -float(bought["change"].sum(skipna=False))
        ends = inside.get(row["network"], (float("nan"),))
        known = row["kind"] == "region" and row["yearly"] > 0 and spared > 0 and not np.isnan(ends).any()
        drawn = {name: f"{end / 1e6:.3g}" for name, end in zip(("mean", "low", "high"), ends, strict=False)}
        figures = drawn | {"yearly": f"{row['yearly'] / 1e6:.3g} million EUR", "spared": f"{spared / 1e6:.3g} million EUR"}
        told.append(_REPEATED.format(share=spared / row["yearly"], **figures) if known else "")
    return ventures.assign(caveat=told)


def net_posts(ledger: Ledger, reference: Ledger | None) -> str:
    """Posts at plants beside what the plan does to all jobs, in words: whoever sold what is saved has less work.

    Args:
        ledger: what would flow.
        reference: what flows today; None where nobody says.
    """
    table, terms = _table(ledger.links.region, None)
    solved = None if table is None else Solved.of(table)
    _, effects, _ = measured(ledger, reference, solved, terms, NO_TABLE, stated(ledger.links.region))
    row = effects[(effects["indicator"] == "jobs") & (effects["kind"] == "type1") & (effects["when"] == "a year")].iloc[0]
    gross = "Posts at plants are gross"
    if np.isnan(row["net"]):
        return f"{gross}; net jobs are not known: {str(row['missing']).rstrip('.')}."
    zero = ", which includes zero" if includes_zero(row["net"], row["low"], row["high"]) else ""
    between = f"{row['low']:.1f} to {row['high']:.1f}{zero}"
    return f"{gross}; apart from them suppliers and whoever is paid have {row['net']:+.1f} jobs net ({between}; type I, sivuvirta economy)."


def _ledgers(source: Plan | Ledger, reference: Ledger | None) -> tuple[dict[str, Ledger], Ledger | None]:
    """Networks by name, and what they are counted against."""
    if isinstance(source, Ledger):
        return {source.name: source}, reference
    if reference is not None:
        raise OptionError("A plan has its own reference. Give `reference` only with a ledger.")
    return {"proven": source.proven.ledger, "potential": source.potential.ledger}, source.compared


def _table(region: Region, mrio: str | Path | None) -> tuple[InputOutput | None, pd.DataFrame]:
    if mrio is None:
        return input_output(region), spending_terms(region)
    try:
        from sivuvirta.assess.inputoutput.mrio import read_mrio  # noqa: PLC0415 - pymrio is an extra
    except ImportError as error:
        raise MissingExtraError('A multi-regional table is read by pymrio: pip install "sivuvirta[mrio]".') from error
    return read_mrio(mrio)


_DRAWN = {"payments": ("change", PAYMENT_KEY), "accounts": ("saving", ACCOUNT_KEY)}
"""Tables of which each figure is drawn, the figure, and what names a row."""


def _meant(frame: pd.DataFrame, table: str, drawn: Accounted | None) -> pd.DataFrame:
    """A table with the mean beside each range: of the draws of all inputs; effects, linear in prices and multipliers, are their own.

    Posts at plants follow what runs, so theirs are of the draws too.
    """
    if table not in (*_DRAWN, "effects") or not len(frame):
        return frame
    figure, key = _DRAWN.get(table, ("net", ()))
    frame.insert(list(frame.columns).index("low"), "mean", frame[figure].where(frame["low"].notna()))
    if drawn is None:
        return frame
    if not key:
        ends = points(drawn.posts)
        frame.loc[(frame["kind"] == "plants") & frame["net"].notna(), list(ends)] = list(ends.values())
        return frame
    for at, place in zip(frame.index, zip(*(frame[name] for name in key), strict=True), strict=True):
        if pd.notna(frame.loc[at, figure]):
            ends = points(drawn.draws[table, place])
            frame.loc[at, list(ends)] = list(ends.values())
    return frame


_CLAIMED = {"accounts": "saving", "effects": "net"}
"""Tables whose figures claim something, and the figure."""


def _marked(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Accounts and effects with an alarm where the range of a saving, or of a net effect of either sign, includes zero."""
    if table not in _CLAIMED or not len(frame):
        return frame
    value = frame[_CLAIMED[table]]
    claims = value > 0 if table == "accounts" else value != 0
    return frame.assign(alarm=np.asarray(claims & includes_zero(value, frame["low"], frame["high"]), dtype=bool))


def _named(frame: pd.DataFrame, network: str) -> pd.DataFrame:
    frame = frame.drop(columns=["sd"], errors="ignore")
    frame.insert(0, "network", np.full(len(frame), network, dtype=object))
    return frame


def _joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    full = [frame for frame in frames if len(frame)]
    return pd.concat(full, ignore_index=True) if full else frames[0]


def _notes(table: InputOutput | None, own: Stated | None) -> tuple[str, ...]:
    """What the figures rest on, in words."""
    fixed: tuple[str, ...] = (
        PAID,
        "An outlet or market that an organisation runs passes on what it takes and pays: the plan knows no more of it.",
        "A payback, a present value and a rate of return take the flows of the year planned for every year of the life.",
        "Posts at plants stand in a row of their own: upkeep may pay part of them already, so they are not added to the others.",
        "The mean and range of posts at plants are those that ranges quotes, with the amounts that plants take in drawn too.",
    )
    if own is not None:
        words = ", ".join(INDICATOR_WORDS[name] for name in own.indicators)
        rest = "; sectors without a row there by the input-output table" if table is not None else ""
        fixed = (*fixed, f"Multipliers of {words}: the region's own table `multipliers`, {own.about}{rest}.")
    if table is None:
        return fixed
    jobs = f", jobs {table.graded('jobs')}" if table.graded("jobs") != table.grade else ""
    inside = (
        f"Multipliers: {table.geography}, {table.year:.0f}, {int(table.inside.sum())} sectors, grade {table.grade}{jobs} ({table.source})."
    )
    return (*fixed, inside, "Multipliers take prices, wages and shares of suppliers of the table's year, and idle hands for every post.")
