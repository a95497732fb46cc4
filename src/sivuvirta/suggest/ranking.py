r"""Who takes such a stream: what the library knows, what was exchanged before, and who takes anything at all, mixed.

.. math::

    P(r) = \frac{\nu P_L'(r) + E\, P_N(r) + \mu P_0(r)}{\nu + E + \mu}

:math:`P_L'` is the library, corrected for how often the user's exchanges go to an industry at all; :math:`P_N` the user's exchanges
near the query, :math:`E` their evidence, the sum of their nearnesses sharpened; :math:`P_0` how often an industry receives anything in
them, those of like donors more; :math:`\nu` is `doubt` and :math:`\mu` `prior`. What failed or was refused is taken off at the end.
Without exchanges of the user the answer is the library's.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from attrs import field, frozen

from sivuvirta.library import catalogue
from sivuvirta.suggest.knowledge import (
    class_receivers,
    class_scores,
    class_use_scores,
    lifted,
    typology_scores,
    use_receivers,
    use_scores,
)
from sivuvirta.suggest.nace import alike
from sivuvirta.suggest.precedents import Precedents, published
from sivuvirta.suggest.query import Floats, Query


@frozen(kw_only=True)
class Weights:
    """Constants of the ranking, chosen once on the library's own exchanges, each case left out in turn."""

    sharpness: float = 5.0  # exponent of nearness: how much nearer evidence counts more
    by_class: float = 1.0  # a use of a class beside a use of a typology
    by_exchange: float = 0.5  # an exchange of the library beside a use
    background: float = 0.05  # share of what anybody takes
    own_sharpness: float = 5.0  # as sharpness, for the user's exchanges
    doubt: float = 1.0  # near exchanges that weigh as much as the library
    lone: float = 1.0  # near exchanges below which they are damped, so that one does not outweigh the library
    prior: float = 0.1  # near exchanges that the prior weighs
    shift: float = 0.3  # exponent with which the user's share of an industry corrects the library's
    trust: float = 50.0  # exchanges that the library's share weighs in that correction
    home: float = 0.15  # how much more an exchange of the same country counts
    fall: float = 0.5  # what a failed or refused exchange of the very same takes away


WEIGHTS = Weights()


@frozen(eq=False, kw_only=True)
class Ranking:
    """Scores of industries, and of all that they rest on."""

    scores: Mapping[str, float]  # by industry, best first, sum 1 before what failed is taken off
    classes: Floats
    typologies: Floats
    uses: Floats
    class_uses: Floats
    published: Floats
    own: Floats
    fallen: Mapping[str, tuple[Precedents, int]] = field(factory=dict)  # by industry the exchange that failed or was refused


def ranking(
    asked: Query, revision: str, own: Precedents | None = None, outside: Floats | None = None, weights: Weights = WEIGHTS
) -> Ranking:
    """Rank industries for a query.

    Args:
        asked: the query.
        revision: of NACE.
        own: the user's exchanges.
        outside: 1 for each of the user's exchanges that may be used and 0 for others, shape (own,); all where None.
        weights: constants.
    """
    by_class, by_typology = class_scores(asked), typology_scores(asked, revision)
    full = lifted(by_class, by_typology)
    uses, of_class = use_scores(by_class, by_typology), class_use_scores(full)
    known = published(revision)
    near = known.near(asked)
    library = _library(asked, revision, (uses, of_class, near), weights)
    own_near = own.near(asked) * (outside if outside is not None else 1.0) if own is not None else np.zeros(0)
    mixed = _mixed(asked, library, own, own_near, outside, weights) if own is not None else library
    judges = [*([(known, near)] if weights.by_exchange else []), *([(own, own_near)] if own is not None else [])]
    mixed, fallen = _fallen(mixed, judges, weights)
    order = dict(sorted(mixed.items(), key=lambda item: (-item[1], item[0])))
    return Ranking(
        scores=order,
        classes=full,
        typologies=by_typology,
        uses=uses,
        class_uses=of_class,
        published=near,
        own=own_near,
        fallen=fallen,
    )


