"""Ensembles: a plan under many draws of everything that is not known well, and plans made for all of them at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from attrs import Attribute, field, frozen, validators

from sivuvirta.domain.links import CO2_TERMS, EUR_TERMS, Floats, Links
from sivuvirta.domain.options import Validator, number_option, word_option
from sivuvirta.errors import OptionError

BUILDS = ("fixed", "free")
"""What is built: as the best plan says, or anew in each draw."""

LIMITS = ("drawn", "bounds")
"""What a mix is judged by: what the draw says that it contains, or the bounds that verdicts use."""

KINDS = (
    "amount",
    "demand",
    *EUR_TERMS,
    *(f"co2 {term}" for term in CO2_TERMS),
    "capex",
    "content",
)
"""Kinds of input: amounts of streams, demands of needs, terms of money and of emissions, investments, contents of streams."""

AIMS = ("expected", "tail", "regret")
"""What a plan of two stages makes small: the mean cost, the mean of its worst part, the largest regret."""


def several_options(allowed: tuple[str, ...]) -> Validator:
    """An option takes several of some words."""

    def check(_: Any, option: Attribute[Any], value: Any) -> None:
        wrong = [each for each in value if each not in allowed]
        if wrong:
            raise OptionError(f"Option '{option.name}' names {', '.join(map(repr, wrong))}. It can name: {', '.join(allowed)}.")

    return check


@frozen(eq=False)
class Input:
    """A figure that is not known well: one row of a source, one draw shared by all that use it."""

    kind: str  # amount, demand, transport, purchase, fee ..., capex, content
    key: str  # id of the stream, need, mode, product, outlet or technology
    label: str  # in words
    family: str  # lognormal | beta | normal | bounds | triangular
    centre: float  # middle of the figure on its own scale; 1 where the figure is one of several coefficients
    unit: float  # standard deviation that one unit of a draw stands for, on the same scale
    low: float = float("nan")  # ends of the range
    high: float = float("nan")

    @property
    def name(self) -> str:
        """Short name, for example "amount:gld"."""
        return f"{self.kind}:{self.key}"


@frozen(kw_only=True)
class EnsembleOptions:
    """What an ensemble is asked for.

    Raises:
        OptionError: an option has a value that it cannot have.
    """

    draws: int = field(default=1000, validator=[validators.instance_of(int), number_option("draws", 1)])
    seed: int = field(default=1, validator=[validators.instance_of(int), number_option("whole numbers", 0)])
    builds: str = field(default="fixed", validator=word_option(BUILDS))
    limits: str = field(default="drawn", validator=word_option(LIMITS))
    spread: float = field(default=1.0, validator=number_option("times the stated range", 0))  # 0: everything at its middle
    tail: float = field(default=0.05, validator=[number_option("parts of all draws", 0, beyond=True), validators.le(1)])  # at risk
    kinds: tuple[str, ...] = field(default=(), converter=tuple, validator=several_options(KINDS))  # that are drawn; none: all


@frozen(kw_only=True)
class Where:
    """Where an ensemble runs, and where its results are kept. Changes no result.

    Raises:
        OptionError: an option has a value that it cannot have.
    """

    processes: int | None = field(default=None, validator=number_option("processes", 1))  # None: one a core; 1: this one
    scheduler: str | None = None  # address of a Dask scheduler
    folder: str | None = None  # of results: what is there is not done again


@frozen(eq=False)
class Outcome:
    """What the draws make of one network."""

    evidence: str  # proven | potential
    figures: pd.DataFrame  # figure, unit, plan, mean, p5, p50, p95, value_at_risk, tail_mean
    links: pd.DataFrame  # origin, destination, plan, probability, mean, p5, p50, p95, names of both ends
    plants: pd.DataFrame  # plant, name, unit, plan, probability, mean, p5, p50, p95 of its size or, where it stands, its activity
    inputs: pd.DataFrame  # input, kind, label, low, high, rank correlation and regression, value of knowing it (NaN with builds fixed)
    structures: pd.DataFrame  # what is built: name, built, mean benefit, its tail, regret, how often it is the best
    draws: pd.DataFrame  # one row a draw: objective, benefit, co2, feasible
    limits: pd.DataFrame  # need, limit, probability that the plan's own flows keep it
    perfect: float  # EUR/a that knowing everything beforehand is worth, at most
    perfect_error: float  # its standard error
    groups: pd.DataFrame  # group of inputs, kind (kind | organisation), label, inputs, value of knowing them together
    noise: float = float("nan")  # correlation of `inputs` below which these draws cannot tell an input from chance


@frozen(eq=False, slots=False)
class Ensemble:
    """The best network under many draws."""

    links: Links
    options: EnsembleOptions
    inputs: tuple[Input, ...]
    values: Floats  # (draws, inputs) standard deviations from the middle
    proven: Outcome
    potential: Outcome
    start: str  # "warm" or "fresh": how draws were solved
    done_before: int  # chunks that were found in the folder
    chunks: int
    kept: int = 0  # draws that were found in the folder

    @property
    def networks(self) -> Mapping[str, Outcome]:
        """Both outcomes by their evidence."""
        return {"proven": self.proven, "potential": self.potential}

    def __repr__(self) -> str:
        told = self.potential.figures.set_index("figure").loc["benefit"]
        return (
            f"<Ensemble {self.links.region.name} ({self.links.region.vintage}), {self.options.draws} draws of {len(self.inputs)} inputs, "
            f"builds {self.options.builds}: potential benefit {told['p5']:,.0f} ... {told['p50']:,.0f} ... {told['p95']:,.0f} EUR/a>"
        )

    def _repr_html_(self) -> str:
        return str(self.potential.figures.to_html(index=False, notebook=True, float_format=lambda number: f"{number:,.0f}"))


@frozen(eq=False, slots=False)
class Stages:
    """A plan of two stages: what is built now, before anything is known, and what flows later, when it is. Benefits in EUR/a."""

    links: Links
    evidence: str
    aim: str
    built: pd.DataFrame  # plant, name, unit, size here, and size in the plan for the middle
    expected: float  # mean benefit
    tail: float  # mean of its worst part
    regret: float  # largest loss against what would have been best, had all been known, at most
    objective: float  # of the aim, as a cost: less is better
    bound: float  # proven: no builds can have less
    gap: float  # between the two, as a part of the benefit
    wait: float  # mean benefit where everything is known beforehand, at most
    middle: float  # mean benefit of what is best for the middle; NaN where it keeps not all promises in every scenario
    seconds: float
    benefits: Floats  # (scenarios,)

    @property
    def perfect(self) -> float:
        """EUR/a that knowing everything beforehand is worth (EVPI), at most."""
        return self.wait - self.expected

    @property
    def stochastic(self) -> float:
        """EUR/a that planning for all scenarios is worth against planning for the middle (VSS)."""
        return self.expected - self.middle

    def totals(self) -> pd.DataFrame:
        """Headline figures."""
        names = ("expected", "tail", "regret", "wait", "middle", "perfect", "stochastic")
        return pd.DataFrame([{"figure": name, "unit": "EUR/a", "value": getattr(self, name)} for name in names])

    def __repr__(self) -> str:
        built = ", ".join(self.built["plant"][self.built["size"] > 0]) or "nothing"
        return f"<Stages {self.links.region.name}, {len(self.benefits)} scenarios, {self.aim}: {built}; {self.expected:,.0f} EUR/a>"


def quantiles(values: Floats) -> tuple[float, float, float]:
    """5, 50 and 95 % points, NaN where there is nothing."""
    known = values[np.isfinite(values)]
    return tuple(float(point) for point in np.quantile(known, (0.05, 0.5, 0.95))) if len(known) else (np.nan,) * 3  # type: ignore[return-value]
