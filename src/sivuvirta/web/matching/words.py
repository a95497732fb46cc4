"""Words: reasons in sentences of our own, made of the parts that may be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from sivuvirta.web.registry.seen.bands import Band
from sivuvirta.web.registry.seen.showing import between, rounded
from sivuvirta.web.registry.seen.wanting import component

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
    told = {"component": component(part["component"]), "limit": _amount(part["bound"], part["unit"]), "regulation": part["regulation"]}
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
        blend = _("A blend may be used to meet it.")
        return f"{said} {blend}" if part.get("blending") else str(said)
    if part["verdict"] == "unknown" and part["band"] is not None:
        return _("The limit lies within the band, so the answer needs the figure: ask for disclosure.")
    return {"pass": _("Met."), "likely": _("Probably met."), "blend": _("Met in a blend."), "unknown": _("Needs a test.")}[part["verdict"]]


def _amount(value: float | None, unit: str) -> str:
    text = "?" if value is None else rounded(value)
    return text if unit in ("", "1", "-", "pH") else f"{text} {unit}"


def netback(ends: list[float | None] | None, unit: str = "t") -> str:
    """What reaches the gate, from low to high, as a person says it: what somebody pays there is told as a cost, never as a negative worth.

    Args:
        ends: EUR a unit, as a band; a low end of None is not known, and then the high one bounds it.
        unit: what it is for.
    """
    low, high = (None, None) if ends is None else ends
    if high is None:
        return ""
    told = {"low": "" if low is None else rounded(abs(low)), "high": rounded(abs(high)), "unit": f"€/{unit}"}
    return str(_worth(low, high) % told)


def _worth(low: float | None, high: float) -> str:
    if low is None:
        if high < 0:
            return _("costs at least %(high)s %(unit)s at the gate")
        return _("worth at most %(high)s %(unit)s at the gate") if high > 0 else _("brings nothing at the gate, and may cost")
    if low == high:
        return _("worth %(high)s %(unit)s at the gate") if high >= 0 else _("costs %(high)s %(unit)s at the gate")
    if low >= 0:
        return _("worth %(low)s to %(high)s %(unit)s at the gate")
    if high <= 0:
        return _("costs %(high)s to %(low)s %(unit)s at the gate")
    return _("from a cost of %(low)s to a worth of %(high)s %(unit)s at the gate")


def drawn(every: list[list[float | None] | None]) -> list[tuple[float, float, float, bool] | None]:
    """Ranges of worth on one scale, each as start, width and place of zero in percent, and whether its low end is open."""
    ends = [end for each in every if each is not None and each[1] is not None for end in each if end is not None]
    left, right = min([0.0, *ends]), max([0.0, *ends])
    scale = 100.0 / ((right - left) or 1.0)
    found: list[tuple[float, float, float, bool] | None] = []
    for each in every:
        if each is None or each[1] is None:
            found.append(None)
            continue
        low = left if each[0] is None else each[0]
        start, width = scale * (low - left), scale * (each[1] - low)
        found.append((round(start, 1), round(max(width, 1.0), 1), round(-scale * left, 1), each[0] is None))
    return found
