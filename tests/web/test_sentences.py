"""Sentences of the engine in the reader's language."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from sivuvirta.tables.cells import typed
from sivuvirta.tables.schema import schema
from sivuvirta.units.numbers import parse_number
from sivuvirta.web.registry.models import Register
from sivuvirta.web.registry.seen.sentences import REPAIRS, SENTENCES, sentence


@pytest.mark.parametrize("text", ["1,234", "5-10", ">3", "ca. 3", "3 ± 1", "moist", "-", "3 t"])
def test_every_reason_why_a_cell_is_no_number_has_finnish_words(text):
    fault = parse_number(text)
    with override("fi"):
        assert sentence(fault.message) != fault.message
        assert sentence(fault.repair) != fault.repair


@pytest.mark.parametrize(
    ("column", "cell"), [("hazardous", "x"), ("temperature", "2024-05-01"), ("moisture", "5 kg"), ("grain_max", "12 mm")]
)
def test_cells_of_streams_have_finnish_words(column, cell):
    for _row, fault in typed([cell], schema()["streams"].columns[column]).faults:
        with override("fi"):
            assert sentence(fault.message) != fault.message
            assert sentence(fault.repair) != fault.repair


def test_what_a_person_wrote_stays_and_choices_are_told_in_words():
    with override("fi"):
        assert sentence("'30 % of it' is no number.") == "”30 % of it” ei ole luku."
        assert sentence("'x' is neither in sheet 'materials' nor in the library.").endswith("eikä kohdassa kirjasto.")
        assert sentence("Write one of: yes, no, unknown.") == "Kirjoita jokin näistä: yes (kyllä), no (ei), unknown (ei tiedossa)."
        assert sentence("Did you mean 'ash.fly' or 'ash.bottom'?") == "Tarkoititko ”ash.fly” tai ”ash.bottom”?"
    assert sentence("Something new.") == "Something new."


@pytest.mark.parametrize("language", ["fi", "sv", "es"])
def test_every_sentence_is_translated_with_its_places(language):
    with override(language):
        same = [message for message in (*SENTENCES, *REPAIRS) if gettext(message) == message]
    assert same == []


def test_what_a_script_writes_on_the_map_is_in_the_page_s_language():
    with override("fi"):
        page = render_to_string("registry/_picker.html", {"register": Register(slug="north"), "lat": "id_lat", "lon": "id_lon"})
    assert 'data-nearer="Lähemmäs" data-farther="Kauemmas"' in page
