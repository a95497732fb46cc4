"""What the engine says is missing, told in the reader's language."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from sivuvirta.web.matching.words import reason
from sivuvirta.web.registry.seen.wanting import asked, wanting


@pytest.mark.parametrize(
    ("name", "finnish", "swedish", "spanish"),
    [
        ("Batch leaching at L/S 10", "Ravistelutesti, L/S 10", "Skaktest, L/S 10", "Ensayo de lixiviación por lotes, L/S 10"),
        ("A hazard classification", "Vaarallisuusluokitus", "En klassning av farligheten", "Una clasificación de peligrosidad"),
        ("Lead, leached", "Lyijy, liukeneva", "Bly, utlakat", "Plomo, lixiviado"),
        (
            "Permit (Regional State Administrative Agency (AVI)), 1.5 to 14 months; end of waste (X), no time",
            "Lupa (aluehallintovirasto (AVI)), 1,5–14 kuukautta; jätteeksi luokittelun päättyminen (X), ei kestä aikaa",
            "Tillstånd (regionförvaltningsverket (RFV)), 1,5–14 månader; upphörande av avfallsstatus (X), tar ingen tid",
            "Permiso (Agencia Administrativa Regional del Estado (AVI)), de 1,5 a 14 meses; fin de la condición de residuo (X), sin plazo",
        ),
        ("Mill A's own word", "Mill A's own word", "Mill A's own word", "Mill A's own word"),
    ],
)
def test_a_test_or_decision_is_named_in_the_reader_s_language(name, finnish, swedish, spanish):
    for language, told in (("en", name), ("fi", finnish), ("sv", swedish), ("es", spanish)):
        with override(language):
            assert asked(name) == told


def test_what_a_plant_makes_is_told_with_its_component_and_its_name():
    with override("fi"):
        assert wanting("a test of lead of what Mill A makes") == "koe (lyijy) siitä, mitä Mill A tuottaa"
        assert wanting("a test of copper") == "koe: kupari"


def test_reasons_name_substances_in_the_reader_s_language():
    part = {"subject": "limit", "verdict": "fail", "component": "lead", "bound": 1.5, "unit": "mg/kg", "regulation": "MARA"}
    part |= {"minimum": False, "band": None, "value": None}
    with override("fi"):
        assert reason(part).startswith("lyijy: ")
    with override("en"):
        assert reason(part).startswith("lead: ")
