"""Titles: a question in words, in the language of who reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sivuvirta.report.words import figure
from sivuvirta.web.core.phrases import numbers

AIMS = {
    "value": _("the most value for the region"),
    "co2": _("the least emissions"),
    "diversion": _("the fewest tonnes to landfill and stock"),
    "virgin": _("the least primary product bought"),
    "jobs": _("the most posts at plants"),
    "traffic": _("the fewest loaded vehicle-kilometres"),
}


def title(year: str | int, options: Mapping[str, Any]) -> str:
    """A question in words: "Best use of 2024's side streams with 10 M€ to invest"."""
    parts = [_("Best use of %(year)s's side streams") % {"year": year}]
    if options.get("objective", "value") != "value":
        parts.append(pgettext_lazy("title", "for %(aim)s") % {"aim": AIMS[options["objective"]]})
    if "budget" in options:
        parts.append(_("with %(amount)s to invest") % {"amount": numbers(figure(options["budget"], "EUR").text)})
    if "co2_limit" in options:
        parts.append(_("within %(amount)s") % {"amount": numbers(figure(options["co2_limit"], "t CO2e/a").text)})
    return " ".join(map(str, parts))
