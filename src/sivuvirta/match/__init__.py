"""Match: who can use whose stream, judged on law, hazard and quality, worth what, and why."""

from sivuvirta.match.frames import best, ranked, to_frame
from sivuvirta.match.judge import match
from sivuvirta.match.legal_words import lawful_max, legal_path
from sivuvirta.match.reasons import checks, why

__all__ = ["best", "checks", "lawful_max", "legal_path", "match", "ranked", "to_frame", "why"]
