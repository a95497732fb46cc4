"""Why an industry is ranked: the evidence that counts most, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from attrs import frozen

from sivuvirta.library import catalogue, tables
from sivuvirta.suggest.knowledge import Receivers, class_receivers, use_receivers
from sivuvirta.suggest.outcomes import past
from sivuvirta.suggest.precedents import Precedents, published
from sivuvirta.suggest.query import Floats
from sivuvirta.suggest.ranking import WEIGHTS, Ranking, maturity

_MOST = 2  # reasons told of one industry
_FAR = 0.02  # evidence below this is background
_NOTHING = (np.zeros(0, dtype=np.int64), np.zeros(0))


@frozen(eq=False)
class _Evidence:
    """One kind of evidence: who takes what, how much each row counts, and its words."""

    receivers: Receivers
    amount: Floats
    words: Callable[[int], str]

    def best(self, code: str) -> tuple[float, int]:
        """Weight and row of what speaks most for an industry."""
        rows, shares = self.receivers.takings.get(code, _NOTHING)
        if not len(rows):
            return 0.0, -1
        values = self.amount[rows] * shares
        place = int(values.argmax())
        return float(values[place]), int(rows[place])


def receiver_reasons(ranked: Ranking, codes: Sequence[str], revision: str, own: Precedents | None) -> list[str]:
    """Why each industry is ranked where it is."""
    evidence = _evidence(ranked, revision, own)
    return [_reason(code, evidence, ranked.fallen) for code in codes]


def _reason(code: str, evidence: Sequence[_Evidence], fallen: Mapping[str, tuple[Precedents, int]]) -> str:
    found = sorted(((*each.best(code), each) for each in evidence), key=lambda item: -item[0])
    texts = [each.words(row) for value, row, each in found[:_MOST] if value > _FAR]
    if not texts:
        texts = ["takes side streams of other kinds; nothing nearer is known of it"]
    if code in fallen:
        exchanges, row = fallen[code]
        why = f": {exchanges.reason[row]}" if exchanges.reason[row] else ""
        texts.append(f"ranked lower, since a like exchange ('{exchanges.text[row]}') {past(exchanges.status[row])}{why}")
    return "; ".join(texts)


def _evidence(ranked: Ranking, revision: str, own: Precedents | None) -> list[_Evidence]:
    known, power = published(revision), WEIGHTS.sharpness
    found = [
        _Evidence(use_receivers(revision), ranked.uses**power * maturity(), _use_words),
        _Evidence(class_receivers(revision), WEIGHTS.by_class * ranked.class_uses**power, _class_words),
        _Evidence(
            known.receivers, WEIGHTS.by_exchange * ranked.published**power * known.sign, lambda row: exchange_words(known, row, "published")
        ),
    ]
    if own is not None:
        amount = ranked.own**WEIGHTS.own_sharpness * own.sign
        found.append(_Evidence(own.receivers, 2.0 * amount, lambda row: exchange_words(own, row, "your exchange")))
    return found


def _use_words(row: int) -> str:
    uses = catalogue()["uses"]
    ripe = uses["maturity"][row]
    level = f"readiness {ripe:.0f} of 9, " if ripe == ripe else ""  # noqa: PLR0124 - NaN is unlike itself
    return f"takes {uses['stream'][row]} for {uses['text'][row]} ({level}grade {uses['grade'][row]}, source {uses['source'][row]})"


def _class_words(row: int) -> str:
    uses = catalogue()["class_uses"]
    materials = tables()["materials"]
    name = str(materials["name_en"][materials.index[uses["material"][row]]]).lower()
    return f"usually takes {name} for {uses['use'][row]} (grade {uses['grade'][row]}, source {uses['source'][row]})"


def exchange_words(exchanges: Precedents, row: int, kind: str) -> str:
    """An exchange in words."""
    use = f" for {exchanges.use[row]}" if exchanges.use[row] else ""
    source = f", source {exchanges.told_by[row]}" if exchanges.told_by[row] else ""
    return f"took '{exchanges.text[row]}'{use} ({kind}, {exchanges.status[row]}{source})"
