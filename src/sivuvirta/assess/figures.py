"""All tables of a ledger beside the reference, and the pair of proven and potential."""

from __future__ import annotations

from sivuvirta.assess.carbon import carbon
from sivuvirta.assess.economy.organisations import organisations
from sivuvirta.assess.evidence import grades
from sivuvirta.assess.fates import diverted, fates
from sivuvirta.assess.headline import PAIR, headline, proven_and_potential
from sivuvirta.assess.investment import investment
from sivuvirta.assess.money import money
from sivuvirta.assess.products import products
from sivuvirta.assess.roads.haulage import roads, transport
from sivuvirta.assess.sources.figures import traces
from sivuvirta.assess.unmeasured import unknown_benefits, unmeasured, untraced
from sivuvirta.domain.assessments import Assessment, Figures
from sivuvirta.domain.ledger import Ledger
from sivuvirta.errors import ShapeError


def figures(planned: Ledger, reference: Ledger | None) -> Figures:
    """Measure one ledger against the reference.

    Args:
        planned: what would flow.
        reference: what flows today, over the same links; None: nobody knows, and every difference is unknown.

    Raises:
        ShapeError: the ledgers stand on different links.
    """
    if reference is None:
        return unmeasured(figures(planned, planned))
    if planned.links is not reference.links:
        raise ShapeError("Two ledgers can be compared only over the same links; compute both from one region at one vintage.")
    return Figures(
        reference=reference,
        planned=planned,
        fates=fates(planned, reference),
        diverted=diverted(planned, reference),
        money=money(planned, reference),
        organisations=organisations(planned, reference),
        carbon=carbon(planned, reference),
        products=products(planned, reference),
        transport=transport(planned, reference),
        roads=roads(planned, reference),
        investment=investment(planned),
        grades=grades(planned),
        headline=headline(planned, reference),
    )


def assessment(proven: Ledger, potential: Ledger, reference: Ledger | None) -> Assessment:
    """Measure a plan twice: on proven evidence, and with what is potential added. Without a reference every benefit is unknown.

    Raises:
        ShapeError: the ledgers stand on different links.
    """
    sides = {"proven": figures(proven, reference), "potential": figures(potential, reference)}
    if reference is None:
        head = unknown_benefits(proven_and_potential(proven, potential, proven), PAIR)
        return Assessment(**sides, headline=head, tracing=untraced)
    return Assessment(**sides, headline=proven_and_potential(proven, potential, reference), tracing=traces)
