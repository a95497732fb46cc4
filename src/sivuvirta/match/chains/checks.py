"""The checks of each step of a route: into a plant, and from the last plant to the need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Codes, Floats, Ints, Links, NodeKind
from sivuvirta.domain.matches import Cause
from sivuvirta.links.codes import Mask, grade_codes, ints
from sivuvirta.match.chains.network import Network
from sivuvirta.match.chains.records import Labels, Said, joined, taken
from sivuvirta.match.chains.things import holding
from sivuvirta.match.classes import recipe_rows
from sivuvirta.match.classes import taken as accepted
from sivuvirta.match.fit import grain, intake_limit, moisture, promised, season, temperature, within
from sivuvirta.match.handed import limits_at
from sivuvirta.match.hazard import hazard
from sivuvirta.match.judge import ORDER
from sivuvirta.match.legal import Ground, Law, law
from sivuvirta.match.legal_cases import Answered
from sivuvirta.match.opinion import Opinion
from sivuvirta.match.screening import DOES_NOT_HOLD, Decision, Entries, decided
from sivuvirta.match.subjects import Streams
from sivuvirta.match.verdicts import alone, excess, stated
from sivuvirta.match.ways import Ways

Opinions = Mapping[Cause, Opinion]

BORDER_TO_PLANT = 2
"""Place of the answer on the border to the plant among the parts of the law of a way through one."""


@frozen(eq=False)
class Received:
    """What is said of material that enters a plant. Shape (entries,)."""

    opinions: Opinions
    lawful: Floats  # units of the stream a year beyond which no legal path is open with as little doubt


def received(net: Network, labels: Labels, row: Ints, arc: Ints) -> Received:
    """What each check says of material that enters a plant.

    Args:
        net: the network.
        labels: the material.
        row: label of each entry, shape (entries,).
        arc: arc into the plant, shape (entries,).
    """
    thing, ways = labels.thing, into_plants(net, row, arc)
    links, things = widened(net, labels)
    recipe = np.append(grade_codes(links.region.table("recipe_inputs")["grade"]), np.int8(0))[recipe_rows(links, ways)]
    no_need = np.full(len(links.nodes.id), np.nan)
    wettest, largest = (intake_limit(links, ways, no_need, name) for name in ("moisture_max", "grain_max"))
    made = labels.made[row]
    damp = within(thing.moisture_low[row], thing.moisture_high[row], wettest, thing.moisture_grade[row])
    coarse = within(thing.grain[row], thing.grain[row], largest, thing.grade[row])
    said = law(links, things, net.grounds.needs, ways)
    opinions = {
        Cause.LEGAL: _permitted(said),
        Cause.HAZARD: hazard(links, things, net.grounds.needs, ways),
        Cause.CLASS: Opinion(stated(recipe), recipe),
        Cause.MOISTURE: _to_order(made, damp),
        Cause.GRAIN: _to_order(made, coarse),
    }
    return Received(opinions, _lawful(net, labels, (row, arc), said.parts[BORDER_TO_PLANT:]))


def _lawful(net: Network, labels: Labels, at: tuple[Ints, Ints], parts: Sequence[Answered]) -> Floats:
    """Units of the stream that the paths open to each entry let in, by what is sent on its arc of the stream's own."""
    row, arc = at
    most = np.full(len(arc), np.inf)
    for part in parts:
        most = np.minimum(most, part.column(lambda answer: answer.ceiling, float))
    sent = net.links.arcs.sent[arc] * labels.money.own[row]
    units: Floats = np.divide(most, sent, out=np.full(len(arc), np.inf), where=sent > 0)
    return units


def into_plants(net: Network, row: Ints, arc: Ints) -> Ways:
    """Entries of labels into plants as ways; they end at no need."""
    none, nothing = np.zeros(len(arc), dtype=np.int32), np.ones(len(arc))
    return Ways(_thing(net, row), none, net.enters[arc], ints(arc), ints(arc), none - np.int32(1), nothing, 0 * nothing, 0 * nothing)


def widened(net: Network, labels: Labels) -> tuple[Links, Streams]:
    """The links, and what the register says of streams, with the material of each label behind them as if it were a stream of its site."""
    links = net.links
    output = np.maximum(labels.output, 0)
    own = taken(links.nodes, np.where(labels.output < 0, labels.stream, links.works.node[links.works.outputs.plant[output]]))
    carrier = np.where(labels.output < 0, own.carrier, net.carrier[output])
    nodes = joined([links.nodes, evolve(own, kind=np.full(len(labels), int(NodeKind.STREAM), dtype=np.int8), carrier=carrier)])
    supply = evolve(taken(links.supply, labels.stream), node=_thing(net, ints(np.arange(len(labels)))))
    supply = evolve(supply, **{name: getattr(supply, name) * labels.money.amount for name in ("value", "low", "high")})
    return evolve(links, nodes=nodes, supply=joined([links.supply, supply])), joined([net.grounds.streams, labels.thing])


def _thing(net: Network, row: Ints) -> Ints:
    """Rows of labels among the widened nodes."""
    return ints(row + len(net.links.nodes.id))


def _permitted(said: Law) -> Opinion:
    """Whether the permit of the plant lets the material in, by its code of the list of waste, and a border on the way to the plant.

    What a plant made has no code yet, so that waste of a plant is `unknown` at the next one whose permit lists codes.
    """
    if len(said.parts) <= BORDER_TO_PLANT:  # nothing enters a plant
        return said.opinion
    outside = said.ground == Ground.PERMIT
    border = said.parts[BORDER_TO_PLANT]
    crossed = border.column(lambda answer: answer.verdict, np.int8)
    graded = np.where(crossed > Verdict.PASS, border.column(lambda answer: answer.grade, np.int8), np.int8(Grade.A))
    verdict = np.where(outside, np.maximum(said.opinion.verdict, crossed), crossed)
    return Opinion(verdict.astype(np.int8), np.where(outside, said.opinion.grade, graded).astype(np.int8))


