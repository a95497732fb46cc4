"""Speaking: what a stored answer says, in the language of who reads, with figures in their own format.

An answer is kept in the engine's one language, as the report says it. What is told here word for word is translated, and figures get the
reader's decimal sign; a sentence that is not known stays as it is, for names of streams and plants are the register's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import shorten
from typing import Any

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from sivuvirta.report.drawing.flows import FATES
from sivuvirta.web.core.phrases import Phrases, numbers
from sivuvirta.web.registry.seen.wanting import material, wanting
from sivuvirta.web.studies.spoken import SAID

_SHORT = 60  # letters of what is not known, before the rest is opened
_SPAN = re.compile(r"([−+]?\d[\d.,\xa0]*) to ([−+]?\d[\d.,\xa0]*)(\u202f.*)?")
_UNIT = "\u202f[^ ]+"  # behind a narrow space
_WORDS_OF_UNITS = (
    gettext_noop("loads/day"),
    gettext_noop("load/day"),
    gettext_noop("posts"),
    gettext_noop("post"),
    gettext_noop("post-years"),
    gettext_noop("post-year"),
    gettext_noop("million m³"),
    gettext_noop("million tkm"),
    gettext_noop("thousand tkm"),
)
_NAMED_UNIT = "|".join(sorted(_WORDS_OF_UNITS, key=len, reverse=True))
_UNIT_WORDS = re.compile(rf"(?<=\u202f)(?:{_NAMED_UNIT})(?![\w/-])|^(?:{_NAMED_UNIT})$")
_WAY = re.compile(rf"({_UNIT}) to ")
_NEXT = re.compile(rf"(?:, | and )(?=[\d.,\xa0]+{_UNIT} )")
_MANY = re.compile(r"(.+) and (\d+) more")
_BETWEEN = re.compile(" and |, ")
_FATES = "|".join(sorted(map(re.escape, FATES.values()), key=len, reverse=True))
_TO_FATE = re.compile(rf"→ ({_FATES})(: | )")


def spoken(told: Mapping[str, Any]) -> dict[str, Any]:
    """A stored answer as its page tells it."""
    if _english():
        return dict(told)
    kept: dict[str, str] = {}

    def speak(text: str) -> str:
        if text not in kept:
            kept[text] = said(text)
        return kept[text]

    found: dict[str, Any] = _each(told, speak)
    for sheet, before in zip(found.get("sheets", ()), told.get("sheets", ()), strict=True):
        for at in (at for at, head in enumerate(before["heads"]) if head[0] == "Material"):
            for row, was in zip(sheet["rows"], before["rows"], strict=True):
                row[at]["text"] = material(was[at]["text"])
    for each in found.get("headlines", ()):
        if each.get("unknown"):
            each["unknown_short"] = shorten(each["unknown"], _SHORT, placeholder=" …")
    for each in (move for move in found.get("moves", ()) if "missing" in move):
        each["missing"] = missed(str(each["missing"]))
    return found


def drawing(place: Path) -> bytes:
    """What map and Sankey draw, as they tell it: words of flows and nodes, no key and no place.

    Args:
        place: the file that a worker wrote.
    """
    content = place.read_bytes()
    if _english():
        return content
    told = json.loads(content)
    kept: dict[str, str] = {}  # the same words stand in many drawings

    def speak(text: str) -> str:
        if text not in kept:
            kept[text] = flow_told(text)
        return kept[text]

    found = _worded(told, speak) | {"words": {key: _(text) for key, text in WORDS.items()}}
    return json.dumps(found, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def said(text: str) -> str:
    """A sentence, a label or a figure as it is told in the language of the page.

    >>> said("No new plant pays.")
    'No new plant pays.'
    """
    found = _PHRASES.told(text)
    if found is not None:
        return found
    if _english():
        return numbers(text)
    if span := _SPAN.fullmatch(_figures(text)):
        if span[2].startswith("−"):  # a dash between would read as one more minus
            return f"{span[1]} … {span[2]}{span[3] or ''}"
        return _("%(low)s to %(high)s") % {"low": span[1], "high": span[2]} + (span[3] or "")
    return _NEXT.sub("; ", _WAY.sub(r"\1 → ", _figures(text)))


def missed(text: str) -> str:
    """What a move waits for, thing by thing; what is not known of it stays as it is."""
    if _english():
        return text
    if many := _MANY.fullmatch(text):
        return _("%(names)s and %(many)s more") % {"names": missed(many[1]), "many": many[2]}
    for at in _BETWEEN.finditer(text):
        parts = text[: at.start()], text[at.end() :]
        told = [missed(part) for part in parts]
        if all(one != part for one, part in zip(told, parts, strict=True)):
            return ", ".join(told)
    return wanting(text)


def flow_told(text: str) -> str:
    """A flow or a node of a drawing: "A → Sold: liming: 12 kt/a, from B 3 t/a"."""
    found = _PHRASES.told(text)
    if found is not None:
        return found
    text = _TO_FATE.sub(lambda to: f"→ {_(to[1])}: " + ("" if to[2] == ": " else f"{to[1]} "), numbers(text))
    start, middle, made = text.partition(", from ")
    if text.startswith("from "):
        return _("made of %(streams)s") % {"streams": _NEXT.sub(", ", text.removeprefix("from ")).replace(" and ", ", ")}
    return f"{start}, {_('made of %(streams)s') % {'streams': made.replace(' and ', ', ')}}" if middle else text


def _area(text: str) -> str:
    return (_PHRASES.told(text) or text) if text.startswith("Area: ") else text


def _figures(text: str) -> str:
    """Figures with the signs of the reader's language, and their units where these are words."""
    return _UNIT_WORDS.sub(lambda unit: _(unit[0]), numbers(text))


