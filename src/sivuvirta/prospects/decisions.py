"""Decisions: what routes wait for that no limit asks for: law, hazard, and whether the material is dry, fine, warm enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from types import MappingProxyType

import numpy as np

from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.matches import Cause, Matches, Passed, Sample
from sivuvirta.domain.prospects import LabTest, Question
from sivuvirta.match.explainer import Explainer, explainer
from sivuvirta.match.laboratory import own_test
from sivuvirta.match.legal import Ground
from sivuvirta.match.legal_words import STATUS_KINDS, brief, legal_path
from sivuvirta.match.other_texts import law_check
from sivuvirta.prospects.parts import Part, sample_name

_OF_USE = (Ground.NO_RULE, Ground.OUT_OF_SCOPE, Ground.CONDITIONS)
"""Grounds on which one decision holds for a use class; others are about one receiver."""

_MEASURED = {Cause.MOISTURE: "moisture", Cause.GRAIN: "grain", Cause.TEMPERATURE: "temperature"}
"""Properties of a stream that its register row says, by the check that asks for them."""

Key = tuple[str, ...]


def decisions(matches: Matches, catalogue: Sequence[LabTest]) -> list[Part]:
    """Open questions of law and hazard as decisions, of moisture, grain and temperature as tests.

    A decision on law is one for each sample and use class in a jurisdiction; where the legal path is no question of status (a permit of
    the receiver, a notification, a shipment), and for an exclusion, a border or a plant's permit, it is one for each receiver. What a plant
    makes is decided on whatever stream it is made of.

    Args:
        matches: the routes.
        catalogue: tests that a laboratory sells.
    """
    known = explainer(matches)

    def legal(known: Explainer, key: Key, route: int) -> Question:
        return _legal(known, key, route, brief(legal_path(matches, route)))

    parts = _asked(known, Cause.LEGAL, lambda route: _law_key(known, route), legal)
    parts += _asked(known, Cause.HAZARD, lambda route: ("hazard", _stream(known, route)), _hazard)
    for cause, component in _MEASURED.items():
        test = next((one for one in catalogue if component in one.components and one.kind != "leaching"), None)
        sold = test or own_test(component, component.capitalize(), component)

        def make(known: Explainer, key: Key, route: int, sold: LabTest = sold, component: str = component) -> Question:
            return _measure(known, key, sold, component)

        parts += _asked(known, cause, lambda route, component=component: (component, _stream(known, route)), make)  # type: ignore[misc]
    return parts


def _asked(known: Explainer, cause: Cause, key_of: Callable[[int], Key], make: Callable[[Explainer, Key, int], Question]) -> list[Part]:
    """One part for each key among the routes whose check of a cause is open."""
    open_ = (known.judged.opinions[cause].verdict == Verdict.UNKNOWN) & (known.judged.verdict < Verdict.FAIL)
    by_key: dict[Key, list[int]] = defaultdict(list)
    for route in np.flatnonzero(open_).tolist():
        by_key[key_of(route)].append(route)
    parts = []
    for key, routes in by_key.items():
        question = make(known, key, routes[0])
        answered = Passed(answered=MappingProxyType({cause: frozenset(routes)}))
        parts.append(Part(question.answered(answered), np.array(routes, dtype=np.int64), np.zeros(0, dtype=np.int64)))
    return parts


def _law_key(known: Explainer, route: int) -> Key:
    needs, need = known.grounds.needs, int(known.ways.need[route])
    ground = Ground(int(known.law.ground[route]))
    sample = _sample(known, route, whole=ground != Ground.PERMIT)
    use = (str(needs.use_class[need] or ""), str(needs.jurisdiction[need] or ""))
    path = int(known.law.path[route])
    status = path < 0 or known.links.region.table("legal_paths")["kind"][path] in STATUS_KINDS
    receiver = "" if ground in _OF_USE and use[0] and status else str(known.links.nodes.id[need])
    return (ground.name.lower(), *sample, *use, receiver)


def _sample(known: Explainer, route: int, *, whole: bool) -> Sample:
    """What reaches the need; what a plant makes as a whole, or of this stream."""
    output = int(known.ways.output[route])
    if output < 0:
        return Sample(_stream(known, route))
    works, nodes = known.links.works, known.links.nodes
    plant = str(nodes.id[works.node[works.outputs.plant[output]]])
    return Sample("" if whole else _stream(known, route), plant, str(works.outputs.name[output]))


def _stream(known: Explainer, route: int) -> str:
    return str(known.links.nodes.id[known.ways.stream[route]])


def _legal(known: Explainer, key: Key, route: int, wanting: str) -> Question:
    sample, (use, jurisdiction, receiver) = Sample(*key[1:4]), key[4:7]
    missing = wanting or law_check(known.subject(route), known.legal(route)).missing
    nodes = known.links.nodes
    where = f"to {nodes.name[known.ways.need[route]]}" if receiver else f"for use as {use} ({jurisdiction})"
    return Question(
        kind="decision",
        key=":".join(part for part in ("law", *key) if part),
        name=f"{missing[:1].upper()}{missing[1:]}",
        sample=sample,
        of=f"{sample_name(known, sample)}, {where}",
        test=None,
        settles=("law",),
        passed=Passed(),
    )


def _hazard(known: Explainer, key: Key, route: int) -> Question:
    sample = Sample(key[1])
    return Question(
        kind="decision",
        key=":".join(key),
        name="A hazard classification",
        sample=sample,
        of=sample_name(known, sample),
        test=None,
        settles=("hazard",),
        passed=Passed(),
    )


def _measure(known: Explainer, key: Key, sold: LabTest, component: str) -> Question:
    sample = Sample(key[1])
    return Question(
        kind="test",
        key=":".join((sold.test, *key)),
        name=sold.name,
        sample=sample,
        of=sample_name(known, sample),
        test=sold,
        settles=(component,),
        passed=Passed(),
    )
