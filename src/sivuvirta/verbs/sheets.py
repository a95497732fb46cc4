"""Benefit sheets of a plan, a saved plan, or any ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sivuvirta.assess.benefits.sheets import benefits as sheets
from sivuvirta.domain.benefits import Benefits
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.plans import Plan
from sivuvirta.errors import ShapeError
from sivuvirta.futures.measured.parting import parted
from sivuvirta.verbs.network import plan
from sivuvirta.verbs.sources import Source


def benefits(
    source: Plan | Ledger | Source,
    *,
    reference: Ledger | None = None,
    attribution: Mapping[str, float | tuple[float, str]] | None = None,
    persistence: str | Sequence[float] | None = None,
) -> Benefits:
    """What each exchange and each programme brings: tonnes, emissions, products, water, money, investment and posts.

    Args:
        source: a plan, told on proven evidence and with what is potential; a ledger; or a region, its links or matches, which are planned.
        reference: what a ledger is measured against; without it every benefit is unknown. A plan has its own.
        attribution: which share of an exchange's benefit is claimed, 0 to 1, or (share, reason), by exchange such as
            "stream:slag>need:road", "*" for all others; before what table `programme_exchanges` says. Without either a benefit is gross,
            and says so.
        persistence: scheme of table `persistences`, or a share from 0 to 1 for each year after the start; before what the register says.
            Without either only the first year is told.

    Returns:
        Sheets by exchange, which add up to the difference of the ledgers, and by programme; years; what parties claim beside it.

    Raises:
        OptionError: a share or factor is not from 0 to 1.
        ShapeError: ledger and reference stand on different links.
        UnknownNameError: there is no such exchange or scheme.
    """
    if isinstance(source, Ledger):
        ledgers, known = {source.name: source}, reference
    else:
        done = source if isinstance(source, Plan) else plan(source)
        ledgers = {"potential": done.potential.ledger}
        if done.options.evidence != "potential":
            ledgers = {"proven": done.proven.ledger, **ledgers}
        known = done.compared if reference is None else reference
    if known is not None and any(ledger.links is not known.links for ledger in ledgers.values()):
        raise ShapeError("Two ledgers can be compared only over the same links; compute both from one region at one vintage.")
    return sheets(ledgers, known, attribution, persistence, parted)