def _to_order(made: Mask, opinion: Opinion) -> Opinion:
    """A plant makes to order: where nothing is stated of what it makes, it is likely to be made as asked."""
    return Opinion(np.where(made, promised(opinion).verdict, opinion.verdict).astype(np.int8), opinion.grade)


@frozen(eq=False)
class Delivered:
    """What is said of material that reaches a need. Shape (deliveries,) unless said."""

    opinions: Opinions  # of all checks but the limits
    entries: Entries  # (entries,) limits of deliveries
    limit: Decision
    lawful: Floats  # units of the stream a year beyond which no legal path is open with as little doubt


def delivered(net: Network, labels: Labels, row: Ints, arc: Ints) -> Delivered:
    """What each check says of material that a need takes, as if it came straight from a stream.

    Args:
        net: the network.
        labels: the material.
        row: label of each delivery, shape (deliveries,).
        arc: arc from its plant to the need, shape (deliveries,).
    """
    ways, made = into_needs(net, row, arc), labels.made[row]
    links, things = widened(net, labels)
    sides = (links, things, net.grounds.needs, ways)
    said = law(*sides)
    free = Opinion(np.zeros(len(arc), dtype=np.int8), np.zeros(len(arc), dtype=np.int8))
    opinions = {
        Cause.LEGAL: said.opinion,
        Cause.HAZARD: _where(made, free, hazard(*sides)),
        Cause.CLASS: accepted(links, ways),
        Cause.TEMPERATURE: _to_order(made, temperature(*sides)),
        Cause.MOISTURE: _to_order(made, moisture(*sides)),
        Cause.GRAIN: _to_order(made, grain(*sides)),
        Cause.SEASON: season(*sides),
    }
    found = _screened(net, labels, row, ways)
    lawful = _lawful(net, labels, (row, arc), said.parts[:BORDER_TO_PLANT])
    return Delivered(opinions, found, decided(found, found.verdict, net.grounds, len(arc)), lawful)


def into_needs(net: Network, row: Ints, arc: Ints) -> Ways:
    """Deliveries of labels to needs as direct ways."""
    none, nothing = np.full(len(arc), -1, dtype=np.int32), np.ones(len(arc))
    return Ways(_thing(net, row), net.links.arcs.destination[arc], none, ints(arc), none, none, nothing, 0 * nothing, 0 * nothing)


def _where(mask: Mask, one: Opinion, other: Opinion) -> Opinion:
    return Opinion(np.where(mask, one.verdict, other.verdict).astype(np.int8), np.where(mask, one.grade, other.grade).astype(np.int8))


def _screened(net: Network, labels: Labels, label: Ints, ways: Ways) -> Entries:
    """Each delivery against each limit of its need and of its class; what failed before a plant that could not help it fails."""
    grounds, held = net.grounds, labels.contents
    limits = grounds.demanded.limits
    way, pair = limits_at(grounds.demanded.start, grounds.handed, grounds.need_row[ways.need], ways.arc_in)
    limit, row = grounds.demanded.limit[pair], label[way]
    figure, bound = limits.figure[limit], limits.bound[limit]
    failed = held.failed[row, limit]
    low, high, grade = _tested(net, labels, (row, figure), failed)
    verdict = np.where(failed, np.int8(Verdict.FAIL), alone(low, high, bound, grade, limits.verified[limit]))
    verdict[~holding(net, held, labels.thing.status_code, row, limit)] = DOES_NOT_HOLD
    return Entries(ints(way), ints(pair), low, high, grade, excess(high, bound), verdict.astype(np.int8))


def _tested(net: Network, labels: Labels, at: tuple[Any, Any], failed: Mask) -> tuple[Floats, Floats, Codes]:
    """Figures of the material; of what failed on the way, and is no longer known, those of the stream, which was tested."""
    row, figure = at
    held, known = labels.contents, net.grounds.evidence
    stream = labels.stream[row]
    lost = failed & np.isnan(held.high[row, figure])
    low, high = (np.where(lost, getattr(known, name)[stream, figure], getattr(held, name)[row, figure]) for name in ("low", "high"))
    grade = np.where(failed, np.minimum(held.grade[row, figure], known.grade[stream, figure]), held.grade[row, figure])
    return low, high, grade.astype(np.int8)


def summed_up(opinions: Opinions, before: Said, lawful: Floats) -> Said:
    """The worst of several checks and of what was said before; of equally bad ones the one that is named first.

    Args:
        opinions: what each check says, shape (rows,) each.
        before: what the steps before say, shape (rows,).
        lawful: units of the stream that the law lets through this step, shape (rows,).
    """
    verdict = np.maximum.reduce([before.verdict, *(part.verdict for part in opinions.values())])
    grade = np.maximum.reduce([before.grade, *(part.grade for part in opinions.values())])
    cause = np.full(len(verdict), int(Cause.NOTHING), dtype=np.int8)
    bad = verdict > Verdict.PASS
    earlier = bad & (before.verdict == verdict)
    for name in reversed(ORDER):
        if name in opinions:
            decides = bad & (opinions[name].verdict == verdict)
            cause[decides], grade[decides] = name, opinions[name].grade[decides]
        decides = earlier & (before.cause == name)
        cause[decides], grade[decides] = name, before.grade[decides]
    sure = np.minimum(grade, np.int8(Grade.D)).astype(np.int8)
    return Said(verdict.astype(np.int8), cause, sure, np.minimum(before.lawful, lawful))
