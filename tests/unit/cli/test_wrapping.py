"""Sentences on the screen break between words at its width, and no word is broken."""

from __future__ import annotations

import io

from sivuvirta.cli.common.screen import Screen


def shown(text, width=24):
    file = io.StringIO()
    Screen(file=file, width=width).print(text, markup=False, soft_wrap=True)
    return file.getvalue().splitlines()


def test_a_sentence_breaks_between_words():
    assert shown("Tonnes of landfill are those of the plan.") == ["Tonnes of landfill are", "those of the plan."]


def test_a_path_stays_whole():
    assert shown("Tables: /a/very/long/path/to/some/tables.xlsx there") == ["Tables:", "/a/very/long/path/to/some/tables.xlsx", "there"]


def test_a_figure_keeps_its_unit_and_lines_their_places():
    assert shown("Today it is as much as\u00a010\u202f000\u00a0t\n\n  an item that goes on and on") == [
        "Today it is as much",
        "as\u00a010\u202f000\u00a0t",
        "",
        "  an item that goes on",
        "    and on",
    ]
