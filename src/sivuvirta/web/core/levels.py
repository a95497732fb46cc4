"""Levels: who may see a row or a cell, in the words of the engine's table `visibility`."""

from __future__ import annotations

from enum import IntEnum

from django.utils.translation import gettext_lazy as _


class Level(IntEnum):
    """The circle of people that sees something; a higher number is a wider circle."""

    PRIVATE = 0
    FACILITATORS = 1
    MEMBERS = 2
    PUBLIC = 3

    @property
    def word(self) -> str:
        """The engine's word, for example "private"."""
        return self.name.lower()


def level(word: str) -> Level:
    """The level of an engine's word.

    Raises:
        KeyError: it is no level.
    """
    return Level[word.upper()]


CHOICES = (
    (int(Level.PRIVATE), _("our organisation")),
    (int(Level.FACILITATORS), _("facilitators and authorities")),
    (int(Level.MEMBERS), _("members")),
    (int(Level.PUBLIC), _("everybody")),
)
"""Levels as people choose them."""
