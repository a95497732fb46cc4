"""Indicating: indicators of circularity under the same draws as the figures of the ledgers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sivuvirta.assess.circularity.book import Book
from sivuvirta.assess.circularity.computed import COMPUTED
from sivuvirta.assess.circularity.streams import fates_of
from sivuvirta.domain import indicators as told
from sivuvirta.domain.draws import deviation
from sivuvirta.domain.ensembles import Input
from sivuvirta.domain.ledger import NO_REFERENCE, Ledger
from sivuvirta.domain.links import Floats
from sivuvirta.futures.measured import circular, side_streams
from sivuvirta.futures.measured.circular import STREAMS
from sivuvirta.futures.measured.coefficients import drawn
from sivuvirta.futures.measured.network import REFERENCE, Networks
from sivuvirta.futures.measured.telling import COLUMNS, told_of

_CLAIMS = {"diverted": 1, "diverted_extractive": 1, "critical_saved": 1}
_TODAY = "today"


class Drawn:
    """Indicators of circularity in each draw. What the ledgers draw already is not drawn again."""

    def __init__(self, over: Networks, found: Sequence[told.Indicator], planned: Mapping[str, Ledger], reference: Ledger | None) -> None:
        self.over, self.found = over, found
        ends = None if reference is None or not (found and over.compared) else fates_of(reference)
        self.book = Book(over.at.links.region, ends)
        self.contents = side_streams.elements(self.book) if found else {}
        own = {**circular.inputs(found), **(side_streams.inputs(self.contents) if found else {})}
        self.units = {each.row: each.unit for indicator in found for each in indicator.inputs}
        known = {one.name: at for at, one in enumerate(over.found.inputs)}
        new = [one for one in own.values() if one.name not in known]
        self.more: tuple[Input, ...] = tuple(new)
        columns = {**known, **{one.name: len(known) + at for at, one in enumerate(new)}}
        self.own = {row: (one, columns[one.name]) for row, one in own.items()}
        self.sides = _stream_rows(found)
        ledgers = {_TODAY: reference, **planned} if found and over.compared else {}
        self.states = {name: fates_of(ledger) for name, ledger in ledgers.items() if ledger is not None}
        self.parts: dict[tuple[str, str, str, str], list[Floats]] = {}

    def add(self, points: Floats, delta: Floats) -> None:
        """Some more draws.

        Args:
            points: probability of each input, shape (draws, inputs).
            delta: standard deviations from the middle, shape (draws, inputs).
        """
        if not self.found:
            return
        values = {row: circular.as_told(one, deviation(one, points[:, at]), self.units.get(row)) for row, (one, at) in self.own.items()}
        supply, found = self.over.at.links.supply, self.over.found
        scale = np.divide(
            drawn(found.amount, delta[:, : len(found)]),
            found.amount.base,
            where=found.amount.base > 0,
            out=np.ones((len(delta), len(supply.node))),
        )
        streams = {str(self.over.at.links.nodes.id[node]): scale[:, at] for at, node in enumerate(supply.node.tolist())}
        sides = {row: streams[stream] * value for stream, (row, value) in self.sides.items() if stream in streams}
        fixed = {(*key, _TODAY): column for key, column in circular.drawn(self.book, self.found, {**values, **sides}, len(delta)).items()}
        moving = side_streams.drawn(self.found, self.states, streams, self.contents, values)
        for key, column in {**fixed, **moving}.items():
            self.parts.setdefault(key, []).append(np.broadcast_to(column, len(delta)))

    def samples(self, each: told.Indicator) -> Floats | None:
        """The draws of an indicator; None where nothing that it rests on is drawn."""
        parts = self.parts.get((each.indicator, each.level, each.subject, each.state))
        return None if parts is None else np.concatenate(parts)

    def frame(self) -> tuple[pd.DataFrame, dict[tuple[str, str, str], Floats]]:
        """One row an indicator, and the draws of those that move."""
        rows, samples = [], {}
        for each in self.found:
            name, row = self._named(each)
            drawn_values = self.samples(each)
            draws = np.array([each.value]) if drawn_values is None else drawn_values
            if drawn_values is not None:
                samples[name, "circularity", row] = draws
            label = f"{each.name} ({each.level} {each.of or each.subject})".replace(" )", ")")
            claim = _CLAIMS.get(each.indicator, 0)
            blind = NO_REFERENCE if claim and not self.over.compared else ""
            told_so = _bounded(told_of(float("nan") if blind else each.value, draws, claim), each.bound)
            rows.append(
                (
                    *(name, "circularity", row, label, each.unit, *told_so),
                    blind or ("" if each.known else "; ".join(each.missing)),
                    each.bound if not blind else "",
                    f"{each.bound}: {'; '.join(each.missing)}" if each.bound and not blind else "",
                )
            )
        return pd.DataFrame(rows, columns=COLUMNS), samples

    @staticmethod
    def _named(each: told.Indicator) -> tuple[str, str]:
        """Network and row of an indicator."""
        return REFERENCE if each.state == _TODAY else each.state, "/".join(
            part for part in (each.indicator, each.level, each.subject) if part
        )


def _stream_rows(found: Sequence[told.Indicator]) -> dict[str, tuple[str, float]]:
    """Row and amount of the side streams behind indicators that need no ledger, by stream."""
    known = (one for each in found if each.indicator in COMPUTED and each.known for one in each.inputs)
    rows = {one.row: one.value for one in known if one.row.startswith(STREAMS)}
    return {row.removeprefix(STREAMS).rpartition("/")[0]: (row, value) for row, value in rows.items()}


def _bounded(found: tuple[float, float, float, float, float, bool], bound: str) -> tuple[float, float, float, float, float, bool]:
    """What draws of a known part tell of the whole: the end on the side that is bounded, and neither mean nor spread."""
    if not bound:
        return found
    value, _, _, low, high, alarm = found
    nan = float("nan")
    return (value, nan, nan, low, nan, alarm) if bound == told.AT_LEAST else (value, nan, nan, nan, high, alarm)
