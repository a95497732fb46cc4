"""Countries as people write them, read as the two letters of ISO 3166."""

from __future__ import annotations

from sivuvirta.language.folding import plain

_EVERY = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI "
    "CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ "
    "GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS "
    "LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG "
    "PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK "
    "TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
_CODES = frozenset(_EVERY.split())
_OTHER_CODES = {
    "UK": "GB",
    "EL": "GR",
    "FIN": "FI",
    "SWE": "SE",
    "NOR": "NO",
    "DNK": "DK",
    "EST": "EE",
    "ESP": "ES",
    "DEU": "DE",
    "GBR": "GB",
}
_NAMES = {
    "FI": "finland suomi finlandia",
    "SE": "sweden ruotsi sverige suecia",
    "NO": "norway norja norge noruega",
    "DK": "denmark tanska danmark dinamarca",
    "EE": "estonia viro estland eesti",
    "ES": "spain espanja spanien espana",
    "LV": "latvia lettland letonia latvija",
    "LT": "lithuania liettua litauen lituania lietuva",
    "IS": "iceland islanti island islandia",
    "DE": "germany saksa tyskland alemania deutschland",
    "NL": "netherlands alankomaat nederlanderna nederland holland hollanti holanda",
    "BE": "belgium belgia belgien belgica belgie",
    "FR": "france ranska frankrike francia",
    "IT": "italy italia italien",
    "PT": "portugal portugali",
    "PL": "poland puola polen polonia polska",
    "AT": "austria itavalta osterrike osterreich",
    "CH": "switzerland sveitsi schweiz suiza",
    "GB": "britain englanti england inglaterra storbritannien",
    "IE": "ireland irlanti irland irlanda",
    "CZ": "czechia tsekki tjeckien chequia",
    "HU": "hungary unkari ungern hungria",
    "GR": "greece kreikka grekland grecia",
    "RO": "romania rumania rumanien",
    "SI": "slovenia slovenien eslovenia",
    "SK": "slovakia slovakien eslovaquia",
    "RU": "russia venaja ryssland rusia",
    "US": "usa yhdysvallat",
    "CN": "china kiina kina",
    "JP": "japan japani japon",
    "KR": "korea",
    "IN": "india intia indien",
    "AU": "australia australien",
    "CA": "canada kanada",
    "BR": "brazil brasilia brasilien brasil",
    "MX": "mexico meksiko mexiko",
    "CL": "chile",
}
_BY_NAME = {name: code for code, names in _NAMES.items() for name in names.split()}
_LONG = {
    "united kingdom": "GB",
    "great britain": "GB",
    "reino unido": "GB",
    "iso-britannia": "GB",
    "united states": "US",
    "czech republic": "CZ",
}


def country_code(text: str | None) -> str | None:
    """Two letters of a country from its code or its name in a language of the house or its own; None where there is no such country.

    >>> country_code("Finland"), country_code("suomi"), country_code("España"), country_code("se"), country_code("XX")
    ('FI', 'FI', 'ES', 'SE', None)
    """
    written = plain(str(text or "").strip().lower())
    code = written.upper()
    if code in _CODES:
        return code
    return _OTHER_CODES.get(code) or _BY_NAME.get(written) or _LONG.get(written)
