"""Processes that may treat a stream: those that its uses name, and those whose recipe takes its class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import numpy as np

from sivuvirta.library import catalogue, tables
from sivuvirta.suggest.ranking import Ranking

_FLOOR = 0.5  # a class less near than this names no process
_BESIDE = 0.9  # classes so near beside the nearest may be meant too
_BY_RECIPE = 0.9  # what a recipe that takes the class counts beside a use that names the process
_BROADER = 0.8  # the same where the recipe takes only a part of what the class covers


def processes(ranked: Ranking) -> Mapping[str, tuple[float, str]]:
    """Score and reason of each process, none above the class or the use that it rests on.

    A recipe tells by the nearest classes, which it takes by name, by a broader class or by a narrower one; a use tells by its
    own class, which must be of that family and of a carrier that the process takes.
    """
    found: dict[str, tuple[float, str]] = {}
    for row, score in _nearest(ranked):
        material = str(tables()["materials"]["material"][row])
        for key, value, why in (*_by_use(ranked, material, score), *_by_recipe(material, score)):
            if value > found.get(key, (_FLOOR, ""))[0]:
                found[key] = (value, why)
    return found


def _nearest(ranked: Ranking) -> list[tuple[int, float]]:
    """The classes that are likely meant, with their scores."""
    best = float(ranked.classes.max(initial=0.0))
    return [(int(row), float(ranked.classes[row])) for row in np.flatnonzero(ranked.classes >= max(_FLOOR, _BESIDE * best))]


def _by_use(ranked: Ranking, material: str, score: float) -> Iterator[tuple[str, float, str]]:
    uses, carrier = catalogue()["uses"], _carrier(material)
    for row in np.flatnonzero(ranked.uses > _FLOOR):
        technology = uses["technology"][row]
        if technology and akin(material, uses["material"][row]) and carrier in {_carrier(each) for each in _taken().get(technology, ())}:
            yield technology, min(score, float(ranked.uses[row])), f"treats {uses['stream'][row]} for {uses['text'][row]}"


def _by_recipe(material: str, score: float) -> Iterator[tuple[str, float, str]]:
    for technology, inputs in _taken().items():
        for taken in inputs:
            if akin(material, taken):
                share = _BY_RECIPE if _within(material, taken) else _BROADER
                yield technology, share * score, f"takes {taken} by its recipe"


def akin(one: str, other: str) -> bool:
    """Whether two classes are the same, or one is below the other.

    >>> akin("ash.fly.wood", "ash.fly"), akin("ash.fly", "ash.fly.wood"), akin("ash.fly.wood", "ash.fly.coal")
    (True, True, False)
    """
    return _within(one, other) or _within(other, one)


def _within(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}.")


@cache
def _taken() -> Mapping[str, tuple[str, ...]]:
    """Classes that each process takes."""
    inputs = tables()["recipe_inputs"]
    found: dict[str, tuple[str, ...]] = {}
    for technology, material in zip(inputs["technology"], inputs["material"], strict=True):
        if material:
            found[technology] = (*found.get(technology, ()), material)
    return found


def _carrier(material: str) -> str:
    known = tables()["materials"]
    return str(known["carrier"][known.index[material]])
