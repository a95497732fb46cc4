"""Texts: every check of a route of several steps, step by step."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from attrs import evolve

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Ints
from sivuvirta.domain.matches import Cause, Check, Matches
from sivuvirta.links.codes import ints
from sivuvirta.match.chains.checks import Delivered, delivered, into_needs, into_plants, received, widened
from sivuvirta.match.chains.network import Network, network
from sivuvirta.match.chains.records import Labels
from sivuvirta.match.chains.steps import at_gate, through
from sivuvirta.match.classes import recipe_rows
from sivuvirta.match.grounds import grounds
from sivuvirta.match.judge import ORDER
from sivuvirta.match.legal import Ground, law
from sivuvirta.match.limit_texts import Found, limit_check
from sivuvirta.match.opinion import Opinion
from sivuvirta.match.other_texts import Subject, guessed, law_check, other_check, unlisted
from sivuvirta.match.recipe_texts import recipe_check
from sivuvirta.match.screening import DOES_NOT_HOLD
from sivuvirta.match.words import clause, quoted, sentence

ONE = np.zeros(1, dtype=np.int32)
"""The one label at hand."""

Told = tuple[Check, Cause, bool]
"""A check, what it is of, and whether it is the limit that decides its delivery."""


def chain_checks(matches: Matches, chain: int) -> tuple[Check, ...]:
    """Every check of a route of several steps: at each plant and at the need; first the one that decides, then from the worst to the best.

    Args:
        matches: with its routes of several steps.
        chain: position in `matches.chains`.
    """
    net = network(matches, grounds(matches.links))
    chains, here = matches.chains, matches.chains.steps(chain)
    labels = at_gate(net, chains.stream[[chain]], here.stop - here.start)
    told: list[Told] = []
    recipes: list[Check] = []
    for depth, (arc, output) in enumerate(zip(chains.arc[here], chains.output[here], strict=True)):
        entering = ints([arc])
        told += _at_plant(net, labels, entering)
        fed = recipe_check(_subject_in(net, labels, entering))
        recipes += [] if fed is None else [fed]
        labels = through(net, labels, net.entry_of(entering, ints([output])), depth)
    told += _at_need(net, labels, chains.arc_out[[chain]], int(chains.plant[here][-1]))
    verdict, cause = Verdict(int(chains.verdict[chain])), Cause(int(chains.cause[chain]))
    told.sort(key=lambda one: (one[0].verdict != verdict or one[1] != cause, not one[2], -one[0].verdict, ORDER.index(one[1])))
    return (*(check for check, _, _ in told), *recipes)


def _subject_in(net: Network, labels: Labels, arc: Ints) -> Subject:
    links, things = widened(net, labels)
    return Subject(links, evolve(net.grounds, streams=things), into_plants(net, ONE, arc))


def _at_plant(net: Network, labels: Labels, arc: Ints) -> Iterable[Told]:
    """What is said of material that enters a plant."""
    subject = _subject_in(net, labels, arc)
    plant = str(subject.plant)
    for cause, opinion in received(net, labels, ONE, arc).opinions.items():
        check = _received(subject, cause, opinion)
        if check is not None:
            yield evolve(check, text=sentence(f"into {plant}: {clause(check.text)}")), cause, False


def _received(subject: Subject, cause: Cause, opinion: Opinion) -> Check | None:
    if cause == Cause.CLASS:
        return _takes(subject, opinion)
    if cause == Cause.LEGAL:
        return _permit(subject, opinion)
    return other_check(subject, cause, opinion)


def _takes(subject: Subject, opinion: Opinion) -> Check:
    """That a plant takes such a material."""
    region = subject.links.region
    inputs, materials = region.table("recipe_inputs"), region.table("materials")
    row = int(recipe_rows(subject.links, subject.way)[0])
    name = materials["name_en"][materials.index[inputs["material"][row]]].lower()
    verdict, source = Verdict(int(opinion.verdict[0])), inputs["source"][row]
    return Check(
        subject="class",
        verdict=verdict,
        text=sentence(f"it takes {name}{guessed(inputs['grade'][row])}"),
        missing="" if verdict.proven else "a trial in the plant",
        grade=Grade(int(opinion.grade[0])),
        sources=(source,) if source else (),
    )


def _permit(subject: Subject, opinion: Opinion) -> Check | None:
    """That the permit of a plant does not let a material in, or that a border is in the way; None where nothing speaks against it."""
    verdict = Verdict(int(opinion.verdict[0]))
    if verdict == Verdict.PASS:
        return None
    found = law(subject.links, subject.grounds.streams, subject.grounds.needs, subject.way)
    listed = Ground(int(found.ground[0])) == Ground.PERMIT
    text, missing = "it crosses a border, where waste must be notified", "a shipment notification"
    if listed:
        text, missing = unlisted(subject, "its permit", "")
    return Check(subject="law", verdict=verdict, text=sentence(text), missing=missing, grade=Grade(int(opinion.grade[0])))


def _at_need(net: Network, labels: Labels, arc: Ints, plant: int) -> Iterable[Told]:
    """What is said of what the last plant makes, at the need."""
    judged = delivered(net, labels, ONE, arc)
    links, things = widened(net, labels)
    subject = Subject(links, evolve(net.grounds, streams=things), into_needs(net, ONE, arc))
    name = quoted(net.links.nodes.name[net.links.works.node[plant]])
    yield from _limits(net, labels, judged, name)
    for cause, opinion in judged.opinions.items():
        check = _asked(subject, cause, opinion) if cause != Cause.HAZARD or not labels.made[0] else None
        if check is not None:
            yield evolve(check, text=sentence(f"what {name} makes: {clause(check.text)}")), cause, False


def _asked(subject: Subject, cause: Cause, opinion: Opinion) -> Check | None:
    if cause != Cause.LEGAL:
        return other_check(subject, cause, opinion)
    return law_check(subject, law(subject.links, subject.grounds.streams, subject.grounds.needs, subject.way))


def _limits(net: Network, labels: Labels, judged: Delivered, plant: str) -> Iterable[Told]:
    """Each limit of the need that holds for what the last plant makes."""
    entries, demanded = judged.entries, net.grounds.demanded
    for row in np.flatnonzero(entries.verdict != DOES_NOT_HOLD).tolist():
        unknown = bool(np.isnan(entries.high[row]))
        figure = demanded.limits.figure[demanded.limit[entries.pair[row]]]
        found = Found(
            pair=int(entries.pair[row]),
            low=float(entries.low[row]),
            high=float(entries.high[row]),
            grade=Grade.D if unknown else Grade(int(entries.evidence[row])),
            verdict=Verdict(int(entries.verdict[row])),
            offered=False,
            analysis=-1 if unknown else int(net.grounds.evidence.analysis[labels.stream[0], figure]),
            plant=plant,
        )
        yield limit_check(net.links, net.grounds, found), Cause.LIMIT, row == int(judged.limit.entry[0])
