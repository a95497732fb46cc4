"""Questions: what each open route waits for, as tests of samples and decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Ints
from sivuvirta.domain.matches import Cause, Figure, Matches, Passed, Sample
from sivuvirta.domain.prospects import LabTest, Question
from sivuvirta.links.codes import Mask
from sivuvirta.match.explainer import Explainer, explainer
from sivuvirta.match.laboratory import chosen, shown_component
from sivuvirta.plan.program.candidates import Index
from sivuvirta.prospects.decisions import decisions
from sivuvirta.prospects.parts import Part, merged, sample_name

Ids = frozenset[int]
"""Positions in a list of questions."""


@frozen(eq=False)
class Questions:
    """What is missing in a region, and on which routes. Shape (routes,) for what is said of routes."""

    all: tuple[Question, ...]
    routes: tuple[Ids, ...]  # routes that wait for each question
    wants: tuple[Ids, ...]  # questions that a route is `unknown` for
    wishes: tuple[Ids, ...]  # those and the questions that it is only `likely` for
    barred: Mask  # something keeps it unknown that nobody can answer
    unsure: Mask  # something keeps it likely that no question settles
    hinging: Mask  # it waits for what its partners in a blend are
    blends: Mask  # it has figures that a blend may meet
    needs: Ints  # node of its need
    of_need: Mapping[int, tuple[int, ...]]  # routes by node of their need

    @property
    def decisions(self) -> Ids:
        """Those that are no tests."""
        return frozenset(number for number, one in enumerate(self.all) if one.test is None)

    def touched(self, numbers: Iterable[int]) -> Ids:
        """Routes that wait for some of the questions."""
        return frozenset().union(*(self.routes[number] for number in numbers))

    def passed(self, numbers: Iterable[int]) -> Passed:
        """That some of them turn out well."""
        result = Passed()
        for number in sorted(numbers):
            result |= self.all[number].passed
        return result


def questions(matches: Matches, catalogue: Sequence[LabTest]) -> Questions:
    """What each route that does not fail waits for.

    A figure that is not known, is estimated (grade C or D) or lies across its limit asks for a test of the sample that it is a figure of;
    one test settles all figures of a sample that it covers, on whatever route. An open law asks for a decision.

    Args:
        matches: the routes.
        catalogue: tests that a laboratory sells.
    """
    known = explainer(matches)
    parts = merged([*_figures(known, catalogue), *decisions(matches, catalogue)])
    wants: dict[int, set[int]] = defaultdict(set)
    wishes: dict[int, set[int]] = defaultdict(set)
    for number, part in enumerate(parts):
        for route in part.unknown:
            wants[route].add(number)
            wishes[route].add(number)
        for route in part.likely:
            wishes[route].add(number)
    count = len(matches.routes)
    barred, unsure, hinging, blends = _limits_of(known)
    return Questions(
        all=tuple(part.question for part in parts),
        routes=tuple(frozenset(part.unknown.tolist()) | frozenset(part.likely.tolist()) for part in parts),
        wants=tuple(frozenset(wants[route]) if route in wants else frozenset() for route in range(count)),
        wishes=tuple(frozenset(wishes[route]) if route in wishes else frozenset() for route in range(count)),
        barred=barred,
        unsure=unsure,
        hinging=hinging,
        blends=blends,
        needs=matches.routes.need,
        of_need=_by_need(matches.routes.need),
    )


def _by_need(need: Ints) -> Mapping[int, tuple[int, ...]]:
    found: dict[int, list[int]] = defaultdict(list)
    for route, node in enumerate(need.tolist()):
        found[node].append(route)
    return {node: tuple(routes) for node, routes in found.items()}


def _figures(known: Explainer, catalogue: Sequence[LabTest]) -> list[Part]:
    """Tests of figures, one for each sample and test."""
    entries, mix, demanded = known.judged.entries, known.judged.mix, known.grounds.demanded
    limit = demanded.limit[entries.pair]
    alive = known.judged.verdict[entries.way] < Verdict.FAIL
    loose = np.isnan(entries.high) | (entries.evidence > Grade.B)
    open_ = np.isin(mix.verdict, (Verdict.LIKELY, Verdict.UNKNOWN)) & loose & (entries.verdict != Verdict.FAIL) & alive
    rows = np.flatnonzero(open_)
    figure = demanded.limits.figure[limit[rows]]
    made = np.where(demanded.limits.total[limit[rows]], -1, known.ways.output[entries.way[rows]])
    samples = _samples(known, known.ways.stream[entries.way[rows]], made)
    by_sample: dict[Sample, dict[tuple[str, str], list[int]]] = defaultdict(lambda: defaultdict(list))
    for row, sample, number in zip(rows.tolist(), samples, figure.tolist(), strict=True):
        by_sample[sample][demanded.figures.kind[number], demanded.figures.component[number]].append(row)
    parts = []
    for sample, figures in by_sample.items():
        for test, covered in chosen(known.links.region, catalogue, figures):
            at = np.array(sorted(row for key in covered for row in figures[key]), dtype=np.int64)
            parts.append(_test(known, sample, test, covered, at))
    return parts


def _test(known: Explainer, sample: Sample, test: LabTest, covered: Sequence[tuple[str, str]], at: Index) -> Part:
    way, verdict = known.judged.entries.way[at], known.judged.mix.verdict[at]
    question = Question(
        kind="test",
        key=":".join(part for part in (test.test, *sample) if part),
        name=test.name,
        sample=sample,
        of=sample_name(known, sample),
        test=test,
        settles=tuple(shown_component(known.links.region, *key) for key in covered),
        passed=Passed(frozenset(Figure(sample, *key) for key in covered)),
    )
    return Part(question, np.unique(way[verdict == Verdict.UNKNOWN]), np.unique(way[verdict == Verdict.LIKELY]))


def _samples(known: Explainer, stream: Ints, made: Ints) -> list[Sample]:
    """Sample of each figure."""
    nodes, works = known.links.nodes, known.links.works
    found: dict[tuple[int, int], Sample] = {}
    result = []
    for key in zip(stream.tolist(), made.tolist(), strict=True):
        if key not in found:
            row, output = key
            plant = "" if output < 0 else str(nodes.id[works.node[works.outputs.plant[output]]])
            found[key] = Sample(str(nodes.id[row]), plant, "" if output < 0 else str(works.outputs.name[output]))
        result.append(found[key])
    return result


def _limits_of(known: Explainer) -> tuple[Mask, Mask, Mask, Mask]:
    """Routes that are barred, unsure, hinging on partners, and those with figures that a blend may meet."""
    entries, mix, opinions = known.judged.entries, known.judged.mix, known.judged.opinions
    count = len(known.judged.verdict)
    verified = known.grounds.demanded.limits.verified[known.grounds.demanded.limit[entries.pair]]

    def routes(of: Mask) -> Mask:
        result = np.zeros(count, dtype=bool)
        result[entries.way[of]] = True
        return result

    barred = known.judged.verdict == Verdict.FAIL
    barred |= opinions[Cause.SEASON].verdict == Verdict.UNKNOWN
    lent = entries.verdict == Verdict.FAIL  # only a blend lets it in
    unsure = barred | routes((~verified | lent) & np.isin(mix.verdict, (Verdict.LIKELY, Verdict.UNKNOWN)))
    for opinion in opinions.values():
        unsure |= opinion.verdict == Verdict.LIKELY
    hinging = routes((mix.verdict == Verdict.UNKNOWN) & lent)
    return barred, unsure, hinging & ~barred, routes(mix.open)
