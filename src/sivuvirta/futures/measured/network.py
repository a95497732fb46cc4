"""Networks: all figures of planned ledgers beside the reference, as functions of a draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from attrs import frozen

from sivuvirta.assess.unknowns import missing, money_change
from sivuvirta.domain.ledger import NO_REFERENCE, Ledger
from sivuvirta.domain.links import ArcKind, Floats, Links
from sivuvirta.domain.unknowns import NEITHER, blind, bound, not_accounted, said, unknown_emissions
from sivuvirta.futures.measured.blocks import Block, Row, chosen
from sivuvirta.futures.measured.coefficients import Coefficients, Fixed, coefficients, unmoved
from sivuvirta.futures.measured.effects import Effects, effects
from sivuvirta.futures.measured.flows import Flows, Held, flows, held
from sivuvirta.futures.measured.headline import all_blocks
from sivuvirta.futures.measured.setting import Setting, setting

REFERENCE = "reference"
_SAME = 1e-9  # relative: rounding of the solver
_ELSEWHERE = {"diverted": ("diverted", "total"), "virgin": ("products", "virgin")}


def place(figure: str) -> tuple[str, str]:
    """Table and row of a figure whose range can be shared out."""
    return _ELSEWHERE.get(figure, ("headline", figure))


@frozen(eq=False)
class Networks:
    """Planned ledgers and the reference, with what a draw does to them."""

    at: Setting
    found: Effects
    fixed: Fixed
    held: Mapping[str, Held]
    blocks: tuple[Block, ...]
    compared: bool  # there is a reference

    @property
    def planned(self) -> tuple[str, ...]:
        """Names of the planned ledgers."""
        return tuple(name for name in self.held if name != REFERENCE)

    @property
    def rows(self) -> tuple[tuple[str, Row], ...]:
        """Table and row of every figure, in order."""
        return tuple((block.table, row) for block in self.blocks for row in block.rows)

    def flows(self, delta: Floats) -> tuple[dict[str, Flows], Coefficients]:
        """All ledgers in some draws, with the coefficients that they share."""
        numbers = coefficients(self.at, self.found, self.fixed, delta)
        return {name: flows(self.at, self.found, one, numbers, delta) for name, one in self.held.items()}, numbers

    def figures(self, delta: Floats) -> tuple[dict[str, Floats], dict[str, Flows]]:
        """Every figure of every planned ledger in some draws, (draws, rows) each, and their flows."""
        told, numbers = self.flows(delta)
        today = (told.get(REFERENCE) or next(iter(told.values())), numbers)
        return {
            name: np.concatenate([block.figures((told[name], numbers), today) for block in self.blocks], axis=1) for name in self.planned
        }, told

    def some(self, name: str, figures: tuple[str, ...], delta: Floats) -> Floats:
        """A few figures of one planned ledger in some draws, (draws, figures)."""
        told, numbers = self.flows(delta)
        today = (told.get(REFERENCE) or told[name], numbers)
        places = [place(figure) for figure in figures]
        blocks = {table: chosen(self.blocks, table) for table, _ in places}
        values = {table: block.figures((told[name], numbers), today) for table, block in blocks.items()}
        columns = [values[table][:, [row.key for row in blocks[table].rows].index(key)] for table, key in places]
        return np.column_stack(columns)

    def unknown(self, name: str) -> list[str]:
        """Why each figure of a ledger is not known, "" where it is: no reference, or streams that go nobody knows where today."""
        blind = self._blind(name) if self.compared else ""
        reasons = []
        for _, row in self.rows:
            reason = "" if self.compared or not (row.is_change or row.side[1]) else NO_REFERENCE
            reasons.append(reason or (blind if row.rests_on == "outlets" else ""))
        return reasons

    def counted_zero(self, name: str) -> dict[tuple[str, str], tuple[str, str]]:
        """What counts as 0 in the worth and the emissions of a ledger because it is not known: its bound and words, by table and row."""
        if not self.compared:
            return {}
        planned, today = self.at.ledgers[name], self.at.ledgers[REFERENCE]
        emitted, paid = unknown_emissions(planned, today), missing(money_change(planned, today))
        return {("headline", "benefit"): (NEITHER if paid else "", paid), ("headline", "carbon"): (bound(emitted), said(emitted))}

    def _blind(self, name: str) -> str:
        """Streams that the plan moves from where nobody knows that they go."""
        links, before, after = self.at.links, self.at.flow[REFERENCE], self.at.flow[name]
        moved = np.abs(after - before) > _SAME * np.maximum(before, after)
        rows = np.flatnonzero(moved & (before > 0) & self.at.kind(ArcKind.FATE))
        return blind(links, not_accounted(links, self.at.arc[rows]))


def networks(
    links: Links,
    planned: Mapping[str, Ledger],
    reference: Ledger | None,
    told: Callable[[Setting], tuple[Block, ...]] = all_blocks,
) -> Networks:
    """Planned ledgers beside the reference.

    Args:
        links: of all of them.
        planned: by name.
        reference: what flows today; None or an empty one: nobody knows.
        told: tables that are wanted.
    """
    compared = reference is not None and len(reference) > 0
    ledgers = {**({REFERENCE: reference} if compared and reference is not None else {}), **planned}
    at = setting(links, ledgers)
    return Networks(at, effects(at), unmoved(at), {name: held(at, name) for name in ledgers}, told(at), compared)
