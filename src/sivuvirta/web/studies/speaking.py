"""Speaking: what a stored answer says, in the language of who reads, with figures in their own format.

An answer is kept in the engine's one language, as the report says it. What is told here word for word is translated, and figures get the
reader's decimal sign; a sentence that is not known stays as it is, for names of streams and plants are the register's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from textwrap import shorten
from typing import Any

from django.utils.formats import get_format
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

SAID = (
    gettext_noop("Used today"),
    gettext_noop("Could be used"),
    gettext_noop("Worth to the region"),
    gettext_noop("Change of emissions"),
    gettext_noop("Loaded trucks"),
    gettext_noop("Tonnes"),
    gettext_noop("Energy"),
    gettext_noop("Today"),
    gettext_noop("Plan, proven"),
    gettext_noop("Plan, with potential"),
    gettext_noop("at least %(amount)s"),
    gettext_noop("at most %(amount)s"),
    gettext_noop("%(amount)s of the known part"),
    gettext_noop("counted as 0 is %(what)s"),
    gettext_noop("part of %(what)s"),
    gettext_noop("change at least, saving at most: %(what)s"),
    gettext_noop("change at most, saving at least: %(what)s"),
    gettext_noop("change and saving more or less: %(what)s"),
    gettext_noop("not known is an emission of %(names)s, which can only make the saving smaller"),
    gettext_noop("not known is an emission displaced at %(names)s, which can only make the saving larger"),
    gettext_noop("%(use)s, through %(plant)s"),
    gettext_noop("No new plant pays."),
    gettext_noop("New plants: %(plants)s only with potential."),
    gettext_noop("New plants: %(plants)s would be built on proven evidence."),
    gettext_noop("New plants: %(plants)s would be built on proven evidence; %(later)s only with potential."),
    gettext_noop("%(names)s and %(many)s more"),
    gettext_noop(
        "Nothing can be gained on today's knowledge alone; up to %(amount)s a year waits for tests, permits and decisions "
        "that the report names."
    ),
    gettext_noop("The plan is worth %(amount)s to the region against what goes on today, all of it on proven evidence."),
    gettext_noop(
        "On proven evidence the plan is worth %(amount)s to the region against what goes on today; "
        "another %(more)s waits for tests, permits and decisions that the report names."
    ),
    gettext_noop(
        "Of the side streams %(today)s are used today, %(sure)s in the proven plan and %(more)s more with potential, dry and "
        "without extractive waste (waste rock, tailings, rejects)."
    ),
    gettext_noop(
        "Of the side streams %(today)s are used today and %(sure)s in the plan, dry and "
        "without extractive waste (waste rock, tailings, rejects)."
    ),
)
"""What is translated, with the places of what differs."""

_INSIDE = {"what", "plants", "later", "names"}  # places in which another of these may stand
_SHORT = 60  # letters of what is not known, before the rest is opened
_FIGURE = re.compile(r"(?<![\w.,/])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)(?=(?: to [−+]?[\d.,]+)?\u202f|$)")
_SPAN = re.compile(r"([−+]?\d[\d.,\xa0]*) to ([−+]?\d[\d.,\xa0]*)(\u202f.*)?")
_HOW = {"many": r"\d+"}
_PLACE = re.compile(r"%\\\((\w+)\\\)s")


def spoken(told: Mapping[str, Any]) -> dict[str, Any]:
    """A stored answer as its page tells it."""
    if (get_language() or "en")[:2] == "en":
        return dict(told)
    found: dict[str, Any] = _each(told, said)
    for each in found.get("headlines", ()):
        if each.get("unknown"):
            each["unknown_short"] = shorten(each["unknown"], _SHORT, placeholder=" …")
    return found


def said(text: str) -> str:
    """A sentence, a label or a figure as it is told in the language of the page.

    >>> said("No new plant pays.")
    'No new plant pays.'
    """
    for message, pattern in _patterns():
        if match := pattern.fullmatch(text):
            places = {name: said(value) if name in _INSIDE else numbers(value) for name, value in match.groupdict().items()}
            return _(message) % places
    if span := _SPAN.fullmatch(numbers(text)):
        if span[2].startswith("−"):  # a dash between would read as one more minus
            return f"{span[1]} … {span[2]}{span[3] or ''}"
        return _("%(low)s to %(high)s") % {"low": span[1], "high": span[2]} + (span[3] or "")
    return numbers(text)


def numbers(text: str) -> str:
    """A text in which figures that stand before a unit, or at its end, have the signs of the reader's language."""
    point, group = get_format("DECIMAL_SEPARATOR"), get_format("THOUSAND_SEPARATOR")
    swapped = str.maketrans({".": point, ",": group})
    return _FIGURE.sub(lambda found: found[0].translate(swapped), text)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Messages with what finds them, those with most words of their own first."""
    every = sorted(SAID, key=lambda message: -len(re.sub(r"%\(\w+\)s", "", message)))
    return tuple(
        (message, re.compile(_PLACE.sub(lambda place: f"(?P<{place[1]}>{_HOW.get(place[1], '.+?')})", re.escape(message))))
        for message in every
    )


_KEPT = frozenset({"id", "key", "anchor", "trace", "mark", "kind", "sign", "value", "verdict", "grade", "title", "year"})
"""Parts of an answer that are no words of a page."""


def _each(value: Any, speak: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return speak(value)
    if isinstance(value, Mapping):
        return {name: each if name in _KEPT else _each(each, speak) for name, each in value.items()}
    return [_each(each, speak) for each in value] if isinstance(value, list) else value
