"""Gaps: which technology, at which site, absent today, would unlock most euros, tonnes and emissions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from time import perf_counter

import numpy as np
from attrs import evolve, field, frozen

from sivuvirta.domain.gaps import Gap, Gaps, Missing
from sivuvirta.domain.grades import Verdict
from sivuvirta.domain.ledger import Ledger, sums
from sivuvirta.domain.links import ArcKind, Floats, Ints, Links, NodeKind, Texts
from sivuvirta.domain.matches import Matches
from sivuvirta.domain.plans import PlanOptions
from sivuvirta.domain.region import Region
from sivuvirta.domain.unknowns import unsaid_apart
from sivuvirta.ledger.reference import reference
from sivuvirta.links import build
from sivuvirta.links.codes import positions
from sivuvirta.match.judge import match
from sivuvirta.prospects.networks import Optimum, kept, optimum, settled
from sivuvirta.prospects.overlay import Place, absent, with_plants, with_zone_sites
from sivuvirta.prospects.pricing import alone, earnings
from sivuvirta.prospects.ranking import NOTHING, Tell
from sivuvirta.prospects.standing import uses_elsewhere

NAN = float("nan")

SITES = 4
"""Sites of a technology that are worked out at most, the most promising first."""

SHOWN = 10
"""Streams and needs of a gap that are told."""


def gaps(source: Region | Links, options: PlanOptions | None = None, sites: int = SITES, tell: Tell = lambda _: None) -> Gaps:
    r"""Technologies that are absent from a region, each at the site where it is worth most, with what it would unlock.

    .. math:: value(t, s) = OPT(P \cup \{t \; at \; s\}) - OPT(P)

    P is the region as it is, candidates included, over routes that do not fail (`potential`), and over those that pass, blend or are
    likely (`likely`). Every technology of the library and the region is tried at every site, and at the places that stand for zones, where
    no plant of it stands or is a candidate; its sizes, cost and recipe are the technology's own, at its reference. All pairs are priced at
    once, at the marginal values of the network as it is (see `earnings`); the best of each technology are put into the region and planned.

    Args:
        source: the region, or its links.
        options: of the plan; the objective is always value.
        sites: how many sites of a technology are worked out at most.
        tell: hears how far the work has come.

    Returns:
        The gaps, and streams and needs for which no technology and no use is known.
    """
    started = perf_counter()
    region = source if isinstance(source, Region) else source.region
    now = Now.of(region if isinstance(source, Region) else source, evolve(options or PlanOptions(), objective="value"))
    wide = with_zone_sites(region)
    pairs = absent(wide)
    links = build(with_plants(wide, pairs))
    everywhere = match(links)
    promise: dict[str, list[tuple[Place, float]]] = defaultdict(list)
    for pair, most in promised(everywhere, pairs, now):
        promise[pair.technology].append((pair, most))
    found = []
    for number, (technology, places) in enumerate(promise.items(), 1):
        tell(f"{technology}, {number} of {len(promise)}")
        best = best_of(now, wide, places[:sites])
        if best is not None:
            found.append(best)
    return Gaps(
        links=now.matches.links,
        likely=now.likely.benefit,
        potential=now.potential.benefit,
        found=tuple(sorted(found, key=lambda gap: (-gap.potential, gap.technology))),
        missing=_missing(everywhere),
        looked=len(pairs),
        solved=len(now.counted),
        seconds=perf_counter() - started,
    )


@frozen(eq=False)
class Now:
    """The region as it is."""

    matches: Matches
    reference: Ledger
    options: PlanOptions
    likely: Optimum
    potential: Optimum
    counted: list[Place] = field(factory=list)  # pairs worked out

    @classmethod
    def of(cls, source: Region | Links, options: PlanOptions) -> Now:
        """The region as it is, planned on likely and on potential evidence."""
        matches = match(source if isinstance(source, Links) else build(source))
        today = reference(matches.links)
        likely, potential = (optimum(matches, worst, today, options) for worst in (Verdict.LIKELY, Verdict.UNKNOWN))
        return cls(matches, today, options, likely, potential)

    def unknown(self, matches: Matches, then: Optimum, now: Optimum | None = None) -> str:
        """Why what another network gains is not known, in words; "" where it is."""
        return unsaid_apart((self.matches.links, (now or self.potential).arc_flow), (matches.links, then.arc_flow))


def promised(everywhere: Matches, pairs: list[Place], now: Now) -> list[tuple[Place, float]]:
    """Pairs that earn something at the marginal values of today, each with a bound on what it gains, the most promising first.

    Args:
        everywhere: the routes with all pairs in the region.
        pairs: technologies and sites.
        now: the region as it is.
    """
    links = everywhere.links
    plants = links.nodes.id[links.works.node]
    new = np.isin(plants, [pair.plant for pair in pairs])
    earned = earnings(alone(everywhere, now.matches), new, Verdict.UNKNOWN, now.potential.objective, now.options)
    row = {plant: number for number, plant in enumerate(plants.tolist())}
    found = [(pair, float(earned.at_most[row[pair.plant]])) for pair in pairs if earned.each[row[pair.plant]] > NOTHING]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def best_of(now: Now, wide: Region, places: Sequence[tuple[Place, float]]) -> Gap | None:
    """The best of some sites of a technology; None where none gains anything.

    Args:
        now: the region as it is.
        wide: the region with the sites in it.
        places: the sites, each with a bound on what it gains, the largest bound first; none is worked out whose bound another has reached.
    """
    tried: list[tuple[float, Place, Matches, Optimum, float]] = []
    for place, most in places:
        if tried and most <= max(gain for gain, *_ in tried):
            break
        now.counted.append(place)
        matches = match(build(with_plants(wide, [place])))
        then = optimum(matches, Verdict.UNKNOWN, reference(matches.links), now.options)
        tried.append((now.potential.objective - then.objective, place, matches, then, most))
    gain, place, matches, then, most = max(tried, key=lambda one: one[0])
    if gain <= NOTHING:
        return None
    surer = optimum(matches, Verdict.LIKELY, reference(matches.links), now.options)
    likely = now.likely.objective - surer.objective
    others = tuple(
        (other.site, NAN if now.unknown(there, found) else value if value > NOTHING else 0.0)
        for value, other, there, found, _ in tried
        if other != place
    )
    gap = _gap(now, place, (matches, then), (likely if likely > NOTHING else 0.0, gain, most), others)
    why = now.unknown(matches, then) or now.unknown(matches, surer, now.likely)
    return evolve(gap, likely=NAN, potential=NAN, carbon=NAN, at_most=NAN, unknown=why) if why else gap


def _gap(
    now: Now, place: Place, with_it: tuple[Matches, Optimum], gains: tuple[float, float, float], others: tuple[tuple[str, float], ...]
) -> Gap:
    matches, then = with_it
    links, region = matches.links, matches.links.region
    technologies, sites, plants = region.table("technologies"), region.table("sites"), now.matches.links.region.table("plants")
    work = int(np.flatnonzero(links.nodes.id[links.works.node] == place.plant)[0])
    row = technologies.index[place.technology]
    node = links.works.node[work]
    fed = np.flatnonzero((links.arcs.kind == ArcKind.FEED) & (links.arcs.destination == node))
    given = np.flatnonzero((links.arcs.kind == ArcKind.DELIVER) & (links.arcs.origin == node))
    return Gap(
        technology=place.technology,
        name=str(technologies["name"][row]),
        site=place.site,
        site_name=str(sites["name"][sites.index[place.site]]),
        likely=gains[0],
        potential=gains[1],
        tonnes=settled(kept(links, then.arc_flow) - kept(now.matches.links, now.potential.arc_flow)),
        carbon=settled(then.carbon - now.potential.carbon),
        capex=float(then.capex[work]),
        size=float(then.size[work]),
        unit=str(technologies["activity_unit"][row] or "t"),
        readiness=float(technologies["readiness"][row]),
        streams=_ends(links, links.arcs.origin[fed], then.arc_flow[fed], links.units[fed]),
        needs=_ends(links, links.arcs.destination[given], then.arc_flow[given], links.units[given]),
        at_most=gains[2],
        others=others,
        stands=tuple(plants["site"][plants["technology"] == place.technology].tolist()),
    )


def _ends(links: Links, nodes: Ints, flow: Floats, unit: Texts) -> tuple[tuple[str, str, float, str], ...]:
    """What comes from or goes to nodes, the most first."""
    amount = sums(nodes, flow, len(links.nodes.id))
    of = {int(node): str(name) for node, name in zip(nodes.tolist(), unit.tolist(), strict=True)}
    order = sorted((node for node in of if amount[node] > 0), key=lambda node: (-amount[node], node))
    return tuple((str(links.nodes.id[node]), str(links.nodes.name[node]), float(amount[node]), of[node]) for node in order[:SHOWN])


def _missing(everywhere: Matches) -> tuple[Missing, ...]:
    """Streams that nothing takes and needs that nothing reaches, although every technology stood everywhere."""
    links, region = everywhere.links, everywhere.links.region
    nodes, arcs = links.nodes, links.arcs
    taken = np.zeros(len(nodes.id), dtype=bool)
    taken[arcs.origin[np.isin(arcs.kind, (ArcKind.DIRECT, ArcKind.FEED))]] = True
    taken[everywhere.routes.need] = True
    found = []
    for kind, name, amounts in ((NodeKind.STREAM, "streams", links.supply), (NodeKind.NEED, "needs", links.demand.amounts)):
        table = region.table(name)
        for node, amount in zip(amounts.node.tolist(), amounts.value.tolist(), strict=True):
            if not taken[node] and amount > 0:
                row = int(positions(table[table.key[0]], [nodes.id[node]])[0])
                material = str(table["material"][row] or "")
                found.append(
                    Missing(
                        kind=kind.name.lower(),
                        key=str(nodes.id[node]),
                        name=str(nodes.name[node]),
                        material=material,
                        amount=float(amount),
                        unit=str(nodes.unit[node]),
                        uses=uses_elsewhere(material) if kind == NodeKind.STREAM else (),
                    )
                )
    return tuple(found)
