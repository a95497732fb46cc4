"""The workbook: its formulas give the engine's figures, computed by another library; a change moves what rests on it; texts stay texts."""

from __future__ import annotations

import re
import zipfile
from functools import cache

import formulas
import openpyxl
import pytest
from tests.engine.worlds import SLAG, base, matched, planned
from tests.report_studies import study

import sivuvirta as sv
from sivuvirta.assess.figures import assessment
from sivuvirta.domain.studies import STUDIES, Studies
from sivuvirta.report.studies import sections
from sivuvirta.report.studies.blocks import Table
from sivuvirta.report.workbook import write
from sivuvirta.report.workbook.cells import Formula, Link, put

KEY, STATES = 8, "CDE"
EVIL = '=HYPERLINK("http://evil.example","click")'


@cache
def assessed(name):
    plan = sv.plan(name)
    return plan, sv.assess(plan)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    plan, found = assessed("three_sites")
    return write(plan, found, tmp_path_factory.mktemp("books") / "small.xlsx")


def computed(path):
    """Every cell of the summary, computed by a library that knows nothing of ours."""
    cells = formulas.ExcelModel().loads(str(path)).finish().calculate()
    return lambda column, row: float(cells[f"'[{path.name}]SUMMARY'!{column}{row}"].value[0, 0])


def places(path):
    sheet = openpyxl.load_workbook(path)["Summary"]
    return {sheet.cell(row, KEY).value: row for row in range(1, sheet.max_row + 1) if "/" in str(sheet.cell(row, KEY).value)}


def test_the_formulas_give_the_engines_figures(small):
    traces, at, value = assessed("three_sites")[1].traces, places(small), computed(small)
    assert {"headline/benefit", "money/fee", "carbon/purchase", "transport/tonne-kilometres"} <= set(at)
    for key, row in at.items():
        assert [value(column, row) for column in STATES] == pytest.approx(list(traces.find(key).amounts), rel=1e-9, abs=1e-6), key
        assert value("G", row) == 0


def test_a_changed_price_moves_every_figure_that_rests_on_it(small, tmp_path):
    traces, at, before = assessed("three_sites")[1].traces, places(small), computed(small)
    line = next(line for line in traces.find("money/purchase").lines if traces.value(line)[0] != traces.value(line)[2])
    book = openpyxl.load_workbook(small)
    cell = book["Coefficients"].cell(line.coefficient + 2, 3)
    cell.value *= 2  # the price doubles, and with it what is bought at that price
    changed = tmp_path / "changed.xlsx"
    book.save(changed)
    after = computed(changed)
    dearer = [
        sum(traces.value(each)[state] for each in traces.find("money/purchase").lines if each.coefficient == line.coefficient)
        for state in (0, 2)
    ]
    row = at["money/purchase"]
    assert after("C", row) - before("C", row) == pytest.approx(dearer[0])
    assert after("E", row) - before("E", row) == pytest.approx(dearer[1])
    head = at["headline/benefit"]
    assert after("E", head) - before("E", head) == pytest.approx(dearer[0] - dearer[1])
    assert after("G", head) == pytest.approx(dearer[0] - dearer[1])


@cache
def lines(path, name):
    """Lines of a sheet, evaluated by reading the references of their formulas."""
    book = openpyxl.load_workbook(path)
    sheet, sums = book[name], {}
    for row in range(2, sheet.max_row + 1):
        rate, sign = reference(book, sheet.cell(row, 13).value), sheet.cell(row, 14).value
        amounts = [reference(book, sheet.cell(row, column).value) for column in (6, 7, 8)]
        whole = sums.setdefault(sheet.cell(row, 1).value, [0.0, 0.0, 0.0])
        for state, amount in enumerate(amounts):
            whole[state] += sign * amount * rate
    return sums


def reference(book, formula):
    sheet, column, row = re.fullmatch(r"=(\w+)!([A-Z]+)(\d+)", formula).groups()
    return book[sheet][f"{column}{row}"].value


