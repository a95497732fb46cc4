"""Suggest: what a stream described in a few words may be and become, who may take it, and how well that is guessed."""

from sivuvirta.suggest.answer import answer
from sivuvirta.suggest.asked import Ask
from sivuvirta.suggest.exchange_tables import table_of

__all__ = ["Ask", "answer", "table_of"]
