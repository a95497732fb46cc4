"""The platform's words: all of them in every language, and pages that say them."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format, number_format

from sivuvirta.web.accounts.models import Role
from sivuvirta.web.accounts.viewer import system
from sivuvirta.web.registry.models import MODELS
from sivuvirta.web.registry.seen.sentences import sentence
from sivuvirta.web.registry.writes.changing import change

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "scripts"))
import messages as words  # noqa: E402

pytestmark = pytest.mark.django_db
OTHERS = ("fi", "sv", "es")
SAID = {"en": "Log in", "fi": "Kirjaudu sisään", "sv": "Logga in", "es": "Entrar"}
STREAMS = {"en": "Streams", "fi": "Virrat", "sv": "Strömmar", "es": "Corrientes"}


@pytest.fixture(scope="module")
def wanted():
    return words.template()


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_translated(language, wanted):
    known = words.catalogue(language)
    missing = [message.id for message in wanted if message.id and known.get(message.id, context=message.context) is None]
    assert missing == []
    assert words.faults(known) == []
    assert len(known) == len(wanted)


@pytest.mark.parametrize("language", OTHERS)
def test_the_compiled_file_says_what_the_written_one_says(language, wanted):
    made = words.merged(language, wanted)
    assert words.po(language).read_bytes() == words.written(made)
    assert words.po(language).with_suffix(".mo").read_bytes() == words.compiled(made)


CODE = re.compile(r"<[^>]*>|\{.*\}|`[^`]*`")  # marks of pages, of an example, of a name
STRAY = {"fi": "'\"‘“„«»", "sv": "'\"‘“„«»", "es": "'\"‘’“”„"}
"""Quote marks of other languages."""


@pytest.mark.parametrize("language", OTHERS)
def test_one_kind_of_quote_marks_in_a_language(language):
    known = [message.string for message in words.catalogue(language) if message.id]
    texts = [CODE.sub("", text) for each in known for text in (each if isinstance(each, tuple) else (each,))]
    assert [text for text in texts if set(text) & set(STRAY[language])] == []
    assert [text for text in texts if text.count("”") % 2 or text.count("«") != text.count("»")] == []


def test_faults_are_found():
    made = words.Catalog(locale="fi")
    made.add("%(a)s is kept", "%(b)s on tallennettu")
    made.add("open", "")
    made.add("new", "uusi", flags={"fuzzy"})
    made.add(("%(n)s row", "%(n)s rows"), ("%(n)s rivi", ""))
    assert [fault.split(": ")[1] for fault in words.faults(made)] == ["places differ", "not translated", "fuzzy", "not translated"]


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_a_page_speaks_the_language_that_the_browser_asks_for(language):
    text = Client().get("/-/account/login/", headers={"accept-language": language}, follow=True).content.decode()
    assert f'<html lang="{language}">' in text
    assert SAID[language] in text


def test_a_language_that_we_do_not_speak_becomes_english():
    text = Client().get("/-/account/login/", headers={"accept-language": "de,fr;q=0.8"}, follow=True).content.decode()
    assert '<html lang="en">' in text
    assert SAID["en"] in text


def test_the_language_chosen_is_kept():
    client = Client()
    client.post("/-/language", {"language": "sv", "next": "/"})
    text = client.get("/-/account/login/", headers={"accept-language": "fi"}, follow=True).content.decode()
    assert '<html lang="sv">' in text


def test_the_language_chosen_is_the_persons_on_every_device(person):
    user = person("anna")
    first, second = Client(), Client()
    first.force_login(user)
    first.post("/-/language", {"language": "fi", "next": "/"})
    second.force_login(user)
    text = second.get("/-/account/", headers={"accept-language": "es"}, follow=True).content.decode()
    assert '<html lang="fi">' in text
    user.refresh_from_db()
    assert user.language == "fi"


def test_a_list_in_finnish_says_labels_and_figures_so_and_its_file_stays_as_it_is(register):
    address = f"/{register.slug}/streams/"
    client = Client(headers={"accept-language": "fi"})
    with_figures = f"{address}?columns=name,amount,moisture&moisture.min=5,5&sort=-moisture"
    text = client.get(with_figures).content.decode()
    assert STREAMS["fi"] in text
    assert "Kosteus" in text
    assert 'value="5,5"' in text  # read again by the list itself
    file = client.get(f"{with_figures}&format=csv").getvalue().decode()
    assert file.splitlines()[0].lstrip("\ufeff").startswith("stream,")
    assert "Kosteus" not in file


def test_a_form_in_finnish_takes_comma_and_point_and_its_values_are_read_again(register, person):
    client = Client(headers={"accept-language": "fi"})
    client.force_login(person("anna", Role.ADMINISTRATOR))
    address = f"/{register.slug}/sources/"
    assert client.get(address).status_code == 200
    streams = MODELS["streams"].objects.filter(register=register)
    row = streams.exclude(moisture=None).first()
    for written in ("12,5", "12.5"):
        row.refresh_from_db()
        page = client.get(f"/{register.slug}/streams/-/change/{row.row_key}")
        cells = {field.column.name: field.text for field in (*page.context["first"], *page.context["rest"])}
        sent = {**cells, "moisture": written, "circle": row.circle, "version": row.version}
        answer = client.post(f"/{register.slug}/streams/-/change/{row.row_key}", sent)
        assert answer.status_code == 302, answer.content.decode()
        row.refresh_from_db()
        assert row.moisture == 12.5
        page = client.get(f"/{register.slug}/streams/-/change/{row.row_key}").content.decode()
        assert 'name="moisture" value="12.5"' in page
        assert "Kosteus" in page


@pytest.mark.parametrize(("language", "written"), [("en", "1,230.5"), ("fi", "1\xa0230,5"), ("sv", "1\xa0230,5"), ("es", "1\xa0230,5")])
def test_figures_are_written_as_the_language_does(language, written):
    with translation.override(language):
        assert number_format(1230.5, 1, use_l10n=True, force_grouping=True) == written


@pytest.mark.parametrize(("language", "written"), [("en", "2026-03-09"), ("fi", "9.3.2026"), ("sv", "9.3.2026"), ("es", "9/3/2026")])
def test_dates_are_written_as_the_language_does(language, written):
    with translation.override(language):
        assert date_format(date(2026, 3, 9), "SHORT_DATE_FORMAT") == written


def test_names_in_a_sentence_have_the_quote_marks_of_its_language():
    with translation.override("fi"):
        assert sentence("'ahs' is not a unit that is known. Did you mean 'ash' or 'oil'?").endswith("”ash” tai ”oil”?")
        assert sentence("Did you mean 'ash', 'oil' or 'tar'?").endswith("”ash”, ”oil” tai ”tar”?")
        assert sentence("Did you mean ash?").endswith(" ash?")
    assert sentence("Did you mean 'ash' or 'oil'?") == "Did you mean 'ash' or 'oil'?"


ENGLISH = re.compile(r"\b(the|and|of|is|are|what|with|not|known|from|this|you)\b", re.IGNORECASE)
SHOWN = ("/{}/", "/{}/-/register/", "/{}/-/uses/ash", "/{}/streams/ash/", "/{}/streams/-/meter/ash", "/{}/-/studies/")


@pytest.mark.parametrize("language", OTHERS)
def test_central_pages_say_no_english_sentence(register, language):
    rows = [row for table in MODELS.values() for row in table.objects.filter(register=register).values()]
    names = {text for row in rows for text in row.values() if isinstance(text, str) and len(text) > 5} | {register.title}
    told: dict[str, set[str]] = {}
    for spoken in ("en", language):
        client = Client(headers={"accept-language": spoken})
        pages = [client.get(address.format(register.slug)).content.decode() for address in SHOWN]
        told[spoken] = {" ".join(text.split()) for page in pages for text in re.findall(r">([^<>]+)<", page)}
    same = {text for text in told["en"] & told[language] if len(ENGLISH.findall(text)) > 1}
    assert {text for text in same if not any(name in text for name in names)} == set()


@pytest.mark.parametrize("language", OTHERS)
def test_templates_of_an_import_are_called_as_the_register_calls_its_tables(register, person, language):
    client = Client(headers={"accept-language": language})
    client.force_login(person("anna", Role.ADMINISTRATOR))
    page = client.get(f"/{register.slug}/-/imports/?table=streams").content.decode()
    assert f'?table=streams">{STREAMS[language]}</a>' in page
    assert f">{STREAMS['en']}</a>" not in page


def test_what_is_closed_is_told_so_in_the_log(register, person):
    row = MODELS["streams"].objects.filter(register=register).first()
    change(row, {"note": "Hush", "circles": {"note": 0}}, system("test"), row.version)
    client = Client(headers={"accept-language": "fi"})
    client.force_login(person("anna", Role.ADMINISTRATOR))
    page = client.get("/-/log/").content.decode()
    assert "(not open to you)" not in page
    assert "(ei sinulle avoin)" in page
