"""Words: reasons in sentences of our own, made of the parts that may be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from sivuvirta.web.registry.seen.bands import Band
from sivuvirta.web.registry.seen.showing import between, rounded

_SAID = {
    ("law", "pass"): gettext_noop("The law lets it be used so."),
    ("law", "likely"): gettext_noop("The law probably lets it be used so; the status rests on an assumption, or a rule that was not read."),
    ("law", "unknown"): gettext_noop(
        "Whether the law lets it be used so is open: its status in law, or a decision of an authority, is missing."
    ),
    ("law", "fail"): gettext_noop("The law does not let it be used so."),
    ("hazard", "pass"): gettext_noop("It is not hazardous, or may go there all the same."),
    ("hazard", "likely"): gettext_noop("It is probably not hazardous; that rests on an assumption."),
    ("hazard", "unknown"): gettext_noop("Whether it is hazardous is not told; a classification is missing."),
    ("hazard", "fail"): gettext_noop("It is hazardous, and may not go there."),
    ("class", "pass"): gettext_noop("The receiver takes such material."),
    ("class", "likely"): gettext_noop("That the receiver takes such material is an assumption."),
    ("moisture", "fail"): gettext_noop("It is too wet."),
    ("moisture", "unknown"): gettext_noop("Its moisture is not told."),
    ("grain", "fail"): gettext_noop("It is too coarse."),
    ("grain", "unknown"): gettext_noop("Its grain size is not told."),
    ("temperature", "fail"): gettext_noop("It is not warm enough."),
    ("temperature", "unknown"): gettext_noop("Its temperature is not told."),
    ("season", "likely"): gettext_noop("It does not arise when it is used, so it must be stored."),
}
_OTHER = {
    "pass": gettext_noop("Nothing speaks against it."),
    "likely": gettext_noop("It is likely, on what is known."),
    "unknown": gettext_noop("Something is not known."),
    "fail": gettext_noop("It cannot be used so."),
    "blend": gettext_noop("It can be used in a blend."),
}


def reason(part: Mapping[str, Any]) -> str:
    """One check in a sentence."""
    if part["subject"] != "limit":
        return str(_(_SAID.get((part["subject"], part["verdict"]), _OTHER[part["verdict"]])))
    told = {"component": part["component"], "limit": _amount(part["bound"], part["unit"]), "regulation": part["regulation"]}
    return f"{_figure(part) % told} {_meant(part)}".strip()


def _figure(part: Mapping[str, Any]) -> str:
    least = part["minimum"]
    if part["band"] is not None:
        low, high = part["band"]
        said = _("%(component)s: hidden, in the band %(band)s; at least %(limit)s is asked (%(regulation)s).")
        most = _("%(component)s: hidden, in the band %(band)s; at most %(limit)s is allowed (%(regulation)s).")
        found = between(Band(low or 0.0, float("inf") if high is None else high))
        return (said if least else most).replace("%(band)s", f"{found} {part['unit']}".strip().replace("%", "%%"))
    if part["value"] is None:
        return (
            _("%(component)s: not known; at least %(limit)s is asked (%(regulation)s).")
            if least
            else _("%(component)s: not known; at most %(limit)s is allowed (%(regulation)s).")
        )
    said = _("%(component)s: %(value)s; at least %(limit)s is asked (%(regulation)s).")
    most = _("%(component)s: %(value)s; at most %(limit)s is allowed (%(regulation)s).")
    return (said if least else most).replace("%(value)s", _amount(part["value"], part["unit"]).replace("%", "%%"))


def _meant(part: Mapping[str, Any]) -> str:
    """What follows from it."""
    if part["verdict"] == "fail":
        if part.get("over"):
            low, high = part["over"]
            times = f"{low:g}" if high is None else f"{low:g}–{high:g}"
            said = _("Exceeded: %(times)s times the limit.") % {"times": times}
        else:
            said = _("Not met.")
        return f"{said} {_('A blend may be used to meet it.')}" if part.get("blending") else str(said)
    if part["verdict"] == "unknown" and part["band"] is not None:
        return _("The limit lies within the band, so the answer needs the figure: ask for disclosure.")
    return {"pass": _("Met."), "likely": _("Probably met."), "blend": _("Met in a blend."), "unknown": _("Needs a test.")}[part["verdict"]]


def _amount(value: float | None, unit: str) -> str:
    text = "?" if value is None else rounded(value)
    return text if unit in ("", "1", "-", "pH") else f"{text} {unit}"


def netback(ends: list[float | None] | None) -> str:
    """What reaches the gate, as a band in EUR a unit."""
    if ends is None:
        return ""
    low, high = ends
    if high is None:
        return ""
    if low is None:
        return _("at most %(high)s €/t") % {"high": rounded(high)}
    return _("%(low)s to %(high)s €/t") % {"low": rounded(low), "high": rounded(high)}
