"""Pomace, coffee grounds, shells and PET: what they are, and who takes them."""

import pytest

import sivuvirta as sv


@pytest.mark.parametrize(
    ("text", "material"),
    [
        ("alperujo", "bio.olive_pomace"),
        ("orujo de oliva", "bio.olive_pomace"),
        ("olive pomace", "bio.olive_pomace"),
        ("oliivipuriste", "bio.olive_pomace"),
        ("coffee grounds", "bio.coffee_grounds"),
        ("posos de café", "bio.coffee_grounds"),
        ("kahvinporo", "bio.coffee_grounds"),
        ("kaffesump", "bio.coffee_grounds"),
        ("mussel shells", "bio.shell"),
        ("conchas de ostra", "bio.shell"),
        ("conchas de mejillón", "bio.shell"),
        ("simpukankuoria", "bio.shell"),
        ("PET bottles", "plastic.pet"),
        ("botellas PET", "plastic.pet"),
        ("PET flakes", "plastic.pet"),
    ],
)
def test_a_stream_is_of_its_own_class(text, material):
    assert sv.suggest(text).materials["material"][0] == material


@pytest.mark.parametrize(
    ("text", "industries"),
    [
        ("alperujo", {"10.41", "35.21", "38.21"}),
        ("coffee grounds", {"35.21", "38.21", "01.13"}),
        ("mussel shells", {"01.11", "10.91", "23.61"}),
        ("PET bottles", {"20.60", "22.22"}),
    ],
)
def test_the_industries_that_take_it_are_among_the_first_six(text, industries):
    assert industries <= set(sv.suggest(text, k=6).receivers["nace4"].tolist())
