"""Parts: a question with the routes that wait for it, and samples in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from attrs import evolve, frozen

from sivuvirta.domain.matches import Sample
from sivuvirta.domain.prospects import Question
from sivuvirta.match.explainer import Explainer
from sivuvirta.plan.program.candidates import Index


@frozen(eq=False)
class Part:
    """One question with the routes that wait for it."""

    question: Question
    unknown: Index
    likely: Index


def sample_name(known: Explainer, sample: Sample) -> str:
    """A sample in words."""
    nodes = known.links.nodes
    names: Mapping[str, str] = {str(key): str(name) for key, name in zip(nodes.id, nodes.name, strict=True)}
    if not sample.plant:
        return names[sample.stream]
    made = f"{sample.output} of {names[sample.plant]}"
    return f"{made} from {names[sample.stream]}" if sample.stream else made


def merged(parts: Iterable[Part]) -> list[Part]:
    """Parts with those joined that one test of one sample answers; a test is ordered once."""
    found: dict[object, Part] = {}
    for part in parts:
        question = part.question
        key = question.key if question.test is None else (question.test.test, question.sample)
        known = found.get(key)
        if known is None:
            found[key] = part
            continue
        joined = evolve(
            known.question,
            settles=tuple(dict.fromkeys((*known.question.settles, *question.settles))),
            passed=known.question.passed | question.passed,
        )
        found[key] = Part(joined, np.union1d(known.unknown, part.unknown), np.union1d(known.likely, part.likely))
    return list(found.values())
