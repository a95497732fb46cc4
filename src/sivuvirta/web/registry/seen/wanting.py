"""Wanting: tests, decisions and figures that the engine says are missing, in the language of who reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from django.utils.formats import get_format
from django.utils.translation import get_language, gettext_noop, pgettext
from django.utils.translation import gettext as _

from sivuvirta import library
from sivuvirta.web.core.phrases import Phrases
from sivuvirta.web.registry.schemas import AUTHORITY, TEST, authorities, tests

MISSING = (
    gettext_noop("a hazard classification"),
    gettext_noop("a permit to treat hazardous waste"),
    gettext_noop("a change of the plant's permit"),
    gettext_noop("the code of the stream"),
    gettext_noop("the code of what enters"),
    gettext_noop("a decision that confirms the status"),
    gettext_noop("a reading of the rule in the law"),
    gettext_noop("a shipment notification"),
    gettext_noop("an environmental permit"),
    gettext_noop("a confirmation that the ruling covers this producer"),
    gettext_noop("a reading of the conditions of the legal path in the law"),
    gettext_noop("an environmental permit or a by-product decision"),
    gettext_noop("the receiver's word"),
    gettext_noop("a trial with plant and receiver"),
    gettext_noop("a trial in the plant"),
    gettext_noop("a measurement of moisture"),
    gettext_noop("a measurement of temperature"),
    gettext_noop("a sieving"),
    gettext_noop("a design for that temperature"),
    gettext_noop("a heat pump"),
    gettext_noop("an L/S 10 leaching test"),
    gettext_noop("a laboratory analysis of total content"),
    gettext_noop("an L/S 10 leaching test of what %(plant)s makes"),
    gettext_noop("a laboratory analysis of total content of what %(plant)s makes"),
    gettext_noop("a test of %(component)s"),
    gettext_noop("a test of %(component)s of what %(plant)s makes"),
    gettext_noop("a reading of limit %(limit)s in %(law)s"),
)
"""What is missing of a check."""

_KINDS = {
    "permit": gettext_noop("permit"),
    "notification": gettext_noop("notification"),
    "shipment": gettext_noop("shipment permit"),
    "duty under REACH": gettext_noop("duty under REACH"),
    "by-product status": gettext_noop("by-product status"),
    "end of waste": gettext_noop("end-of-waste status"),
    "product status": gettext_noop("product status"),
    "animal by product": gettext_noop("approval as an animal by-product"),
    "construction product": gettext_noop("approval as a construction product"),
    "fertiliser product": gettext_noop("approval as a fertiliser product"),
}
_TIMES = (
    gettext_noop("a time that is not known"),
    gettext_noop("no time"),
    gettext_noop("1 month"),
    gettext_noop("%(months)s months"),
    gettext_noop("%(low)s to %(high)s months"),
)
_NUMBER = r"[\d.]+"
_STEP = re.compile(rf"(?:(.+?) \((.+?)\), (a time that is not known|no time|{_NUMBER}(?: to {_NUMBER})? months?))(?:; |$)")


def wanting(text: str) -> str:
    """What is missing, as people read it in the middle of a sentence; what is not known of it stays as it is.

    >>> wanting("a hazard classification"), wanting("permit (the board), 1.5 to 6 months")
    ('a hazard classification', 'permit (the board), 1.5 to 6 months')
    """
    if _language() == "en":
        return text
    steps = list(_STEP.finditer(text))
    if steps and "".join(step[0] for step in steps) == text:
        return "; ".join(_step(*step.groups()) for step in steps)
    found = _PHRASES.told(text)
    return text if found is None else found


def asked(name: str) -> str:
    """A test or decision by its name, as it stands at the beginning of a line."""
    if _language() == "en":
        return name
    if name in tests():
        return pgettext(TEST, name)
    start = name[:1].lower() + name[1:]
    if start.endswith(", leached"):
        found = _("%(component)s, leached") % {"component": component(start.removesuffix(", leached"))}
    else:
        found = wanting(start)
        found = component(start) if found == start else found
    return found[:1].upper() + found[1:] if found != start else name


def component(name: str) -> str:
    """A component or property of the library, which is told by its English name, in the language of who reads."""
    return _names("components").get((name.lower(), _language()), name)


def material(name: str) -> str:
    """A material of the library in the language of who reads, as `component`."""
    found = _names("materials").get((name.lower(), _language()))
    return name if found is None or not name[:1].isupper() else found


def _language() -> str:
    return (get_language() or "en")[:2]


@cache
def _names(of: str) -> Mapping[tuple[str, str], str]:
    table = library.tables()[of]
    found: dict[tuple[str, str], str] = {}
    for language in ("fi", "sv", "es"):
        for english, name in zip(table["name_en"], table[f"name_{language}"], strict=True):
            if english and name:
                found.setdefault((str(english).lower(), language), str(name))
    return found


def _step(kind: str, who: str, time: str) -> str:
    known = kind[:1].lower() + kind[1:]
    said = _(_KINDS[known]) if known in _KINDS else kind
    by = pgettext(AUTHORITY, who) if who in authorities() else who
    return f"{said} ({by}), {_LEADS.told(time) or time}"


def _figure(text: str) -> str:
    return text.replace(".", get_format("DECIMAL_SEPARATOR"))


_LEADS = Phrases(_TIMES, dict.fromkeys(("months", "low", "high"), _NUMBER), dict.fromkeys(("months", "low", "high"), _figure))
_PHRASES = Phrases(MISSING, {"limit": r"\S+", "component": r"[^“”,]+?", "plant": r"“[^”]+”|\w[\w ]*"}, {"component": component})