def _high(text: str) -> str:
    return text[:1].upper() + text[1:]


def _low(text: str) -> str:
    return text[:1].lower() + text[1:]


def _english() -> bool:
    return (get_language() or "en")[:2] == "en"


_KEPT = frozenset(
    {"id", "key", "anchor", "trace", "mark", "kind", "sign", "value", "verdict", "grade", "title", "year", "network", "missing"}
)
"""Parts of an answer that are no words of a page."""

WORDS = {
    "new": "new",
    "potential": "potential",
    "proven": "proven",
    "more": gettext_noop("and %(many)s more in the tables below"),
    "nearer": gettext_noop("Zoom in"),
    "farther": gettext_noop("Zoom out"),
    "sankey": gettext_noop("Sankey diagram, %(nodes)s nodes and %(flows)s flows; the same figures are in the tables below"),
}
"""Words of a drawing that its scripts say, which they take from the key "words"."""

_WORDED = frozenset({"label", "text", "flows", "made", "undrawn"})
"""Parts of a drawing that are."""

_PLACES = frozenset({"names", "short"})
"""Parts of a drawing that name sites, which stay, and areas, which are called so."""


def _each(value: Any, speak: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return speak(value)
    if isinstance(value, Mapping):
        return {name: each if name in _KEPT else _each(each, speak) for name, each in value.items()}
    return [_each(each, speak) for each in value] if isinstance(value, list) else value


def _worded(value: Any, speak: Callable[[str], str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _part(name, each, speak) for name, each in value.items()}
    return [_worded(each, speak) for each in value] if isinstance(value, list) else value


def _part(name: str, value: Any, speak: Callable[[str], str]) -> Any:
    """A part of a drawing by its name."""
    if name == "base":  # the map below, whose names are of places
        return value
    if name in _WORDED:
        return _each(value, speak)
    return _each(value, _area) if name in _PLACES else _worded(value, speak)


_FIGURES = ("amount", "more", "today", "sure", "part", "whole", "dry")
_INSIDE: Mapping[str, Callable[[str], str]] = {
    **dict.fromkeys(("what", "plants", "later", "names"), said),  # places in which another of these may stand
    **dict.fromkeys(_FIGURES, _figures),
    "family": lambda text: _low(said(_high(text))),
}
_PHRASES = Phrases(SAID, {"many": r"\d+", "count": r"\d+"}, _INSIDE)
