"""A suggestion from a text and the codes that go with it."""

from __future__ import annotations

from sivuvirta.domain.suggestions import Suggestion
from sivuvirta.domain.words import shortened
from sivuvirta.suggest import tables as ranked_tables
from sivuvirta.suggest.asked import Ask, asked
from sivuvirta.suggest.nace import REVISIONS, known, translated
from sivuvirta.suggest.nace import revision as revision_of
from sivuvirta.suggest.organisations import organisations
from sivuvirta.suggest.precedents import Precedents, codes_in, columns_of, precedents
from sivuvirta.suggest.query import query
from sivuvirta.suggest.ranking import Ranking, ranking


def answer(ask: Ask) -> Suggestion:
    """What a stream may be, contain, become, and who may take it.

    Raises:
        OptionError: a code, revision or number is none, or the precedents lack a column; all faults of the options at once.
    """
    ask, left_out = asked(ask)
    revision = ask.revision or _spoken(ask)
    own = precedents(ask.precedents, revision) if ask.precedents is not None and len(ask.precedents) else None
    donor = _donor(ask.donor_nace, revision)
    ranked = ranking(query(ask.text, ask.low, donor, ask.country), revision, own)
    receivers, divisions = ranked_tables.industries(ranked, revision, own, ask.k)
    return Suggestion(
        text=ask.text,
        revision=revision,
        note=" ".join([*left_out, *_letters(ask), *_unread(own), *_note(ask, ranked, own)]),
        materials=ranked_tables.materials(ranked, ask.text, ask.k),
        contents=ranked_tables.contents(ranked),
        technologies=ranked_tables.technologies(ranked, ask.k),
        uses=ranked_tables.uses(ranked, ask.k),
        receivers=receivers,
        divisions=divisions,
        organisations=organisations(ranked, ask.region, revision, ask.k),
        exchanges=ranked_tables.exchanges(ranked, revision, own, ask.k),
    )


def _spoken(ask: Ask) -> str:
    """The revision that the precedents speak; where they do not tell, the newer."""
    if ask.precedents is None:
        return REVISIONS[0]
    table = columns_of(ask.precedents)
    codes = [code for name in ("donor_nace", "receiver_nace") if name in table for cell in table[name] for code in codes_in(cell)]
    return revision_of(codes) or REVISIONS[0]


def _donor(text: str | None, revision: str) -> str | None:
    """The donor's industry in a revision; a code that only the other revision knows is translated."""
    code = next(iter(codes_in(text)), None) if text else None
    if code is None or code in known(revision):
        return code
    other = next(each for each in REVISIONS if each != revision)
    options = translated(code, other, revision)
    return max(options, key=lambda each: options[each]) if options else code


def _letters(ask: Ask) -> list[str]:
    """How the letters of a file of exchanges were read, where that is not sure."""
    note = ask.precedents.attrs.get("note", "") if ask.precedents is not None else ""
    return [str(note)] if note else []


def _unread(own: Precedents | None) -> list[str]:
    """What of the user's exchanges counts for nothing."""
    if own is None or not own.unread:
        return []
    return [f"Of your exchanges these count for nothing: {shortened(own.unread, _MOST_UNREAD, '; ')}."]


def _note(ask: Ask, ranked: Ranking, own: Precedents | None) -> list[str]:
    nearest = max(float(ranked.classes.max()), float(ranked.typologies.max()))
    if not ranked.scores:
        return ["Nothing is known of such a stream. Describe it in other words, or give its waste code or its industry."]
    texts = ranked_tables.materials(ranked, ask.text, 1)
    if nearest < _WEAK or not len(texts):
        basis = "your exchanges" if own is not None else "its codes"
        return [f"The text names nothing that is known: the answer rests on {basis} alone."]
    return []


_WEAK = 0.35  # below this nearness nothing in the library is like the text
_MOST_UNREAD = 10  # rows of the user's that are told by name
