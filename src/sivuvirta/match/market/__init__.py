"""Market: large registers prepared and screened. This room loads the compiler; import it where screening is asked for, not before."""

from sivuvirta.match.market.excerpts import with_stream
from sivuvirta.match.market.frames import kilometres, ranked, to_frame
from sivuvirta.match.market.market import Market, prepare
from sivuvirta.match.market.screen import screen
from sivuvirta.match.market.words import checks, why

__all__ = ["Market", "checks", "kilometres", "prepare", "ranked", "screen", "to_frame", "why", "with_stream"]
