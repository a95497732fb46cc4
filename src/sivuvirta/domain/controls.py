"""Controls: what a user fixes, forbids or bounds in a plan."""

from __future__ import annotations

import re

from attrs import field, frozen

from sivuvirta.domain.options import number_option
from sivuvirta.errors import OptionError

_ARROW = re.compile(r"\s*-?>\s*")
_YEAR = re.compile(r"\s*(\d{4})\s*:(.*)", re.DOTALL)
_ANY = ("", "*")
_FORM = "Write 'ORIGIN > DESTINATION', 'ORIGIN > PLANT > DESTINATION', 'ORIGIN > *', '* > DESTINATION', or the id of a plant."


@frozen(kw_only=True)
class Control:
    """What the user holds in a plan: a flow, or what a plant does. Ends are ids, as in the register.

    With origin and destination, the flow between them; with a plant too, the route through it; with one end alone, all that it gives to
    exchanges or takes from them; with a plant alone, its activity.

    Raises:
        OptionError: it names nothing, or its least is above its most.
    """

    origin: str | None = None  # stream or plant
    plant: str | None = None
    destination: str | None = None  # need, plant or outlet
    least: float = field(default=0.0, validator=number_option("units a year", 0))
    most: float = field(default=float("inf"), validator=number_option("units a year", 0, endless=True))
    built: bool | None = None  # whether a candidate is built; None leaves it open
    year: int | None = None  # of a horizon, in which it holds; None for all of its years

    def __attrs_post_init__(self) -> None:
        if self.origin is None and self.plant is None and self.destination is None:
            raise OptionError("A control names a flow by its origin and destination, or a plant; this one names nothing.")
        if self.least > self.most:
            raise OptionError(f"The control of {self.subject} asks for at least {self.least:g} and at most {self.most:g}.")
        if self.built is not None and (self.plant is None or self.origin or self.destination):
            raise OptionError(f"Only a plant is built or not; the control of {self.subject} names a flow.")

    @property
    def subject(self) -> str:
        """What is held, for example "gld > road"."""
        return " > ".join(part for part in (self.origin, self.plant, self.destination) if part)


def control(text: str, least: float = 0.0, most: float = float("inf"), built: bool | None = None) -> Control:
    """A control as people write it: "gld > road_base", "gld > granulator > road_base", "gld > *", "* > road_base", "granulator".

    Args:
        text: what is held; ids as in the register, a kind may go before one, as in "plant:kiln"; a year of a horizon before all, as in
            "2026: gld > road_base".
        least: units a year at least.
        most: units a year at most.
        built: of a plant, whether it is built.

    Raises:
        OptionError: the text names nothing.
    """
    dated = _YEAR.fullmatch(text)
    year, said = (int(dated[1]), dated[2]) if dated else (None, text)
    parts = [part.strip() for part in _ARROW.split(said.strip())]
    names = [None if part in _ANY else part for part in parts]
    if len(parts) > 3 or (len(parts) == 3 and None in names) or not any(names):
        raise OptionError(f"'{text}' names no flow and no plant. {_FORM}")
    if len(parts) == 1:
        return Control(plant=names[0], least=least, most=most, built=built, year=year)
    plant = names[1] if len(parts) == 3 else None
    return Control(origin=names[0], plant=plant, destination=names[-1], least=least, most=most, built=built, year=year)