def by_division(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores of divisions: root of the sum of squares of their classes, so that one likely class counts more than many unlikely ones."""
    found: dict[str, float] = {}
    for code, score in scores.items():
        found[code[:2]] = found.get(code[:2], 0.0) + score * score
    return {code: float(np.sqrt(value)) for code, value in found.items()}


def maturity() -> Floats:
    """How ripe each use is, 0 to 1."""
    ripe = np.nan_to_num(np.asarray(catalogue()["uses"]["maturity"], dtype=float), nan=6.0) / 9.0
    squared: Floats = ripe * ripe
    return squared


def _library(asked: Query, revision: str, nears: tuple[Floats, Floats, Floats], weights: Weights) -> dict[str, float]:
    """P_L: uses of typologies and of classes and published exchanges, each by its nearness."""
    uses, of_class, near = nears
    known = published(revision)
    power = weights.sharpness
    home = 1.0 + weights.home * np.array([bool(asked.country) and country == asked.country for country in known.country])
    found: dict[str, float] = {}
    for receivers, amount in (
        (use_receivers(revision), uses**power * maturity()),
        (class_receivers(revision), weights.by_class * of_class**power),
        (known.receivers, weights.by_exchange * near**power * known.sign * home),
    ):
        for code, value in zip(receivers.codes, receivers.total(amount).tolist(), strict=True):
            found[code] = found.get(code, 0.0) + value
    return _blend(_shares(found), _anybody(revision, weights.by_exchange), weights.background) if any(found.values()) else {}


@cache
def _anybody(revision: str, by_exchange: float) -> dict[str, float]:
    """How often an industry takes anything, by the uses and exchanges of the library."""
    found: dict[str, float] = {}
    for receivers, weight in (
        (use_receivers(revision), 1.0),
        (class_receivers(revision), 1.0),
        (published(revision).receivers, 6.0 * by_exchange),
    ):
        for code, value in zip(receivers.codes, receivers.total(np.full(receivers.shares.shape[0], weight)).tolist(), strict=True):
            found[code] = found.get(code, 0.0) + value
    return _shares(found)


def _mixed(
    asked: Query, library: dict[str, float], own: Precedents, near: Floats, outside: Floats | None, weights: Weights
) -> dict[str, float]:
    """The user's exchanges mixed in: the more of them are near, the more they say."""
    home = 1.0 + weights.home * np.array([bool(asked.country) and country == asked.country for country in own.country])
    amount = near**weights.own_sharpness * own.sign * home
    evidence = float(amount.sum())
    neighbours = dict(zip(own.receivers.codes, own.receivers.total(amount).tolist(), strict=True))
    anybody = dict(zip(own.receivers.codes, own.receivers.total(_like_donor(asked, own, outside)).tolist(), strict=True))
    if not any(anybody.values()):
        return library
    prior = _shares(anybody)
    learned = {code: (neighbours[code] + weights.prior * prior[code]) / (evidence + weights.prior) for code in neighbours}
    if not library:
        return learned
    library = _shifted(library, own, outside, (_anybody(own.revision, weights.by_exchange), weights))
    heard = evidence * evidence / (evidence + weights.lone) + weights.prior
    share = heard / (heard + weights.doubt)
    return _blend(library, _shares(learned), share)


def _shifted(
    library: dict[str, float], own: Precedents, outside: Floats | None, known: tuple[Mapping[str, float], Weights]
) -> dict[str, float]:
    r"""The library's answer, corrected for how often the user's exchanges go to an industry at all.

    .. math:: P_L'(r) \propto P_L(r) \left( \frac{n_r + \kappa \pi_r}{(N + \kappa) \pi_r} \right)^{\rho}
    """
    anybody, weights = known
    works = own.sign * (1.0 if outside is None else outside)
    counts = dict(zip(own.receivers.codes, own.receivers.total(works).tolist(), strict=True))
    total = sum(counts.values())
    least = min((share for share in anybody.values() if share > 0), default=1.0)
    corrected = {}
    for code, share in library.items():
        usual = max(anybody.get(code, 0.0), least)
        ratio = (counts.get(code, 0.0) + weights.trust * usual) / ((total + weights.trust) * usual)
        corrected[code] = share * ratio**weights.shift
    return _shares(corrected)


def _like_donor(asked: Query, own: Precedents, outside: Floats | None) -> Floats:
    """Weight of each exchange in the prior: those of an industry like the donor's count more."""
    base = np.ones(len(own)) if outside is None else outside
    near = np.array([alike(asked.donor, code) for code in own.donor])
    return base * own.sign * (1.0 + 2.0 * near)


def _fallen(
    scores: dict[str, float], known: list[tuple[Precedents, Floats]], weights: Weights
) -> tuple[dict[str, float], dict[str, tuple[Precedents, int]]]:
    """Scores less what exchanges that failed or were refused take from their receivers, and which these are."""
    found: dict[str, tuple[Precedents, int]] = {}
    worst: dict[str, float] = {}
    for exchanges, near in known:
        for row in np.flatnonzero(exchanges.fallen & (near > 0.3)):
            start, end = exchanges.receivers.shares.indptr[row : row + 2]
            for column in exchanges.receivers.shares.indices[start:end]:
                code = exchanges.receivers.codes[column]
                if near[row] > worst.get(code, 0.0):
                    worst[code], found[code] = float(near[row]), (exchanges, int(row))
    return {code: score * (1.0 - weights.fall * worst.get(code, 0.0) ** 2) for code, score in scores.items()}, found


def _shares(amounts: Mapping[str, float]) -> dict[str, float]:
    total = sum(amounts.values())
    return {code: amount / total for code, amount in amounts.items()} if total > 0 else dict(amounts)


def _blend(one: Mapping[str, float], other: Mapping[str, float], share: float) -> dict[str, float]:
    codes = one.keys() | other.keys()
    return {code: (1 - share) * one.get(code, 0.0) + share * other.get(code, 0.0) for code in codes}