@pytest.mark.parametrize("name", ["Money", "Carbon", "Roads", "Products", "Haulage", "Use and trucks", "Organisations"])
def test_the_lines_of_a_large_workbook_sum_to_the_engines_figures(tmp_path_factory, name):
    plan, found = assessed("kemi_tornio")
    path = tmp_path_factory.getbasetemp() / "large.xlsx"
    if not path.exists():
        sv.report(plan, path, found)
    for key, sums in lines(path, name).items():
        assert sums == pytest.approx(list(found.traces.find(key).amounts), rel=1e-9, abs=1e-6), key


def test_every_coefficient_leads_to_the_row_of_its_source(small):
    book = openpyxl.load_workbook(small)
    rates, sources = book["Coefficients"], book["Sources"]
    linked = 0
    for row in range(2, rates.max_row + 1):
        cell = rates.cell(row, 6)
        if cell.value:
            place = re.fullmatch(r"Sources!A(\d+)", cell.hyperlink.location or cell.hyperlink.target.lstrip("#"))
            assert sources.cell(int(place.group(1)), 1).value == cell.value
            linked += 1
        else:
            assert rates.cell(row, 1).value in ("counted as it is", "bought", "counts as used; a residue that is disposed of is taken away")
    assert linked > 10
    assert sources.cell(2, 2).value


def test_no_text_of_the_register_becomes_a_formula(tmp_path):
    sourced = {"grade": "A", "source": "invented"}
    fate = {"fate": "f", "stream": "s", "name": "+1+1", "kind": "landfill", "fee": 5, "tax": 0, "co2": 0, "basis": "dry"}
    tables = base(
        [{"stream": "s", "site": "s0", "material": SLAG, "amount": 100}],
        [{"need": "n", "site": "s1", "amount": 50, "price": 20}],
        acceptances=[{"need": "n", "material": SLAG, "ratio": 1, **sourced}],
        fates=[{**fate, **sourced}],
    )
    tables["streams"][0]["name"] = EVIL
    tables["needs"][0]["name"] = "@SUM(A1)"
    plan = planned(matched(tables))
    found = assessment(plan.proven.ledger, plan.potential.ledger, plan.reference)
    path = write(plan, found, tmp_path / "evil.xlsx")
    with zipfile.ZipFile(path) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet"))
    written = re.findall(r"<f>(.*?)</f>", text)
    assert written
    assert not [each for each in written if "HYPERLINK" in each or "@" in each or each.startswith("+")]
    flows = openpyxl.load_workbook(path)["Flows"]
    evil = [cell for row in flows.iter_rows() for cell in row if str(cell.value).startswith(("=", "@", "+"))]
    assert {cell.value for cell in evil} >= {EVIL}
    assert all(cell.quotePrefix for cell in evil)


def test_cells_keep_what_is_unknown_empty_and_signs_that_a_file_cannot_hold_out():
    sheet = openpyxl.Workbook().active
    assert put(sheet, 1, 1, float("nan")).value is None
    assert put(sheet, 1, 2, None).value is None
    assert put(sheet, 1, 3, "a\x01b").value == "ab"
    assert put(sheet, 1, 4, Formula("=1+1")).data_type == "f"
    assert put(sheet, 1, 5, Link("page", "https://example.org")).hyperlink.target == "https://example.org"
    assert put(sheet, 1, 6, Link("page", "javascript:alert(1)")).hyperlink is None


def test_the_ending_of_the_file_decides(tmp_path):
    plan, found = assessed("three_sites")
    assert zipfile.is_zipfile(sv.report(plan, tmp_path / "book.xlsx", found))
    assert sv.report(plan, tmp_path / "page.html", found).read_text(encoding="utf-8").startswith("<!doctype html>")


def test_benefit_sheets_have_every_indicator_of_every_exchange_and_what_is_not_known_stays_empty(tmp_path):
    plan, found = assessed("three_sites")
    benefits = sv.benefits(plan, attribution={"*": (0.5, "half of it")})
    book = openpyxl.load_workbook(write(plan, found, tmp_path / "b.xlsx", Studies(benefits=benefits)))
    exchanges = benefits.exchanges[benefits.exchanges["exchange"] != ""]
    for name, frame in (("Programmes", benefits.programmes), ("Exchanges", exchanges)):
        sheet = book[name]
        assert sheet.max_row == len(frame) + 1
        heads = {cell.value: at for at, cell in enumerate(sheet[1])}
        for cells, row in zip(sheet.iter_rows(min_row=2), frame.to_dict("records"), strict=True):
            shown = [cells[heads[head]].value for head in ("Benefit", "Mean", "5 %", "95 %", "Attributed", "Attributed, mean")]
            known = [
                None if row[key] != row[key] else row[key] for key in ("value", "mean", "low", "high", "attributed", "attributed_mean")
            ]
            assert shown == pytest.approx(known)
            assert (cells[heads["Unit"]].value, cells[heads["Grade"]].value) == (row["unit"], row["grade"] or None)
            assert (cells[heads["Not known"]].value or "") == (row["unknown"] or "")
    assert {cell.value for cell in book["Exchanges"]["B"][1:]} >= set(exchanges["name"])
    assert book["Exchanges"].freeze_panes == "D2"


