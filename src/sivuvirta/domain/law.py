"""Law: the legal path of one route, step by step, in words for people."""

from __future__ import annotations

from attrs import frozen

from sivuvirta.domain.grades import Grade, Verdict

SCREENS = "The software screens; a person decides."
"""What every answer about law says."""


@frozen(kw_only=True)
class LegalStep:
    """One thing that the law asks before a route may run."""

    subject: str  # status | use | receiver | shipment | product
    path: str  # id of the row of `legal_paths`
    kind: str  # as in that table
    regulation: str
    section: str
    jurisdiction: str
    authority: str  # who decides or is notified
    applicant: str
    asks_for: str  # documents and tests that are handed in
    leads_to: str  # status with which the material is used
    by_decision: bool  # an authority decides case by case
    held: bool  # it is there already: a status that is known, a permit that lists the code
    lead_low: float  # months, NaN where not known; 0 for what is held
    lead_high: float
    lead_grade: Grade
    fee_low: float  # EUR, NaN where not known
    fee_high: float
    quantity_max: float  # t/a as sent, NaN where not limited
    amount_max: float  # t in one structure, NaN where not limited
    signed_off_by: str  # role or organisation, "" where nobody has
    signed_off_on: str
    verified: bool  # the section was read
    grade: Grade
    source: str
    text: str  # in a sentence


@frozen(kw_only=True)
class LegalPath:
    """How one route may lawfully run, by the law of a day."""

    route: int
    day: str  # the law of this day
    verdict: Verdict
    text: str  # what the law says, in a sentence
    path: str | None  # id of the chosen row of `legal_paths`, None where none is known
    steps: tuple[LegalStep, ...]  # those that must be taken, and those that are there
    duties: tuple[LegalStep, ...]  # law of products, which holds beside them
    lead_low: float  # months, all steps at the same time; NaN where one is not known
    lead_high: float  # months, one step after another
    lawful_max: float  # t/a as sent that the path and the receiver's permit let in, inf where not limited
    permit: str | None  # receiver's permit that was looked at
    storage_max: float  # t that it may store, NaN where not known
    note: str = SCREENS
