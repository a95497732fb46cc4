"""What one check says of every way."""

from __future__ import annotations

from attrs import frozen

from sivuvirta.domain.links import Codes


@frozen(eq=False)
class Opinion:
    """Verdicts of one check, with the grade of what each rests on. Shape (routes,)."""

    verdict: Codes
    grade: Codes
