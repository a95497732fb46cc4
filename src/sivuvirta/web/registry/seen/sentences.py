"""Sentences: what the engine's checks say of a cell, in the language of who reads.

The engine keeps one language, so each sentence that it says often stands here as a message with places; what stands in the places is what
the person wrote, and stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from sivuvirta.web.core.phrases import Phrases
from sivuvirta.web.registry.schemas import schema, worded

SENTENCES = (
    gettext_noop("'%(value)s' is no number."),
    gettext_noop("'%(value)s' is more than a number."),
    gettext_noop("'%(value)s' is a range."),
    gettext_noop("'%(value)s' is an open end."),
    gettext_noop("'%(value)s' can be read as %(number)s or as %(other)s."),
    gettext_noop("%(value)s is no whole number."),
    gettext_noop("%(value)s is no year."),
    gettext_noop("%(value)s is a date."),
    gettext_noop("'%(value)s' is no date."),
    gettext_noop("'%(value)s' is no date of the calendar."),
    gettext_noop("'%(value)s' is read in two ways: the day first, or the month."),
    gettext_noop("'%(value)s' is neither yes nor no."),
    gettext_noop("The cell is empty."),
    gettext_noop("This field is empty."),
    gettext_noop("The unit '%(unit)s' is named, but this field has none."),
    gettext_noop("This column is missing."),
    gettext_noop("'%(value)s' is none of the choices."),
    gettext_noop("%(value)s is below %(limit)s."),
    gettext_noop("%(value)s is above %(limit)s."),
    gettext_noop("%(value)s is not above %(limit)s."),
    gettext_noop("'%(value)s' is not in %(place)s."),
    gettext_noop("'%(value)s' is neither in %(places)s nor in %(place)s."),
    gettext_noop("'%(value)s' is not in the List of Waste."),
    gettext_noop("'%(value)s' stands already in row %(row)s."),
    gettext_noop("'%(value)s' is not a unit that is known."),
    gettext_noop("'%(value)s' is not a unit that is known. Did you mean '%(near)s'?"),
    gettext_noop("'%(unit)s' cannot be turned into '%(other)s'."),
    gettext_noop("The header names the unit '%(unit)s', but this column has none."),
    gettext_noop("The reported figure has no unit."),
    gettext_noop("The row has no figure."),
    gettext_noop("A comma was read as the decimal sign."),
    gettext_noop("'%(value)s' is no key: a key has small letters, digits, and _ . - only."),
    gettext_noop("'%(value)s' is a hazardous entry, but the stream is said not to be hazardous."),
    gettext_noop("What happens to '%(value)s' today is not known: it has no fate."),
)
"""What is wrong."""

REPAIRS = (
    gettext_noop("Write a number such as 1234.5, or leave the cell empty where it is not known."),
    gettext_noop("Leave the cell empty where the figure is not known."),
    gettext_noop("Write a number such as 1234.5, or leave the field empty where it is not known."),
    gettext_noop("Leave the field empty where the figure is not known."),
    gettext_noop("Give one figure here, and the ends in the fields of the low and the high end."),
    gettext_noop("Give one figure here, and the end in the field of the low end."),
    gettext_noop("Write %(number)s here; the unit stands beside the field's name."),
    gettext_noop("Write %(number)s here, and %(unit)s into the field 'unit'."),
    gettext_noop("Write %(number)s here, and its spread in the fields of the low and the high end."),
    gettext_noop("Write a number without a unit: the field has none."),
    gettext_noop("Write the figure in %(unit)s; the unit stands beside the field's name."),
    gettext_noop("Write yes or no, or leave the field empty where it is not known."),
    gettext_noop("Give more than that, or leave the field empty where it is not known."),
    gettext_noop("Write the figure again."),
    gettext_noop("Give one figure here, and the ends in the columns of the low and the high end."),
    gettext_noop("Give one figure here, and the end in the column of the low end."),
    gettext_noop("Write %(number)s or %(other)s."),
    gettext_noop("Write %(number)s here; a unit goes into the header, as in '%(example)s'."),
    gettext_noop("Write %(number)s here, and %(unit)s into column 'unit'."),
    gettext_noop("Write %(number)s; how sure it is goes into grade, low and high."),
    gettext_noop("Write %(number)s here, and its spread in the columns of the low and the high end."),
    gettext_noop("Write a number without a unit: the column has none."),
    gettext_noop("Write the figure in %(unit)s; a unit goes into the header."),
    gettext_noop("Write the unit of the source, for example '%(unit)s'."),
    gettext_noop("Write the unit alone, for example 't/a'; what it is of goes into the note."),
    gettext_noop("Write a whole number."),
    gettext_noop("Write the year with four digits, such as 2024."),
    gettext_noop("Write a day as 2024-05-13, a month as 2024-05, a year as 2024."),
    gettext_noop("Write yes or no, or leave the cell empty where it is not known."),
    gettext_noop("Write one of: %(choices)s."),
    gettext_noop("Write a code of six digits in pairs, for example 10 02 01."),
    gettext_noop("Write '%(value)s'."),
    gettext_noop("Write a point to be sure."),
    gettext_noop("Format the cell as a number and write the figure again."),
    gettext_noop("Fill it in (%(words)s)."),
    gettext_noop("Did you mean %(near)s?"),
    gettext_noop("Give the figure in %(unit)s."),
    gettext_noop("Give %(limit)s or more."),
    gettext_noop("Give %(limit)s or less."),
    gettext_noop("Give more than that."),
    gettext_noop("Give more than that, or leave the cell empty where it is not known."),
    gettext_noop("Give the amount as a positive number."),
    gettext_noop("Give 'value', or 'reported_value' with its unit and basis; delete the row where it is not known."),
    gettext_noop("Give it a key of its own, or delete one."),
    gettext_noop("Add it to '%(table)s', or correct it."),
    gettext_noop("Add it to one of them, or correct it."),
    gettext_noop("Add its outlet to 'fates'; benefits are counted against it."),
    gettext_noop("Correct one of the two."),
)
"""What to do about it."""

_HOW = {"number": r"\S+(?: \S+)*?", "limit": r"[-+\d.e]+(?: \S+)?", "row": r"\d+", "table": r"\w+"}
_BETWEEN = re.compile("' or '|', '")
_SHEET = re.compile(r"(?:sheet|frame) '(\w+)'|the library")


def sentence(text: str) -> str:
    """A sentence of the engine as people read it; one that is not known stays as it is.

    >>> sentence("'12 ca.' is no number."), sentence("Hello.")
    ("'12 ca.' is no number.", 'Hello.')
    """
    found = _PHRASES.told(text)
    return text if found is None else found


def _places(text: str) -> str:
    return _SHEET.sub(lambda found: _title(found[1]) if found[1] else _("the library"), text)


def _title(table: str) -> str:
    return str(schema()[table].title) if table in schema() else table


def _choices(text: str) -> str:
    return ", ".join(choice if (word := worded(choice)) == choice else f"{choice} ({word})" for choice in text.split(", "))


def _words(text: str) -> str:
    """What a column is, in the middle of a sentence."""
    whole = _(text[:1].upper() + text[1:])
    return whole[:1].lower() + whole[1:]


def _either(text: str) -> str:
    """Names between quote marks, "'a', 'b' or 'c'", where the outermost marks may be the sentence's own."""
    *names, last = [_("'%(value)s'") % {"value": name} for name in _BETWEEN.split(text.strip("'"))]
    told = f"{', '.join(names)} {_('or')} {last}" if names else last
    return told if text.startswith("'") else told[1:-1]


_INSIDE: dict[str, Callable[[str], str]] = {
    "place": _places,
    "places": _places,
    "table": _title,
    "choices": _choices,
    "near": _either,
    "words": _words,
}

_PHRASES = Phrases((*SENTENCES, *REPAIRS), _HOW, _INSIDE)
