"""The equations of a program as a LaTeX document."""

from __future__ import annotations

import re

import pytest
from tests.engine.worlds import bundled

import sivuvirta as sv
from sivuvirta.errors import OptionError
from sivuvirta.plan.program.families import FAMILIES, program
from sivuvirta.plan.program.objective import value_objective


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    return sv.export("three_sites", tmp_path_factory.mktemp("tex") / "plan.tex", budget=1e6).read_text(encoding="utf-8")


def test_every_family_that_has_rows_has_its_equation_and_no_other(document):
    at = program(sv.match(bundled("three_sites")), sv.PlanOptions(budget=1e6))
    told = re.findall(r"\\subsection\*\{\\texttt\{([a-z\\_]+)\} \((\d+) rows?\)\}", document)
    with_rows = [(family.__name__.replace("_", r"\_"), str(at.lp.family(family.__name__).count)) for family in FAMILIES]
    assert told == [(name, count) for name, count in with_rows if count != "0"]
    shown = [family for family in FAMILIES if at.lp.family(family.__name__).count]
    assert document.count("\\[\n") == sum((made.__doc__ or "").count(".. math::") for made in (*shown, value_objective))
    assert r"\text{(P1)}" in document


def test_braces_and_environments_are_closed(document):
    plain = document.replace(r"\{", "").replace(r"\}", "")
    assert plain.count("{") == plain.count("}")
    opened = re.findall(r"\\begin\{(\w+)\}", document)
    assert sorted(opened) == sorted(re.findall(r"\\end\{(\w+)\}", document))
    assert document.count("\\[\n") == document.count("\n\\]")


def test_text_has_no_sign_that_latex_reads_otherwise(document):
    words = re.sub(r"\\\[.*?\\\]", "", document, flags=re.DOTALL)
    assert re.search(r"(?<!\\)[&%#_]", words) is None


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(OptionError, match="ends in no format"):
        sv.export("three_sites", tmp_path / "plan.doc")
