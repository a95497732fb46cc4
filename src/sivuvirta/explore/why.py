"""Why: why a link is in a plan and what would replace it, or why it is not and what it would cost to have it."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from sivuvirta.domain.explanations import Trial, Why
from sivuvirta.domain.links import Links
from sivuvirta.domain.plans import Network
from sivuvirta.domain.unknowns import blind_between
from sivuvirta.explore.asking import Asked, Asking
from sivuvirta.explore.naming import arc_name, unit_of_arc
from sivuvirta.explore.neighbours import between, moved
from sivuvirta.explore.terms import differences, phrase
from sivuvirta.explore.ways import Way, way
from sivuvirta.plan.explain.words import figure
from sivuvirta.plan.open import Answer
from sivuvirta.plan.program.objective import Goal

_SEEN = 1e-9  # of a link's columns: less is not used
_ALL = 1.0 - 1e-6  # of the most that a link can carry
_CHANGES = 8  # told
_BINDING = 5  # told


def why(asked: Asked, origin: str, destination: str, plant: str | None = None) -> Why:
    """Why a link is in the best network, or why it is not.

    A link in use is forbidden and the plan solved again: what it brings, and what would replace it. One that is not is forced, at one
    unit and at all that it could carry: by how much the region is worse then, term by term. An inadmissible one is told with the reason.

    Args:
        asked: routes, reference, options, evidence.
        origin: id of a stream or plant.
        destination: id of a need, plant or outlet.
        plant: id of the plant that the way leads through; without it all routes between a stream and a need are meant.

    Raises:
        OptionError: the region has no such ends.
        InfeasibleError: no network meets all requirements.
    """
    started = perf_counter()
    asking = Asking(asked)
    link = way(asking, origin, destination, plant)
    asked.tell("the best network")
    best = asking.optimum(prices=True)
    network = asking.network(best)
    amount = link.form.of(best.x) if len(link.form.columns) else 0.0
    state = "inadmissible" if link.obstacles else "used" if amount > _SEEN * _size(asking, link) else "unused"
    asker = {"used": _forbidden, "unused": _forced, "inadmissible": _nothing}[state]
    return Why(
        links=asked.matches.links,
        evidence=asked.evidence,
        objective=asked.options.objective,
        unit=asking.unit,
        per=link.per,
        name=link.name,
        state=state,
        amount=amount,
        trials=asker(_Question(asking, link, best, network)),
        binding=() if state == "inadmissible" else _binding(network, link),
        obstacles=link.obstacles,
        seconds=perf_counter() - started,
    )


class _Question:
    """A link in a plan that is solved."""

    def __init__(self, asking: Asking, link: Way, best: Answer, network: Network) -> None:
        self.asking, self.link, self.best, self.network = asking, link, best, network

    @property
    def unit(self) -> str:
        """Of a difference per unit that the link carries."""
        return f"{self.asking.unit}/{self.link.per}"

    def compared(self, held: str, answer: Answer, amount: float) -> Trial:
        """Another answer beside the best; `amount` is what differences are divided by."""
        other = self.asking.network(answer)
        changes = _changes(self.network, other, self.link)
        moves = f" Then: {'; '.join(changes[:_CHANGES])}." if changes else ""
        if why := blind_between(self.network.ledger, other.ledger, self.asking.asked.options.objective):
            text = f"{self._held(held, amount)} is not known: {why}.{moves}"
            none, left = float("nan"), 0.0 if held == "forbidden" else amount
            return Trial(held=held, amount=left, worse=none, worse_bound=none, terms=(), changes=changes, text=text)
        terms = differences(self.network.ledger, other.ledger, self.asking.asked.options)
        worse = answer.objective - self.best.objective
        opening = self._forbidden(worse, amount) if held == "forbidden" else self._forced(worse, amount)
        return Trial(
            held=held,
            amount=0.0 if held == "forbidden" else amount,
            worse=worse,
            worse_bound=min(answer.bound - self.best.objective, worse),
            terms=terms,
            changes=changes,
            text=f"{opening}, {phrase(terms, amount, self.unit)}.{moves}",
        )

    def _held(self, held: str, amount: float) -> str:
        return "What it brings" if held == "forbidden" else f"What {figure(amount)} {self.link.per}/a of it would cost the region"

    def impossible(self, held: str, amount: float) -> Trial:
        """Nothing meets all requirements."""
        told = "Without it" if held == "forbidden" else f"With {figure(amount)} {self.link.per}/a"
        text = f"{told} no network meets all requirements."
        return Trial(held=held, amount=amount, worse=np.inf, worse_bound=np.inf, terms=(), changes=(), text=text)

    def _forbidden(self, worse: float, amount: float) -> str:
        each = f"{figure(worse / amount)} {self.unit}"
        return f"It brings {figure(worse)} {self.asking.unit}/a, {each}: without it the region is so much worse"

    def _forced(self, worse: float, amount: float) -> str:
        each = f"{figure(worse / amount)} {self.unit}"
        return f"At {figure(amount)} {self.link.per}/a it is {each} short ({figure(worse)} {self.asking.unit}/a)"


def _forbidden(of: _Question) -> tuple[Trial, ...]:
    of.asking.asked.tell("without the link")
    answer = of.asking.without(of.link.form.columns, of.best.x)
    amount = of.link.form.of(of.best.x)
    return (of.compared("forbidden", answer, amount) if answer else of.impossible("forbidden", 0.0),)


def _forced(of: _Question) -> tuple[Trial, ...]:
    of.asking.asked.tell("the most that the link can carry")
    row = of.link.form.row(of.asking.count)
    fullest = of.asking.towards([Goal("most", -row, 0.0)], of.best.x)
    most = of.link.form.of(fullest.x) if fullest else 0.0
    if most <= _SEEN * _size(of.asking, of.link):
        return (of.impossible("forced", 1.0),)
    amounts = sorted({min(1.0, most * _ALL), most * _ALL})
    found = []
    for amount in amounts:
        of.asking.asked.tell(f"with {figure(amount)} {of.link.per}/a on the link")
        answer = of.asking.between(of.link.form, amount, start=of.best.x)
        found.append(of.compared("forced", answer, of.link.form.of(answer.x)) if answer else of.impossible("forced", amount))
    return tuple(found)


def _nothing(_: _Question) -> tuple[Trial, ...]:
    return ()


def _size(asking: Asking, link: Way) -> float:
    sizes = asking.open.model.arrays.sizes[link.form.columns]
    return float(np.where(np.isfinite(sizes), sizes, 0.0).max(initial=0.0))


def _changes(one: Network, other: Network, link: Way) -> tuple[str, ...]:
    """Changes from one network to another: plants, then links and outlets at the ends of the link, then others."""
    links = one.ledger.links
    flow, later = one.ledger.per_arc(), other.ledger.per_arc()
    texts = [each.text for each in between(one, other) if each.kind == "plant"]
    near = np.isin(links.arcs.origin, list(link.nodes)) | np.isin(links.arcs.destination, list(link.nodes))
    here = moved(links, np.where(near, flow, 0.0), np.where(near, later, 0.0), np.flatnonzero(near))
    there = [arc for arc in moved(links, flow, later) if not near[arc]]
    return (*texts, *(_change(links, arc, float(later[arc] - flow[arc])) for arc in [*here, *there]))


def _change(links: Links, arc: int, change: float) -> str:
    return f"{arc_name(links, arc)} {'more' if change > 0 else 'less'} by {figure(abs(change))} {unit_of_arc(links, arc)}/a"


def _binding(network: Network, link: Way) -> tuple[str, ...]:
    """What binds at the ends of the link, the most valuable first."""
    here = [each for each in network.marginals if each.node in link.nodes and each.value != 0]
    texts = [each.text.strip().rstrip(".") + "." for each in sorted(here, key=lambda each: -abs(each.value))]
    return tuple(dict.fromkeys(texts))[:_BINDING]
