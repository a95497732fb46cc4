"""Phrases: sentences that the engine says in its one language, found again by their messages and told in the language of who reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from attrs import frozen
from django.utils.formats import get_format
from django.utils.translation import gettext as _

_PLACE = re.compile(r"%\\\((\w+)\\\)s")
_FIGURE = re.compile(r"(?<![\w.,/])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)(?=(?: to [−+]?[\d.,]+)?\u202f|$)")


@frozen(eq=False, slots=False)
class Phrases:
    """Messages with places, and what stands in each place."""

    messages: Iterable[str]
    how: Mapping[str, str]  # a pattern of what may stand in a place; anything where none is given
    inside: Mapping[str, Callable[[str], str]]  # how what stands in a place is told; as it is where nothing is given

    def told(self, text: str) -> str | None:
        """A sentence in the language of who reads; None where it is none of the messages."""
        if text in self._whole:
            return _(self._whole[text]) % {}
        for message, pattern in self._patterns:
            if match := pattern.fullmatch(text):
                return _(message) % {name: self.inside.get(name, str)(value) for name, value in match.groupdict().items()}
        return None

    @cached_property
    def _whole(self) -> Mapping[str, str]:
        """Messages without places, by what is said."""
        return {message.replace("%%", "%"): message for message in self.messages if "%(" not in message}

    @cached_property
    def _patterns(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """Messages with places, with what finds them, those with most words of their own first."""
        every = sorted(
            {message for message in self.messages if "%(" in message},
            key=lambda message: (-len(re.sub(r"%\(\w+\)s", "", message)), message),
        )
        return tuple((message, re.compile(_PLACE.sub(self._group, re.escape(message.replace("%%", "%"))), re.DOTALL)) for message in every)

    def _group(self, place: re.Match[str]) -> str:
        return f"(?P<{place[1]}>{self.how.get(place[1], '.+?')})"


def numbers(text: str) -> str:
    """A text in which figures that stand before a unit, or at its end, have the signs of the reader's language."""
    point, group = get_format("DECIMAL_SEPARATOR"), get_format("THOUSAND_SEPARATOR")
    swapped = str.maketrans({".": point, ",": group})
    return _FIGURE.sub(lambda found: found[0].translate(swapped), text)