def test_benefits_of_the_invented_programme_stand_year_by_year(tmp_path):
    plan, found = assessed("three_sites")
    book = openpyxl.load_workbook(write(plan, found, tmp_path / "b.xlsx", Studies(benefits=sv.benefits(plan))))
    told = [
        [cell.value for cell in row]
        for row in book["Years"].iter_rows(min_row=2)
        if row[0].value == "2024: plan, proven, less today" and row[1].value == "Exercise programme (invented)"
    ]
    worth = [row for row in told if row[2] == "Worth to the region"]
    assert [row[4] for row in worth] == [1, 2, 3, 4, 5]
    assert [row[6] for row in worth] == pytest.approx([267_000, 257_400, 243_000, 219_000, 109_500])  # by hand in test_benefits
    heads = [cell.value for cell in book["Years"][1]]
    last = dict(zip(heads, worth[-1], strict=True))
    assert last["Cumulated"] == last["Cumulated, mean"] == pytest.approx(1_095_900)  # nothing of it is drawn
    assert last["Attributed, cumulated"] == pytest.approx(558_990)


def test_every_sheet_of_amounts_names_vintage_and_network(small):
    book = openpyxl.load_workbook(small)
    for name in ("Flows", "Money", "Carbon", "Roads"):
        heads = [cell.value for cell in book[name][1]]
        assert {"2024: Today", "2024: Plan, proven", "2024: Plan, with potential"} <= set(heads)
    assert "Money by term, 2024: today; plan, proven and with potential" in {cell.value for cell in book["Summary"]["A"]}


def test_figures_with_ranges_have_a_sheet_each_with_mean_and_ends(tmp_path):
    plan, found = assessed("kemi_tornio")
    asked = Studies(
        ranges=sv.ranges(plan, draws=100), economy=sv.economy(plan), lifecycle=sv.lifecycle(plan, runs=100), metrics=sv.metrics(plan)
    )
    book = openpyxl.load_workbook(write(plan, found, tmp_path / "b.xlsx", asked), read_only=True)
    frames = {
        "Ranges": (asked.ranges.figures, "Value", "value"),
        "Accounts": (asked.economy.accounts, "Saving", "saving"),
        "Effects": (asked.economy.effects, "Net", "net"),
        "Life cycle": (asked.lifecycle.scores, "Value", "value"),
        "Contributions": (asked.lifecycle.contributions, "Score", "score"),
        "Network metrics": (asked.metrics.to_frame(), "Value", "value"),
        "Network trend": (asked.metrics.trend(), "Difference", "difference"),
    }
    for name, (frame, head, column) in frames.items():
        first, *rows = book[name].iter_rows(values_only=True)
        told = [[row[first.index(each)] for each in (head, "Mean", "5 %", "95 %")] for row in rows]
        known = frame[[column, "mean", "low", "high"]].astype(object).where(frame[[column, "mean", "low", "high"]].notna(), None)
        assert len(told) == len(frame) > 0
        for shown, row in zip(told, known.to_numpy().tolist(), strict=True):
            assert shown == pytest.approx(row)
    first, *rows = book["Accounts"].iter_rows(values_only=True)
    alarms = {row[first.index("Name")] for row in rows if row[first.index("Over-claim")]}
    assert alarms == {"Forest owners, many"}  # the one whose saving may be none
    assert {row[0] for row in rows} == {"2024: plan, proven", "2024: plan, with potential"}


