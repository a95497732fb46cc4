"""Options: validators that say what an option can be."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Integral, Real
from typing import Any

import numpy as np
from attrs import Attribute

from sivuvirta.errors import OptionError

Validator = Callable[[Any, "Attribute[Any]", Any], None]


def word_option(allowed: tuple[str, ...]) -> Validator:
    """An option takes one of some words."""

    def check(_: Any, option: Attribute[Any], value: Any) -> None:
        if value not in allowed:
            raise OptionError(f"Option '{option.name}' is {value!r}. It can be: {', '.join(allowed)}.")

    return check


def number_option(unit: str, least: float = -np.inf, *, beyond: bool = False, endless: bool = False, most: float = np.inf) -> Validator:
    """An option takes a number of at least `least`, or above it, and of at most `most`; infinity only where an option may be endless."""

    def check(_: Any, option: Attribute[Any], value: Any) -> None:
        if value is None and option.default is None:
            return
        plain = isinstance(value, Real) and not isinstance(value, (bool, np.bool_))
        fits = plain and (value > least if beyond else value >= least) and (np.isfinite(value) or endless) and value <= most
        if not fits:
            side = "" if least == -np.inf else f" {'above' if beyond else 'of at least'} {least:g}"
            side += "" if most == np.inf else f" and at most {most:g}"
            none = "; leave it out for no limit" if option.default is None else ""
            raise OptionError(f"Option '{option.name}' is {value!r}. It can be a number{side}, in {unit}{none}.")

    return check


def count_option(_: Any, option: Attribute[Any], value: Any) -> None:
    """An option is a whole number of at least 0, or nothing."""
    plain = isinstance(value, Integral) and not isinstance(value, (bool, np.bool_))
    if value is not None and not (plain and value >= 0):
        raise OptionError(f"Option '{option.name}' is {value!r}. It can be a whole number of at least 0; leave it out for no limit.")


def flag_option(_: Any, option: Attribute[Any], value: Any) -> None:
    """An option is on or off."""
    if not isinstance(value, (bool, np.bool_)):
        raise OptionError(f"Option '{option.name}' is {value!r}. It can be True or False.")
