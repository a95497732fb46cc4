"""How well receivers are guessed: exchanges of published cases, each case left out in turn, beside simpler ways to guess."""

from sivuvirta.suggest.evaluation.measures import MEASURES
from sivuvirta.suggest.evaluation.run import METHODS, Progress, evaluate
from sivuvirta.suggest.evaluation.text import markdown

__all__ = ["MEASURES", "METHODS", "Progress", "evaluate", "markdown"]
