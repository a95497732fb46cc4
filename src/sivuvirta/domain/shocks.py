"""Shocks: what a plan loses when a node or a link is gone, and how it is best repaired."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from attrs import asdict, field, frozen

from sivuvirta.domain.plans import Network, Plan
from sivuvirta.errors import OptionError, UnknownNameError

NODES = ("stream", "plant", "need", "site", "organisation", "link")
"""What is taken out unless something else is asked for."""

SUBJECTS = (*NODES, "path")
"""What may be gone; a legal path is gone if it is refused."""

COUNTED = (
    "Loss: what the plan earns less a year when this is gone for good and what is built stays, after the cheapest repair. It is counted "
    "against today's outlets and purchases without the part that is gone. Before repair: nobody takes more than planned. The price of a "
    "refusal (`sivuvirta alternatives`) is less or the same as a rule: there it is known before anything is built, and the network is "
    "planned anew without it."
)
"""How losses are counted."""


@frozen
class Shift:
    """One flow or plant that is otherwise than planned, in units a year."""

    what: str  # "disposal": more to an outlet; "purchase": more bought; "idle": a plant does less; "stops"; "grows"
    subject: str  # label of the stream, need or plant it speaks of, for example "stream:gld"
    name: str
    before: float
    after: float
    unit: str
    to: str = ""  # name of the other end


@frozen
class Keeping:
    """What has to be kept for each month that something is gone, so that nothing is lost when it comes back."""

    side: str  # "keep": a stream whose receiver is gone; "draw": a need whose supplier is gone
    subject: str
    name: str
    month: float  # before repair: as sent for streams of tonnes, product units for needs
    after_repair: float  # what still has to be kept or drawn a month with the repair
    unit: str
    capacity: float = float("nan")  # of stocks and of permits to store, in the same unit; NaN where not known

    @property
    def months(self) -> float:
        """How long the known capacity lasts without repair; NaN where it is not known."""
        return self.capacity / self.month if self.month > 0 else float("inf")


@frozen
class Shock:
    """One node or link gone."""

    subject: str  # one of SUBJECTS
    id: str  # of a link: origin > destination
    name: str
    used: bool  # whether the plan uses it
    loss: float  # EUR/a after the cheapest repair; NaN where what is promised cannot be kept, or where it is `unknown`
    alone: float  # EUR/a before repair; NaN likewise
    carbon: float  # kg CO2e/a more, after repair
    cascade: tuple[Shift, ...] = ()  # before repair, what is gone itself left out
    repair: tuple[Shift, ...] = ()  # what grows with the repair
    storage: tuple[Keeping, ...] = ()
    text: str = ""
    unknown: str = ""  # why loss and carbon are not known although there is a repair, in words


@frozen(eq=False, slots=False)
class Shocks:
    """A shock test of one network, the largest loss first."""

    plan: Plan = field(repr=False)
    network: Network = field(repr=False)
    shocks: tuple[Shock, ...] = field(repr=False)
    seconds: float = 0.0
    counted: str = COUNTED

    def __len__(self) -> int:
        return len(self.shocks)

    def find(self, subject: str, key: str) -> Shock:
        """The shock of one node or link.

        Raises:
            KeyError: it was not tested.
        """
        for one in self.shocks:
            if (one.subject, one.id) == (subject, key):
                return one
        raise KeyError(f"{subject}:{key}")

    def to_frame(self) -> pd.DataFrame:
        """One row a shock: loss before and after repair, its share of the benefit, what stops, what has to be kept."""
        benefit = self.network.benefit
        rows = [
            {
                "subject": one.subject,
                "id": one.id,
                "name": one.name,
                "used": one.used,
                "loss": one.loss,
                "share": one.loss / benefit if benefit > 0 else float("nan"),
                "alone": one.alone,
                "repaired": one.alone - one.loss,
                "carbon": one.carbon,
                "streams_back": sum(shift.what == "disposal" for shift in one.cascade),
                "needs_back": sum(shift.what == "purchase" for shift in one.cascade),
                "plants_idle": sum(shift.what == "idle" for shift in one.cascade),
                "keep_month": sum(each.month for each in one.storage if each.side == "keep" and each.unit == "t"),
                "text": one.text,
                "unknown": one.unknown,
            }
            for one in self.shocks
        ]
        return pd.DataFrame(rows, columns=_COLUMNS)

    def cascades(self) -> pd.DataFrame:
        """One row a shift: what stops before repair and what grows with it."""
        return _rows((one, stage, shift) for one in self.shocks for stage in ("cascade", "repair") for shift in getattr(one, stage))

    def storage(self) -> pd.DataFrame:
        """One row a stream or need that has to be kept or drawn while something is gone, with the months that a known capacity lasts."""
        rows = [{"shock": f"{one.subject}:{one.id}", **asdict(each), "months": each.months} for one in self.shocks for each in one.storage]
        return pd.DataFrame(rows, columns=["shock", *Keeping.__annotations__, "months"])

    def expected(self, chances: Mapping[str, tuple[float, str]]) -> pd.DataFrame:
        """Losses times the probabilities that a person enters, each with a reason; nothing is assumed for the others.

        Args:
            chances: by id, the probability that it is gone (0 to 1), and why.

        Raises:
            OptionError: a probability is not between 0 and 1, or has no reason.
            UnknownNameError: an id was not tested.
        """
        tested = {one.id: one for one in self.shocks}
        for key, (chance, reason) in chances.items():
            if key not in tested:
                raise UnknownNameError(f"'{key}' was not tested. There are: {', '.join(sorted(tested))}.")
            if not (0 <= chance <= 1) or not reason.strip():
                raise OptionError(f"A probability lies between 0 and 1 and has a reason; '{key}' has {chance!r} and {reason!r}.")
        rows = [(key, tested[key].loss, chance, chance * tested[key].loss, reason) for key, (chance, reason) in chances.items()]
        return pd.DataFrame(rows, columns=["id", "loss", "probability", "expected", "reason"])

    def __repr__(self) -> str:
        worst = self.shocks[0] if self.shocks else None
        told = f"; worst: {worst.subject} {worst.id}, {worst.loss:,.0f} EUR/a" if worst and worst.used else ""
        return f"<Shocks {self.plan.links.region.name} ({self.network.evidence}): {len(self)} tested in {self.seconds:.1f} s{told}>"

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(index=False, notebook=True, max_rows=20))


def _rows(shifts: Iterable[tuple[Shock, str, Shift]]) -> pd.DataFrame:
    rows: list[dict[str, Any]] = [{"shock": f"{one.subject}:{one.id}", "stage": stage, **asdict(shift)} for one, stage, shift in shifts]
    return pd.DataFrame(rows, columns=["shock", "stage", *Shift.__annotations__])


_COLUMNS = [
    "subject",
    "id",
    "name",
    "used",
    "loss",
    "share",
    "alone",
    "repaired",
    "carbon",
    "streams_back",
    "needs_back",
    "plants_idle",
    "keep_month",
    "text",
    "unknown",
]
