"""Plans: the region's optimal network, proven and potential."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from attrs import Attribute, field, frozen

from sivuvirta.domain.controls import Control
from sivuvirta.domain.ledger import Ledger
from sivuvirta.domain.links import Floats, Links
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.options import count_option, flag_option, number_option, word_option
from sivuvirta.domain.unknowns import uncounted
from sivuvirta.errors import OptionError

OBJECTIVES = ("value", "co2", "diversion", "virgin", "jobs", "traffic")
"""Net benefit, emissions, disposal, primary product bought, posts at plants, loaded vehicle-kilometres."""

_SURE = 0.95  # a limit that no stream breaks at its bound, a 95 % point, has no row: more than that is promised of none

EVIDENCE = ("both", "potential")
"""Both networks, or the potential one alone."""

METHODS = ("auto", "simplex", "ipm", "hipo", "near", "guided")

POOLING = ("batches", "exact")
"""Whether plants that mix make a batch for each who gets something, or one mix for all."""


def _texts(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(values)


def _tuple(values: Sequence[Control]) -> tuple[Control, ...]:
    return tuple(values)


def several_objectives(_: Any, option: Attribute[Any], value: Any) -> None:
    """Lets in names of objectives alone."""
    wrong = [each for each in value if each not in OBJECTIVES]
    if wrong:
        raise OptionError(f"Option '{option.name}' names {', '.join(map(repr, wrong))}. It can name: {', '.join(OBJECTIVES)}.")


def weighs(_: Any, option: Attribute[Any], value: Mapping[str, float]) -> None:
    """Lets in weights of measures that are no money."""
    allowed = OBJECTIVES[1:]
    wrong = [f"{name!r}: {weight!r}" for name, weight in value.items() if name not in allowed or not np.isfinite(weight) or weight < 0]
    if wrong:
        asked = f"numbers of at least 0, in EUR per unit, for: {', '.join(allowed)}"
        raise OptionError(f"Option '{option.name}' has {', '.join(wrong)}. It can have {asked}.")


@frozen(kw_only=True)
class PlanOptions:
    """What a plan is asked for.

    Raises:
        OptionError: an option has a value that it cannot have.
    """

    objective: str = field(default="value", validator=word_option(OBJECTIVES))
    then: tuple[str, ...] = field(
        default=(), converter=_texts, validator=several_objectives
    )  # next objectives, the former kept at their best
    weights: Mapping[str, float] = field(factory=dict, validator=weighs)  # EUR per unit of other measures, added to the value
    budget: float | None = field(default=None, validator=number_option("EUR", 0))  # of investment at most
    co2_limit: float | None = field(default=None, validator=number_option("t CO2e/a"))  # at most, over all, relative to nothing
    disposal_limit: float | None = field(default=None, validator=number_option("t/a (dry)", 0))  # to landfill and stock at most
    virgin_limit: float | None = field(default=None, validator=number_option("t/a", 0))  # primary product bought at most
    traffic_limit: float | None = field(default=None, validator=number_option("km/a", 0))  # loaded vehicle-kilometres at most
    road_limit: bool = field(default=False, validator=flag_option)  # heavy vehicles on each section of road stay below its threshold
    jobs_least: float | None = field(default=None, validator=number_option("posts", 0))  # posts at plants at least
    controls: tuple[Control, ...] = field(default=(), converter=_tuple)  # flows and plants that are fixed, forbidden or bounded
    changes: int | None = field(default=None, validator=count_option)  # links at most that are new against today
    keep_running: bool = field(default=False, validator=flag_option)  # exchanges that run keep what they carry today, where it is known
    carbon_price: float = field(default=0.0, validator=number_option("EUR/t CO2e", 0))  # a shadow price shown apart
    time_limit: float = field(default=300.0, validator=number_option("seconds", 0, beyond=True, endless=True))  # for each solve
    gap: float = field(
        default=1e-4, validator=number_option("parts of the benefit", 0, most=1)
    )  # at which a siting problem is called optimal
    method: str = field(default="auto", validator=word_option(METHODS))
    pooling: str = field(default="batches", validator=word_option(POOLING))
    robust: float | None = field(default=None, validator=number_option("streams", 0, endless=True))  # that may be at their bounds at once
    chance: float | None = field(
        default=None, validator=number_option("parts of 1", 0.5, most=_SURE)
    )  # with which a limit of a mix is kept
    evidence: str = field(default="both", validator=word_option(EVIDENCE))  # "potential": the proven network is not planned, it is today's

    def __attrs_post_init__(self) -> None:
        if self.robust is not None and self.chance is not None:
            raise OptionError(
                "A plan is robust against some streams at their bounds, or keeps limits with a probability: give one of them."
            )
        if self.pooling == "exact" and not (self.robust is None and self.chance is None):
            raise OptionError(
                "Exact pooling counts every stream at its bound; leave out `robust` and `chance`, or plan with pooling='batches'."
            )
        if self.carbon_price and self.weights.get("co2"):
            raise OptionError(
                f"Emissions would be counted twice: by the carbon price of {self.carbon_price:g} EUR/t and by the weight of "
                f"{self.weights['co2']:g} EUR/kg. Give one of them: 1000 EUR/t is a weight of 1."
            )


@frozen(eq=False)
class Marginal:
    """What one more unit is worth with the builds fixed: the dual of one requirement."""

    constraint: str  # name of the family, for example "supply"
    label: str  # solver row
    node: int  # row of links.nodes, -1 where none
    value: float  # EUR (or kg CO2e, or t, by objective) per unit; positive: one more unit helps
    unit: str  # for example "EUR/t"
    text: str  # in words
    low: float = float("nan")  # least amount of the requirement for which the value holds, all else equal; NaN where not known
    high: float = float("nan")  # largest; in the unit that `unit` is per: t/a, EUR, per cent looser ...


@frozen(eq=False, slots=False)
class Network:
    """One solved network."""

    evidence: str  # "proven": pass and blend only; "potential": likely and unknown too
    status: str  # "optimal", "feasible" (stopped early)
    objective: float  # value of the objective, in its unit
    bound: float  # proven bound on it
    gap: float  # relative gap
    seconds: float  # build and solve
    method: str
    rows: int
    columns: int
    route_flow: Floats  # (routes,) units of stream a year
    ledger: Ledger
    marginals: tuple[Marginal, ...]
    benefit: float  # EUR/a: cost of the reference ledger less cost of this one; NaN where what it moves goes today nobody knows where
    carbon: float  # kg CO2e/a: emissions of this ledger less those of the reference; NaN likewise
    chain_flow: Floats = field(factory=lambda: np.zeros(0))  # (chains,) units of stream a year on routes of several steps

    @property
    def flow(self) -> Floats:
        """Units of stream a year on every route, those of several steps behind the others. Shape (routes + chains,)."""
        return np.concatenate([self.route_flow, self.chain_flow])


@frozen(eq=False, slots=False)
class Plan:
    """The optimal network twice: on proven evidence, and with what is likely or unknown added."""

    links: Links
    matches: Matches
    options: PlanOptions
    reference: Ledger
    proven: Network
    potential: Network

    @property
    def ledger(self) -> Ledger:
        """The planned ledger of the potential network; each flow says on which evidence it rests."""
        return self.potential.ledger

    @property
    def cost(self) -> float:
        """EUR/a of the proven network, in the objective's own sum (not relative to the reference)."""
        return self.proven.objective

    def totals(self) -> pd.DataFrame:
        """Headline figures as proven + potential: what is sure, and what could be added if the missing tests are passed.

        Benefit and carbon are unknown (NaN) without a reference, and of a network that moves a stream of which nobody knows where it goes
        today; `unknown` says why. What the networks invest is known all the same.
        """
        sure, whole = self.unknown(self.proven), self.unknown(self.potential)
        rows = []
        for name, unit, pick in _TOTALS:
            why = "" if name == "investment" else whole or sure
            first, last = (np.nan if why and each else pick(one) for one, each in ((self.proven, sure), (self.potential, whole)))
            rows.append({"figure": name, "unit": unit, "proven": first, "potential": last - first, "total": last, "unknown": why})
        return pd.DataFrame(rows)

    def unknown(self, network: Network) -> str:
        """Why benefit and carbon of one of its networks are not known, in words; "" where they are."""
        return uncounted(network.ledger, self.compared)

    @cached_property
    def compared(self) -> Ledger | None:
        """The reference that benefits are counted against; None where it is left out, or says of no stream where it goes today."""
        reference: Ledger | None = self.reference
        return reference if reference is not None and reference.tells else None

    def __repr__(self) -> str:
        scenario = self.links.region.scenario
        under = f", under {scenario}" if scenario else ""
        head = f"<Plan {self.links.region.name} ({self.links.region.vintage}{under}), {self.options.objective}: benefit "
        why = self.unknown(self.potential) or self.unknown(self.proven)
        if why:
            return f"{head}unknown, {why}>"
        return f"{head}{self.proven.benefit:,.0f} + {self.potential.benefit - self.proven.benefit:,.0f} EUR/a (proven + potential)>"

    def _repr_html_(self) -> str:
        return str(self.totals().to_html(index=False, notebook=True, float_format=lambda number: f"{number:,.0f}"))


def _used(network: Network) -> float:
    return float(network.flow.sum())


_TOTALS = (
    ("benefit", "EUR/a", lambda network: network.benefit),
    ("carbon", "kg CO2e/a", lambda network: network.carbon),
    ("investment", "EUR", lambda network: float(network.ledger.invested)),
)

Mask = npt.NDArray[np.bool_]
