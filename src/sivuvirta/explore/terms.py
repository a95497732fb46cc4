"""Terms: the difference between two networks, term by term, so that the terms sum to it."""

from __future__ import annotations

from collections.abc import Mapping

from sivuvirta.assess.terms import CARBON, CASH, carbon_terms, cash_terms
from sivuvirta.domain.explanations import Term
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.plan.explain.words import figure
from sivuvirta.plan.program.measures import MEASURES
from sivuvirta.plan.program.objective import cost_of, measured, value_of

WORDS: Mapping[str, str] = {
    "transport": "haulage",
    "handling": "loading and unloading",
    "fee": "fees of outlets",
    "tax": "waste tax",
    "revenue": "sales outside the region",
    "purchase": "products and reagents bought",
    "gate": "value given up at the gate",
    "opex": "running plants",
    "energy": "energy of plants",
    "capital": "capital of new plants",
    "upkeep": "fixed cost of new plants",
    "weights": "what other measures are weighed with",
    "outlet": "today's outlets",
    "displaced": "emissions that outlets save elsewhere",
    "process": "processes of plants",
}

_SEVERAL = frozenset({"fee", "revenue", "purchase", "outlet", "displaced", "process", "jobs", "traffic", "co2"})
"""Terms of which one speaks in the plural."""

_GAINS = frozenset({"revenue", "displaced", "jobs"})
"""Terms that an objective counts below zero, because more of them is better: where they grow, it falls."""

_ROUNDING = 1e-13  # of the largest term of either ledger
_FEW = 5  # terms told in a sentence


def differences(best: Ledger, other: Ledger, options: PlanOptions) -> tuple[Term, ...]:
    """What another network has more of each term of the objective than the best, the worst first.

    Args:
        best: ledger of the best network.
        other: ledger over the same links.
        options: the objective, with its weights.

    Returns:
        Terms that are not 0; they sum to the difference of the objectives.
    """
    before, after = _terms(best, options), _terms(other, options)
    most = max((abs(value) for told in (before, after) for value in told.values()), default=0.0)
    found = [Term(name=name, label=_label(name), change=after[name] - before[name]) for name in before]
    kept = [term for term in found if abs(term.change) > _ROUNDING * most]
    return tuple(sorted(kept, key=lambda term: -term.change))


def phrase(terms: tuple[Term, ...], amount: float, unit: str) -> str:
    """The terms in words per unit, for example "because haulage is 26 EUR/t more; sales outside the region 10 EUR/t more".

    The first is the one that makes the other network worse the most. "More" and "less" speak of what the words name: more sales are better.
    Beyond a few the terms are told as their sum.

    Args:
        terms: of a difference.
        amount: that it is divided by.
        unit: of the figures, for example "EUR/t".
    """
    if not terms:
        return "nothing else changes"
    first, *rest = sorted(terms, key=lambda term: (-term.change, term.name))
    rest.sort(key=lambda term: -abs(term.change))
    few = _FEW if len(rest) > _FEW + 1 else len(rest)
    told = [f"{term.label} {_moves(term, amount, unit)}" for term in rest[:few]]
    if few < len(rest):
        told.append(_others(rest[few:], amount, unit))
    verb = "are" if first.name in _SEVERAL else "is"
    return "; ".join([f"because {first.label} {verb} {_moves(first, amount, unit)}", *told])


def _moves(term: Term, amount: float, unit: str) -> str:
    more = (term.change > 0) != (term.name in _GAINS)
    return f"{figure(abs(term.change) / amount)} {unit} {'more' if more else 'less'}"


def _others(terms: list[Term], amount: float, unit: str) -> str:
    """Terms that are not told one by one, as what they make worse or better together."""
    change = sum(term.change for term in terms)
    return f"{len(terms)} smaller terms make it {figure(abs(change) / amount)} {unit} {'worse' if change > 0 else 'better'} together"


def _label(name: str) -> str:
    return WORDS.get(name, MEASURES[name].text if name in MEASURES else name)


def _terms(ledger: Ledger, options: PlanOptions) -> dict[str, float]:
    """The objective of a ledger by term, with the sign that makes less better."""
    if options.objective == "value":
        cash = dict(zip(CASH, cash_terms(ledger).tolist(), strict=True))
        return {**cash, "weights": value_of(ledger, options) - cost_of(ledger)}
    if options.objective == "co2":
        return dict(zip(CARBON, carbon_terms(ledger).tolist(), strict=True))
    return {options.objective: measured(ledger, options)}
