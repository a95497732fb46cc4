"""What one check says of every way."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sivuvirta.domain.grades import Grade, Verdict
from sivuvirta.domain.links import Codes


@frozen(eq=False)
class Opinion:
    """Verdicts of one check, with the grade of what each rests on. Shape (routes,)."""

    verdict: Codes
    grade: Codes


def silent(count: int) -> Opinion:
    """The opinion of a check that has nothing to say."""
    return Opinion(np.full(count, int(Verdict.PASS), np.int8), np.full(count, int(Grade.A), np.int8))
