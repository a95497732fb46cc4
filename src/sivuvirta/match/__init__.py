"""Match: who can use whose stream, judged on law, hazard and quality, worth what, and why."""

from sivuvirta.match.frames import best, ranked, to_frame
from sivuvirta.match.judge import match
from sivuvirta.match.reasons import checks, why

__all__ = ["best", "checks", "match", "ranked", "to_frame", "why"]
