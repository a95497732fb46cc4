"""What became of an exchange, from the words in which people write it in Finnish, Swedish, Spanish and English."""

from __future__ import annotations

from collections.abc import Mapping

from sivuvirta.language.folding import bounded, plain, words

SIGNS: Mapping[str, float] = {"operating": 1.0, "pilot": 0.8, "planned": 0.6, "ended": 0.6, "failed": 0.0, "refused": 0.0, "unknown": 0.0}
"""What an exchange counts by what became of it; one of which that cannot be told counts for nothing."""

FALLEN = ("failed", "refused")
"""These speak against their receiver."""

_BEGINNINGS = {
    "refused": "reject refus declin denied deny forbid forbidden prohibit veto hylat hylka kielt kielletty kielteinen evatty evatt torjut "
    "avslag avslog nekad nekat avvisa forbjud vagra rechaz deneg denied prohib desestim",
    "failed": "fail unsuccess abandon cancel withdrawn dropped aborted infeasible unfeasible epaonnist peru peruttu peruutet "
    "keskeyt kaatu misslyck installd nedlagd avbrut overgiv fracas fallid abandon cancelad anulad inviable",
    "ended": "ended end stop terminat discontinu ceas closed finish expired inactiv former previous until shut lopetet loppu loppui "
    "paattyn paatty paattynyt lakkaut suljet entinen avslut upphor upphort stangd slut stoppad tidigare nedstangd terminad finaliz cesad "
    "cerrad detenid anterior inactiv",
    "planned": "plan propos intend approv accept permitted agreed announced feasib suunnit suunnitteil ehdot aiot hyvaksy sovittu planer "
    "foresla beslut godkan avtal accepter previst propuest aprob acept acordad proyecta",
    "pilot": "pilot trial test demonstrat experiment koe kokeil koetoim koeteht testa forsok provdrift prova ensayo prueba piloto demostra",
    "operating": "operating operational operates operativ active running runs working works ongoing current success realised realized "
    "implemented established toteutunut toteutui toteutet toimii toimiva toiminnassa kaynnissa kaytossa onnistun voimassa jatkuu pagar "
    "pagaend aktiv drift lyckad genomfor fungerar existing activ operando marcha funcionan funciona vigente exito realizad implementad "
    "ejecutad operacion",
}
_WHOLE = {
    "operating": "ok yes true kylla ja si on live",
    "refused": "",
    "failed": "no ei nej false none never",
    "ended": "over ohi old",
    "pilot": "",
    "planned": "idea future tuleva",
}
_NOT = frozenset(("not", "no", "ei", "eivat", "inte", "ej", "icke", "nej", "never", "nunca", "non"))
_NOT_YET = frozenset(("yet", "viela", "annu", "aun", "todavia"))
_NO_LONGER = frozenset(("longer", "enaa", "langre", "mas"))
_SHORTEST = 4  # letters of a beginning that longer words are known by


def past(status: str) -> str:
    """What became of an exchange that did not come about, as words of a sentence."""
    return "was refused" if status == "refused" else status


def outcome(text: str) -> str:
    """What became of an exchange: one of the names in `SIGNS`; `operating` where nothing is said, `unknown` where it cannot be told.

    >>> outcome("Refused by receiver"), outcome("hylätty"), outcome("i drift"), outcome("not running"), outcome("maybe"), outcome("")
    ('refused', 'refused', 'operating', 'failed', 'unknown', 'operating')
    """
    if not text.strip():
        return "operating"
    said = [plain(word) for word in words(bounded(text))]
    denied = _NOT & set(said) if len(said) > 1 else set()
    kinds = {kind for word in said if word not in denied for kind in [_kind(word)] if kind}
    if denied:
        return _denied(kinds, set(said))
    return _told(kinds)


def _told(kinds: set[str]) -> str:
    bad = kinds & {"refused", "failed", "ended"}
    if bad and "operating" in kinds:
        return "unknown"
    return next((kind for kind in ("refused", "failed", "ended", "pilot", "planned", "operating") if kind in kinds), "unknown")


def _denied(kinds: set[str], said: set[str]) -> str:
    """What a text with a *not* tells: what is not refused may be anything, what does not run has failed, or waits, or ended."""
    if kinds & {"refused", "failed", "ended"} or not kinds:
        return "unknown"
    if said & _NOT_YET:
        return "planned"
    if said & _NO_LONGER:
        return "ended"
    return "refused" if kinds == {"planned"} else "failed"


def _kind(word: str) -> str | None:
    """The kind whose longest beginning the word has."""
    whole = next((kind for kind, each in _WHOLE.items() if word in each.split()), None)
    found = [
        (len(start), kind)
        for kind, each in _BEGINNINGS.items()
        for start in each.split()
        if word == start or (len(start) >= _SHORTEST and word.startswith(start))
    ]
    return whole or (max(found)[1] if found else None)