def test_indicators_say_of_which_years_their_figures_are(tmp_path):
    plan, found = assessed("kemi_tornio")
    asked = Studies(indicators=sv.indicators(plan))
    first, *rows = openpyxl.load_workbook(write(plan, found, tmp_path / "i.xlsx", asked), read_only=True)["Indicators"].iter_rows(
        values_only=True
    )
    told = [row[first.index("Years")] or "" for row in rows[: len(asked.indicators.items)]]
    assert told == [each.years for each in asked.indicators.items]
    assert any(told)


def test_without_benefits_there_is_no_sheet_of_them(small):
    assert not {"Programmes", "Exchanges", "Years"} & set(openpyxl.load_workbook(small).sheetnames)


def test_a_figure_has_the_decimals_that_its_size_needs():
    sheet = openpyxl.Workbook().active
    for column, (value, expected) in enumerate(
        [(0.0974, "#,##0.0000"), (96.86, "#,##0.0"), (1290295.0, "#,##0"), (0.0, "#,##0"), (3, "#,##0"), (-52.5, "#,##0.0")], 1
    ):
        assert put(sheet, 1, column, value).number_format == expected
        assert put(sheet, 2, column, Formula("=A1", value)).number_format == expected
    assert put(sheet, 3, 1, Formula("=A1")).number_format == "#,##0"


def test_coefficients_below_one_are_read_as_such_beside_their_lines(small):
    sheet, rates = openpyxl.load_workbook(small)["Haulage"], openpyxl.load_workbook(small)["Coefficients"]
    for row in range(2, sheet.max_row + 1):
        cell = sheet.cell(row, 13)
        of = rates[cell.value.partition("!")[2]]
        assert cell.number_format == of.number_format


@cache
def studied(folder):
    """The workbook of the teaching region with every study."""
    plan, found = assessed("three_sites")
    studies = Studies(**{name: study(name) for name in STUDIES})
    return studies, openpyxl.load_workbook(write(plan, found, folder / "all.xlsx", studies))


def goal(book, cell):
    """The cell that a cell leads to."""
    sheet, place = re.fullmatch(r"'?([^'!]+)'?!([A-Z]+\d+)", cell.hyperlink.location or cell.hyperlink.target.lstrip("#")).groups()
    return book[sheet][place]


def test_every_figure_that_the_page_prints_of_a_study_stands_in_the_workbook(tmp_path_factory):
    studies, book = studied(tmp_path_factory.getbasetemp())
    told = [tuple(cell or "" for cell in row) for row in book["Study figures"].iter_rows(min_row=2, max_col=6, values_only=True)]
    printed = [
        (section.title, block.sheet.caption, column.title, cell.text)
        for section in sections(studies, "2024")
        for block in section.blocks
        if isinstance(block, Table)
        for row in block.sheet.rows
        for column, cell in zip(block.sheet.columns, row, strict=True)
        if cell.kind == "number" and re.search(r"\d", cell.text)
    ]
    assert len(printed) > 1000
    assert set(printed) <= {(one, part, column, text) for one, _, part, _, column, text in told}
    assert {one for one, *_ in told} == {section.title for section in sections(studies, "2024")}


def test_every_figure_of_a_study_leads_to_a_citation_or_to_words_of_how_it_came_about(tmp_path_factory):
    _, book = studied(tmp_path_factory.getbasetemp())
    behind, lines = book["What they rest on"], {}
    for row in behind.iter_rows(min_row=2):
        lines.setdefault(row[0].value, []).append(row)
    figures = list(book["Study figures"].iter_rows(min_row=2))
    own = 0
    for row in figures:
        found = lines[goal(book, row[6]).value]
        assert row[6].value == f"Number {found[0][0].value}"
        assert found[0][1].value or any(cell.hyperlink for line in found for cell in line)
        own += any(cell.hyperlink for line in found for cell in line)
    assert own > 0.9 * len(figures)
    for row in behind.iter_rows(min_row=2):
        for cell in row:
            if cell.hyperlink:
                end = goal(book, cell)
                assert {"Summary": cell.value, "Sources": cell.value, "Rows": cell.value.partition(": ")[0]}[end.parent.title] == end.value
    assert all(row[1].value for row in book["Sources"].iter_rows(min_row=2))


def test_without_studies_there_are_no_figures_of_them(small):
    assert not {"Study figures", "What they rest on"} & set(openpyxl.load_workbook(small).sheetnames)
